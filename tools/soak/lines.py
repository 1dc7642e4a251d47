"""The serial lines between a handset's drivers and the machines, with their faults.

A `Line` belongs to a machine and stays; a `Port` is one program's end of it, and dies with the program.
"""

import asyncio

from mms import clock

_OCTETS_A_MS = 11  # 115200 baud
_LONGEST_MS = 2000  # more than any octets take from one end to the other
_FIFO = 32  # octets that a UART of an RP2040 keeps until the program reads them


class Port:
    """A Stream over a Line."""

    def __init__(self, line):
        self._line = line
        self._said = b""
        self._more = asyncio.Event()
        self.baud = 115200
        self.alive = True

    def arrived(self, octets):
        self._said += octets
        self._more.set()

    def holds(self):
        """Whether flow control keeps octets back that the UART has no room for."""
        return False

    async def readinto(self, buffer):
        while not self._said:
            self._more.clear()
            await self._more.wait()
        octets, self._said = self._said[: len(buffer)], self._said[len(buffer) :]
        buffer[: len(octets)] = octets
        return len(octets)

    async def write(self, octets):
        if not self.alive:
            raise OSError(5, "")
        if self._line.stuck:
            self._line.struck("line stuck")
            await asyncio.Event().wait()
        wait = self._line.write(bytes(octets), self)
        if wait > 5:
            await clock.sleep(wait)

    async def drain(self):
        pass

    def set_baud(self, baud):
        self.baud = baud

    def close(self):
        self.alive = False


class Line:
    """Carries octets in order, at 115200 baud. The machine gets them by `receive(octets)`, and calls `say` to send.

    `baud`: the machine's rate, None where that does not matter. Faults: `lose` and `garble` are [up, octets to go,
    count] or None; until the moment `hold` nothing reaches the handset; `news` are lines to squeeze between others;
    `after` is [octets to go, action]; a line that is `stuck` accepts nothing from this program; after `deafen` the
    UART keeps only few octets. `struck(name)` is called when a fault strikes. Octets for which `data(octets, up)` is
    true are never garbled. `plug(line)` makes the Port of a program.
    """

    def __init__(self, world, receive, struck, data):
        self._world, self._receive, self.struck, self._data = world, receive, struck, data
        self.plug = Port
        self.port = None
        self.baud = None
        self._up = self._down = 0  # the moments when all octets on their way will have arrived
        self.lose = self.garble = self.after = None
        self.hold = 0
        self.stuck = False
        self.news = []
        self._deaf = []  # [since, until, octets that the UART still keeps]

    def deafen(self, ms):
        """Let the program read no octets from the UART for `ms` milliseconds."""
        now = self._world.now
        self._deaf = [row for row in self._deaf if row[1] > now - _LONGEST_MS] + [[now, now + ms, _FIFO]]

    def open(self):
        """A new Port, in place of the old one, if there is one."""
        self.end()
        self.stuck = False
        self.port = self.plug(self)
        return self.port

    def end(self):
        """Close the Port of a program that has ended."""
        if self.port is not None:
            self.port.alive = False
            self.port = None

    def write(self, octets, port):
        """Carry octets from the handset to the machine; the milliseconds until they have arrived."""
        self._world.say("> ", octets)
        if self.baud is not None and port.baud != self.baud:
            return 0
        self._up = max(self._up, self._world.now) + len(octets) // _OCTETS_A_MS + 1
        octets = self._damaged(octets, True)
        self._world.agenda.after(self._up - self._world.now, lambda: self._receive(octets))
        return self._up - self._world.now

    def say(self, octets):
        """Carry octets from the machine to the handset."""
        self._world.say("< ", octets)
        octets = self._damaged(octets, False)
        if self.after is not None:
            self.after[0] -= len(octets)
            if self.after[0] <= 0:
                action, self.after = self.after[1], None
                self._world.agenda.after(0, action)
        if self.news:
            octets = self._squeezed(octets)
        if self.hold > self._world.now:
            self.struck("late replies")
            self._down = max(self._down, self.hold)
        self._down = max(self._down, self._world.now) + len(octets) // _OCTETS_A_MS + 1
        port, whole = self.port, len(octets)
        self._world.agenda.after(self._down - self._world.now, lambda: self._reach(port, octets, whole))

    def _reach(self, port, octets, whole):
        octets = self._kept(octets, self._world.now - whole // _OCTETS_A_MS - 1)
        if port is not None and port.alive and (self.baud is None or port.baud == self.baud):
            port.arrived(octets)

    def _kept(self, octets, since):
        """The octets, which came from `since` till now, without those that were lost while the line was deaf."""
        if self._deaf and self.port is not None and self.port.holds():
            return octets
        for row in reversed(self._deaf):
            first = max(0, (row[0] - since) * _OCTETS_A_MS)
            last = min(len(octets), (row[1] - since) * _OCTETS_A_MS)
            if first < last:
                fits = min(row[2], last - first)
                row[2] -= fits
                if first + fits < last:
                    self.struck("deaf line")
                    octets = octets[: first + fits] + octets[last:]
        return octets

    def _damaged(self, octets, up):
        if self.lose is not None and self.lose[0] == up:
            self.lose[1] -= len(octets)
            if self.lose[1] < 0:
                start, count = max(0, len(octets) + self.lose[1]), self.lose[2]
                self.lose = None
                self.struck("lost octets")
                octets = octets[:start] + octets[start + count :]
        if self.garble is not None and self.garble[0] == up and not self._data(octets, up):
            self.garble[1] -= len(octets)
            if self.garble[1] < 0:
                start, count = max(0, len(octets) + self.garble[1]), self.garble[2]
                self.garble = None
                self.struck("garbled octets")
                bad = bytes([octet ^ 0x55 for octet in octets[start : start + count]])
                octets = octets[:start] + bad + octets[start + count :]
        return octets

    def _squeezed(self, octets):
        """Put one of the `news` between two lines of a reply, unless there is data in it."""
        if self._data(octets, False):
            return octets
        at = octets.find(b"\r\n\r\n")
        if at < 0:
            return octets
        self.struck("unsolicited lines")
        return octets[: at + 2] + b"\r\n" + self.news.pop().encode() + b"\r\n" + octets[at + 2 :]


def picture(octets, up):
    """Whether these are octets of a picture: it has no checksum, so garbled ones could not be noticed."""
    return not up and octets[:2] != b"\x76\0"


def data(octets, up):
    """Whether there is data beside the lines of the dialogue: no checksum of TCP covers it on the serial line."""
    if up:
        return octets[:2] != b"AT" or len(octets) > 100
    for word in (b"+CIPRXGET: 2", b"+QIRD: ", b"+USORD: ", b"+USORF: ", b"+CMG", b"+CMT", b"+CPMS"):
        if octets.find(word) >= 0:
            return True
    return False
