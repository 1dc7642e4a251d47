"""The machines around handsets, in one process under one virtual time: what sessions and campaigns have in common."""

from mms import clock, flash
from mms.handset.store import files
from tools.lab.modem.agenda import Agenda
from tools.lab.network import radio
from tools.sim import ticks
from tools.sim.disk import Disk
from tools.soak.core_network import EPOCH, CoreNetwork

_BATCH_MS = 50  # pieces of the radio: coarser than real ones, which makes sessions ten times as fast


class World:
    """Virtual time, in milliseconds as `now`, with all that is due in it.

    `stations` have `number`, `modem` (a machine), `line` (lines.Line), `due()` and `advance(now)` for it and all else
    that is theirs; `network` is a CoreNetwork, `disk` a tools.sim.disk.Disk. `fail(text)` notes what should not be, and
    `stray(error)` hears of errors of tasks that are not awaited.
    """

    disk: Disk
    network: CoreNetwork
    wraps_at = 0
    traits = ()

    def __init__(self):
        self.now = self.date_offset = 0
        self.agenda = Agenda()
        self.stations = []

    def date(self):
        """Seconds since 1970 by the boards' clocks."""
        return EPOCH + self.now // 1000 + self.date_offset

    def next(self):
        """The moment when something is due in the world, or None."""
        best = self.agenda.next()
        for part in self.stations:
            due = part.due()
            if due is not None and (best is None or due < best):
                best = due
        due = self.network.next()
        if due is not None and (best is None or due < best):
            best = due
        return None if best is None else int(-(-best // 1))

    def turn(self):
        """Do all that is due in the world."""
        for station in self.stations:
            station.modem.advance(self.now)  # its radio counts the time of new octets from now
        self.agenda.advance(self.now)
        for station in self.stations:
            station.advance(self.now)
        self.network.turn()
        for station in self.stations:
            modem = station.modem
            for effect in modem.effects():
                what = effect[0]
                if what == "open":
                    self.network.open(station.number, *effect[1:])
                elif what == "send":
                    self.network.send(station.number, effect[1], effect[2])
                elif what == "close":
                    self.network.close(station.number, effect[1])
                else:
                    modem.submitted(self.network.submit(station.number, effect[1]))
            if modem.terminal.out:
                station.line.say(modem.read())

    async def wait(self, ms):
        """Let time pass."""
        await clock.sleep(ms)


def run(world, story, batch_ms=_BATCH_MS):
    """Run the coroutine `story` in `world`, which is told of what ends it early."""
    usual = files.os, files.replace, radio.BATCH_MS, flash.deafens
    radio.BATCH_MS = batch_ms
    flash.deafens = "deaf" in world.traits
    flash._spared[:] = []
    files.os, files.replace = world.disk, world.disk.rename
    files.open = world.disk.open  # type: ignore[attr-defined]
    try:
        ticks.run(world, story)
    except ticks.Deadlock as error:
        world.fail("deadlock: %s" % error)
    except Exception as error:
        world.fail("untyped: %r" % error)
    finally:
        files.os, files.replace, radio.BATCH_MS, flash.deafens = usual
        files.open = open  # type: ignore[attr-defined]
