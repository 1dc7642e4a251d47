"""The GSM 7-bit default alphabet and its packing (3GPP TS 23.038, clause 6)."""

from mms.codec.charset import characters
from mms.limits import const

ESCAPE = const(0x1B)
_BLANK = const(0x20)
_BASIC = const(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = const("\f^{}\\[~]|€")
_EXTENSION_SEPTETS = const(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65")


def encode(text):
    """The septets of `text`, one an octet, or None when it has a character that the alphabet has not.

    Raises construct's StringError for half a surrogate pair.
    """
    septets = bytearray()
    for character in characters(text):
        at = _BASIC.find(character)
        if at >= 0 and at != ESCAPE:
            septets.append(at)
            continue
        at = _EXTENSION.find(character)
        if at < 0:
            return None
        septets.append(ESCAPE)
        septets.append(_EXTENSION_SEPTETS[at])
    return bytes(septets)


def decode(septets):
    """The text of `septets`, one an octet; an unknown extension shows its basic character, a second escape a blank
    (6.2.1.1).
    """
    text = []
    escaped = False
    for septet in septets:
        if septet == ESCAPE and not escaped:
            escaped = True
            continue
        at = _EXTENSION_SEPTETS.find(bytes([septet])) if escaped else -1
        if septet == ESCAPE:
            septet = _BLANK
        text.append(_BASIC[septet : septet + 1] if at < 0 else _EXTENSION[at : at + 1])
        escaped = False
    return "".join(text)


def pack(septets, fill=0):
    """Septets, one an octet, packed least significant bit first, after `fill` bits of zero."""
    octets = bytearray((len(septets) * 7 + fill + 7) // 8)
    bit = fill
    for septet in septets:
        octets[bit >> 3] |= septet << (bit & 7) & 0xFF
        if bit & 7 > 1:
            octets[(bit >> 3) + 1] |= septet >> 8 - (bit & 7)
        bit += 7
    return bytes(octets)


def unpack(octets, count, fill=0):
    """`count` septets, one an octet, out of packed `octets` after `fill` bits."""
    septets = bytearray(count)
    for index in range(count):
        bit = index * 7 + fill
        pair = octets[bit >> 3]
        if bit & 7 > 1:
            pair |= octets[(bit >> 3) + 1] << 8
        septets[index] = pair >> (bit & 7) & 0x7F
    return bytes(septets)
