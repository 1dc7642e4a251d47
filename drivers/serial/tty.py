"""A tty or pty under MicroPython's unix port.

Whoever starts the program in a session of its own should open the pty first: else it becomes the program's controlling
terminal, and the program ends when it does.
"""

import sys
import termios

from drivers.serial.polled import Polled

_CFLAG, _ISPEED, _OSPEED, _CC = 2, 4, 5, 6
_SPEEDS = {  # where a speed has a number of its own, which termios does not always name
    9600: 0o15,
    19200: 0o16,
    38400: 0o17,
    57600: 0o10001,
    115200: 0o10002,
    230400: 0o10003,
    460800: 0o10004,
}
if sys.platform == "darwin":
    _CLOCAL, _VMIN, _VTIME = 0x8000, 16, 17
    _SPEEDS = {baud: baud for baud in _SPEEDS}
else:
    _CLOCAL, _VMIN, _VTIME = 0o4000, 6, 5


class Tty(Polled):
    """The Stream of a tty: raw, whole octets, whatever DCD says; raises OSError when it cannot be opened."""

    def __init__(self, path, baud):
        super().__init__(open(path, "r+b"), True)
        self._number = self._stream.fileno()
        termios.setraw(self._number)
        self.set_baud(baud)

    def set_baud(self, baud):
        """Change the speed."""
        mode = termios.tcgetattr(self._number)
        mode[_CFLAG] |= _CLOCAL
        mode[_ISPEED] = mode[_OSPEED] = _SPEEDS[baud]
        mode[_CC][_VMIN] = mode[_CC][_VTIME] = 0  # a read gives what is there, and never holds the loop
        termios.tcsetattr(self._number, termios.TCSANOW, mode)

    def _release(self, stream):
        stream.close()
