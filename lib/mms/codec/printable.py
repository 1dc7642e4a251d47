"""Texts without control characters; loaded when a handset builds a PDU.

Strict MMSCs refuse a whole PDU for one control character in its header.
"""

from mms.codec import charset, tables


def fields(type, fields):
    """The fields of a PDU of that type with each text in one line; those of an MMSC's, which passes texts on, as given.

    Raises construct's StringError for what is no text.
    """
    if bytes([type]) not in tables.CLIENTS:
        return fields
    return [(number, _value(value)) for number, value in fields]


def _value(value):
    if isinstance(value, str):
        return one_line(value)
    return tuple([_value(one) for one in value]) if isinstance(value, tuple) else value


def one_line(text):
    """`text` in one line: a blank for each control (C0, 7F, C1), separator of lines (U+2028, U+2029) and CR LF.

    Raises construct's StringError for what is no text.
    """
    octets = charset.utf_8(text).replace(b"\r\n", b" ")
    found = bytearray()
    at = 0
    while at < len(octets):
        octet, size = octets[at], 1
        if octet == 0xC2 and octets[at + 1] < 0xA0:
            size = 2
        elif octet == 0xE2 and octets[at + 1] == 0x80 and octets[at + 2] & 0xFE == 0xA8:
            size = 3
        found.append(octet if size == 1 and octet >= 0x20 and octet != 0x7F else 0x20)
        at += size
    return bytes(found).decode()
