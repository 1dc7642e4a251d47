"""Tariffs of the lab's operators: assets/tariffs.toml read, checked, and asked for the price of a message.

Money is integers of minor units. Nothing here waits or knows what time it is.
"""

import calendar
import dataclasses
import datetime
import re
import tomllib
import zoneinfo

from tools.lab.world import WorldError
from tools.programs import ROOT

SOURCE = ROOT / "assets" / "tariffs.toml"
ALL = 65535  # included messages: every one of the month
KILOBYTE = 1024
_DAY = datetime.timedelta(days=1)
_OPERATOR = {"name", "codes", "currency", "zone", "number", "tariff"}
_MOST = {"price": 65535, "over": 65535, "edge": 65535, "fee": 65535, "included": 65534}
_MOST |= {"sending": 255, "receiving": 255}
_TARIFF = {"plan", "from", "until", "source", "ours", *_MOST}


class TariffError(WorldError):
    """The table cannot be used, or has no answer: the text is one line that says why."""


@dataclasses.dataclass(frozen=True)
class Tariff:
    """The prices of one plan of one operator, from the day `since` to the day `until`, both included, in local time."""

    plan: str
    since: datetime.date
    until: datetime.date
    price: int
    edge: int
    over: int
    fee: int
    included: int
    sending: int
    receiving: int


@dataclasses.dataclass(frozen=True)
class Operator:
    """One operator: its networks by `codes`, `currency` (ISO 4217), `zone`, own `number`, and its `tariffs`."""

    name: str
    codes: tuple[str, ...]
    currency: str
    zone: zoneinfo.ZoneInfo
    number: str
    tariffs: tuple[Tariff, ...]

    @property
    def plans(self):
        """The plans that a subscriber can sign for, without the one for all."""
        return sorted({row.plan for row in self.tariffs} - {""})

    def local(self, seconds):
        """The local date and time at so many seconds since 1970."""
        return datetime.datetime.fromtimestamp(seconds, self.zone)


@dataclasses.dataclass(frozen=True)
class Price:
    """The price of one message: `minor` for it, `fee` for the month that it begins; `tariff` names the row."""

    currency: str
    minor: int
    fee: int
    tariff: str


def load(path=SOURCE):
    """{code of a network: Operator} of the file at `path`; raises TariffError, OSError."""
    return read(path.read_text())


def read(text):
    """{code of a network: Operator} of the text of a table in TOML; raises TariffError with the row that is wrong."""
    try:
        rows = tomllib.loads(text).get("operator", [])
    except tomllib.TOMLDecodeError as error:
        raise TariffError("tariffs: %s" % error) from None
    found = {}
    for row in rows:
        operator = _operator(row)
        for code in operator.codes:
            if code in found:
                raise TariffError("%s: network %s belongs to %s already" % (operator.name, code, found[code].name))
            found[code] = operator
    return found


def _operator(row):
    name = row.get("name")
    if not isinstance(name, str) or set(row) != _OPERATOR:
        raise TariffError("operator %s: say %s, and nothing else" % (name, ", ".join(sorted(_OPERATOR))))
    if not all(isinstance(row[key], list) for key in ("codes", "tariff")):
        raise TariffError("%s: codes and tariff are lists" % name)
    for key, form in (("currency", "[A-Z]{3}"), ("number", "[0-9]{3,15}")):
        if not re.fullmatch(form, str(row[key])):
            raise TariffError("%s: %s is %r" % (name, key, row[key]))
    for code in row["codes"]:
        if not re.fullmatch("[0-9]{5,6}", str(code)):
            raise TariffError("%s: %r is no code of a network" % (name, code))
    try:
        zone = zoneinfo.ZoneInfo(row["zone"])
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise TariffError("%s: no zone %r" % (name, row["zone"])) from None
    tariffs = [_tariff(name, tariff) for tariff in row["tariff"]]
    tariffs.sort(key=lambda tariff: (tariff.plan, tariff.since))
    for one, other in zip(tariffs, tariffs[1:], strict=False):
        if one.plan == other.plan and other.since != one.until + _DAY:
            fault = "overlap" if other.since <= one.until else "a gap"
            plan = "plan %s" % one.plan if one.plan else "no plan"
            raise TariffError("%s, %s: %s between %s and %s" % (name, plan, fault, one.until, other.since))
    return Operator(name, tuple(row["codes"]), row["currency"], zone, row["number"], tuple(tariffs))


