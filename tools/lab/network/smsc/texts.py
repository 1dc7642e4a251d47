"""Texts of an operator to its subscribers, as TPDUs (3GPP TS 23.040, clause 9.2.3.24; TS 23.038, clause 4)."""

from mms.codec import charset, gsm7
from tools.lab.network.smsc.sms import SmsError, address

_SEGMENTS = 8  # as many as handsets put together
_SEPTETS, _OCTETS = 160, 140  # of user data
_HEADER = 6  # octets of a header for concatenation, 7 septets
_ESCAPE = 0x1B
_DEFAULT, _UCS_2 = 0x00, 0x08  # data coding schemes


def text(sender, words, stamp, reference):
    """SMS-DELIVERs with a text, in order: in the default alphabet where it has all characters, else in UCS-2.

    Raises SmsError for a text of over 8 short messages.
    """
    septets = gsm7.encode(words)
    if septets is not None:
        pieces = _pieces(septets, _SEPTETS, _SEPTETS - 8 * _HEADER // 7 - 1, lambda last: last[-1] == _ESCAPE, 1)
    else:
        units = charset.encode_utf_16be(words)
        pieces = _pieces(units, _OCTETS, _OCTETS - _HEADER, lambda last: 0xD8 <= last[-2] < 0xDC, 2)
    if len(pieces) > _SEGMENTS:
        raise SmsError("a text of %d short messages, over %d" % (len(pieces), _SEGMENTS))
    coding = _UCS_2 if septets is None else _DEFAULT
    return [_deliver(sender, piece, coding, stamp, _header(pieces, at, reference)) for at, piece in enumerate(pieces)]


def _pieces(data, whole, part, torn, width):
    """The data in one piece or in several; `torn(piece)` tells that a character of two `width`s is cut at its end."""
    if len(data) <= whole:
        return [data]
    found = []
    while data:
        end = min(part, len(data))
        if end < len(data) and torn(data[:end]):
            end -= width
        found.append(data[:end])
        data = data[end:]
    return found


def _header(pieces, at, reference):
    return bytes((5, 0, 3, reference & 0xFF, len(pieces), at + 1)) if len(pieces) > 1 else b""


def _deliver(sender, piece, coding, stamp, header):
    head = bytes((0x44 if header else 0x04,)) + address(sender) + bytes((0, coding)) + stamp
    if coding == _UCS_2:
        return head + bytes((len(header) + len(piece),)) + header + piece
    lead = (8 * len(header) + 6) // 7  # septets
    return head + bytes((lead + len(piece),)) + header + gsm7.pack(piece, lead * 7 - 8 * len(header))
