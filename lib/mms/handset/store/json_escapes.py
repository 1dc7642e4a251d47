r"""JSON from programs that write ASCII only; loaded when there is some.

They spell a character beyond U+FFFF as two escapes, \ud83d\ude00, of which MicroPython's json makes two that are none.
"""

import binascii
import json

from mms.handset import rooms


def loads(octets):
    """The value in `octets` of JSON, each pair of such escapes one character, half a pair U+FFFD; raises ValueError."""
    at = octets.find(b"\\")
    while at >= 0:
        units, end = b"", at
        unit = _half(octets, end)
        while unit:
            units, end = units + unit, end + 6
            unit = _half(octets, end)
        text = rooms.charset.decode(units, rooms.charset.UTF_16BE).encode() if units else b""
        octets = octets[:at] + text + octets[end:] if text else octets
        at = octets.find(b"\\", at + (len(text) or 2))  # behind what is escaped, which may be a backslash
    return json.loads(octets.decode())


def _half(octets, at):
    """Half a surrogate pair that is escaped at `at`, as UTF-16, or nothing."""
    if octets[at : at + 2] != b"\\u" or len(octets) < at + 6:
        return b""
    try:
        unit = binascii.unhexlify(octets[at + 2 : at + 6])
    except ValueError:
        return b""
    return unit if 0xD8 <= unit[0] < 0xE0 else b""
