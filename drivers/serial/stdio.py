"""The console where the program has standard input and output: a person's terminal, or a pipe from another program."""

import asyncio
import sys


class _Poll:
    """MicroPython: one octet at a time, since a read of more waits until all have come."""

    def __init__(self):
        self._reader = asyncio.StreamReader(sys.stdin.buffer)

    async def readinto(self, buf):
        return await self._reader.readinto(memoryview(buf)[:1])


class _Thread:
    """CPython: a thread waits, since not every kind of standard input can be polled."""

    def __init__(self):
        import os
        import threading

        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Queue()
        self._left = b""

        def wait():
            while True:
                octets = os.read(sys.stdin.fileno(), 256)
                self._loop.call_soon_threadsafe(self._arrived.put_nowait, octets)
                if not octets:
                    return

        threading.Thread(target=wait, daemon=True).start()

    async def readinto(self, buf):
        octets = self._left or await self._arrived.get()
        count = min(len(buf), len(octets))
        buf[:count] = octets[:count]
        self._left = octets[count:]
        return count


class Stdio:
    """A Stream over standard input and output."""

    def __init__(self):
        self._input = _Poll() if sys.implementation.name == "micropython" else _Thread()

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets; returns how many, 0 at the end."""
        return await self._input.readinto(buf)

    async def write(self, buf):
        """Write all of `buf`."""
        sys.stdout.write(bytes(buf).decode())
        if hasattr(sys.stdout, "flush"):
            sys.stdout.flush()

    async def drain(self):
        """Nothing is kept back."""

    def close(self):
        """Standard streams stay open."""
