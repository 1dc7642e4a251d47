"""Markup as text (XML, as SMIL, service indications and provisioning use it): tags and text, one after the other.

A tolerant reader of a bounded document, without recursion, entities of its own or document types.
"""

from mms.codec import charset
from mms.codec.content import small
from mms.errors import PduError
from mms.limits import const

# What read() tells: (START, name, [(name, value)]), (END, name, None) or (TEXT, text, None)
START = const(1)
END = const(2)
TEXT = const(3)

TAGS = const(200)
ATTRIBUTES = const(20)

SPACE = " \t\r\n"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))
_SKIPPED = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))


def read(octets, bound):
    """Yield what is in the document `octets`; raises PduError when it, or what is in it, passes its bound.

    Names come in small letters. What is not closed is closed by the end.
    """
    if len(octets) > bound:
        raise PduError(bound, "markup of over %d octets" % bound)
    text = charset.decode(bytes(octets), None)
    at = tags = 0
    while at < len(text):
        begin = text.find("<", at)
        if begin < 0:
            begin = len(text)
        if text[at:begin].strip(SPACE):
            yield TEXT, plain(text[at:begin]), None
        if text[begin : begin + 9] == "<![CDATA[":
            at = _after(text, "]]>", begin)
            yield TEXT, text[begin + 9 : at - 3 if at < len(text) else at], None
            continue
        skipped = [end for start, end in _SKIPPED if text[begin : begin + len(start)] == start]
        if skipped:
            at = _after(text, skipped[0], begin)
            continue
        if begin == len(text):
            return
        tags += 1
        if tags > 2 * TAGS:
            raise PduError(begin, "over %d tags" % TAGS)
        name, attributes, closed, at = _tag(text, begin + 1)
        if name[:1] == "/":
            yield END, name[1:], None
        elif name:
            yield START, name, attributes
            if closed:
                yield END, name, None


def _after(text, end, at):
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)


def _tag(text, at):
    """(name, attributes, whether it closes itself, offset after it) of the tag whose name begins at `at`."""
    end = at
    while end < len(text) and text[end] not in " \t\r\n>" and (end == at or text[end] != "/"):
        end += 1
    name = small(text[at:end])
    attributes = []
    closed = False
    at = end
    while at < len(text) and text[at] != ">":
        closed = text[at] == "/"
        if closed or text[at] in SPACE:
            at += 1
            continue
        if len(attributes) >= ATTRIBUTES:
            raise PduError(at, "over %d attributes" % ATTRIBUTES)
        attribute, value, at = _attribute(text, at)
        attributes.append((attribute, value))
    return name, attributes, closed, at + 1


def _attribute(text, at):
    """(name, value, offset after them) of the attribute that begins at `at`."""
    end = at + 1
    while end < len(text) and text[end] not in " \t\r\n=>/":
        end += 1
    name = small(text[at:end])
    while end < len(text) and text[end] in SPACE:
        end += 1
    if text[end : end + 1] != "=":
        return name, "", end
    end += 1
    while end < len(text) and text[end] in SPACE:
        end += 1
    quote = text[end : end + 1]
    if quote and quote in "\"'":
        close = text.find(quote, end + 1)
        if close < 0:
            close = len(text)
        return name, plain(text[end + 1 : close]), close + 1
    at = end
    while end < len(text) and text[end] not in " \t\r\n>":
        end += 1
    return name, plain(text[at:end]), end


def plain(text):
    """Text with its entities resolved; those that are unknown stand for themselves."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    pieces = text.split("&#")
    for number in range(1, len(pieces)):
        digits, found, rest = pieces[number].partition(";")
        pieces[number] = "&#" + pieces[number]
        try:
            code = int(digits[1:], 16) if digits[:1] in ("x", "X") else int(digits)
        except ValueError:
            continue
        if found and len(digits) < 8 and 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000:
            pieces[number] = chr(code) + rest
    return "".join(pieces).replace("&amp;", "&")
