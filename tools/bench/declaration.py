"""The headers of M-Notification.ind as one declares them with construct, in the words that the engine has, too.

The same declaration is timed over PyPI's construct on CPython and over the engine on MicroPython.
"""

from construct import Adapter, Byte, Bytes, Construct, GreedyRange, StringEncoded, Struct, ValidationError


class _Text(Construct):
    """Octets up to a NUL."""

    def _parse(self, stream, context, path):
        octets = b""
        octet = stream.read(1)
        while octet != b"\0":
            if not octet:
                raise ValidationError("text without an end", path=path)
            octets += octet
            octet = stream.read(1)
        return octets


class _Number(Adapter):
    """A Long-integer: its length, then its octets."""

    def _decode(self, obj, context, path):
        return int.from_bytes(obj.octets, "big")


class _Value(Construct):
    """The value of the field whose number was parsed before it."""

    def _parse(self, stream, context, path):
        return _VALUES[context.field]._parse(stream, context, path)


_TEXT = StringEncoded(_Text(), "utf8")
_LONG = _Number(Struct("length" / Byte, "octets" / Bytes(lambda this: this.length)))
_VALUES = {
    0x83: _TEXT,  # X-Mms-Content-Location
    0x88: Struct("length" / Byte, "form" / Byte, "seconds" / _LONG),  # X-Mms-Expiry
    0x89: Struct("length" / Byte, "token" / Byte, "address" / _TEXT),  # From
    0x8A: Byte,  # X-Mms-Message-Class
    0x8C: Byte,  # X-Mms-Message-Type
    0x8D: Byte,  # X-Mms-MMS-Version
    0x8E: _LONG,  # X-Mms-Message-Size
    0x98: _TEXT,  # X-Mms-Transaction-Id
}
HEADERS = GreedyRange(Struct("field" / Byte, "value" / _Value()))
