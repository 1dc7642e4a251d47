"""WTP over a Stream of datagrams, for the side that begins transactions: class 2 and class 0 (WAP-224-WTP).

A message longer than one datagram goes in segments, group by group (7.14): the last segment of a group asks for an
acknowledgement of all of it, or for a list of those that are missing, and only then the next group goes. The segments
of one group stay in memory until then, so that they can go again: the smaller they are, the more of them. A result
comes the same way; of it only segments that come too early are kept, fewer than a group of them.

Some modems do not tell where a datagram ends, and give two at once when both wait. Such octets must not get into a
message: what may be more than one segment counts as lost, and then segments are asked for one by one.
"""

import asyncio

from mms import clock
from mms.errors import BearerError, LinkError, TooLarge
from mms.limits import UNACKED, const

SEGMENT = const(1400)  # octets of a message in one datagram, as gateways send them
SEGMENTS = const(255)  # as many as gateways put together again
_LISTED = const(5)  # segments that one list asks for, and that are held when they come too early
_GROUP = const(7)  # segments at most that go before an acknowledgement: as much in flight as limits.UNACKED allows
_HEADER = const(4)
_INVOKE, _RESULT, _ACK, _ABORT = const(1), const(2), const(3), const(4)  # types of PDUs (8.2.2)
_MORE_INVOKE, _MORE_RESULT, _MISSING = const(5), const(6), const(7)
_CON = const(0x80)  # information items follow the fixed header (8.2.1)
_GTR, _TTR, _RID = const(4), const(2), const(1)  # the last of a group, the last of all, sent once more (8.2.3 to 8.2.6)
_TVE = const(4)  # of an acknowledgement: a question whether the transaction is ours, and the answer that it is (7.9)
_NUMBER_ITEM = const(0x19)  # an information item of one octet: the number of a segment (8.4)
_LONG_ITEM = const(4)  # its length stands in an octet of its own
_USER = const(1)  # an abort by the layer above (8.3.4)
_RESPONSE = const(0x8000)  # in a TID: the PDU comes from the side that answers (7.8)
_SLOWEST_MS = const(1200)  # for 1,000 octets on the slowest radio
_REPEAT_MS = const(3000)  # beyond the time that the octets take, until they go again
_REPEAT_MOST_MS = const(20000)
_REPEATS = const(5)
_HOLD_MS = const(2000)  # a list of missing segments that comes sooner does not know of those that went again
# NOTIMPLEMENTEDSAR (no segments at all), MESSAGETOOLARGE, NOTIMPLEMENTEDESAR (over 256 of them), WSP's MRUEXCEEDED
_TOO_LARGE = const((0x04, 0x09, 0x0A, 0xE6))


def too_large(text):
    """The TooLarge of a message that a WAP gateway cannot carry."""
    error = TooLarge("size", None, text)
    error.advice = "have a smaller one sent, or ask the operator for a proxy that is no WAP gateway"
    return error


class _Message:
    """Octets to send in segments of `size`: `head`, and behind it the content of a request (mms.link.http), or None."""

    def __init__(self, head, content, size):
        self._head = head
        self._content = content
        self._left = content.octets if content else 0
        self.segments = (len(head) + self._left + size - 1) // size
        if len(head) > size:
            raise LinkError("header", None, "a request head of %d octets" % len(head))
        if self.segments > SEGMENTS:
            most = size * SEGMENTS - len(head)
            raise too_large("a message of %d octets, and %d is the most for a WAP gateway" % (self._left, most))

    def fill(self, view):
        """The number of octets put into the `view` of a segment, the head first."""
        size = len(self._head)
        view[:size] = self._head
        self._head = b""
        end = size + min(self._left, len(view) - size)
        while size < end:
            count = self._content.readinto(view[size:end])
            if not count:
                raise LinkError("body", None, "%d octets are missing" % self._left)
            size += count
            self._left -= count
        return size


