"""A modem made of a script: what it answers to each line, given out some octets at a time; and the time, virtual."""

import asyncio

from tools.lab.modem.agenda import Agenda
from tools.sim import ticks

SIZES = (1, 2, 7, 8, 64)
NEWS = b'\r\n+CMTI: "SM",3\r\n'


class World:
    """Where time passes only while everybody waits; `after(ms, action)` is what happens meanwhile."""

    wraps_at = 150  # milliseconds: in the middle of a story

    def __init__(self):
        self.now = 0
        self.strays = []
        self._agenda = Agenda()
        self.next = self._agenda.next

    def after(self, ms, action):
        self._agenda.after(self.now - self._agenda.now + ms, action)

    def turn(self):
        self._agenda.advance(self.now)

    def busy(self, ms):
        """The board does something else for so long: what comes meanwhile is seen after what ran out meanwhile."""
        self.now += ms

    def date(self):
        return 0

    def stray(self, error):
        if ticks.untyped(error):
            self.strays.append(error)


def run(story, world=None):
    """The result of the coroutine `story` under the time of `world`."""
    world = world or World()
    result = ticks.run(world, story)
    assert not world.strays, world.strays
    return result


class Pipe:
    """A Stream whose other end is `peer(octets) -> octets`; reads give `size` octets at most."""

    def __init__(self, peer, size=64):
        self._peer = peer
        self._size = size
        self._waiting = bytearray()
        self._event = asyncio.Event()
        self._closed = False
        self.written = b""

    def say(self, octets):
        """The peer speaks without being asked."""
        self._waiting.extend(octets)
        self._event.set()

    async def readinto(self, buf):
        while not self._waiting:
            if self._closed:
                return 0
            self._event.clear()
            await self._event.wait()
        octets = min(len(buf), self._size, len(self._waiting))
        buf[:octets] = self._waiting[:octets]
        self._waiting = self._waiting[octets:]
        return octets

    async def write(self, buf):
        self.written += bytes(buf)
        answer = self._peer(bytes(buf))
        if answer:
            self.say(answer)
        await asyncio.sleep(0)

    async def drain(self):
        pass

    def close(self):
        self._closed = True
        self._event.set()


class Modem:
    """A peer: `answers` maps a command line to its answer, a list of them to be used in turn, or a function.

    Every other line gets OK. gap: put before each line and each block that the modem says.
    """

    def __init__(self, answers, gap=b"", echo=False):
        self.answers = answers
        self.gap = gap
        self.echo = echo
        self.lines = []
        self.blocks = []
        self._line = b""
        self._due = 0
        self._then = None

    def block(self, octets, then, until=None):
        """An answer: the prompt, then so many octets (or until one comes), then `then(block) -> answer`."""
        self._due, self._until, self._then = octets, until, then
        return b"\r\n> "

    def __call__(self, octets):
        answer = b""
        for octet in octets:
            if self._then is not None:
                answer += self._take(octet)
            elif octet == 13:
                line, self._line = self._line, b""
                answer += self._answer(line.decode())
            elif octet != 10:
                self._line += bytes([octet])
        return answer

    def _take(self, octet):
        self._line += bytes([octet])
        if self._until is None and len(self._line) < self._due or self._until is not None and octet != self._until:
            return b""
        block, self._line = self._line, b""
        then, self._then = self._then, None
        self.blocks.append(block)
        return self._spread(then(block))

    def _answer(self, line):
        line = line.replace("\x1b", "")
        self.lines.append(line)
        answer = self.answers.get(line, b"\r\nOK\r\n")
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else b"\r\nOK\r\n"
        if not isinstance(answer, bytes):
            answer = answer()
        echo = line.encode() + b"\r" if self.echo else b""
        return echo + self._spread(answer)

    def _spread(self, answer):
        if not self.gap:
            return answer
        return self.gap + answer.replace(b"\r\nOK\r\n", self.gap + b"\r\nOK\r\n") + self.gap
