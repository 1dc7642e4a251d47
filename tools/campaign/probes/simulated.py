"""Probes without hardware: the lab network in this process, and each handset as the real program on MicroPython."""

import asyncio
import sqlite3

from tools.campaign.plan import PlanError
from tools.campaign.probes.probe import Gone, Probe
from tools.campaign.traffic import Traffic
from tools.journey.phone import Program
from tools.lab import families
from tools.lab import world as worlds
from tools.lab.lab import Lab
from tools.lab.modem.masking import masked

MODEM = "sim800"
RADIO = "gprs-10-cs2"


class _Tap(Traffic):
    """Hears the modems of the lab; `probes` {subscriber: probe} get AT lines and what they carry, without secrets."""

    def __init__(self):
        super().__init__(self._carried)
        self.probes = {}

    def at(self, board, sent, line):
        if board in self.probes:
            self.probes[board].trace("modem", sent, masked(bytes(line)).decode("latin-1").strip())

    def _carried(self, board, sent, text, fields):
        if board in self.probes:
            self.probes[board].trace("network", sent, text, **fields)


class _Network:
    """The lab of all simulated probes: it runs from the first one's start to the last one's stop."""

    def __init__(self, world, names, modems, around):
        self.tap = _Tap()
        self.world, self.folder, self.lab = world, around.folder, None
        self._turning, self._users = asyncio.Lock(), 0
        self._more = {"modems": modems, "names": names, "wide": True, "date": around.date}
        self._speed = around.speed

    async def enter(self):
        """Start the lab, unless it runs."""
        async with self._turning:
            if not self._users:
                self.lab = Lab(self.world, self.folder / "lab", RADIO, self._speed, self.tap, **self._more)
                await self.lab.start()
            self._users += 1

    async def leave(self):
        """Stop the lab, where no other probe is on it."""
        async with self._turning:
            self._users -= 1
            if not self._users:
                await self.lab.stop()

    def country(self, mccmnc):
        """The name of the country that has the network, or None."""
        if mccmnc in [row.mccmnc for row in self.world.operators if row.country == self.world.HOME]:
            return self.world.HOME
        for name, country in self.world.countries.items():
            if mccmnc in [row.mccmnc for row in country.networks]:
                return name
        return None


class Simulated(Probe):
    """The handset of a `subscriber` of the lab."""

    kind = "simulated"

    def __init__(self, row, network, clock):
        subscriber = network.world.subscriber(row["subscriber"])
        super().__init__(row["name"], clock, row["role"], subscriber.number)
        self.subscriber = subscriber.name
        self.facts["model"], self.facts["country"] = row["modem"] or MODEM, subscriber.country
        self._network, self._program = network, None
        network.tap.probes[self.subscriber] = self

    async def billed(self):
        subscriber = self._network.world.subscriber(self.subscriber)
        return self._network.lab.billings[subscriber.home].sums(subscriber.number)

    async def move(self, network):
        country = self._network.country(network)
        if country != self.facts["country"]:
            self._network.lab.places.change(self.subscriber, {"country": country})
            self.facts["country"] = country

    async def _open(self):
        try:
            await self._network.enter()
        except (OSError, sqlite3.Error) as error:
            text = "the lab network does not start: %s" % error
            raise Gone("probe", text=text, advice="look at %s" % self._network.folder) from None
        folder = self._network.folder
        settings = self._network.lab.settings(self.subscriber, folder)
        modem, camera = self._network.lab.lines(self.subscriber)
        self._program = Program(self.subscriber, settings, folder, modem, camera, None, self.hear, self._ended)
        await self._program.start()

    async def _close(self):
        if self._program:
            program, self._program = self._program, None
            await program.stop()
            await self._network.leave()

    async def _write(self, octets):
        try:
            await self._program.write(octets)
        except (ConnectionError, RuntimeError):
            raise Gone("probe", text=await self._program.last_words(), advice="look into its log") from None

    def _ended(self):
        if self._program:
            self.lose("the program of the handset has ended")


def open_probes(rows, around):
    """The probes of the rows; raises PlanError for a subscriber, a modem or a network that the lab does not have."""
    world = worlds.load()
    known = [row.name for row in world.subscribers]
    for row in rows:
        if row["subscriber"] not in known:
            text = "probe %s: no subscriber %s: there are %s"
            raise PlanError(text % (row["name"], row["subscriber"], ", ".join(known)))
        if row["modem"] not in [None, *families.names("modem")]:
            text = "probe %s: no modem %s: there are %s"
            raise PlanError(text % (row["name"], row["modem"], ", ".join(families.names("modem"))))
    network = _Network(world, [row["subscriber"] for row in rows], [row["modem"] or MODEM for row in rows], around)
    for row in around.networks:
        country = network.country(row["mccmnc"])
        if country is None:
            raise PlanError("no network %s in the lab: tools/lab/countries.toml has them" % row["mccmnc"])
        if row["country"] not in (None, country):
            text = "network %s: country is %s, and the lab has it in %s"
            raise PlanError(text % (row["mccmnc"], row["country"], country))
    return [Simulated(row, network, around.clock) for row in rows]
