"""Traffic of a modem's sockets and its short messages, told in one line each, without secrets.

Heads of HTTP, headers of MMS and pushes are kept in Base64, as long as they were; bodies and texts are not. In what is
kept, telephone numbers have their last two digits, and credentials and the paths of addresses are starred out.
"""

import base64
import re

from mms.codec import mm1, names, push, segments, tpdu
from mms.errors import PduError
from tools.journey.trace import veiled
from tools.pdu import values
from tools.pdu.decode import push_offset

HEAD = 1500  # octets of a head of HTTP that are looked at
KEPT = HEAD + 4096  # and of the headers of a PDU
WAITING = 16  # long messages whose segments are not all there

_DIGITS = re.compile(rb"\+[0-9]{6,}|[0-9]{8,}")
_PATH = re.compile(rb"(?i)(https?://[^/\0\s]+/)([^\0\s\"<>]+)")
_REQUEST = re.compile(rb"\A([A-Z]+ )(/[^\s]*)")
_OTHER = re.compile(rb"(?im)^((?:Set-)?Cookie2?: *)([^\r\n]*)")
_LENGTH = re.compile(rb"(?im)^(Content-Length: *)(\d{1,9})")
_TOLD = (
    (mm1.RESPONSE_STATUS, "%s"),
    (mm1.RETRIEVE_STATUS, "%s"),
    (mm1.STATUS, "%s"),
    (mm1.TRANSACTION_ID, "transaction %s"),
    (mm1.MESSAGE_ID, "message id %s"),
    (mm1.FROM, "from %s"),
    (mm1.TO, "to %s"),
    (mm1.MESSAGE_SIZE, "a message of %s octets"),
)


def hidden(octets):
    """As many octets, without numbers, credentials and the paths of addresses."""
    octets = veiled(octets)
    for secret in (_PATH, _REQUEST, _OTHER):
        octets = secret.sub(lambda found: found.group(1) + b"*" * len(found.group(2)), octets)
    return _DIGITS.sub(lambda found: b"*" * (len(found.group()) - 2) + found.group()[-2:], octets)


class _Flow:
    """The message of HTTP that is under way on a connection."""

    def __init__(self, number, host, port):
        self.place = {"exchange": number, "host": host, "port": port}
        self.begin(True)

    def begin(self, sent):
        """Wait for the first octet of a message, `sent` by the handset or not."""
        self.sent, self.kept, self.count, self.whole = sent, b"", 0, None

    def feed(self, octets):
        """Take octets; returns those that are of the next message."""
        self.kept += octets[: KEPT - len(self.kept)]
        self.count += len(octets)
        if self.whole is None:
            end = self.kept.find(b"\r\n\r\n")
            length = _LENGTH.search(self.kept[:end]) if end >= 0 else None
            if length:
                self.whole = end + 4 + int(length.group(2))
            elif end >= 0 and self.sent:
                self.whole = end + 4
        over = self.count - self.whole if self.whole is not None else 0
        if over <= 0:
            return b""
        self.kept, self.count = self.kept[: self.whole], self.whole
        return octets[-over:]

    @property
    def is_whole(self):
        return self.whole is not None and self.count >= self.whole


