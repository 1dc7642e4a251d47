"""A serial line: a pseudo-terminal that carries octets no faster than a UART would."""

import asyncio
import contextlib
import os
import termios
import tty

_BATCH = 0.005  # seconds of octets that move at a time
_SLACK = 0.02  # seconds that a late wake-up may be made up for
_FIFO = 32  # octets that a UART of an RP2040 keeps until they are read
_ERASE = 0.045  # seconds in which an RP2040 erases a sector of its flash, and takes none
_CONTROL = 2  # of what tcgetattr returns: the flags of the hardware
_STUCK = 1.0  # seconds without a reader after which octets are lost, as on a real line


class Lateness:
    """How late octets went through a line: of `batches` some were `missed`, later than the line can make up for.

    `most` is the lateness of the latest batch, in seconds.
    """

    def __init__(self):
        self.forget()

    def forget(self):
        """Begin to count anew."""
        self.batches, self.missed, self.most = 0, 0, 0.0

    def count(self, seconds):
        """Count a batch that went through so many seconds late."""
        self.batches += 1
        self.missed += seconds > _SLACK
        self.most = max(self.most, seconds)


class _Pace:
    """When the next octets have gone through: `rate()` octets a second; `lateness` counts those that were late."""

    def __init__(self, rate, lateness):
        self._rate, self._lateness = rate, lateness
        self._due = 0.0

    def batch(self):
        """Octets that go through in one batch."""
        return max(int(self._rate() * _BATCH), 1)

    async def passed(self, count, fresh):
        """Wait until `count` octets are through; `fresh`: the line was idle before them."""
        now = asyncio.get_running_loop().time()
        self._due = (now if fresh else max(self._due, now - _SLACK)) + count / self._rate()
        await asyncio.sleep(max(self._due - now, 0))
        self._lateness.count(asyncio.get_running_loop().time() - self._due)


class Line:
    """A pty whose handset's side is symlinked at `link`.

    `receive(octets)` is called with what the handset wrote; `write(octets)` queues octets for it. Both
    ways are paced as 8N1 at `baud`, times `speed`. Handsets may come and go. RTS stops the octets for a handset that
    opened its side with hardware flow control (CRTSCTS), if the machine `obeys_rts`; DTR a pseudo-terminal lacks.
    `lateness` tells whether this machine was fast enough for the line.
    """

    def __init__(self, link, baud, receive, speed=1.0):
        self.link, self.baud, self.speed = str(link), baud, speed
        self._receive = receive
        self._out = bytearray()
        self._waiting = None
        self._tasks = []
        self._ours = self._theirs = None
        self._deaf_until, self._room = 0.0, _FIFO
        self.obeys_rts = False
        self.lateness = Lateness()

    def _rate(self):
        return self.baud / 10 * self.speed

    async def start(self):
        """Make the pty and the link; replaces a link that a dead process left behind."""
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)  # our copy stays open, so that the settings outlive each handset
        os.set_blocking(self._ours, False)
        if os.path.islink(self.link):
            os.unlink(self.link)
        os.symlink(os.ttyname(self._theirs), self.link)
        self._waiting = asyncio.Event()
        self._tasks = [asyncio.create_task(self._inward()), asyncio.create_task(self._outward())]

    async def stop(self):
        """Take the line away: the handset reads an error or an end from now on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._ours is None:
            return
        with contextlib.suppress(OSError):
            if os.readlink(self.link) == os.ttyname(self._theirs):
                os.unlink(self.link)
        os.close(self._ours)
        os.close(self._theirs)
        self._ours = self._theirs = None

    def write(self, octets):
        """Queue octets for the handset."""
        self._out.extend(octets)
        if self._waiting is not None:
            self._waiting.set()

    def deafen(self, seconds=_ERASE):
        """The handset's board reads no octets for so many seconds of the world, since its flash is being erased.

        Octets meanwhile are lost, but for those that its UART keeps, unless its UART stops them by RTS.
        """
        self._deaf_until = asyncio.get_running_loop().time() + seconds / self.speed
        self._room = _FIFO

    async def _inward(self):
        pace, fresh = _Pace(self._rate, self.lateness), True
        while True:
            try:
                octets = os.read(self._ours, pace.batch())
            except BlockingIOError:
                await self._ready(asyncio.get_running_loop().add_reader, "remove_reader")
                fresh = True
                continue
            await pace.passed(len(octets), fresh)
            fresh = False
            self._receive(octets)

    async def _outward(self):
        pace, fresh = _Pace(self._rate, self.lateness), True
        while True:
            if not self._out:
                self._waiting.clear()
                await self._waiting.wait()
                fresh = True
            octets = bytes(self._out[: pace.batch()])
            await pace.passed(len(octets), fresh)
            fresh = False
            deaf = self._deaf_until - asyncio.get_running_loop().time()
            if deaf > 0 and self._stopped():
                await asyncio.sleep(deaf)
            elif deaf > 0:
                kept = octets[: self._room]
                self._room -= len(kept)
                del self._out[len(kept) : len(octets)]
                octets = kept
            written = await self._put(octets) if octets else 0
            del self._out[:written]

    def _stopped(self):
        """Whether RTS stops the octets for a handset that takes none."""
        return self.obeys_rts and bool(termios.tcgetattr(self._theirs)[_CONTROL] & termios.CRTSCTS)

    async def _put(self, octets):
        """Write octets; returns how many. Without a reader for a while all queued octets are lost."""
        try:
            return os.write(self._ours, octets)
        except BlockingIOError:
            pass
        try:
            add = asyncio.get_running_loop().add_writer
            await asyncio.wait_for(self._ready(add, "remove_writer"), _STUCK)
            return 0
        except asyncio.TimeoutError:
            termios.tcflush(self._theirs, termios.TCIFLUSH)
            return len(self._out)

    async def _ready(self, add, remove):
        ready = asyncio.Event()
        add(self._ours, ready.set)
        try:
            await ready.wait()
        finally:
            getattr(asyncio.get_running_loop(), remove)(self._ours)
