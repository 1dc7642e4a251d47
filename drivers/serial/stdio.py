"""The console where the program has standard input and output: a person's terminal, or a pipe from another program."""

import asyncio
import sys

_RINGS = {"esp32": 256}  # octets of a line that the serial port of a board keeps while the handset is busy


class Polled:
    """MicroPython: what is there and no more, since a read of more waits until all have come."""

    def __init__(self):
        import select

        self._file = sys.stdin.buffer
        self._reader = asyncio.StreamReader(self._file)
        self._there = select.poll()  # of its own, which is asked without a round of the loop for each octet
        self._there.register(self._file, select.POLLIN)

    async def readinto(self, buf):
        view = memoryview(buf)
        count = await self._reader.readinto(view[:1])
        while count and count < len(view) and any(self._there.ipoll(0)):
            if not self._file.readinto(view[count : count + 1]):  # type: ignore[union-attr]
                break
            count += 1
        return count


class Stdio:
    """A Stream over standard input and output.

    `raw`: nobody shows what a person types. `line`: the octets that a line may have, where that is less than elsewhere.
    """

    def __init__(self):
        board = sys.implementation.name == "micropython"
        self._input = Polled() if board else _threaded()
        self.raw = board and sys.platform not in ("linux", "darwin", "win32")
        if sys.platform in _RINGS:
            self.line = _RINGS[sys.platform]

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets; returns how many, 0 at the end."""
        return await self._input.readinto(buf)

    async def write(self, buf):
        """Write all of `buf`."""
        show(bytes(buf).decode())

    async def drain(self):
        """Nothing is kept back."""

    def close(self):
        """Standard streams stay open."""


def _threaded():
    from drivers.serial.threaded import Threaded, read

    return Threaded(read)


def show(text):
    """Write a text to standard output."""
    sys.stdout.write(text)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


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
