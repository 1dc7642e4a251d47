"""SMS TPDUs for sending (3GPP TS 23.040, clause 9.2): one for a short text, several for a long one."""

import io
from collections import namedtuple

from construct import Byte, Bytes, ConstructError, GreedyBytes, Struct
from mms import limits
from mms.codec import charset, gsm7, tpdu, wsp
from mms.errors import PduError
from mms.limits import const

_DELIVER = const(0x00)
_SUBMIT = const(0x01)
_NO_MORE = const(0x04)  # TP-MMS: no more messages wait
_REPORT = const(0x20)  # TP-SRR
_HEADER = const(0x40)  # TP-UDHI
_USER_DATA = const(140)
_YEAR_2000 = const(946684800)
_CONCAT_8 = const(0x00)
_PORTS_16 = const(0x05)
_SEPTETS = const(0)
_OCTETS = const(1)
_UCS_2 = const(2)


def _validity(this):
    """The length of TP-VP by the two bits of its format (9.2.3.3)."""
    form = this.first >> 3 & 0x03
    return 1 if form == 2 else 7 if form else 0


Submit = namedtuple("Submit", ("recipient", "reference", "pid", "dcs", "report", "ports", "concat", "data", "text"))
_SUBMIT_TPDU = Struct(
    "first" / Byte,
    "reference" / Byte,
    "recipient" / tpdu.Address,
    "pid" / Byte,
    "dcs" / Byte,
    "validity" / Bytes(_validity),
    "length" / Byte,
    "octets" / GreedyBytes,
)


def parse_submit(octets):
    """The Submit in `octets`, which a handset sends; raises PduError."""
    tpdu.check_length(octets)
    if octets[0] & 0x03 != _SUBMIT:
        raise PduError(0, "type %d of TPDU" % (octets[0] & 0x03))
    stream = io.BytesIO(octets)
    try:
        found = _SUBMIT_TPDU.parse_stream(stream)
    except ConstructError as error:
        raise PduError(stream.tell(), wsp.reason(error))
    head = (found.recipient, found.reference, found.pid, found.dcs, bool(found.first & _REPORT))
    return Submit(*head + tpdu.user_data(found, len(octets)))


def submit(recipient, data, ports=None, reference=0, report=False):
    """The TPDUs that carry `data`, a text or octets, to a number; several when it is long.

    Raises PduError for more than limits.SEGMENTS of them, and for a recipient that is no address.
    """
    head = {"reference": reference & 0xFF, "recipient": recipient, "validity": b""}
    first = _SUBMIT | (_REPORT if report else 0)
    return _build(_SUBMIT_TPDU, first, head, data, ports, reference)


def deliver(originator, data, ports=None, reference=0, time=_YEAR_2000):
    """The TPDUs in which an SMS centre delivers `data`, a text or octets, at `time` (seconds since 1970)."""
    head = {"originator": originator, "time": time}
    return _build(tpdu.DELIVER_TPDU, _DELIVER | _NO_MORE, head, data, ports, reference)


def _build(kind, first, head, data, ports, reference):
    alphabet = _OCTETS
    if isinstance(data, str):
        text = data
        try:
            data = gsm7.encode(text)
        except ConstructError as error:
            raise PduError(0, wsp.reason(error))
        alphabet = _SEPTETS
        if data is None:
            data = charset.encode_utf_16be(text)
            alphabet = _UCS_2
    port = b""
    if ports:
        port = bytes([_PORTS_16, 4]) + ports[0].to_bytes(2, "big") + ports[1].to_bytes(2, "big")
    pieces = _pieces(data, alphabet, len(port))
    if len(pieces) > limits.SEGMENTS:
        raise PduError(0, "%d segments, over %d" % (len(pieces), limits.SEGMENTS))
    head["pid"] = 0
    head["dcs"] = alphabet << 2
    tpdus = []
    for number, piece in enumerate(pieces):
        header = port
        if len(pieces) > 1:
            header += bytes([_CONCAT_8, 3, reference & 0xFF, len(pieces), number + 1])
        head["first"] = first | (_HEADER if header else 0)
        head["length"], head["octets"] = _packed(piece, alphabet, header)
        try:
            tpdus.append(kind.build(head))
        except ConstructError as error:
            raise PduError(0, wsp.reason(error))
    return tpdus


def _pieces(data, alphabet, ports):
    """`data` in pieces that fit in a TPDU beside a header that has `ports` octets of ports."""
    room = _room(alphabet, ports + 1 if ports else 0)
    if len(data) <= room:
        return [data]
    room = _room(alphabet, ports + 6)
    pieces = []
    at = 0
    while at < len(data):
        end = min(at + room, len(data))
        if end < len(data) and alphabet != _OCTETS and _joined(data, end, alphabet):
            end -= 2 if alphabet == _UCS_2 else 1
        pieces.append(data[at:end])
        at = end
    return pieces


def _room(alphabet, header):
    if alphabet == _SEPTETS:
        return (_USER_DATA - header) * 8 // 7
    return _USER_DATA - header if alphabet == _OCTETS else (_USER_DATA - header) // 2 * 2


def _joined(data, end, alphabet):
    """Whether a cut at `end` would separate an escape, or half a surrogate pair, from the next septet or half."""
    if alphabet == _UCS_2:
        return 0xD8 <= data[end - 2] <= 0xDB
    escapes = 0
    while escapes < end and data[end - 1 - escapes] == gsm7.ESCAPE:
        escapes += 1
    return escapes % 2 == 1


def _packed(data, alphabet, header):
    """(TP-UDL, TP-UD) of a header and data."""
    if header:
        header = bytes([len(header)]) + header
    if alphabet != _SEPTETS:
        return len(header) + len(data), header + data
    before = (len(header) * 8 + 6) // 7
    fill = before * 7 - len(header) * 8
    return before + len(data), header + gsm7.pack(data, fill)