class Transactions:
    """Transactions, one at a time. Every `write` of `stream` is a datagram, and every `readinto` gives one.

    A stream that has `most` writes no larger datagrams.
    `buffer` is the caller's: datagrams come into it, and it may be given to `readinto`. acked: octets of the message
    under way that the peer has acknowledged.
    """

    def __init__(self, stream, buffer):
        self._stream = stream
        self._fitting = min(SEGMENT, getattr(stream, "most", SEGMENT + _HEADER) - _HEADER)  # octets in one segment
        self._buffer = memoryview(buffer)
        self._at = self._end = 0  # PDUs of the last datagram that are still to be looked at
        self._joined = False  # whether each of them stands behind its length
        self._slots = []  # segments of the group that is sent, or of the result when they came too early
        self._sizes = [0] * min(_GROUP, UNACKED // max(1, self._fitting + _HEADER))  # as many slots has a group
        self._slow_ms = _SLOWEST_MS
        self._tid = clock.ticks() // 256  # a TID below that of an earlier connection would have to be verified (7.8)
        self._begin()

    def _begin(self):
        self._former, self._tid = self._tid, (self._tid + 1) & (_RESPONSE - 1)
        self.acked = 0
        self._piece = b""  # octets of the result that are still to be read
        self._expected = 0  # the number of its next segment
        self._last = SEGMENTS + 1  # the number of its last segment
        self._size = None  # octets of each of its segments but the last
        self._most = _LISTED  # segments that one list asks for
        self._group = None  # the last segment of a group that lacks some
        self._asked = None  # the last segment of the list that was sent
        self._held = {}  # segments that came too early: number -> slot
        self._unread = None  # the PDU that begins the result

    @property
    def whole(self):
        """Whether all of the result has come."""
        return self._expected > self._last

    async def invoke(self, head, content=None):
        """Send a message of class 2, `head` and a content, until the peer has all of it; `readinto` gives the result.

        Raises TooLarge, LinkError, and what the stream and the content raise.
        """
        message = _Message(head, content, self._fitting)
        self._begin()
        first = 0
        while first < message.segments:
            count = min(len(self._sizes), message.segments - first)
            octets = 0
            for at in range(count):
                final = first + at == message.segments - 1
                octets += self._pack(at, first + at, _TTR if final else _GTR if at == count - 1 else 0, message)
                if final and content:
                    await self._stream.drain()
                    await content.completing()
                await self._stream.write(self._segment(at))
            await self._settle(first, count, first + count == message.segments, octets)
            self.acked += octets
            first += count

    async def tell(self, octets):
        """Send a message of class 0, which has no acknowledgement."""
        tid = (self._tid + 1) & (_RESPONSE - 1)
        await self._stream.write(bytes((_INVOKE << 3 | _TTR, tid >> 8, tid & 0xFF, 0)) + octets)

    async def abort(self, reason):
        """End the transaction, for a reason of the layer above."""
        await self._stream.write(self._header(_ABORT << 3 | _USER) + bytes((reason,)))

    async def readinto(self, buf):
        """The next octets of the result, as soon as they have come; 0 at its end. Raises LinkError and BearerError."""
        while not self._piece:
            if self.whole:
                return 0
            slot = self._held.pop(self._expected, None)
            if slot is None:
                await self._pull()
            else:
                self._piece = memoryview(self._slots[slot])[: self._sizes[slot]]
                self._expected += 1
        count = min(len(buf), len(self._piece))
        memoryview(buf)[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    # Sending

    def _slot(self, at, octets):
        """A slot with room for so many octets."""
        while len(self._slots) <= at:
            self._slots.append(b"")
        if len(self._slots[at]) < octets:
            self._slots[at] = bytearray(octets)
        return memoryview(self._slots[at])

    def _segment(self, at):
        return memoryview(self._slots[at])[: self._sizes[at]]

    def _pack(self, at, number, flags, message):
        """Put segment `number` of the message into a slot; returns how many octets of the message are in it."""
        view = self._slot(at, _HEADER + self._fitting)
        view[:3] = self._header((_MORE_INVOKE if number else _INVOKE) << 3 | flags)
        view[3] = number or 2  # in the first segment stands the class of the transaction
        count = message.fill(view[_HEADER : _HEADER + self._fitting])
        self._sizes[at] = _HEADER + count
        return count

    def _header(self, first):
        return bytes((first, self._tid >> 8, self._tid & 0xFF))

    async def _repeat(self, at):
        self._slots[at][0] |= _RID
        await self._stream.write(self._segment(at))

    async def _settle(self, first, count, complete, octets):
        """Wait until the peer has the segments from `first` on, and send again what it lacks.

        Without an answer only the last one goes again, since its answer says which others are missing (7.14).
        """
        since = begun = clock.ticks()
        wait = _REPEAT_MS + octets * self._slow_ms * 3 // 2000
        repeats, clean, held = 0, octets > SEGMENT, {}
        while True:
            pdu = await self._receive(wait - clock.since(since))
            if pdu is None:
                if repeats == _REPEATS:
                    raise LinkError("answer", None, "the WAP gateway does not answer")
                repeats, clean = repeats + 1, False
                wait = min(2 * wait, _REPEAT_MOST_MS)
                since = clock.ticks()
                if first == 0 and count > 1:  # without it a peer may know nothing of the transaction
                    await self._repeat(0)
                await self._repeat(count - 1)
                continue
            if clean:  # the answer to a group that went once tells how fast the radio is
                self._slow_ms = min(_SLOWEST_MS, clock.since(begun) * 1000 // octets)
            kind, flags, number, start, end = pdu
            if kind == _MISSING:
                missing = list(self._buffer[start : min(end, start + _GROUP)])
                for at in range(count):
                    early = at in held and clock.since(held[at]) < _HOLD_MS
                    if not early and (not number or first + at in missing):  # none: all of the group
                        await self._repeat(at)
                        held[at] = clock.ticks()
                since, clean = clock.ticks(), False
            elif complete and kind in (_RESULT, _MORE_RESULT):
                self._unread = pdu
                break
            elif kind == _ACK and (number == first + count - 1 or complete and number is None):
                break

    # Receiving

    async def _receive(self, ms=None):
        """The next PDU of the transaction: (type, flags, number or None, where it starts in the buffer, where it ends).

        None when there is none for `ms`. The number is that of a segment, or how many are missing. Raises LinkError
        when the peer aborts the transaction.
        """
        since = clock.ticks()
        while True:
            if self._at >= self._end:
                left = None if ms is None else ms - clock.since(since)
                if left is not None and left <= 0 or not await self._read(left):
                    return None
            pdu = self._parse(*self._next())
            if pdu is None:
                continue
            kind, flags, number, start, end = pdu
            if kind == _ABORT:
                _raise_abort(number, flags)
            if kind == _ACK and flags & _TVE:
                await self._stream.write(self._header(_ACK << 3 | _TVE))
            elif kind == _RESULT and number is None:  # of the transaction before: its acknowledgement was lost
                await self._stream.write(bytes((_ACK << 3 | _RID, self._former >> 8, self._former & 0xFF)))
            else:
                return pdu

    async def _read(self, ms):
        """Whether a datagram has come within `ms`, or ever."""
        try:
            reading = self._stream.readinto(self._buffer)
            count = await (reading if ms is None else clock.within(reading, ms))
        except asyncio.TimeoutError:
            return False
        if not count:
            if self._end:
                raise BearerError("receive", None, "the connection ended")
            raise BearerError("connect", None, "the WAP gateway takes no datagrams")
        view, half = self._buffer, count // 2
        self._joined = view[0] == 0
        if half * 2 == count and (view[0] ^ view[half]) | _RID == _RID and view[1:half] == view[half + 1 : count]:
            count = half  # the modem gives a datagram and its repetition as one
        self._at, self._end = int(self._joined), count
        return True

    def _next(self):
        """The next PDU of the datagram, as its start and end; several stand behind a 0, each with its length."""
        start, end = self._at, self._end
        if self._joined:
            octets = self._buffer[start]
            start += 1
            if octets & 0x80 and start < end:
                octets = (octets & 0x7F) << 8 | self._buffer[start]
                start += 1
            end = min(start + octets, end)
        self._at = max(end, self._at + 1)
        return start, end

    def _parse(self, start, end):
        """The PDU from `start` to `end` as `_receive` gives it, or None when it has no meaning here."""
        view = self._buffer
        if end - start < 3:
            return None
        first, tid = view[start], view[start + 1] << 8 | view[start + 2]
        kind, flags, number = first >> 3 & 0x0F, first & 7, None
        late = tid == self._former | _RESPONSE and kind == _RESULT
        if not late and tid != self._tid | _RESPONSE:
            return None
        start += 3
        if kind in (_ABORT, _MORE_RESULT, _MISSING):
            if start == end:
                return None
            number = view[start]
            start += 1
        more = first & _CON
        while more and start < end:
            item = view[start]
            more = item & _CON
            if item & 0x7F == _NUMBER_ITEM and start + 1 < end and kind == _ACK:
                number = view[start + 1]
            if item & _LONG_ITEM:
                start += 2 + (view[start + 1] if start + 1 < end else 0)
            else:
                start += 1 + (item & 3)
        if kind == _RESULT and not late:
            number = 0
        elif kind == _ACK and not self._joined:
            self._at = min(start, end)  # its length is known, so the datagram behind it is not lost
        return kind, flags, number, min(start, end), end

    async def _pull(self):
        """Take the next segment of the result, and acknowledge its group when all of it is there."""
        kind, flags, number, start, end = self._unread or await self._receive()
        self._unread = None
        if kind not in (_RESULT, _MORE_RESULT):
            return
        ends = flags & (_GTR | _TTR)
        if not self._fits(flags & _TTR, end - start):
            self._most = 1
            await self._ask([self._expected])
            return
        if number < self._expected:
            if ends:
                await self._acknowledge(number, flags & _TTR)
            return
        self._take(number, self._buffer[start:end])
        if flags & _TTR:
            self._last = number
        if ends:
            self._group = number
        await self._go_on(number, ends)

    async def _go_on(self, number, ends):
        """Acknowledge a group that is here, or ask for segments of it that are missing.

        A list follows the end of a group, and the last segment of the list before it; where segments are asked for one
        by one, the end of the group may be among those that are lost.
        """
        if self._group is not None and number <= self._group:
            missing = [at for at in range(self._expected, self._group + 1) if at not in self._held]
            if not missing:
                await self._acknowledge(self._group, self._group == self._last)
                self._group = None
            elif ends or number == self._asked:
                await self._ask(missing[: self._most])
        elif self._most == 1 and number == self._asked:
            await self._ask([self._expected])

    async def _ask(self, missing):
        self._asked = missing[-1]
        if self._asked <= SEGMENTS:
            await self._stream.write(self._header(_MISSING << 3) + bytes([len(missing)] + missing))

    def _fits(self, final, octets):
        """Whether so many octets are one segment: all have the same size, but for a shorter one at the end."""
        if self._size is None and not final and octets <= SEGMENT:
            self._size = octets
        return octets <= (self._size or SEGMENT) and (final or octets == self._size)

    def _take(self, number, octets):
        """Let a segment be the next piece of the result, or hold it when it comes early and there is a slot."""
        if number == self._expected:
            self._piece = octets
            self._expected += 1
        elif number not in self._held and len(self._held) < _LISTED:
            taken = list(self._held.values())
            slot = [at for at in range(_LISTED) if at not in taken][0]
            self._slot(slot, SEGMENT)[: len(octets)] = octets
            self._sizes[slot] = len(octets)
            self._held[number] = slot

    async def _acknowledge(self, number, final):
        """Acknowledge a group; a result of one segment has no number."""
        if number == 0 and final:
            await self._stream.write(self._header(_ACK << 3))
        else:
            await self._stream.write(self._header(_CON | _ACK << 3) + bytes((_NUMBER_ITEM, number)))


def _raise_abort(reason, by_user):
    if reason in _TOO_LARGE:
        raise too_large("the message is too large for the WAP gateway (%02X)" % reason)
    layer = "WSP" if by_user else "WTP"
    raise LinkError("answer", reason, "the WAP gateway gives up, for a reason of %s" % layer)
