"""The console where the program has standard input and output: a person's terminal, or a pipe from another program."""

import sys

from drivers.serial.standard import Input, show

_RINGS = {"esp32": 256}  # octets of a line that the serial port of a board keeps while the handset is busy


class Stdio:
    """A Stream over standard input and output.

    raw: True when nothing echoes the keys that a person types. line: the most octets of a line, where that is less than
    elsewhere.
    """

    def __init__(self):
        micropython = sys.implementation.name == "micropython"
        self._input = Input() if micropython else _threaded()
        self.raw = micropython and sys.platform not in ("linux", "darwin", "win32")
        if sys.platform in _RINGS:
            self.line = _RINGS[sys.platform]

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets: how many, 0 at the end."""
        return await self._input.readinto(buf)

    async def write(self, buf):
        """Write all of `buf`."""
        show(bytes(buf).decode())

    async def drain(self):
        """`write` keeps nothing back."""

    def close(self):
        """Standard streams stay open."""


def _threaded():
    from drivers.serial.threaded import Threaded, read

    return Threaded(read)


def open():
    """The Stream of a console: with a prompt where a person sits at a terminal of a PC."""
    if not _is_terminal():
        return Stdio()
    from drivers.serial.terminal import Terminal

    return Terminal()


def _is_terminal():
    if hasattr(sys.stdin, "isatty"):
        return sys.stdin.isatty() and sys.stdout.isatty()
    try:
        import termios

        return bool(termios.tcgetattr(0) and termios.tcgetattr(1))
    except (ImportError, OSError):  # a board, or a pipe
        return False
