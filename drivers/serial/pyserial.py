"""A tty or pty under CPython, by pyserial. Not for Windows, whose event loop cannot watch serial ports."""

import asyncio
import fcntl
import os
import termios

from serial import Serial as Port

from drivers.serial.paths import returns
from mms import clock
from mms.limits import const

_GONE_AFTER = const(3)  # empty reads of a readable line
_LOOK_MS = const(1000)
_NO_TTY = const(25)  # errno


class Serial:
    """The Stream of a tty; raises OSError when it cannot be opened, EAGAIN or EBUSY when another program has it."""

    def __init__(self, path, baud):
        self._path, self._baud = path, baud
        self.returns = returns(path)
        self._waits = set()  # events of the tasks that wait for the line
        self._open()

    def _open(self):
        try:
            self.flow = None
            self._port = Port(self._path, self._baud, timeout=0, exclusive=True)
            self._number = self._port.fileno()
            if returns(os.ttyname(self._number)):  # a pty would stay shut when this program is killed
                fcntl.ioctl(self._number, termios.TIOCEXCL)
        except (OSError, termios.error) as error:
            raise OSError(getattr(error, "errno", None) or _NO_TTY, "no serial line at %s" % self._path) from error

    async def reopen(self):
        """Let the line go, and wait for one at its path."""
        self.close()
        while not self._port.is_open:
            await clock.sleep(_LOOK_MS)
            try:
                self._open()
            except OSError:
                pass

    async def readinto(self, buf):
        """Octets as they come; 0 when the line is gone."""
        for _ in range(_GONE_AFTER):
            if not self._port.is_open:
                break
            loop = asyncio.get_running_loop()
            try:
                await self._ready(loop.add_reader, loop.remove_reader)
                octets = os.readv(self._number, [buf])
            except OSError:  # EIO: the other end of a pty is gone
                return 0
            if octets:
                return octets
            await asyncio.sleep(0.01)
        return 0

    async def write(self, buf):
        """Write all of `buf`, no faster than the line accepts it."""
        view = memoryview(buf)
        while view:
            loop = asyncio.get_running_loop()
            await self._ready(loop.add_writer, loop.remove_writer)
            try:
                view = view[os.write(self._number, view) :]
            except BlockingIOError:
                pass

    async def drain(self):
        """`write` has returned when the line had everything."""

    def set_baud(self, baud):
        """Change the speed."""
        self._baud = baud
        try:
            self._port.baudrate = baud
        except termios.error as error:
            raise OSError("the line takes no speed") from error

    def set_flow(self, on):
        """Let RTS and CTS say when octets may go, or neither."""
        self.flow = self._port.rtscts = on

    def close(self):
        """Close the line; a task that waits for it gets an OSError."""
        if self._port.is_open:
            try:
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._number)
                loop.remove_writer(self._number)
            except RuntimeError:
                pass  # no loop runs any more
            self._port.close()
            for ready in self._waits:
                ready.set()

    async def _ready(self, watch, forget):
        port = self._port
        ready = asyncio.Event()
        if port.is_open:
            watch(self._number, ready.set)
            self._waits.add(ready)
            try:
                await ready.wait()
            finally:
                self._waits.remove(ready)
                if port.is_open:
                    forget(self._number)
        if not port.is_open:
            raise OSError("the line is closed")
