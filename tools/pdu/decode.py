"""What is in a file of MM1 or WAP push, as one object for JSON; its body streams by. Runs on MicroPython, too."""

import io
from collections import OrderedDict

from construct import ConstructError
from mms import limits
from mms.codec import mm1, names, push, wsp
from mms.errors import PduError
from tools.pdu import values
from tools.pdu.body import Nowhere, body

_MESSAGE_TYPE = 0x80 | mm1.MESSAGE_TYPE
_PUSH = (push.PUSH, push.CONFIRMED_PUSH)
_ELEMENTS = (0x00, 0x04, 0x05, 0x08)  # of a user data header: concatenation and ports


def decode(stream, file, taker=None, block=limits.BLOCK):
    """The object of the PDU or push that the binary `stream` holds; `file` is what it is called.

    `taker` takes the parts (see body.Nowhere). Raises PduError, with an offset of the file.
    """
    head = stream.read(limits.PDU_HEADER + 1)
    found = empty(file)
    warnings = []
    start = _user_data_header(head)
    if start:
        warnings.append((0, "a user data header before the push"))
    media = None
    if head[start + 1 : start + 2] in (b"\x06", b"\x07"):
        start, media = _push(head, start, found)
    if media in (None, mm1.MEDIA):
        start, media = _pdu(head, start, found, warnings)
    if start is not None:
        _parts(stream, head, start, block, body(media, start, taker or Nowhere(), warnings), found)
    warnings.sort()
    found["warnings"] = [OrderedDict([("offset", at), ("what", what)]) for at, what in warnings]
    return found


def empty(file, pdu=None):
    """The object of a file in which nothing has been found yet."""
    return OrderedDict([("file", file), ("pdu", pdu), ("headers", []), ("parts", []), ("warnings", [])])


def _user_data_header(head):
    """Octets of the user data header that some modems leave before a push: 0 when there is none."""
    length = head[0] if head else 0
    if not 3 < length < len(head) - 2 or head[1] not in _ELEMENTS or head[length + 2] not in _PUSH:
        return 0
    at = 1
    while at < length:
        at += 2 + head[at + 1]
    return at if at == length + 1 else 0


def _push(head, start, found):
    """(where its body begins, its media type) of a push."""
    try:
        got = push.parse(head[start:])
    except PduError as error:
        raise PduError(start + error.offset, error.what)
    told = found["push"] = OrderedDict()
    told["tid"] = got.tid
    told["confirmed"] = got.type == push.CONFIRMED_PUSH
    told["type"] = got.media
    told["application"] = values.shown(None, got.application)
    told["headers"] = headers = []
    for name, value in got.headers:
        headers.append(OrderedDict([("name", values.push_name(name)), ("value", values.shown(None, value))]))
    found["pdu"] = "Push"
    return start + got.body, got.media


def _pdu(head, start, found, warnings):
    """(where its body begins or None, its media type) of an MM1 PDU."""
    octets = head[start:]
    try:
        pdu = mm1.parse(octets)
    except PduError as error:
        raise PduError(start + error.offset, error.what)
    found["pdu"] = names.TYPES.get(pdu.type, "0x%02X" % pdu.type)
    for number, value, offset in pdu.fields:
        header = OrderedDict([("name", values.field_name(number))])
        if number in names.NAMES or isinstance(number, str):
            header["value"] = values.shown(number, value)
        else:
            header["number"] = 0x80 | number
            header["raw"] = values.hexadecimal(_value(octets, offset + 1))
        header["offset"] = start + offset
        found["headers"].append(header)
    warnings.extend([(start + offset, what) for offset, what in pdu.warnings])
    if pdu.body is None:
        return None, None
    return start + pdu.body, pdu.get(mm1.CONTENT_TYPE).media


def _value(octets, offset):
    """The octets of the value of unknown type that begins there."""
    stream = io.BytesIO(octets)
    stream.seek(offset)
    try:
        wsp.AnyValue.parse_stream(stream)
    except ConstructError:
        return octets[offset:]
    return octets[offset : stream.tell()]


def _parts(stream, head, start, block, parts, found):
    """Feed all of the file from `start` on, of which `head` has been read, to what takes the body."""
    parts.feed(memoryview(head)[start:])
    if len(head) > limits.PDU_HEADER:
        buffer = memoryview(bytearray(block))
        while True:
            octets = stream.readinto(buffer)
            if not octets:
                break
            parts.feed(buffer[:octets])
    parts.close()
    found["parts"] = parts.parts
