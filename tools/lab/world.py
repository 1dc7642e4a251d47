"""The world that the lab stands for: reads world.toml into plain attributes.

Machines get plain values out of it, never the file. Delays are in seconds and never zero.
"""

import copy
import pathlib
import re
import tomllib

from tools.lab.network import radio, roaming
from tools.lab.network.chances import DELAYS, FAILURES, Chances

FILE = pathlib.Path(__file__).with_name("world.toml")
COUNTRIES = FILE.with_name("countries.toml")
CHANCES = FILE.with_name("chances.toml")
_USUAL = {"profile": None, "plan": "", "credit": None}  # of a subscriber
_USUALLY = "usual"  # the row of networks that have none
_TABLES = ("delays", "umts", "lte", "modem", "smsc", "mmsc")


class WorldError(Exception):
    """The world's file is wrong: the text names the key."""


class Table:
    """One table of the file: its keys are attributes."""

    def __init__(self, values):
        self.__dict__.update(values)


class World:
    """The world of world.toml.

    `delays`, `umts`, `lte`, `modem`, `smsc` and `mmsc` are tables, `operators` and `subscribers` lists of tables;
    `radio` names a row of the radio, `home` the network whose cell everybody is in. `countries` {name: table} are
    those that a subscriber can be carried to, each with its `networks`, beside HOME, where the operators are. `date` is
    the local time of every operator when the world begins, or None: today's. `interconnect` has the agreements on
    messages between operators (tools/lab/interconnect.py), `numbers` {number: code of the network that serves it}.
    Nothing fails by chance until `roll`.
    """

    HOME = "uk"

    def __init__(self, values, countries):
        for name in _TABLES:
            setattr(self, name, Table(values[name]))
        self.operators = [_operator(row, self.HOME) for row in values["operator"]]
        self.subscribers = [Table({"country": self.HOME, **_USUAL, **row}) for row in values["subscriber"]]
        self.numbers = {row.number: row.home for row in self.subscribers}
        self.interconnect = values.get("interconnect", [])
        self.radio, self.home = values["radio"], values["home"]
        self.date = values.get("date")
        self._fraction, self._rows = None, {}
        self.countries = {name: _country(name, countries[name]) for name in countries}
        self._agreements = {
            home: {network: _terms(home, network, rows[network]) for network in rows}
            for home, rows in values.get("agreements", {}).items()
        }

    def roll(self, fraction, rows):
        """Have networks fail, and be late, by the chances in `rows` (see `chances`), of which `fraction()` draws."""
        self._fraction, self._rows = fraction, rows

    def chances(self, network):
        """The Chances (tools.lab.network.chances) in a network, or None."""
        row = self._rows.get(network, self._rows.get(_USUALLY))
        return row and Chances(self._fraction, *row)

    def operator(self, mccmnc):
        """The network of that code; raises WorldError."""
        return _find(self.operators, "mccmnc", mccmnc)

    def subscriber(self, name):
        """The subscriber of that name or number; raises WorldError."""
        return _find(self.subscribers, "number" if name.startswith("+") else "name", name)

    def only(self, names):
        """The same world with the subscribers of those names only; raises WorldError."""
        found = copy.copy(self)
        found.subscribers = [self.subscriber(name) for name in names]
        return found

    def country(self, name):
        """The country of that name, with its `networks` and its `round_trip`; raises WorldError with all names."""
        if name not in list(self.countries):  # JSON may have sent anything
            raise WorldError("no country %r: there are %s" % (name, ", ".join([self.HOME, *sorted(self.countries)])))
        return self.countries[name]

    def terms(self, home, network):
        """The Terms (tools.lab.network.roaming) of a subscriber of the network `home` on another network, or on it."""
        if home == network:
            return roaming.Terms()
        return self._agreements.get(home, {}).get(network, roaming.NONE)


