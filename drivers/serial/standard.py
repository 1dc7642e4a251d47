"""Standard input and output of a MicroPython or CPython program, octet by octet."""

import asyncio
import sys


class Input:
    """Standard input under MicroPython. It reads the octets that are there, since a read of more waits for them all."""

    def __init__(self):
        import select

        self._file = sys.stdin.buffer
        self._reader = asyncio.StreamReader(self._file)
        self._there = select.poll()  # asking this one costs no round of the loop for each octet
        self._there.register(self._file, select.POLLIN)

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets: how many, 0 at the end."""
        view = memoryview(buf)
        count = await self._reader.readinto(view[:1])
        while count and count < len(view) and any(self._there.ipoll(0)):
            if not self._file.readinto(view[count : count + 1]):  # type: ignore[union-attr]
                break
            count += 1
        return count


def show(text):
    """Write a text to standard output."""
    sys.stdout.write(text)
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()
