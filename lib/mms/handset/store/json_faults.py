"""Finds the place at which a file stops being JSON, for people with an editor; loaded only for such a file.

MicroPython's json says that something is wrong, not where. This reads as RFC 8259 has it, keeps one octet for each
bracket that is open, and builds no values.
"""

from mms.limits import const

_BLANK = const(b" \t\r\n")
_WORDS = const((b"true", b"false", b"null"))
_OPEN, _CLOSE = b"{[", b"}]"


def place(octets):
    """(line, column) of the first octet that cannot be JSON, from 1 and columns in characters; None where all is."""
    at = _fault(octets)
    if at is None:
        return None
    start = octets.rfind(b"\n", 0, at) + 1
    characters = len([octet for octet in octets[start:at] if octet & 0xC0 != 0x80])
    return len(octets[:at].split(b"\n")), characters + 1


def _fault(octets):
    """The place of the first octet that cannot be JSON; None when all can."""
    brackets, at = bytearray(), 0
    wanted = "value"  # or "name", "colon", "comma", "end"; "first": a value or name, or nothing at all
    while True:
        while octets[at : at + 1] and octets[at] in _BLANK:
            at += 1
        octet = octets[at : at + 1]
        if not octet:
            return None if wanted == "comma" and not brackets else at
        inside = bytes(brackets[-1:])
        if octet in (b"}", b"]"):
            closes = inside and _OPEN.find(inside) == _CLOSE.find(octet)
            if not closes or wanted not in ("first", "comma"):
                return at
            brackets = brackets[:-1]
            wanted, at = "comma", at + 1
        elif wanted == "comma":
            if octet != b"," or not inside:
                return at
            wanted, at = "name" if inside == b"{" else "value", at + 1
        elif wanted == "colon":
            if octet != b":":
                return at
            wanted, at = "value", at + 1
        elif octet in (b"{", b"[") and (wanted == "value" or inside == b"["):
            brackets += octet
            wanted, at = "first", at + 1
        else:
            name = wanted == "name" or wanted == "first" and inside == b"{"
            end, whole = _end(octets, at, name)
            if not whole:
                return end
            wanted, at = "colon" if name else "comma", end


def _end(octets, at, name):
    """(behind a text, number or word that begins at `at`, True), or (where it is wrong, False)."""
    if octets[at] == 0x22:
        return _text_end(octets, at + 1)
    if name:
        return at, False
    for word in _WORDS:
        if octets[at : at + len(word)] == word:
            return at + len(word), True
    return _number_end(octets, at)


def _text_end(octets, at):
    while at < len(octets):
        octet = octets[at]
        if octet == 0x22:
            return at + 1, True
        size = 1
        if octet == 0x5C:
            size = 6 if octets[at + 1 : at + 2] == b"u" else 2
            digits = octets[at + 2 : at + size]
            known = octets[at + 1 : at + 2] in (b'"', b"\\", b"/", b"b", b"f", b"n", b"r", b"t", b"u")
            if not known or len(octets) < at + size or digits.strip(b"0123456789abcdefABCDEF"):
                return at, False
        elif octet >= 0x80:
            size = _character(octets[at : at + 4])
        if octet < 0x20 or not size:
            return at, False
        at += size
    return at, False


def _character(octets):
    """How many octets the UTF-8 character has that these begin with, 0 for none."""
    size = 2 if octets[0] >> 5 == 6 else 3 if octets[0] >> 4 == 14 else 4 if octets[0] >> 3 == 30 else 0
    return size if len(octets) >= size and all(octet & 0xC0 == 0x80 for octet in octets[1:size]) else 0


def _number_end(octets, at):
    """As `_end`: a minus, whole digits without a leading zero, perhaps a fraction and an exponent."""
    start = at + (octets[at : at + 1] == b"-")
    at = _digits_end(octets, start)
    if at == start or octets[start] == 0x30 and at > start + 1:
        return at if at == start else start + 1, False
    if octets[at : at + 1] == b".":
        start, at = at + 1, _digits_end(octets, at + 1)
        if at == start:
            return at, False
    if octets[at : at + 1] in (b"e", b"E"):
        start = at + 1 + (octets[at + 1 : at + 2] in (b"+", b"-"))
        at = _digits_end(octets, start)
        if at == start:
            return at, False
    return at, True


def _digits_end(octets, at):
    while octets[at : at + 1] and 0x30 <= octets[at] <= 0x39:
        at += 1
    return at
