"""A modem sleeps while nothing is said, and is woken before the next command; loaded where the settings want it.

By DTR, where that is wired: it is off while the modem may sleep. By itself otherwise: the modem sleeps some seconds
after the last octet, and loses the octets that wake it. Either way AT is tried before the next command until the modem
answers, since the first one may be swallowed. News come as ever: the modem wakes up for them.
"""

import asyncio

from mms import clock, memory
from mms.errors import LineLost, ModemError
from mms.limits import const

_IDLE_MS = const(4000)  # no family sleeps sooner by itself
_LOOK_MS = const(500)
_WAKE_MS = const(
    50
)  # from DTR until octets are heard (SIM800 manual, 6.2.20); a modem that takes longer is asked again


async def start(modem):
    """Let a modem that has started sleep from now on; one that has no way to is told of once. Raises LineLost."""
    from drivers.modem import power

    dialogue = modem.dialogue
    if not isinstance(dialogue.pipe, Sleeper):
        dialogue.pipe = Sleeper(dialogue)
    sleeper = dialogue.pipe
    dialogue.add(power.COMMANDS)
    try:
        sleeper.sleeps = await _choose(modem, sleeper.has_dtr, power)
    except LineLost:
        raise
    except ModemError as error:
        sleeper.sleeps = False
        if not sleeper.told:
            sleeper.told = True
            modem.events.fail(error, id=None, final=False)
    finally:
        dialogue.remove(power.COMMANDS)
        memory.forget(power.__name__)


async def _choose(modem, dtr, power):
    """Tell the modem how to sleep: True; raises ModemError where it has no way."""
    error = ModemError("sleep", None, "this modem does not sleep by itself, and its DTR is not wired")
    for does in ("by dtr", "by itself"):
        name = power.find(modem, "sleep " + does)
        if name and (dtr or does == "by itself"):
            try:
                await modem.ask(name)
                return True
            except ModemError as refused:
                error = refused
    raise error


class Sleeper:
    """The Stream of a dialogue's line, which notes when that is idle and wakes the modem; the rest is the line's."""

    def __init__(self, dialogue):
        self._dialogue, self._pipe = dialogue, dialogue.pipe
        self.has_dtr = hasattr(self._pipe, "set_dtr") and self._pipe.set_dtr(True)
        self.sleeps = self.told = False
        self._asleep = False
        self._last = clock.ticks()  # when octets went either way
        self._written = asyncio.Event()
        self._watching = asyncio.create_task(self._watch())

    def __getattr__(self, name):
        return getattr(self._pipe, name)

    async def readinto(self, buf):
        """Octets as they come."""
        octets = await self._pipe.readinto(buf)
        self._last = clock.ticks()
        return octets

    async def write(self, buf):
        """Write all of `buf` to a modem that hears it, or that wakes by it."""
        if self._asleep:
            self._asleep = False
            if self.has_dtr:
                self._pipe.set_dtr(True)
                await clock.sleep(_WAKE_MS)
        self._last = clock.ticks()
        self._written.set()
        await self._pipe.write(buf)

    def close(self):
        """Close the line, with the modem awake."""
        self._watching.cancel()
        if self.has_dtr:
            self._pipe.set_dtr(True)
        self._pipe.close()

    async def _watch(self):
        """Note when the line was idle for a while."""
        while True:
            self._written.clear()
            await clock.sleep(_IDLE_MS)
            while self._dialogue.lock.locked() or clock.since(self._last) < _IDLE_MS:
                await clock.sleep(max(_LOOK_MS, _IDLE_MS - clock.since(self._last)))
            if self.sleeps:
                self._asleep = self._dialogue.stale = True  # so the next command tries AT first
                if self.has_dtr:
                    self._pipe.set_dtr(False)
            await self._written.wait()
