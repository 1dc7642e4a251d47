"""asyncio for shells with real descriptors and virtual time: a busy machine makes nothing late.

Time stands still while anything can be read or written; when nothing can for a moment, it is set to what comes next.
"""

import asyncio
import os

_UNDER_WAY = 0.002  # real seconds that the kernel may take from one end of a pty or a socket to the other...
_FASTEST = 100  # ... or this part of the way ahead: TCP acknowledges late when it likes


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self._now = 0.0
        self._really, self._selector.select = self._selector.select, self._select

    def time(self):
        return self._now

    def _select(self, timeout=None):
        events = self._really(timeout and max(_UNDER_WAY, timeout / _FASTEST))
        if not events and timeout:
            self._now += timeout
        return events


def run(story):
    """The result of the coroutine `story`."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(story)


def time():
    """Seconds."""
    return asyncio.get_running_loop().time()


async def read(handle, octets, seconds=600):
    """At most so many octets of a descriptor that does not block, when there are some; raises TimeoutError."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ready.set)
    try:
        async with asyncio.timeout(seconds):
            await ready.wait()
    finally:
        loop.remove_reader(handle)
    return os.read(handle, octets)
