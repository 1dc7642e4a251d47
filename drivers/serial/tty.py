"""A tty or pty under MicroPython's unix port.

A program that is started in a session of its own makes the first pty that it opens its controlling terminal, and ends
with it: its parent should open the pty before. This interpreter has no O_NOCTTY to prevent that, and no flock and no
TIOCEXCL either: the shell's command flock(1), where there is one, locks the open file that it inherits.
"""

import os
import sys
import termios

from drivers.serial.paths import returns
from drivers.serial.polled import Polled
from mms import clock
from mms.limits import const

_CFLAG, _ISPEED, _OSPEED, _CC = 2, 4, 5, 6
_SPEEDS = {  # numbers of termios that it does not always name; on macOS a speed is its own number
    9600: 0o15,
    19200: 0o16,
    38400: 0o17,
    57600: 0o10001,
    115200: 0o10002,
    230400: 0o10003,
    460800: 0o10004,
    921600: 0o10007,
}
if sys.platform == "darwin":
    _CLOCAL, _CRTSCTS, _VMIN, _VTIME = 0x8000, 0x30000, 16, 17
    _SPEEDS = {baud: baud for baud in _SPEEDS}
else:
    _CLOCAL, _CRTSCTS, _VMIN, _VTIME = 0o4000, 0o20000000000, 6, 5
_KIND, _CHARACTERS = const(0xF000), const(0x2000)  # of a file's mode
_NO_TTY, _BUSY = const(25), const(16)  # errno
_LOCKED = const(256)  # flock(1) ends with 1 when another program has the lock: anything else is no answer
_LOOK_MS = const(1000)


class Tty(Polled):
    """The Stream of a tty: raw, eight bits, regardless of DCD; raises OSError when it cannot be opened."""

    def __init__(self, path, baud):
        self._path, self._baud = path, baud
        self.returns = returns(path)
        super().__init__(self._open(), True)

    async def reopen(self):
        """Let the line go, and wait for one at its path."""
        self.close()
        while self._stream is None:
            await clock.sleep(_LOOK_MS)
            try:
                self._use(self._open())
            except OSError:
                pass

    def set_baud(self, baud):
        """Change the speed."""
        self._baud = baud
        self._set(self._stream)

    def set_flow(self, on):
        """Let RTS and CTS say when octets may go, or neither."""
        self.flow = on
        self._set(self._stream)

    def _open(self):
        self.flow = None
        if os.stat(self._path)[0] & _KIND != _CHARACTERS:
            raise OSError(_NO_TTY)  # opening a FIFO could take for ever
        stream = open(self._path, "r+b")
        try:
            if os.system("flock -n %d 2>/dev/null" % stream.fileno()) == _LOCKED:
                raise OSError(_BUSY)
            termios.setraw(stream.fileno())
            self._set(stream)
        except OSError:
            stream.close()
            raise
        return stream

    def _set(self, stream):
        mode = termios.tcgetattr(stream.fileno())
        mode[_CFLAG] = (mode[_CFLAG] | _CLOCAL | _CRTSCTS) ^ (0 if self.flow else _CRTSCTS)
        mode[_ISPEED] = mode[_OSPEED] = _SPEEDS[self._baud]
        mode[_CC][_VMIN] = mode[_CC][_VTIME] = 0  # a read gives the octets that are there, and never holds the loop
        termios.tcsetattr(stream.fileno(), termios.TCSANOW, mode)

    def _release(self, stream):
        stream.close()
