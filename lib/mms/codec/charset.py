"""Texts on the wire, by the MIBenum of their charset (IANA character sets): MicroPython itself knows UTF-8 only.

Decoding never fails: octets that are no text become U+FFFD. On CPython all charsets of Python's are decoded, too.

MicroPython keeps each string of one character that chr(), an index or a loop has made, and never frees it. So texts
from the air could fill the heap; `from_code_points` and `characters` work on octets, which avoids it.
"""

import sys

from construct import GreedyBytes, StringEncoded, StringError
from mms.limits import const

ANY = const(0)
US_ASCII = const(3)
ISO_8859_1 = const(4)
UTF_8 = const(106)
UCS_2 = const(1000)
UTF_16BE = const(1013)
UTF_16LE = const(1014)
UTF_16 = const(1015)

NUMBERS = {
    "us-ascii": US_ASCII,
    "iso-8859-1": ISO_8859_1,
    "utf-8": UTF_8,
    "iso-10646-ucs-2": UCS_2,
    "utf-16be": UTF_16BE,
    "utf-16le": UTF_16LE,
    "utf-16": UTF_16,
}
PYTHON = sys.implementation.name != "micropython"
_WIDE = (UCS_2, UTF_16BE, UTF_16LE, UTF_16)
_REPLACEMENT = const(0xFFFD)
_UTF8 = StringEncoded(GreedyBytes, "utf8")


def number(name):
    """The MIBenum of the charset called `name`, or None when it is unknown."""
    found = NUMBERS.get(name.lower())
    if found is None and PYTHON:
        from mms.codec import charsets

        found = charsets.number(name)
    return found


def decode_utf_8(octets):
    """Decode `octets`, which must be UTF-8; raises construct's StringError."""
    return _UTF8.parse(octets)


def encode_utf_8(text):
    """The octets of `text` in UTF-8; raises construct's StringError for half a surrogate pair and for no str."""
    return _UTF8.build(text)


def from_code_points(codes):
    """The text of a list of code points, none of which is half a surrogate pair."""
    octets = bytearray()
    for code in codes:
        if code < 0x80:
            octets.append(code)
            continue
        more = 1 + (code > 0x7FF) + (code > 0xFFFF)
        octets.append(0xFF00 >> more + 1 & 0xFF | code >> 6 * more)
        for left in range(more - 1, -1, -1):
            octets.append(0x80 | code >> 6 * left & 0x3F)
    return bytes(octets).decode()


def characters(text):
    """Yield the characters of `text` one by one; raises what `encode_utf_8` raises."""
    octets = encode_utf_8(text)
    at = 0
    while at < len(octets):
        end = at + 1
        while octets[end : end + 1] >= b"\x80" and octets[end] < 0xC0:
            end += 1
        yield octets[at:end].decode()
        at = end


def decode_value(octets, charset):
    """The text in a value that names its charset: behind its quote (7F), up to its NUL (WAP-230-WSP, 8.4.2.1)."""
    if charset in _WIDE:
        if len(octets) & 1:
            octets = octets[:-1]
        return decode(octets, charset).split("\0")[0]
    if octets[:1] == b"\x7f":
        octets = octets[1:]
    return decode(octets.split(b"\0")[0], charset)


def decode(octets, charset):
    """The text in `octets`; `charset` is its MIBenum.

    Without one (None or ANY), UTF-8 and then ISO 8859-1 are tried.
    """
    if charset in _WIDE:
        return _wide(octets, charset)
    if charset == ISO_8859_1:
        return from_code_points(octets)
    if PYTHON and charset not in (None, ANY, US_ASCII, UTF_8):
        from mms.codec import charsets

        found = charsets.decode(bytes(octets), charset)
        if found is not None:
            return found
    if octets[:3] == b"\xef\xbb\xbf":
        octets = octets[3:]
    try:
        return decode_utf_8(octets)
    except StringError:
        pass
    if charset == UTF_8:
        return _patched(octets)
    if charset in (ANY, None):
        return from_code_points(octets)
    return from_code_points([octet if octet < 0x80 else _REPLACEMENT for octet in octets])


def lower(name):
    """`name` in lower case if it is ASCII, else unchanged: MicroPython's lower() knows only ASCII."""
    return name.lower() if len(name.encode()) == len(name) else name


def strip_cut_character(text):
    """`text` without U+FFFD at its end, where a character was cut. MicroPython's rstrip would strip single octets."""
    while text.endswith("\ufffd"):
        text = text[:-1]
    return text


def _patched(octets):
    """Decode UTF-8 with U+FFFD for every octet that does not belong to a character."""
    found = []
    at = 0
    while at < len(octets):
        first = octets[at]
        length = 1 + (first >= 0xC0) + (first >= 0xE0) + (first >= 0xF0)
        try:
            found.append(decode_utf_8(octets[at : at + length]))
        except StringError:
            found.append("\ufffd")
            length = 1
        at += length
    return "".join(found)


def _wide(octets, charset):
    """Decode UCS-2 or UTF-16: big-endian, unless a byte order mark or the charset says otherwise."""
    little = charset == UTF_16LE
    start = 0
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        little = octets[0] == 0xFF
        start = 2
    found = []
    high = 0
    for at in range(start, len(octets) - 1, 2):
        unit = octets[at] | octets[at + 1] << 8 if little else octets[at] << 8 | octets[at + 1]
        low = 0xDC00 <= unit <= 0xDFFF
        if high and low:
            unit = 0x10000 + (high - 0xD800 << 10) + unit - 0xDC00
        elif high:
            found.append(_REPLACEMENT)
        elif low:
            unit = _REPLACEMENT
        high = unit if 0xD800 <= unit <= 0xDBFF else 0
        if not high:
            found.append(unit)
    if high:
        found.append(_REPLACEMENT)
    return from_code_points(found)


def encode_utf_16be(text):
    """The octets of `text` in UTF-16, most significant first, without a byte order mark; raises StringError."""
    octets = bytearray()
    for character in characters(text):
        code = ord(character)
        if code > 0xFFFF:
            code -= 0x10000
            octets.extend((0xD800 | code >> 10).to_bytes(2, "big"))
            code = 0xDC00 | code & 0x3FF
        octets.extend(code.to_bytes(2, "big"))
    return bytes(octets)
