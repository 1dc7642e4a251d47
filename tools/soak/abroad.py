"""Journeys of the subscribers to other countries of the lab's world, and back home: sessions with the trait "abroad".

Each handset has settings for it by chance, and its user allows what it asks for abroad, or waits for home. Coverage
comes and goes, cells are weak, and a user may choose a network by hand.
"""

import json
import os

from mms import errors
from mms.handset import rooms
from tools.lab.modem.environment import Cell
from tools.lab.modem.registration import ROAMING
from tools.lab.network import radio
from tools.lab.network.roaming import Terms

HOME = "23410"
HOURS_MS = 18000000, 28800000  # until the MMSC deletes a message of a session with a long journey
_STEPS = 4  # at most, between departure and return
_SHORT_MS, _LONG_MS = (30000, 400000), (4500000, 6000000)
LONG = 10  # one journey in so many is long, so that an evening falls into it


def _countries():
    """The rows of countries.py, which a process for MicroPython has in its environment."""
    told = os.getenv("COUNTRIES")
    if told:
        return json.loads(told)
    from tools.soak import countries

    return countries.rows(HOME)


_known = []


def countries():
    """The countries: a list of lists of networks."""
    if not _known:
        _known.extend(_countries())
    return _known


def home():
    """The cells at home, as new ones."""
    return [Cell(HOME, "O2 - UK", "O2")]


def _cell(row):
    terms = Terms(row["serves"], *row["causes"])
    radios = {radio.access(name): name for name in row["radios"]}
    return Cell(
        row["mccmnc"], row["name"], row["short"], signal=row["signal"], terms=terms, radios=radios,
        added=row["added"], loss=row["loss"],
    )  # fmt: skip


def place(modem):
    """The network abroad that a modem is registered with, or None."""
    registration = modem.registration
    return registration.cell.mccmnc if registration.status == ROAMING and registration.cell is not None else None


def policy(dice):
    """Settings for abroad by chance: {"roaming": ..., "retrieve": ...}."""
    rules = {"send": dice.choice(("yes", "ask", "no"))}
    if dice.below(3) == 0:
        rules["octets_a_day"] = dice.choice((1000, 1500, 6000))
    if dice.below(4) == 0:
        rules["forbidden"] = [dice.choice(countries())[0]["mccmnc"][:3] for _ in range(10)]
    return {"roaming": rules, "retrieve": {"home": "now", "roaming": dice.choice(("now", "manual", "never"))}}


class Journey:
    """The journey of one station's subscriber. `agreed` are ids that he let go abroad; `told` [(event, id, why)]."""

    def __init__(self, session, station, dice, long):
        self._session, self._station, self._dice = session, station, dice
        self.agrees = bool(dice.below(2))
        self.agreed, self.told = set(), []
        self.octets = 0  # that were moved abroad
        self.over = False
        away = dice.choice((0, dice.below(20000), dice.below(90000)))
        self.back = away + dice.between(*(_LONG_MS if long else _SHORT_MS))
        session.agenda.after(away, self._carry)
        for _ in range(dice.below(_STEPS)):
            step = dice.choice((self._carry, self._shade, self._shade, self._fade, self._choose))
            session.agenda.after(dice.between(away + 1, self.back), step)
        session.agenda.after(self.back, self._return)

    def _carry(self):
        if not self.over:
            self._session.count_fault("(carried abroad)")
            self._station.modem.carry([_cell(row) for row in self._dice.choice(countries())])

    def _shade(self):
        """No cell in reach for a while."""
        if not self.over:
            self._station.modem.lose_coverage()
            self._session.agenda.after(self._dice.between(3000, 180000), self._station.modem.find_coverage)

    def _fade(self):
        if not self.over:
            self._station.modem.fade(self._dice.below(20), self._dice.below(15))

    def _choose(self):
        """Have the handset register with a network by hand, as its user wishes."""
        station = self._station
        networks = [cell.mccmnc for cell in station.modem.environment.cells]
        if not self.over and networks and station.handset is not None:
            self._session.count_fault("(network chosen by hand)")
            station.wish(self._select(station.handset.bearer, self._dice.choice(networks)))

    async def _select(self, bearer, network):
        try:
            await rooms.checkup.select(bearer, network)
        except (errors.ModemError, errors.UsageError, MemoryError):
            pass  # it is told to the user, and the modem chooses by itself again

    def _return(self):
        self.over = True
        self._station.modem.carry(home())

    def settled(self):
        """Whether the subscriber is back at home, and his modem chooses the network by itself."""
        return self.over and self._station.modem.registration.chooses
