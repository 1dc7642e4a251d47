"""Texts without control characters: a strict MMSC refuses a PDU for one in its header. Loaded to build a PDU."""

from mms.codec import charset, tables


def fields(type, fields):
    """The fields of a PDU of that type, each text of them in one line.

    A PDU of the MMSC's is unchanged: an MMSC passes texts on. Raises construct's StringError for half a surrogate pair.
    """
    if bytes([type]) not in tables.CLIENTS:
        return fields
    return [(number, _value(value)) for number, value in fields]


def _value(value):
    if isinstance(value, str):
        return one_line(value)
    return tuple([_value(one) for one in value]) if isinstance(value, tuple) else value


def one_line(text):
    """`text` with a blank for each control character (C0, 7F, C1), line separator (U+2028, U+2029) and CR LF.

    Raises construct's StringError for half a surrogate pair.
    """
    octets = charset.encode_utf_8(text).replace(b"\r\n", b" ")
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
