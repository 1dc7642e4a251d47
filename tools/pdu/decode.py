"""A file of MM1 or WAP push as one object for JSON; its body is read as a stream. Runs on MicroPython, too."""

from collections import OrderedDict

from mms import limits
from mms.codec import mm1, names, push
from mms.errors import PduError
from tools.pdu import values
from tools.pdu.body import Nowhere, body

_PUSH = (push.PUSH, push.CONFIRMED_PUSH)
_MESSAGE_TYPE = b"\x8c"


def decode(stream, file, taker=None, block=limits.BLOCK):
    """The object of the PDU or push that the binary `stream` holds; `file` is what it is called.

    `taker` takes the parts (see body.Nowhere). Raises PduError, with an offset of the file.
    """
    head = stream.read(limits.PDU_HEADER + 1)
    found = empty(file)
    warnings = []
    start, media = 0, mm1.MEDIA
    if head[:1] != _MESSAGE_TYPE or head[1:2] < b"\x80":
        start = push_offset(head)
        if start:
            warnings.append((0, "a user data header before the push"))
        if start is not None:
            start, media = _push(head, start, found, warnings)
    if media == mm1.MEDIA:
        start, media = _pdu(head, start or 0, found, warnings)
    if start is not None:
        _parts(stream, head, start, block, body(media, start, taker or Nowhere(), warnings), found)
    warnings.sort()
    found["warnings"] = [OrderedDict([("offset", at), ("what", what)]) for at, what in warnings]
    return found


def empty(file, pdu=None):
    """The object of a file in which nothing has been found yet."""
    return OrderedDict([("file", file), ("pdu", pdu), ("headers", []), ("parts", []), ("warnings", [])])


def push_offset(octets):
    """The offset of a push in octets that are no PDU, after a user data header or not; None when there is none."""
    for start in (0, 1 + octets[0]) if octets else ():
        if start + 1 < len(octets) and octets[start + 1] in _PUSH:
            return start
    return None


def _push(head, start, found, warnings):
    """(offset of its body, its media type) of a push."""
    try:
        got = push.parse(head[start:])
    except PduError as error:
        raise PduError(start + error.offset, error.what)
    told = found["push"] = OrderedDict()
    told["tid"] = got.tid
    told["confirmed"] = got.type == push.CONFIRMED_PUSH
    told["type"] = got.media
    told["parameters"] = values.parameters(got.params)
    told["application"] = values.to_json(None, got.application)
    told["headers"] = headers = []
    for name, value in got.headers:
        headers.append(OrderedDict([("name", values.push_name(name)), ("value", values.to_json(None, value))]))
    found["pdu"] = "Push"
    if got.media != mm1.MEDIA:
        from tools.pdu.services import explain

        try:
            explain(head[start + got.body :], got.media, told)
        except PduError as error:
            warnings.append((start + got.body + error.offset, error.what))
    return start + got.body, got.media


def _pdu(head, start, found, warnings):
    """(offset of its body or None, its media type) of an MM1 PDU."""
    octets = head[start:] if start else head
    try:
        pdu = mm1.parse(octets)
    except PduError as error:
        raise PduError(start + error.offset, error.what)
    found["pdu"] = names.TYPES.get(pdu.type, "0x%02X" % pdu.type)
    ends = [field[2] for field in pdu.fields] + [offset for offset, _ in pdu.warnings] + [len(octets)]
    for number, value, offset in pdu.fields:
        header = OrderedDict([("name", values.field_name(number))])
        if number in names.NAMES or isinstance(number, str):
            header["value"] = values.to_json(number, value)
        else:
            header["number"] = 0x80 | number
            end = min([end for end in ends if end > offset])
            header["raw"] = values.hexadecimal(octets[offset + 1 : end])
        header["offset"] = start + offset
        found["headers"].append(header)
    warnings.extend([(start + offset, what) for offset, what in pdu.warnings])
    if pdu.body is None:
        return None, None
    return start + pdu.body, pdu.get(mm1.CONTENT_TYPE).media


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
