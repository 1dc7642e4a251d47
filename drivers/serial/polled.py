"""A Stream over a stream of MicroPython that asyncio polls: the base of ttys and UARTs."""

import asyncio
import select

from mms import clock
from mms.limits import const

_FULL_MS = const(5)
_PIECE = const(128)  # 11 ms at 115200 baud: a write never holds the loop longer


class Polled:
    """A Stream over a MicroPython stream; ends: True when a stream that is readable and empty is gone."""

    returns = False

    def __init__(self, stream, ends):
        self._ends = ends
        self._use(stream)

    def _use(self, stream):
        self._stream = stream
        self._reader = asyncio.StreamReader(stream)
        self._room = select.poll()  # asyncio's poller drops the reader of a stream together with its writer
        self._room.register(stream, select.POLLOUT)

    async def readinto(self, buf):
        """Octets as they come; 0 when the line is gone."""
        empty = 0
        while self._stream is not None and empty < 3:
            try:
                octets = await self._reader.readinto(buf)
            except OSError:  # EIO: it was unplugged
                break
            if octets:
                return octets
            empty += self._ends
            await clock.sleep(10)
        return 0

    async def write(self, buf):
        """Write all of `buf`, no faster than the line accepts it."""
        view = memoryview(buf)
        while view:
            if self._stream is None:
                raise OSError(9)  # EBADF
            octets = self._stream.write(view[:_PIECE]) if self._room.poll(0) else 0
            view = view[octets or 0 :]
            await clock.sleep(0 if octets else _FULL_MS)

    async def drain(self):
        """`write` has returned when the line had everything."""

    def close(self):
        """Close the line; a second time this does nothing."""
        stream, self._stream = self._stream, None
        if stream is not None:
            asyncio.core._io_queue.remove(stream)
            self._release(stream)
