"""A connection through a modem as a Stream: it sends ahead and knows what the peer acknowledged.

Two small tasks move octets between the caller and the modem, so that a wait that is given up never
leaves half a block on the serial line, and a block travels while the caller reads the next one from
flash.
"""

import asyncio

from mms import clock, flash
from mms.errors import BearerError, ModemError
from mms.limits import BLOCK, UNACKED, const

_POLL_MS = const(20)  # how soon to ask again what is acknowledged, while that makes a difference...
_POLL_MOST_MS = const(320)
_IDLE_MS = const(700)  # ... and while it is only good to know
_NEWS_MS = const(100)  # by then a line that was held back by a prompt has come
_LOST_NEWS_MS = const(8000)  # ask for octets even when nothing was announced: one announcement may get lost...
_DEAF_NEWS_MS = const(1000)  # ... and often does where the flash deafens the line
_OVER = ("CLOSED", "REMOTE CLOSING", "INITIAL")  # states of a connection


def make_buffers():
    """What a connection needs: two to send, one to receive."""
    return bytearray(BLOCK), bytearray(BLOCK), bytearray(BLOCK)


class Connection:
    """A Stream; accepted: octets the modem took, acked: octets the peer's TCP acknowledged.

    port: what the family does for a connection, by its number. `block`: octets that it takes at a time;
    `push(number, block)` -> octets taken; `acknowledged(number)` -> octets; `waiting(number, closed)` -> octets;
    `pull(number, target, octets)` -> (octets, left); `state(number)` -> a word of AT+CIPSTATUS; `shut(connection)`.
    datagrams: every `write` is one.
    """

    def __init__(self, port, number, datagrams=False, buffers=None):
        self.number = number
        self.accepted = self.acked = 0
        self.opened = None  # None while connecting, then True or False
        self._port = port
        self._datagrams = datagrams
        self._error = None
        self._closed = False  # by the peer: what it sent before can still be read
        self._changed = asyncio.Event()  # for the caller
        self._work = asyncio.Event()  # for the task that sends
        self._news = asyncio.Event()  # for the task that receives
        self._announced = False
        self._out, self._spare, self._in = buffers or make_buffers()
        self._filled = 0
        self._sending = False
        self._first = self._last = 0
        self._ended = self._shut = False
        self._moving = 0  # tasks

    def start(self):
        """Connected: begin to move octets."""
        self._moving = 2
        moves = self._move("send", self._send), self._move("receive", self._receive)
        self._tasks = [asyncio.create_task(move) for move in moves]

    async def readinto(self, buf):
        """Octets received, 0 at the end; raises BearerError("receive")."""
        while self._first == self._last:
            if self._error is not None:
                raise self._error
            if self._ended:
                return 0
            await self._wait()
        octets = min(len(buf), self._last - self._first)
        memoryview(buf)[:octets] = memoryview(self._in)[self._first : self._first + octets]
        self._first += octets
        if self._first == self._last:
            self._news.set()
        return octets

    async def write(self, buf):
        """Take over all of `buf`; raises BearerError("send")."""
        view = memoryview(buf)
        done = 0
        while done < len(view):
            self._check()
            room = self._port.block - self._filled
            if room <= 0 or self._datagrams and self._filled:
                await self._wait()
                continue
            octets = min(room, len(view) - done)
            memoryview(self._out)[self._filled : self._filled + octets] = view[done : done + octets]
            self._filled += octets
            done += octets
            self._work.set()

    async def drain(self):
        """Wait until the modem has taken everything; raises BearerError("send")."""
        while self._filled or self._sending:
            self._check()
            await self._wait()

    def close(self):
        """Give the connection up; of what was not yet sent, only the block under way still goes."""
        if not self._shut:
            self._shut = True
            self._port.shut(self)
        self.fail(BearerError("send", None, "closed"))

    def connected(self, well):
        """The modem says how connecting went."""
        if self.opened is None:
            self.opened = well
            self._changed.set()

    async def settled(self, ms):
        """Whether connecting went well; None when nobody has said so after `ms`. The line that says it may get lost."""
        since = clock.ticks()
        while self.opened is None and clock.since(since) < ms:
            try:
                await clock.within(self._told(), _news_ms())
            except asyncio.TimeoutError:
                state = await self._port.state(self.number)
                if state == "CONNECTED" or state in _OVER:
                    self.connected(state == "CONNECTED")
        return self.opened

    async def _told(self):
        while self.opened is None:
            await self._wait()

    def announce(self):
        """The modem says that octets came."""
        self._announced = True
        self._news.set()

    def closed(self):
        """The modem says that the peer closed."""
        self._closed = True
        self.connected(False)
        self.announce()
        self._work.set()
        self._changed.set()

    def buffers(self):
        """The buffers for another connection; None while something may still be put into them."""
        return None if self._moving else (self._out, self._spare, self._in)

    @property
    def up(self):
        """Whether the modem still has it open."""
        return not self._closed and self._error is None

    def fail(self, error):
        """Nothing more comes or goes."""
        if self._error is None:
            self._error = error
        self.connected(False)
        self._news.set()
        self._work.set()
        self._changed.set()

    def _check(self):
        if self._error is not None:
            raise BearerError("send", self._error.code, self._error.text)
        if self._closed:
            raise BearerError("send", None, "the peer closed the connection")

    async def _wait(self):
        self._changed.clear()
        await self._changed.wait()

    async def _move(self, step, work):
        """One of the two tasks: when it fails so does the connection, and whatever ends it lets the buffers go."""
        try:
            await work()
        except ModemError as error:
            self.fail(BearerError(step, error.code, error.text))
        except MemoryError:
            self.fail(BearerError(step, None, "no memory"))
        finally:
            self._moving -= 1

    async def _send(self):
        try:
            while self.up:
                if not self._filled:
                    await self._idle()
                    continue
                block, self._out, self._spare = self._out, self._spare, self._out
                view = memoryview(block)[: self._filled]
                self._filled, self._sending = 0, True
                self._changed.set()
                while view and self.up:
                    await self._room(len(view))
                    taken = await self._port.push(self.number, view)
                    self.accepted += taken
                    view = view[taken:]
                    if not taken:
                        await clock.sleep(_POLL_MOST_MS)
                self._sending = bool(view)
                self._changed.set()
        except ModemError as error:
            await self._count()
            await clock.sleep(_NEWS_MS)
            if not self._closed:  # else what the peer said before it closed is worth more than our failure
                raise error

    async def _idle(self):
        """Nothing to send: keep `acked` true until there is."""
        self._work.clear()
        if self._datagrams or self.acked >= self.accepted:
            await self._work.wait()
            return
        try:
            await clock.within(self._work.wait(), _IDLE_MS)
        except asyncio.TimeoutError:
            await self._count()

    async def _room(self, octets):
        """Wait until so many more may be in flight."""
        poll_ms = _POLL_MS
        while not self._datagrams and self.up and self.accepted - self.acked + octets > UNACKED:
            before = self.acked
            self.acked = max(before, await self._port.acknowledged(self.number))
            if self.acked == before:
                await clock.sleep(poll_ms)
                poll_ms = min(2 * poll_ms, _POLL_MOST_MS)

    async def _count(self):
        try:
            self.acked = max(self.acked, await self._port.acknowledged(self.number))
        except ModemError:
            pass  # it is only good to know

    async def _receive(self):
        left = 0
        while self._error is None and not self._ended:
            if self._first < self._last:
                self._news.clear()
                await self._news.wait()
            elif left:
                self._first = self._last = 0
                self._last, left = await self._pull(left)
                self._changed.set()
            else:
                left = await self._waiting()

    async def _pull(self, left):
        return await self._port.pull(self.number, self._in, min(left, BLOCK))

    async def _waiting(self):
        """Octets that wait in the modem; when the peer closed and none is left, that is the end."""
        silent = False
        if not self._announced and not self._closed:
            self._news.clear()
            try:
                await clock.within(self._news.wait(), _news_ms())
            except asyncio.TimeoutError:
                silent = True
        closed, self._announced = self._closed, False
        if self._error is not None:
            return 0
        left = await self._port.waiting(self.number, closed)
        if silent and not left and await self._port.state(self.number) in _OVER:
            self.closed()  # which it said, and nobody heard
        if closed and not left:
            self._ended = True
            self._changed.set()
        return left


def _news_ms():
    return _DEAF_NEWS_MS if flash.deafens else _LOST_NEWS_MS
