"""The world outside the handset, which does not forget when the handset's power fails: SIM, MMSC and user."""

import binascii

from mms import limits
from mms.codec import mm1, multipart, push, segments
from tools.power.flash import FACT

ALICE, BOB = "+447700900001", "+447700900002"
MMSC = "http://mmsc.example/"
CUT = "T2"  # the transaction id of the message that is cut when it is fetched for the first time
LARGER = "T3"  # the one of the message that is announced as larger than it is
HUGE = "T4"  # the one of the message that is announced as larger than the handset takes
_TIMES = {LARGER: 4, HUGE: 1000}


class Outside:
    """Built from the facts in a history; every new fact is appended to the list `history`, unless that is None."""

    def __init__(self, history=()):
        self.history = None
        self.sim = {}  # index: TPDU
        self.announced = {}  # transaction id: whether the MMSC still waits for an answer
        self.answered = []  # transaction ids of messages that the handset has acknowledged, and the MMSC has deleted
        self.served = {}  # transaction id: how often a message was fetched
        self.rejected = []  # transaction ids of messages that the handset has rejected, and the MMSC has deleted
        self.submitted = {}  # transaction id: the CRC of each submission
        self.reported = []  # transaction ids of submissions for which the SIM got a delivery report
        self.accepted = {}  # id: the CRC of the encoded message
        self.deleted = {}  # id, or transaction id of one that came: whether the user knows that it is gone
        for entry in history:
            if entry[0] == FACT:
                self._know(entry[1:])

    def fact(self, *words):
        """Add a fact: its kind, what it is about, and more."""
        if self.history is not None:
            self.history.append((FACT,) + words)
        self._know(words)

    def _know(self, words):
        what, key = words[0], words[1]
        if what == "sms":
            self.sim[key] = words[2]
        elif what == "done":
            del self.sim[key]
        elif what == "reported":
            self.reported.append(key)
        elif what == "announced":
            self.announced[key] = True
        elif what == "answered":
            self.announced[key] = False
            self.answered.append(key)
        elif what == "rejected":
            self.announced[key] = False
            self.rejected.append(key)
        elif what == "served":
            self.served[key] = self.served.get(key, 0) + 1
        elif what == "submitted":
            self.submitted.setdefault(key, []).append(words[2])
        elif what == "accepted":
            self.accepted[key] = words[2]
        elif what in ("delete", "deleted"):
            self.deleted[key] = what == "deleted"

    def announce(self, tid):
        """Put the notification of the message `tid` on the SIM, in two segments; the size in it is wrong for some."""
        fields = [
            (mm1.TRANSACTION_ID, tid),
            (mm1.VERSION, mm1.VERSION_1_0),
            (mm1.FROM, mm1.address(ALICE)),
            (mm1.SUBJECT, "a subject that makes it long enough for two short messages"),
            (mm1.MESSAGE_CLASS, mm1.PERSONAL),
            (mm1.MESSAGE_SIZE, len(message(tid)) * _TIMES.get(tid, 1)),
            (mm1.EXPIRY, ("relative", 86400)),
            (mm1.CONTENT_LOCATION, MMSC + "m/" + tid),
        ]
        self._push(mm1.build(mm1.NOTIFICATION_IND, fields), len(self.announced) + len(self.answered))
        self.fact("announced", tid)

    def report(self, tid):
        """Put the report that a submission was delivered on the SIM."""
        fields = [
            (mm1.VERSION, mm1.VERSION_1_0),
            (mm1.MESSAGE_ID, "M-" + tid),
            (mm1.TO, mm1.address(BOB)),
            (mm1.DATE, 1700000001),
            (mm1.STATUS, mm1.RETRIEVED),
        ]
        self._push(mm1.build(mm1.DELIVERY_IND, fields))
        self.fact("reported", tid)

    def _push(self, pdu, reference=0):
        body = push.build(1, mm1.MEDIA, pdu)
        for part in segments.deliver("+447700900999", body, ports=(2948, 9200), reference=reference):
            self.fact("sms", max(list(self.sim) + [0]) + 1, part)


