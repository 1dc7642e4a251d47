"""What tty and UART have in common under MicroPython: a stream that asyncio's poller watches."""

import asyncio
import select

from mms import clock
from mms.limits import const

_FULL_MS = const(5)
_PIECE = const(128)  # 11 ms at 115200 baud: a write never holds the loop longer


class Polled:
    """A Stream over a MicroPython stream; `ends`: whether readable and empty means that it is gone."""

    returns = False

    def __init__(self, stream, ends):
        self._ends = ends
        self._use(stream)

    def _use(self, stream):
        self._stream = stream
        self._reader = asyncio.StreamReader(stream)
        self._room = select.poll()  # of its own: a writer that asyncio's forgets takes the reader with it
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
        """Give all of `buf` to the line, no faster than it takes it."""
        view = memoryview(buf)
        while view:
            if self._stream is None:
                raise OSError(9)  # EBADF
            octets = self._stream.write(view[:_PIECE]) if self._room.poll(0) else 0
            view = view[octets or 0 :]
            await clock.sleep(0 if octets else _FULL_MS)

    async def drain(self):
        """`write` returned when the line had everything."""

    def close(self):
        """Give the line back."""
        stream, self._stream = self._stream, None
        if stream is not None:
            asyncio.core._io_queue.remove(stream)
            self._release(stream)
