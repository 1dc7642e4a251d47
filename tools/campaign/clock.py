"""The one clock of a campaign: seconds since its first start, of which every stamp in the journal is taken.

The seconds are those of the running event loop, so the same code measures real time and virtual time.
"""

import asyncio

DIGITS = 4  # of a second, in the journal
GRACE_S = 10  # real seconds, which any wait gets where the lab's network runs faster than the world


class Clock:
    """The clock of one run; make it where an event loop runs.

    `kind` is "monotonic", or "virtual" where a simulated world runs the event loop, `loop`. `begun` is the moment at
    which the run begins: 0.0, or where a resumed campaign stands. With `speed` seconds go by so many times as fast as
    those of the loop: they are seconds of the world of the lab.
    """

    def __init__(self, begun=0.0, speed=1.0):
        self.loop = asyncio.get_running_loop()
        is_virtual = hasattr(self.loop, "world")  # the loop of tools/sim/ticks.py has one
        self.kind, self.speed = "virtual" if is_virtual else "monotonic", speed
        self._grace = GRACE_S if speed != 1 else 0
        self._begun, self._zero = begun, self.loop.time()

    def now(self):
        """Seconds since the campaign's first start; any thread may ask."""
        return round(self._begun + (self.loop.time() - self._zero) * self.speed, DIGITS)

    async def sleep(self, seconds):
        """Wait for so many seconds."""
        await asyncio.sleep(seconds / self.speed)

    async def wait_for(self, awaitable, seconds):
        """The result of `awaitable`; raises TimeoutError, and cancels it, after `seconds` (None: never)."""
        if seconds is not None:
            seconds = max(0, seconds) / self.speed + self._grace
        async with asyncio.timeout(seconds):
            return await awaitable
