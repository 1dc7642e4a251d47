"""The WTP responder of the gateway: transactions of one peer, with segmentation both ways (WAP-224-WTP).

Without I/O: datagrams go in, datagrams come out, time is passed in as milliseconds. WSP is its user.
"""

from tools.lab.network.gateway.wap import pdu
from tools.lab.network.gateway.wap.pdu import GTR, RID, TTR, TVE

SEGMENT = 1400  # octets of a packet: with all headers less than the 1,500 of a network's largest
SEGMENTS = 255  # of a message: a packet sequence number is one octet
DATAGRAM = 60000  # octets of a result that is not segmented: UDP carries 65,507
GROUP = 4  # packets sent before an acknowledgement

# Intervals for IP bearers: the standard leaves them to each side (WAP-224-WTP, appendix A).
ACK_MS = 5000  # until an Invoke without a result is acknowledged
RETRY_MS = 7000  # until a packet is sent again
RETRIES = 8
NACK_MS = 350  # until a group with holes is answered: half of a usual round trip (7.14.3)
GONE_MS = 40000  # without a packet, until a message that is not whole is given up
_NEWER = 0x4000  # TIDs that count as newer than the last one: half of all (7.8.3)


class Transaction:
    """One Invoke with its Result. `due` is when a timer expires, or None."""

    def __init__(self, responder, tid):
        self._responder, self.tid = responder, tid
        self.kind = None  # the transaction class, once the Invoke is there
        self.is_verifying = False  # asked the initiator whether the TID is its own
        self._packets = {}  # of the Invoke: number: octets
        self._base, self._last = 0, None  # packets that are acknowledged, and the number of the last one
        self._boundary = None  # of the newest group
        self.is_collecting = True  # the Invoke is not whole yet
        self._segmented = True  # both sides segment
        self._group = GROUP
        self._is_held = False  # an Ack said that the Invoke arrived
        self._result, self._first = None, 0  # packets, and the first one of the group under way
        self._retries = 0
        self._timer = None  # the function that is called when it is due
        self.due = None
        self.give_up = responder.now + GONE_MS

    def _set(self, timer, ms):
        self._timer, self.due = timer, None if timer is None else self._responder.now + ms

    def expire(self):
        """Do what is due."""
        self.due = None
        self._timer()

    def _say(self, octets):
        self._responder.datagrams.append(octets)

    @property
    def _back(self):
        return self.tid ^ pdu.FROM_RESPONDER

    # the Invoke

    def verify(self):
        """Ask whether the initiator has a transaction with this TID (7.9.2)."""
        self.is_verifying = True
        self._say(pdu.ack(self._back, TVE))

    def verified(self):
        """The initiator says that the TID is its own."""
        self.is_verifying = False
        self._look(True)

    def invoke(self, invoke):
        """Take the Invoke itself, which is packet 0."""
        if self.kind is None:
            self.kind = invoke.fixed[0] & 3
            self._segmented = invoke.flags & (GTR | TTR) != GTR | TTR and self._responder.is_segmenting
            octets = invoke.maximum_group()
            if octets is not None:
                self._group = max(1, min(GROUP, octets // SEGMENT))
        elif self.is_verifying:
            self.verify()  # the question was lost
        elif self._is_held and self._result is None:  # the initiator has not got our Ack (9.3.2, RESULT WAIT)
            self._say(pdu.ack(self._back, RID))

    def packet(self, number, flags, octets):
        """Take a packet of the Invoke, in any order, any number of times."""
        self.give_up = self._responder.now + GONE_MS
        if not self.is_collecting or number < self._base:
            if flags & (GTR | TTR) and self._last != 0 and number < self._base:
                self._say(pdu.ack(self._back, RID, number))  # the group's Ack was lost, or takes too long
            return
        self._packets[number] = octets
        if flags & TTR:
            self._last = number
        if flags & (GTR | TTR):
            self._boundary = number if self._boundary is None else max(self._boundary, number)
        if not self.is_verifying:
            self._look(flags & (GTR | TTR) and flags & RID)

    def _missing(self):
        return [number for number in range(self._base, self._boundary + 1) if number not in self._packets]

    def _look(self, at_once):
        """Acknowledge a whole group, or ask for its missing packets, `at_once` or after a while."""
        if self._boundary is None or self._boundary < self._base:
            return
        if self._missing():
            if at_once:
                self._ask()
            elif self.due is None:
                self._set(self._ask, NACK_MS)
            return
        self._set(None, 0)
        self._base = self._boundary + 1
        if self._boundary == self._last:
            self._whole()  # the result acknowledges the last group, if it comes in time (9.3.2)
        else:
            self._say(pdu.ack(self._back, 0, self._boundary))

    def _ask(self):
        self._say(pdu.negative_ack(self._back, self._missing()))

    def _whole(self):
        octets = b"".join([self._packets[number] for number in range(self._last + 1)])
        self._packets, self.is_collecting = {}, False
        if self.kind == 1:
            self._hold_on()
            self._responder.end(self)
        else:
            self._set(self._hold_on, ACK_MS)
        self._responder.user.invoked(self.tid, self.kind, octets)

    def _hold_on(self):
        """The result takes its time: acknowledge the Invoke, so that it is not sent again."""
        self._is_held = True
        self._say(pdu.ack(self._back, 0, self._last or None))

    # the Result

    def answer(self, octets):
        """Send the result."""
        if not self._segmented or len(octets) <= SEGMENT:
            if len(octets) > DATAGRAM:
                self.abort(pdu.PROVIDER, pdu.TOO_LARGE)
                return
            self._result = [octets]
        else:
            self._result = [octets[at : at + SEGMENT] for at in range(0, len(octets), SEGMENT)]
        if len(self._result) > SEGMENTS:
            self.abort(pdu.PROVIDER, pdu.NO_EXTENDED_SEGMENTATION)
            return
        self._send_group()

    def _end(self):
        """The number behind the packets of the group."""
        return min(self._first + self._group, len(self._result))

    def _send_group(self):
        self._retries = 0
        for number in range(self._first, self._end()):
            self._send(number, 0)
        self._set(self._send_again, RETRY_MS)

    def _send(self, number, again):
        flags = again
        if number == len(self._result) - 1:
            flags |= TTR if self._responder.is_segmenting else TTR | GTR
        elif number == self._end() - 1:
            flags |= GTR
        self._say(pdu.result(self._back, flags, number, self._result[number]))

    def _send_again(self):
        """Send the last packet of the group again, which the initiator answers in any case (7.14.3)."""
        self._retries += 1
        if self._retries > RETRIES:
            self.abort(pdu.PROVIDER, pdu.NO_RESPONSE)
            return
        self._send(self._end() - 1, RID)
        self._set(self._send_again, RETRY_MS)

    def acknowledged(self, number):
        """An Ack arrived: of the group up to packet `number`, or of the message when that is None."""
        if self._result is None:
            return
        last = self._end() == len(self._result)
        if number is None and last or number == self._end() - 1:
            if last:
                self._responder.end(self)
            else:
                self._first = self._end()
                self._send_group()

    def requested(self, numbers):
        """A Negative Ack arrived: send those packets again, or the whole group for none (8.3.8)."""
        if self._result is None:
            return
        for number in numbers or range(self._first, self._end()):
            if self._first <= number < self._end():
                self._send(number, RID)
        self._set(self._send_again, RETRY_MS)

    def abort(self, kind, reason):
        """Tell the initiator that the transaction is over; the user is told, too."""
        self._say(pdu.abort(self._back, kind, reason))
        self._responder.end(self)
        self._responder.user.aborted(self.tid, reason)


class Responder:
    """The transactions of one peer. `user` has invoked(tid, class, octets) and aborted(tid, reason).

    `datagrams` are to be sent, and taken out by the caller. `is_segmenting` False refuses segmented messages;
    `is_strict` has the first TID of a peer verified, too.
    """

    def __init__(self, user, is_segmenting=True, is_strict=False):
        self.user, self.is_segmenting, self._is_strict = user, is_segmenting, is_strict
        self.datagrams = []
        self.now = 0
        self._transactions = {}
        self._tid = None  # the newest one that was accepted

    @property
    def due(self):
        """When a timer expires next, or None."""
        times = [each.due for each in self._transactions.values() if each.due is not None]
        times += [each.give_up for each in self._transactions.values() if each.is_collecting]
        return min(times) if times else None

    def advance(self, now):
        """Let the timers expire that are due."""
        self.now = now
        for transaction in list(self._transactions.values()):
            if transaction.due is not None and transaction.due <= now:
                transaction.expire()
            elif transaction.is_collecting and transaction.give_up <= now:
                self.end(transaction)

    def end(self, transaction):
        """Forget a transaction; its TID counts as used."""
        self._transactions.pop(transaction.tid, None)

    def answer(self, tid, octets):
        """The user's result of a transaction; one that was aborted meanwhile needs none."""
        if tid in self._transactions:
            self._transactions[tid].answer(octets)

    def abort(self, tid, kind, reason):
        """Abort a transaction."""
        if tid in self._transactions:
            self._transactions[tid].abort(kind, reason)

    def receive(self, datagram, now):
        """Take a datagram of the peer; one that is no WTP is dropped (9.3.1), or refused where its TID is known."""
        self.now = now
        try:
            for octets in pdu.split(datagram):
                self._take(pdu.Pdu(octets))
        except pdu.PduError as error:
            if error.tid is not None and error.kind != pdu.ABORT and not error.tid & pdu.FROM_RESPONDER:
                self._refuse(error.tid, pdu.PROTOCOL_ERROR)

    def _refuse(self, tid, reason):
        self.datagrams.append(pdu.abort(tid ^ pdu.FROM_RESPONDER, pdu.PROVIDER, reason))
        if tid in self._transactions:
            self.end(self._transactions[tid])
            self.user.aborted(tid, reason)

    def _take(self, taken):
        if taken.tid & pdu.FROM_RESPONDER:
            return  # this gateway begins no transactions
        transaction = self._transactions.get(taken.tid)
        if taken.kind == pdu.INVOKE:
            self._invoke(taken, transaction)
        elif taken.kind == pdu.SEGMENTED_INVOKE:
            self._segment(taken, transaction)
        elif taken.kind == pdu.ABORT and transaction is not None:
            self.end(transaction)
            self.user.aborted(taken.tid, taken.fixed[0])
        elif taken.kind == pdu.ACK and transaction is not None:
            if not taken.flags & TVE:
                transaction.acknowledged(taken.sequence_number())
            elif transaction.is_verifying:
                self._tid = taken.tid
                transaction.verified()
        elif taken.kind == pdu.NEGATIVE_ACK and transaction is not None:
            transaction.requested(taken.fixed[1:])

    def _invoke(self, taken, transaction):
        head = taken.fixed[0]
        if head >> 6:
            self._refuse(taken.tid, pdu.WRONG_VERSION)
        elif head & 3 == 3:
            self._refuse(taken.tid, pdu.PROTOCOL_ERROR)
        elif not taken.flags & TTR and not self.is_segmenting:
            self._refuse(taken.tid, pdu.NO_SEGMENTATION)
        elif head & 3 == 0:
            self.user.invoked(taken.tid, 0, taken.data)  # no Ack, no state (6.1)
        else:
            known = transaction is not None and transaction.kind is not None
            transaction = transaction or self._begin(taken.tid)
            transaction.invoke(taken)
            if not known:
                self._check(transaction, head & 0x20)
            transaction.packet(0, taken.flags, taken.data)

    def _segment(self, taken, transaction):
        """Take a further packet; the Invoke itself may be under way behind it, or lost."""
        if not self.is_segmenting:
            self._refuse(taken.tid, pdu.NO_SEGMENTATION)
            return
        if transaction is None:
            if not self._is_newer(taken.tid):
                return  # late: its transaction is over
            transaction = self._begin(taken.tid)
        transaction.packet(taken.fixed[0], taken.flags, taken.data)

    def _begin(self, tid):
        transaction = self._transactions[tid] = Transaction(self, tid)
        return transaction

    def _is_newer(self, tid):
        return self._tid is None or 0 < (tid - self._tid) & 0x7FFF < _NEWER

    def _check(self, transaction, is_new):
        """Accept the TID of an Invoke, or have it verified: an old datagram may come late (7.8, 7.9)."""
        if is_new:
            self._tid = None
        if is_new or not self._is_newer(transaction.tid) or self._tid is None and self._is_strict:
            transaction.verify()
        else:
            self._tid = transaction.tid