def message(tid):
    """The octets that the MMSC keeps for the handset under a transaction id."""
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.DATE, 1700000001)]
    fields += [(mm1.MESSAGE_ID, "M-" + tid), (mm1.CONTENT_TYPE, mm1.ContentType(_MIXED, []))]
    octets = mm1.build(mm1.RETRIEVE_CONF, fields) + multipart.count(1)
    return octets + multipart.entry("image/jpeg", 1800, location="p.jpg") + bytes(range(200)) * 9


_MIXED = "application/vnd.wap.multipart.mixed"


class _Network:
    status, roaming = "home", False


class _Sim:
    home, number = "00101", BOB


class _Connection:
    """A Stream to the MMSC, which answers when it has a whole request."""

    def __init__(self, outside):
        self._outside = outside
        self._request = b""
        self._answer = b""
        self.accepted = self.acked = 0

    async def write(self, view):
        self._request += bytes(view)
        head, end, body = self._request.partition(b"\r\n\r\n")
        length = head.lower().find(b"content-length: ")
        if end and (length < 0 or len(body) == int(head[length + 16 :].split(b"\r\n")[0])):
            self._serve(head.decode().split(" "), body)

    def _serve(self, words, body):
        octets = self._posted(body) if words[0] == "POST" else self._wanted(words[1].split("/")[-1])
        status = "200 OK" if octets is not None else "404 Not Found"
        octets = octets or b""
        self._answer = ("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(octets))).encode() + octets

    def _wanted(self, tid):
        if tid in self._outside.answered + self._outside.rejected:
            return None
        self._outside.fact("served", tid)
        first = self._outside.served[tid] == 1
        return message(tid)[:2] if tid == CUT and first else message(tid)

    def _posted(self, octets):
        pdu = mm1.parse(octets[: limits.PDU_HEADER])
        tid = pdu.get(mm1.TRANSACTION_ID)
        if pdu.type == mm1.SEND_REQ:
            self._outside.fact("submitted", tid, binascii.crc32(octets))
            fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.RESPONSE_STATUS, mm1.OK)]
            return mm1.build(mm1.SEND_CONF, fields + [(mm1.MESSAGE_ID, "M-" + tid)])
        if pdu.type == mm1.NOTIFYRESP_IND and pdu.get(mm1.STATUS) == mm1.RETRIEVED:
            self._outside.fact("answered", tid)
        if pdu.type == mm1.NOTIFYRESP_IND and pdu.get(mm1.STATUS) == mm1.REJECTED:
            self._outside.fact("rejected", tid)
        return b""

    async def drain(self):
        pass

    async def readinto(self, buffer):
        count = min(len(buffer), len(self._answer))
        buffer[:count] = self._answer[:count]
        self._answer = self._answer[count:]
        return count

    def close(self):
        pass


class _Sms:
    def __init__(self, index, tpdu):
        self.memory, self.index, self.tpdu = "SM", index, tpdu


class Modem:
    """Registered and attached at once. Its `sms` are those on the SIM, each once; then they end."""

    def __init__(self, outside):
        self._outside = outside
        self.sms = self

    async def start(self):
        return "ready"

    async def sim(self):
        return _Sim

    async def network(self):
        return _Network

    async def register(self, mccmnc=None, seconds=60):
        pass

    async def attach(self, profile):
        pass

    async def open(self, host, port):
        return _Connection(self._outside)

    def __aiter__(self):
        self._given = []
        return self

    async def __anext__(self):
        for index in sorted(self._outside.sim):
            if index not in self._given:
                self._given.append(index)
                return _Sms(index, self._outside.sim[index])
        raise StopAsyncIteration

    def forget(self, where):
        pass

    async def done(self, sms):
        self._outside.fact("done", sms.index)
