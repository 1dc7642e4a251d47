"""A connection through a modem as a Stream: it sends ahead and knows how much the peer has acknowledged.

Two small tasks move octets between the caller and the modem, so that a wait that is given up never leaves half a block
on the serial line, and a block travels while the caller reads the next one from flash.
"""

import asyncio

from drivers.modem.dialogue import is_refusal
from mms import clock, flash
from mms.errors import BearerError, ModemError
from mms.limits import BLOCK, UNACKED, const

_POLL_MS = const(20)  # how soon to ask again how much is acknowledged, while the sender waits for it
_POLL_MOST_MS = const(80)  # a fast radio with a long round trip runs dry when the answer is learnt later
_FULL_MS = const(320)  # until a modem that had no room is given a block again
_IDLE_MS = const(700)  # how often to ask while nothing is to be sent
_NEWS_MS = const(100)  # by then a line that was held back by a prompt has come
_SILENT_MS = const(8000)  # ask for octets even when none were announced: an announcement may get lost
_DEAF_MS = const(1000)  # announcements often get lost on a line that the flash deafens


class Connection:
    """A Stream; accepted: octets the modem took, acked: octets the peer's TCP acknowledged.

    sockets: a Traffic, or any that has `block`, `push`, `pull`, `shut`, `ask_acknowledged`, `ask_state` and
    `ask_waiting`. buffers: three of `limits.BLOCK` octets. datagrams: every `write` is one, and so is what `readinto`
    gives, as far as the modem tells where one ends; what does not fit is dropped.
    """

    def __init__(self, sockets, number, datagrams, buffers):
        self.number = number
        self.accepted = self.acked = 0
        self.opened = None  # None while connecting, then True or False
        self.code = None  # the modem's, of why it is not up
        self._sockets = sockets
        self._datagrams = datagrams
        self._error = None
        self.closed = False  # by the peer: octets that it sent before can still be read
        self._changed = asyncio.Event()  # for the caller
        self._work = asyncio.Event()  # for the task that sends
        self._news = asyncio.Event()  # for the task that receives
        self._answers = False  # whether octets have come since the last went
        self._announced = False
        self._out, self._spare, self._in = buffers
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
        self._first = self._last if self._datagrams else self._first + octets
        if self._first == self._last:
            self._news.set()
        return octets

    async def write(self, buf):
        """Take over all of `buf`; raises BearerError("send"), also for a datagram that the modem cannot take whole."""
        view = memoryview(buf)
        if self._datagrams and len(view) > self.most:
            raise BearerError("send", None, "a datagram of more than %d octets" % self.most)
        done = 0
        while done < len(view):
            self._check()
            room = self._sockets.block - self._filled
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
        """Give the connection up; of the octets not yet sent, only the block under way still goes."""
        if not self._shut:
            self._shut = True
            self._sockets.shut(self)
        self.fail(BearerError("send", None, "closed"))

    def set_opened(self, well, code=None):
        """The modem says whether the connection is up, and perhaps why not."""
        if self.opened is None:
            self.opened, self.code = well, code
            self._changed.set()

    async def wait_opened(self, ms):
        """Whether the connection is up; None when the modem has not said so after `ms`.

        The line that says it may get lost, so the modem is also asked. Raises BearerError("connect") when the modem, or
        the context, goes meanwhile.
        """
        since = clock.ticks()
        while self.opened is None and clock.since(since) < ms:
            try:
                await clock.within(self._wait_told(), _silent_ms())
            except asyncio.TimeoutError:
                state = await self._sockets.ask_state(self.number, self.opened is None)
                if state is not None:
                    self.set_opened(state)
        if self._error is not None:
            raise BearerError("connect", self._error.code, self._error.text)
        return self.opened

    async def _wait_told(self):
        while self.opened is None:
            await self._wait()

    @property
    def most(self):
        """Octets of the largest datagram."""
        return self._sockets.block

    def announce(self):
        """The modem says that octets can be read."""
        self._announced = True
        self._news.set()

    def end(self):
        """The peer has closed the connection."""
        self.closed = True
        self.set_opened(False)
        self.announce()
        self._work.set()
        self._changed.set()

    def buffers(self):
        """The buffers for another connection; None while something may still be put into them."""
        return None if self._moving else (self._out, self._spare, self._in)

    @property
    def up(self):
        """Whether the modem still has it open."""
        return not self.closed and self._error is None

    def fail(self, error):
        """No more octets come or go."""
        if self._error is None:
            self._error = error
        self.set_opened(False)
        self._news.set()
        self._work.set()
        self._changed.set()

    def _check(self):
        if self._error is not None:
            raise BearerError("send", self._error.code, self._error.text)
        if self.closed:
            raise BearerError("send", None, "the peer closed the connection")

    async def _wait(self):
        self._changed.clear()
        await self._changed.wait()

    async def _move(self, step, work):
        """Run one of the two tasks: when it fails so does the connection, and when it ends the buffers are free."""
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
                    await self._wait_room(len(view))
                    taken = await self._sockets.push(self.number, view, self._datagrams)
                    self.accepted += taken
                    self._answers = False
                    view = view[taken:]
                    if not taken:
                        await clock.sleep(_FULL_MS)
                self._sending = bool(view)
                self._changed.set()
        except ModemError as error:
            await self._update_acked()
            await clock.sleep(_NEWS_MS)
            if not self.closed:  # the answer of a peer that has closed is worth more than our failure
                raise error

    async def _idle(self):
        """Keep `acked` true until there is something to send."""
        self._work.clear()
        if self._datagrams or self._answers or self.acked >= self.accepted:
            await self._work.wait()
            return
        try:
            await clock.within(self._work.wait(), _IDLE_MS)
        except asyncio.TimeoutError:
            if not self._answers:  # an answer says more, and is not to wait behind this
                await self._update_acked()

    async def _wait_room(self, octets):
        """Wait until so many more octets may be in flight."""
        poll_ms = 0
        while not self._datagrams and self.up and self.accepted - self.acked + octets > UNACKED:
            if poll_ms:
                await clock.sleep(poll_ms)
            poll_ms = min(max(2 * poll_ms, _POLL_MS), _POLL_MOST_MS)
            self.acked = max(self.acked, await self._sockets.ask_acknowledged(self.number))

    async def _update_acked(self):
        try:
            self.acked = max(self.acked, await self._sockets.ask_acknowledged(self.number))
        except ModemError:
            pass  # it is only good to know

    async def _receive(self):
        left = 0
        while self._error is None and not self._ended:
            try:
                if self._first < self._last:
                    self._news.clear()
                    await self._news.wait()
                elif left:
                    left = await self._pull(left)
                else:
                    left = await self._count_waiting()
            except BearerError as error:
                if not is_refusal(error):
                    raise
                await clock.sleep(_NEWS_MS)
                if not self.closed:
                    raise
                left = self._end_reading()  # the modem has forgotten the connection

    async def _pull(self, left):
        """Read a block, of `left` octets: how many are left behind it."""
        self._first = self._last = 0
        self._last, left = await self._sockets.pull(self.number, self._in, min(left, BLOCK), self._datagrams)
        self._answers = True
        self._changed.set()
        return left

    def _end_reading(self):
        """All octets were read that come: 0."""
        self._ended = True
        self._changed.set()
        return 0

    async def _count_waiting(self):
        """Octets that wait in the modem; none after the peer has closed is the end."""
        silent = False
        if not self._announced and not self.closed:
            self._news.clear()
            try:
                await clock.within(self._news.wait(), _silent_ms())
            except asyncio.TimeoutError:
                silent = True
        closed, self._announced = self.closed, False
        if self._error is not None:
            return 0
        left = await self._sockets.ask_waiting(self.number, closed)
        if left is None:  # only reading shows it
            left = await self._pull(BLOCK)
        if silent and not left and await self._sockets.ask_state(self.number, self.opened is None) is False:
            self.end()  # the line that says so got lost
        return self._end_reading() if closed and not left else left


def _silent_ms():
    return _DEAF_MS if flash.deafens else _SILENT_MS
