"""Parts in base64 or quoted-printable (RFC 2045, clause 6), decoded as a stream.

MMS has no need of either, but e-mail gateways leave them in.
"""

from mms.codec.charset import lower
from mms.limits import const

_NONE = const(0)
_BASE64 = const(1)
_PRINTABLE = const(2)
_ENCODINGS = {"base64": _BASE64, "quoted-printable": _PRINTABLE}
_HEX = const(b"0123456789ABCDEF")


def _sextet(octet):
    """The six bits of a character of base64, or -1."""
    if 0x41 <= octet <= 0x5A:
        return octet - 0x41
    if 0x61 <= octet <= 0x7A:
        return octet - 0x47
    if 0x30 <= octet <= 0x39:
        return octet + 4
    return 62 if octet in b"+-" else 63 if octet in b"/_" else -1


class Decoder:
    """Decodes the data of a part, view by view; characters that do not belong to base64 are ignored.

    `encoding` is the Part's. Data in another encoding than base64 and quoted-printable stay as they are.
    """

    def __init__(self, encoding):
        self._kind = _ENCODINGS.get(lower((encoding or "").strip(" ")), _NONE)
        self._bits = self._filled = 0
        self._held = b""  # the first octets of an escape

    def feed(self, view):
        """The decoded octets of `view`: at most two more than it has."""
        if self._kind == _BASE64:
            return self._base64(view)
        return self._printable(view) if self._kind == _PRINTABLE else bytes(view)

    def close(self):
        """The octets left at the end of the data: an incomplete escape stays as it is."""
        held, self._held = self._held, b""
        return held

    def _base64(self, view):
        found = bytearray()
        for octet in view:
            sextet = _sextet(octet)
            if sextet < 0:
                if octet == 0x3D:  # padding ends a group; what follows begins another
                    self._bits = self._filled = 0
                continue
            self._bits = (self._bits << 6 | sextet) & 0xFFF
            self._filled += 6
            if self._filled >= 8:
                self._filled -= 8
                found.append(self._bits >> self._filled & 0xFF)
        return bytes(found)

    def _printable(self, view):
        found = bytearray()
        for octet in view:
            if not self._held:
                if octet == 0x3D:
                    self._held = b"="
                else:
                    found.append(octet)
                continue
            self._held += bytes([octet])
            escape = self._held[1:].upper()
            if escape == b"\n" or escape == b"\r\n":
                self._held = b""
            elif len(escape) == 2 and escape[0] in _HEX and escape[1] in _HEX:
                found.append(int(escape.decode(), 16))
                self._held = b""
            elif len(escape) == 2 or octet != 0x0D and octet not in _HEX + b"abcdef":
                found.extend(self._held)
                self._held = b""
        return bytes(found)