def _operator(row, country):
    """The table of an operator, with the `domain` of its MMSC among the others (GSMA IR.67).

    `smarthost` is HOST:PORT of the mail server that takes its mail, "" for the lab's own.
    """
    code = row["mccmnc"]
    domain = "mms.mnc%s.mcc%s.gprs" % (code[3:].zfill(3), code[:3])
    return Table({"country": country, "domain": domain, "smarthost": "", **row})


def _country(name, values):
    country = Table(values)
    country.networks = [_network(name, row) for row in values["networks"]]
    if not isinstance(country.round_trip, int) or country.round_trip <= 0:
        raise WorldError("%s: round_trip is %r: milliseconds, please, and never zero" % (name, country.round_trip))
    return country


def _network(country, row):
    if not re.fullmatch("[0-9]{5,6}", row["mccmnc"]):
        raise WorldError("%s: mccmnc is %r: five or six digits, please" % (country, row["mccmnc"]))
    for name in row["radios"]:
        if name not in radio.rows():
            raise WorldError("%s: radios has %r: there are %s" % (row["mccmnc"], name, ", ".join(radio.rows())))
    return Table({"signal": None, "loss": 0, **row})


def _terms(home, network, values):
    try:
        return roaming.read(values)
    except ValueError as error:
        raise WorldError("agreements.%s.%s: %s" % (home, network, error)) from None


def _find(rows, key, value):
    for row in rows:
        if getattr(row, key) == value:
            return row
    raise WorldError("no %s %r in this world" % (key, value))


def reason(error):
    """Why a file cannot be read, from its error: without the file's name, or what about it is no TOML, or no text."""
    return getattr(error, "strerror", None) or str(error)


def load(path=None):
    """The world in the file at `path`, or the lab's own; raises WorldError that names the file and the key."""
    path = path or FILE
    try:
        return _load(path)
    except WorldError as error:
        raise WorldError("%s: %s" % (path, error)) from None


def _load(path):
    try:
        with open(path, "rb") as file, open(COUNTRIES, "rb") as countries:
            world = World(tomllib.load(file), tomllib.load(countries))
    except KeyError as error:
        raise WorldError("%s is missing" % error) from None
    except (OSError, ValueError) as error:
        raise WorldError(reason(error)) from None
    for table in ("delays", "umts", "lte"):
        for name, delay in vars(getattr(world, table)).items():
            if not isinstance(delay, (int, float)) or delay <= 0:
                raise WorldError("%s.%s is %r: seconds, please, and never zero" % (table, name, delay))
    return world


def chances(path=CHANCES):
    """{network, or "usual": (failures, delays)} in a file like chances.toml, as Chances have them; raises WorldError.

    A network has what its row says, and of all else the usual.
    """
    try:
        with open(path, "rb") as file:
            rows = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise WorldError("%s: %s" % (path, reason(error))) from None
    usual = rows.get(_USUALLY, {})
    found = {}
    for network in {_USUALLY: usual, **rows}:
        row = {name: {**usual.get(name, {}), **rows.get(network, {}).get(name, {})} for name in ("failures", "delays")}
        found[network] = _failures(network, row["failures"]), _delays(network, row["delays"])
    return found


def _failures(network, row):
    for name, chance in row.items():
        if name not in FAILURES:
            raise WorldError("%s.failures has no %r: there are %s" % (network, name, ", ".join(FAILURES)))
        if not isinstance(chance, (int, float)) or not 0 <= chance <= 1:
            raise WorldError("%s.failures.%s is %r: from 0 to 1, please" % (network, name, chance))
    return row


def _delays(network, row):
    found = {}
    for name, delay in row.items():
        if name not in DELAYS:
            raise WorldError("%s.delays has no %r: there are %s" % (network, name, ", ".join(DELAYS)))
        try:
            found[name] = float(delay["median"]) * 1000, float(delay["sigma"])
        except (KeyError, TypeError, ValueError):
            found[name] = 0, 0
        if found[name][0] <= 0 or found[name][1] < 0:
            raise WorldError("%s.delays.%s: a median above 0 in seconds and a sigma, please" % (network, name))
    return found
