"""Standard input under CPython: a thread waits, since not every kind of it can be polled."""

import asyncio
import os
import sys
import threading


class Threaded:
    """Octets of standard input as a Stream reads them.

    `read(arrived)` runs in the thread: it waits for octets and calls `arrived(octets)`, with b"" at the end.
    """

    def __init__(self, read):
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Queue()
        self._left = b""
        threading.Thread(target=read, args=(self._put,), daemon=True).start()

    def _put(self, octets):
        self._loop.call_soon_threadsafe(self._arrived.put_nowait, octets)

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets: how many, 0 at the end."""
        octets = self._left or await self._arrived.get()
        count = min(len(buf), len(octets))
        buf[:count] = octets[:count]
        self._left = octets[count:]
        return count


def read(arrived):
    """Run in a thread: call `arrived(octets)` for the octets of standard input, and with b"" at the end."""
    octets = b"?"
    while octets:
        octets = os.read(sys.stdin.fileno(), 256)
        arrived(octets)