def _tariff(name, row):
    where = "%s, tariff from %s" % (name, row.get("from"))
    if set(row) - _TARIFF or not {"from", "until", "price"} <= set(row):
        raise TariffError("%s: say from, until, price, and of %s" % (where, ", ".join(sorted(_TARIFF))))
    if not row.get("source") and not row.get("ours"):
        raise TariffError("%s: neither a source nor ours" % where)
    days = row["from"], row["until"]
    if not all(type(day) is datetime.date for day in days) or days[0] > days[1]:
        raise TariffError("%s: from and until are days, the first one first" % where)
    plan = row.get("plan", "")
    if not re.fullmatch("[a-z0-9]{0,10}", str(plan)):
        raise TariffError("%s: a plan has at most 10 letters and digits" % where)
    values = {key: row.get(key, 0) for key in _MOST}
    every = values["included"] == "all"
    if every:
        values["included"] = 0
    for key, value in values.items():
        if type(value) is not int or not 0 <= value <= _MOST[key]:
            raise TariffError("%s: %s is %r: a whole number from 0 to %d, please" % (where, key, value, _MOST[key]))
    if bool(values["edge"]) != ("over" in row):
        raise TariffError("%s: edge and over go together" % where)
    if every:
        values["included"] = ALL
    return Tariff(plan, *days, **values)


def find(rows, code):
    """The Operator of a network; raises TariffError."""
    if code not in rows:
        raise TariffError("no tariffs of network %s" % code)
    return rows[code]


def valid(operator, day, plan=""):
    """The Tariff that counts on a local day for a subscriber of that plan; raises TariffError."""
    for wanted in dict.fromkeys((plan, "")):
        for tariff in operator.tariffs:
            if tariff.plan == wanted and tariff.since <= day <= tariff.until:
                return tariff
    raise TariffError("%s has no tariff for %s" % (operator.name, day))


def price(rows, code, day, octets, roaming, plan="", so_far=0):
    """The Price of sending one message to one recipient.

    `rows` as load gives them, `code` of the sender's home network, `day` there in local time, `octets` of the
    M-Send.req as encoded, `roaming` whether he is abroad, `so_far` how many messages of this month were charged before,
    each recipient counted. Raises TariffError when the price is unknown.
    """
    operator = find(rows, code)
    tariff = valid(operator, day, plan)
    minor = tariff.over if tariff.edge and octets >= tariff.edge else tariff.price
    if tariff.included == ALL or so_far < tariff.included:
        minor = 0
    if roaming:
        minor += tariff.sending * _kilobytes(octets)
    return Price(operator.currency, minor, 0 if so_far else tariff.fee, _name(operator, tariff))


def receiving(rows, code, day, octets, roaming, plan=""):
    """The Price of retrieving one message, whose M-Retrieve.conf has so many octets; raises TariffError."""
    operator = find(rows, code)
    tariff = valid(operator, day, plan)
    minor = tariff.receiving * _kilobytes(octets) if roaming else 0
    return Price(operator.currency, minor, 0, _name(operator, tariff))


def abroad(home, visited):
    """Whether a network, by its code or None, is in another country than the home network (its MCC differs)."""
    return visited is not None and visited[:3] != home[:3]


def begins(operator, day):
    """The seconds since 1970 at which a local day begins."""
    return int(datetime.datetime.combine(day, datetime.time(), operator.zone).timestamp())


def month(day):
    """(first, last) day of the month in which `day` lies."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _kilobytes(octets):
    return -(-octets // KILOBYTE)


def _name(operator, tariff):
    words = [operator.name.lower().replace(" ", ""), tariff.plan, tariff.since.isoformat()]
    return "-".join(word for word in words if word)
