"""The lab's world under virtual time: its countries and chances, MMSC, SMS centre, and the handsets of a campaign."""

import errno
import gc
import random

import tools.lab.world as worlds
from mms.handset.console import composing
from tools.lab.modem import reach
from tools.sim import ticks
from tools.sim.disk import Disk
from tools.soak.core_network import CoreNetwork
from tools.soak.dice import Dice
from tools.soak.world import World, run

HOME = "23410"
_ENDS = ("delivered", "undelivered")  # of a message, in the journal of the MMSC
_LOOK_MS = 60000
_PATIENCE_MS = 4 * 3600000  # until messages that are under way at the end count as lost


class Fault(Exception):
    """The world itself came to an end that it should not have, or a task to an error without a type."""


class Virtual(World):
    """The world of one piece of a campaign; equal seeds are equal runs.

    `lab` is the lab's world with its chances, `entries` the journal of the MMSC. Stations are added by `join`.
    """

    def __init__(self, seed, chances=None):
        super().__init__()
        self.lab = worlds.load()
        self.lab.roll(random.Random(seed).random, worlds.chances() if chances is None else chances)
        self.world = self
        self.numbers = [row.number for row in self.lab.subscribers if row.home == HOME]
        self.disk = Disk(Dice(seed))
        self.network = CoreNetwork(self, lambda entry: None, lambda name: None, seed)
        self.network.centre.chances = self.network.relay.chances = self._chances
        self._fault = None

    def join(self, station):
        """Add a station, whose modem gets its messages from here on."""
        self.stations.append(station)
        self.network.modems[station.number] = station.modem

    def _chances(self, number):
        modem = self.network.modems.get(number)
        cell = modem and modem.registration.cell
        return cell and cell.chances

    def cells(self, country):
        """The cells of a country for subscribers of HOME."""
        return reach.cells(self.lab, HOME, country, self.lab.radio)

    def country(self, mccmnc):
        """The name of the country that has a network; raises worlds.WorldError."""
        for name, country in self.lab.countries.items():
            if mccmnc in [row.mccmnc for row in country.networks]:
                return name
        return self.lab.operator(mccmnc).country

    def say(self, what, octets):
        """Lines are not recorded here."""

    def struck(self, name):
        """No fault strikes lines here."""

    def fail(self, text):
        """Note why the world ended."""
        self._fault = self._fault or Fault(text)

    def stray(self, error):
        """Note an error of a task that is of none of our types: handset, lab or campaign has a fault."""
        ended = isinstance(error, OSError) and error.errno == errno.EIO  # all that a program meets after its end
        if ticks.untyped(error) and not ended and not type(error).__module__.startswith("tools."):
            self.fail("untyped: %r" % error)

    def play(self, story):
        """The result of the coroutine `story` in this world; raises its error, or Fault."""
        result = []

        async def telling():
            try:
                result.append(await story)
            except BaseException as error:
                result.append(error)

        composing.open = self.disk.open  # type: ignore[attr-defined] # texts that come in pieces wait on the flash
        gc.freeze()  # the program collects with each command: all that was there before would be looked at each time
        try:
            run(self, telling())
        finally:
            gc.unfreeze()
            del composing.open  # type: ignore[attr-defined]
        if self._fault:
            raise self._fault
        if isinstance(result[0], BaseException):
            raise result[0]
        return result[0]

    async def settle(self):
        """Wait until every message has come to an end, at most for some hours."""
        end = self.now + _PATIENCE_MS
        while self.now < end and self.lost():
            await self.wait(_LOOK_MS)

    def lost(self):
        """Ids of the messages that the MMSC confirmed, and that have come to no end."""
        submitted, ended = [], set()
        for entry in self.network.journal:
            if entry["event"] == "submitted":
                submitted.append(entry["message_id"])
            elif entry["event"] in _ENDS:
                ended.add(entry["message_id"])
        return [key for key in submitted if key not in ended]
