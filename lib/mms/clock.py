"""The clock: monotonic milliseconds, waiting, and the date where it is known.

All waiting goes through this file, so that whole sessions can run in virtual time.
"""

import asyncio
import time

from mms.limits import const

_DAY_ZERO = 946684800 if time.gmtime(0)[0] == 2000 else 0  # some ports count from 2000
_UNSET_BEFORE = const(1700000000)  # a board without a battery starts in 1970 or 2000
_LONG_S = const(86400)

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


_told = None  # the date of the network, and the ticks then


def tell(seconds, sure=False):
    """Take the network's date, seconds since 1970 (UTC).

    One that is not `sure`, the stamp of a text that may have waited, counts only when it is later than the one known.
    """
    global _told
    known = told()
    if sure or known is None or seconds > known:
        _told = seconds, ticks()


def told():
    """Seconds since 1970 as the network tells them, or None until it has: never those of the board's own clock."""
    global _told
    if _told is not None:
        passed = since(_told[1]) // 1000
        if passed > _LONG_S:
            _told = _told[0] + passed, ticks()  # before the ticks wrap
            passed = 0
        return _told[0] + passed


def date(seconds):
    """(year, month, day, hour, minute, second) in local time, of `seconds` since 1970 (UTC)."""
    return time.localtime(seconds - _DAY_ZERO)[:6]
