"""PDUs of WTP and the items of their variable headers (WAP-224-WTP, clause 8)."""

INVOKE, RESULT, ACK, ABORT, SEGMENTED_INVOKE, SEGMENTED_RESULT, NEGATIVE_ACK = range(1, 8)  # 8.2.2, table 8

GTR, TTR, RID = 4, 2, 1  # flags of the first octet: end of a group, end of the message, sent again (8.2.3, 8.2.4)
TVE = 4  # of an Ack: the TID is verified, or confirmed (8.3.3)
FROM_RESPONDER = 0x8000  # the TID's highest bit is the direction (8.2.1)

PROVIDER, USER = 0, 1  # abort types (8.3.4)
PROTOCOL_ERROR, INVALID_TID, NO_CLASS_2, NO_SEGMENTATION = 0x01, 0x02, 0x03, 0x04
WRONG_VERSION, NO_RESPONSE, TOO_LARGE, NO_EXTENDED_SEGMENTATION = 0x06, 0x08, 0x09, 0x0A

OPTION, SEQUENCE_NUMBER = 0x02, 0x03  # items of the variable header (8.4, table 17)
MAXIMUM_GROUP = 0x04  # option: octets of a packet group that the sender of the item can take (8.4.4)

_FIXED = {INVOKE: 4, RESULT: 3, ACK: 3, ABORT: 4, SEGMENTED_INVOKE: 4, SEGMENTED_RESULT: 4, NEGATIVE_ACK: 4}
_CON = 0x80


class PduError(Exception):
    """Octets that are no PDU; the text says why. `kind` and `tid` are known ones, or None."""

    def __init__(self, text, kind=None, tid=None):
        super().__init__(text)
        self.kind, self.tid = kind, tid


class Pdu:
    """One PDU: its `kind`, three `flags` of the first octet, `tid` with its direction, `fixed` octets behind the TID,
    `items` [(identity, octets)] of the variable header, and the `data` behind that."""

    def __init__(self, octets):
        if len(octets) < 3:
            raise PduError("%d octets" % len(octets))
        self.kind, self.flags = octets[0] >> 3 & 15, octets[0] & 7
        self.tid = octets[1] << 8 | octets[2]
        end = _FIXED.get(self.kind)
        if end is None:
            raise PduError("PDU type %d" % self.kind, self.kind, self.tid)
        if self.kind == NEGATIVE_ACK and len(octets) > 3:
            end += octets[3]
        if len(octets) < end:
            raise PduError("%d octets of PDU type %d" % (len(octets), self.kind), self.kind, self.tid)
        self.fixed = octets[3:end]
        self.items = []
        if octets[0] & _CON:
            end = self._take_items(octets, end)
        self.data = octets[end:]

    def _take_items(self, octets, at):
        """Read the items of the variable header (8.4.1); returns where it ends."""
        more = _CON
        while more:
            if at >= len(octets):
                raise PduError("the variable header is cut", self.kind, self.tid)
            head, at = octets[at], at + 1
            length = head & 3
            if head & 4:
                length, at = (octets[at] if at < len(octets) else 256), at + 1
            if at + length > len(octets):
                raise PduError("the variable header is cut", self.kind, self.tid)
            self.items.append((head >> 3 & 15, octets[at : at + length]))
            at, more = at + length, head & _CON
        return at

    def sequence_number(self):
        """The Packet Sequence Number item, or None (8.4.5)."""
        for identity, value in self.items:
            if identity == SEQUENCE_NUMBER and value:
                return value[0]
        return None

    def maximum_group(self):
        """The octets of the Maximum Group option, or None."""
        for identity, value in self.items:
            if identity == OPTION and len(value) > 1 and value[0] == MAXIMUM_GROUP:
                return int.from_bytes(value[1:], "big")
        return None


def split(datagram):
    """The PDUs in a datagram: one, or several behind a zero octet, each with its length in front (8.5)."""
    if datagram[:1] != b"\0":
        return [datagram]
    parts, at = [], 1
    while at < len(datagram):
        length, at = datagram[at], at + 1
        if length & 0x80:
            if at >= len(datagram):
                raise PduError("a length is cut")
            length, at = (length & 0x7F) << 8 | datagram[at], at + 1
        if not length or at + length > len(datagram):
            raise PduError("a concatenated PDU is cut")
        parts.append(datagram[at : at + length])
        at += length
    return parts


def _head(kind, flags, tid):
    return bytes([kind << 3 | flags, tid >> 8, tid & 0xFF])


def ack(tid, flags=0, number=None):
    """An Ack; with a packet sequence number it acknowledges a group (8.3.3)."""
    if number is None:
        return _head(ACK, flags, tid)
    octets = _head(ACK, flags, tid) + bytes([SEQUENCE_NUMBER << 3 | 1, number])
    return bytes([octets[0] | _CON]) + octets[1:]


def negative_ack(tid, missing):
    """A Negative Ack of the packets that are missing (8.3.8)."""
    return _head(NEGATIVE_ACK, 0, tid) + bytes([len(missing)]) + bytes(missing)


def abort(tid, kind, reason):
    """An Abort of that type and reason (8.3.4)."""
    return _head(ABORT, kind, tid) + bytes([reason])


def result(tid, flags, number, octets):
    """A Result, or from packet 1 on a Segmented Result (8.3.2, 8.3.7)."""
    if number:
        return _head(SEGMENTED_RESULT, flags, tid) + bytes([number]) + octets
    return _head(RESULT, flags, tid) + octets
