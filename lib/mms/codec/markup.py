"""A tolerant reader of XML, as SMIL, service indications and provisioning use it: tags and texts in their order.

It has no recursion, and it knows neither document types nor the entities that they declare.
"""

from mms import limits
from mms.codec import charset
from mms.codec.charset import lower
from mms.codec.document import END, START, TEXT
from mms.errors import PduError
from mms.limits import const

SPACE = " \t\r\n"
_ENTITIES = const((("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'")))
_SKIPPED = const(((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!", b">")))
_BLANK = const(b" \t\r\n")
_CDATA = const(b"<![CDATA[")


def read(octets, bound):
    """Yield the pieces of the document `octets` (see document.py), with names in lower case.

    An open tag or quote ends with the document. Raises PduError beyond `bound` octets and beyond limits.
    """
    if len(octets) > bound:
        raise PduError(bound, "markup of over %d octets" % bound)
    # octets, not characters: MicroPython finds a character of a text by counting from its start
    size = len(octets)  # offsets in errors count the octets before they are decoded
    octets = charset.encode_utf_8(charset.decode(bytes(octets), None))
    at = tags = 0
    while at < len(octets):
        begin = octets.find(b"<", at)
        if begin < 0:
            begin = len(octets)
        if octets[at:begin].strip(_BLANK):
            yield TEXT, plain(octets[at:begin].decode()), None
        if octets[begin : begin + 9] == _CDATA:
            at = _after(octets, b"]]>", begin)
            end = at - 3 if octets[at - 3 : at] == b"]]>" else at
            yield TEXT, octets[begin + 9 : end].decode(), None
            continue
        skipped = [end for start, end in _SKIPPED if octets[begin : begin + len(start)] == start]
        if skipped:
            at = _after(octets, skipped[0], begin)
            continue
        if begin == len(octets):
            return
        name, attributes, closed, at = _tag(octets, begin + 1)
        tags += name[:1] != "/"
        if tags > limits.TAGS:
            raise PduError(min(begin, size), "over %d tags" % limits.TAGS)
        if attributes is None:
            raise PduError(min(at, size), "over %d attributes" % limits.ATTRIBUTES)
        if name[:1] == "/":
            yield END, name[1:], None
        elif name:
            yield START, name, attributes
            if closed:
                yield END, name, None


def _after(octets, end, at):
    found = octets.find(end, at)
    return len(octets) if found < 0 else found + len(end)


def _until(octets, at, ends):
    """The offset of the first of `ends` from `at` on, or of the end."""
    while at < len(octets) and octets[at] not in ends:
        at += 1
    return at


def _tag(octets, at):
    """(name, attributes, whether it closes itself, offset after it) of the tag whose name begins at `at`.

    The attributes are None when they are over limits.ATTRIBUTES.
    """
    end = _until(octets, at + 1, b" \t\r\n>/") if octets[at : at + 1] != b">" else at
    name = lower(octets[at:end].decode())
    attributes = []
    closed = False
    at = end
    while at < len(octets) and octets[at] != 0x3E:
        closed = octets[at] == 0x2F
        if closed or octets[at] in _BLANK:
            at += 1
            continue
        if len(attributes) >= limits.ATTRIBUTES:
            return name, None, closed, at
        attribute, value, at = _attribute(octets, at)
        attributes.append((attribute, value))
    return name, attributes, closed, at + 1


def _attribute(octets, at):
    """(name, value, offset after them) of the attribute that begins at `at`."""
    end = _until(octets, at + 1, b" \t\r\n=>/")
    name = lower(octets[at:end].decode())
    at = end
    while at < len(octets) and octets[at] in _BLANK:
        at += 1
    if octets[at : at + 1] != b"=":
        return name, "", at
    at += 1
    while at < len(octets) and octets[at] in _BLANK:
        at += 1
    quote = octets[at : at + 1]
    if quote == b'"' or quote == b"'":
        end = octets.find(quote, at + 1)
        if end < 0:
            end = len(octets)
        return name, plain(octets[at + 1 : end].decode()), end + 1
    end = _until(octets, at, b" \t\r\n>")
    return name, plain(octets[at:end].decode()), end


def plain(text):
    """`text` with its entities replaced; unknown ones stay as they are."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    pieces = text.split("&#")
    for number in range(1, len(pieces)):
        digits, found, rest = pieces[number].partition(";")
        pieces[number] = "&#" + pieces[number]
        base, allowed = 10, "0123456789"
        if digits[:1] in ("x", "X"):
            digits, base, allowed = digits[1:], 16, "0123456789abcdefABCDEF"
        if not found or not 0 < len(digits) < 8 or digits.strip(allowed):
            continue
        code = int(digits, base)
        if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000:
            pieces[number] = charset.from_code_points([code]) + rest
    return "".join(pieces).replace("&amp;", "&")
