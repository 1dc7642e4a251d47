"""Probes in virtual time: handsets in this process, whose serial lines, modems and network are the lab's machines.

They need a world that runs the event loop: tools/campaign/virtual makes one for each piece of a campaign.
"""

import tools.lab.world as worlds
from tools.campaign.plan import PlanError
from tools.campaign.probes.probe import Probe
from tools.campaign.virtual.station import Station
from tools.campaign.virtual.world import HOME, Virtual
from tools.lab import families
from tools.lab.modem.masking import masked
from tools.sim import ticks

MODEM = "sim800"


class VirtualProbe(Probe):
    """The handset of a `subscriber` of the lab, with a modem of a family, in a Virtual world."""

    kind = "virtual"

    def __init__(self, row, world, clock):
        subscriber = world.lab.subscriber(row["subscriber"])
        super().__init__(row["name"], clock, row["role"], subscriber.number)
        self.facts["model"], self.facts["country"] = row["modem"] or MODEM, world.lab.HOME
        self._world = world
        self._station = Station(world, subscriber, row["modem"] or MODEM, self.hear, self._ended)
        self._station.modem.terminal.heard = lambda line: self.trace("modem", True, _text(line))
        world.join(self._station)

    async def move(self, network):
        country = self._world.country(network)
        if country != self.facts["country"]:
            self._station.carry(country)
            self.facts["country"] = country

    async def _open(self):
        self._station.start()

    async def _close(self):
        await self._world.settle()
        self._station.stop()

    async def _write(self, octets):
        self._station.say(octets)

    def _ended(self, error):
        self.lose("the program of the handset has ended: %r" % error)


def _text(line):
    """A line of the AT dialogue as text, without secrets."""
    return masked(bytes(line)).decode("latin-1")


def open_probes(rows, around):
    """The probes of the rows in the world that runs the event loop; raises PlanError."""
    world = ticks.world()
    if not isinstance(world, Virtual):
        raise PlanError('probes of kind "virtual" need virtual time: python -m tools.campaign.virtual FILE')
    known = [row.name for row in world.lab.subscribers if row.home == HOME]
    for row in rows:
        if row["subscriber"] not in known:
            text = "probe %s: no subscriber %s: there are %s"
            raise PlanError(text % (row["name"], row["subscriber"], ", ".join(known)))
        if row["modem"] not in [None, *families.names("modem")]:
            text = "probe %s: no modem %s: there are %s"
            raise PlanError(text % (row["name"], row["modem"], ", ".join(families.names("modem"))))
    for row in around.networks:
        try:
            world.country(row["mccmnc"])
        except worlds.WorldError:
            raise PlanError("no network %s in the lab: tools/lab/countries.toml has them" % row["mccmnc"]) from None
    return [VirtualProbe(row, world, around.clock) for row in rows]
