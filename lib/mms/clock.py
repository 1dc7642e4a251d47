"""The clock: monotonic milliseconds, waiting, and the date where it is known.

All waiting goes through this file, so that whole sessions can run in virtual time.
"""

import asyncio
import time

from mms.limits import const

_DAY_ZERO = 946684800 if time.gmtime(0)[0] == 2000 else 0  # some ports count from 2000
_UNSET_BEFORE = const(1700000000)  # a board without a battery starts in 1970 or 2000

if hasattr(time, "ticks_ms"):

    def ticks():
        """Monotonic milliseconds from an arbitrary start; they wrap: compare with `since`."""
        return time.ticks_ms()

    def since(start):
        """Milliseconds from `start`, a value of `ticks`, until now."""
        return time.ticks_diff(time.ticks_ms(), start)

    async def sleep(ms):
        """Wait `ms` milliseconds."""
        await asyncio.sleep_ms(ms)

    async def within(awaitable, ms):
        """The awaitable's result; raises asyncio.TimeoutError after `ms` milliseconds."""
        return await asyncio.wait_for_ms(awaitable, ms)

else:

    def ticks():
        """Monotonic milliseconds from an arbitrary start; they wrap: compare with `since`."""
        return time.monotonic_ns() // 1000000

    def since(start):
        """Milliseconds from `start`, a value of `ticks`, until now."""
        return ticks() - start

    async def sleep(ms):
        """Wait `ms` milliseconds."""
        await asyncio.sleep(ms / 1000)

    async def within(awaitable, ms):
        """The awaitable's result; raises asyncio.TimeoutError after `ms` milliseconds."""
        return await asyncio.wait_for(awaitable, ms / 1000)


def pause(ms):
    """Block the program for `ms` milliseconds: for code outside the event loop."""
    time.sleep(ms / 1000)


def now():
    """Seconds since 1970 (UTC), or None while the clock is not set."""
    seconds = int(time.time()) + _DAY_ZERO
    return seconds if seconds > _UNSET_BEFORE else None


def date(seconds):
    """(year, month, day, hour, minute, second) in local time, of `seconds` since 1970 (UTC)."""
    return time.localtime(seconds - _DAY_ZERO)[:6]
