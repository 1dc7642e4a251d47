"""A tty or pty under CPython, by pyserial. Not for Windows, whose event loop cannot watch serial ports."""

import asyncio
import os

import serial

from mms.limits import const

_GONE_AFTER = const(3)  # empty reads of a readable line


class Serial:
    """The Stream of a tty; raises OSError (serial.SerialException is one) when it cannot be opened."""

    def __init__(self, path, baud):
        self._port = serial.Serial(path, baud, timeout=0)
        self._number = self._port.fileno()

    async def readinto(self, buf):
        """Octets as they come; 0 when the line is gone."""
        for _ in range(_GONE_AFTER):
            if not self._port.is_open:
                break
            loop = asyncio.get_running_loop()
            await self._ready(loop.add_reader, loop.remove_reader)
            try:
                octets = os.readv(self._number, [buf]) if self._port.is_open else 0
            except OSError:  # EIO: the other end of a pty is gone
                return 0
            if octets:
                return octets
            await asyncio.sleep(0.01)
        return 0

    async def write(self, buf):
        """Give all of `buf` to the line, no faster than it takes it."""
        view = memoryview(buf)
        while view:
            loop = asyncio.get_running_loop()
            await self._ready(loop.add_writer, loop.remove_writer)
            try:
                view = view[os.write(self._number, view) :]
            except BlockingIOError:
                pass

    async def drain(self):
        """`write` returned when the line had everything."""

    def set_baud(self, baud):
        """Change the speed."""
        self._port.baudrate = baud

    def close(self):
        """Give the line back."""
        if self._port.is_open:
            try:
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._number)
                loop.remove_writer(self._number)
            except RuntimeError:
                pass  # no loop runs any more
            self._port.close()

    async def _ready(self, watch, forget):
        if not self._port.is_open:
            raise OSError("the line is closed")
        ready = asyncio.Event()
        watch(self._number, ready.set)
        try:
            await ready.wait()
        finally:
            if self._port.is_open:
                forget(self._number)