class Traffic:
    """Puts octets together: `tell(board, sent, text, fields)` hears a line of each message."""

    def __init__(self, tell):
        self._tell = tell
        self._flows, self._opened = {}, 0
        self._segments = {}  # {(board, originator, reference, bits, total): {sequence: (TPDU, data)}}

    def opened(self, board, key, host, port):
        """A connection is open."""
        self._opened += 1
        self._flows[board, key] = _Flow(self._opened, host, port)

    def tcp(self, board, key, sent, octets):
        """Octets went through a connection."""
        flow, octets = self._flows.get((board, key)), bytes(octets)
        if flow is None:
            return
        if flow.sent != sent:
            self._end(board, flow)
            flow.begin(sent)
        while octets:
            octets = flow.feed(octets)
            if flow.is_whole:
                self._end(board, flow)
                flow.begin(sent)

    def udp(self, board, key, host, port, sent, octets):
        """A datagram is a name that is asked for, or a piece of WAP: neither is told."""

    def closed(self, board, key):
        """A connection is over, and with it the message under way."""
        flow = self._flows.pop((board, key), None)
        if flow:
            self._end(board, flow)

    def sms(self, board, to_handset, octets):
        """A TPDU came to the handset or left it."""
        octets = bytes(octets)
        try:
            short = tpdu.parse(octets) if to_handset else segments.parse_submit(octets)
        except PduError:
            self._tell(board, not to_handset, "%d octets that are no SMS" % len(octets), {})
            return
        if isinstance(short, tpdu.StatusReport):
            self._tell(board, False, "SMS status report, to %s" % short.recipient, {})
        elif not to_handset:
            self._tell(board, True, "SMS to %s" % short.recipient, {})
        elif short.text is not None:
            self._tell(board, False, "SMS with a text, from %s" % short.originator, {})
        else:
            self._pushed(board, octets, short)

    def _pushed(self, board, octets, short):
        reference, bits, total, sequence = short.concat or (0, 0, 1, 1)
        key = board, short.originator, reference, bits, total
        pieces = self._segments.setdefault(key, {})
        pieces[sequence] = (octets, short.data)
        if len(pieces) == total:
            del self._segments[key]
            ordered = [pieces[sequence] for sequence in sorted(pieces)]
            whole = b"".join(data for _, data in ordered)
            told, kept = _of_push(whole), []
            masked, at = hidden(whole), 0
            for given, data in ordered if told[1] else ():
                head = _without_number(given[: len(given) - len(data)])
                kept.append(_text(head + masked[at : at + len(data)]))
                at += len(data)
            self._tell(board, False, "SMS with " + told[0], {"tpdus": kept} if kept else {})
        elif len(self._segments) > WAITING:
            del self._segments[next(iter(self._segments))]

    def _end(self, board, flow):
        """Tell the message of a flow, if there is one."""
        if not flow.count:
            return
        head, between, body = flow.kept.partition(b"\r\n\r\n")
        first = head.split(b"\r\n")[0].split(b" ")
        size = flow.count - len(head) - len(between)
        is_http = between and len(head) <= HEAD and len(first) > 1 and (flow.sent or first[0].startswith(b"HTTP/"))
        if not is_http:
            self._tell(board, flow.sent, "%s octets that are no MMS PDU" % format(flow.count, ","), {})
            return
        parts = [_asked(first, flow.place["host"]) if flow.sent else first[1].decode("latin-1")]
        kept = b""
        if size:
            text, kept = _of_pdu(body, size)
            parts.append(text)
        head = hidden(_LENGTH.sub(lambda found: found.group(1) + b"%d" % len(kept), head) + between)
        self._tell(board, flow.sent, " ".join(parts), {**flow.place, "kept": _text(head + kept)})


def _asked(first, host):
    """Method and host of a request: its path may be the token of a message."""
    found = re.match(rb"(?i)https?://[^/\s]+", first[1])
    where = found.group().decode("latin-1").rpartition("@")[2] if found else host
    return "%s http://%s/..." % (first[0].decode("latin-1"), where.rpartition("//")[2])


def _of_pdu(octets, size):
    """A PDU of `size` octets as (words for it, its headers without secrets); `octets` are its first ones."""
    try:
        pdu = mm1.parse(octets)
        told = [names.TYPES.get(pdu.type, "PDU 0x%02X" % pdu.type)]
        for number, words in _TOLD:
            found = [values.to_json(number, value) for value in pdu.all(number)]
            told += [words % one for one in found if isinstance(one, (str, int))]
    except (PduError, ValueError, TypeError):
        return "%s octets that are no MMS PDU" % format(size, ","), b""
    kept = octets if pdu.body is None else octets[: pdu.body] + b"\0"  # a body of no parts
    return ", ".join([*told, "%s octets" % format(size, ",")]), hidden(kept)


def _of_push(octets):
    """A push as (words for it, whether it is an MMS PDU)."""
    start = push_offset(octets)
    try:
        found = push.parse(octets[start or 0 :])
    except PduError:
        return "%d octets that are no MMS PDU" % len(octets), False
    body = octets[(start or 0) + found.body :]
    text, kept = _of_pdu(body, len(body)) if found.media == mm1.MEDIA else ("a push of %s" % found.media, b"")
    return text, bool(kept)


def _without_number(head):
    """The beginning of an SMS-DELIVER; of the digits of its originator the last two are left."""
    head, digits = bytearray(head), head[1]
    for at in range(digits - 2 if head[2] & 0x70 != 0x50 else 0):
        head[3 + at // 2] = head[3 + at // 2] & 0x0F | 0xA0 if at % 2 else head[3 + at // 2] & 0xF0 | 0x0A
    return bytes(head)


def _text(octets):
    return base64.b64encode(octets).decode()
