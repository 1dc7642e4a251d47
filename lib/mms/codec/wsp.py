"""The primitives of WSP, of which all headers in WAP are made (WAP-230-WSP, clause 8.4)."""

import io

from construct import (
    Byte,
    Construct,
    GreedyBytes,
    IntegerError,
    StreamError,
    StringEncoded,
    StringError,
    ValidationError,
    stream_read,
)
from mms import limits
from mms.codec import charset
from mms.limits import const

_BLOCK = const(48)  # octets of a text that are read at a time
_QUOTE = const(b"\x7f")  # stands before a text whose first octet could begin a number


def first_octet(stream, path):
    """The next octet of the stream, which stays in it: it tells the type of the value."""
    octet = Byte._parse(stream, None, path)
    stream.seek(-1, 1)
    return octet


class _Uintvar(Construct):
    """Seven bits an octet, most significant first, top bit set on all but the last (8.1.2)."""

    def _parse(self, stream, context, path):
        value = 0
        for _ in range(limits.UINTVAR):
            octet = Byte._parse(stream, context, path)
            value = value << 7 | octet & 0x7F
            if octet < 0x80 and value < 1 << 32:
                return value
        raise IntegerError("uintvar of over 32 bits", path=path)

    def _build(self, value, stream, context, path):
        if not 0 <= value < 1 << 32:
            raise IntegerError("%d is no uintvar" % value, path=path)
        octets = bytes([value & 0x7F])
        while value > 0x7F:
            value >>= 7
            octets = bytes([0x80 | value & 0x7F]) + octets
        stream.write(octets)
        return value


Uintvar = _Uintvar()


class _ValueLength(Construct):
    """One octet up to 30, or 31 and a uintvar (8.4.2.2)."""

    def _parse(self, stream, context, path):
        length = Byte._parse(stream, context, path)
        if length < 0x1F:
            return length
        if length > 0x1F:
            raise IntegerError("%02X begins no length" % length, path=path)
        return Uintvar._parse(stream, context, path)

    def _build(self, length, stream, context, path):
        if length > 30:
            Byte._build(0x1F, stream, context, path)
            Uintvar._build(length, stream, context, path)
        else:
            Byte._build(length, stream, context, path)
        return length


ValueLength = _ValueLength()


class _Integer(Construct):
    """A Short-integer (top bit and seven bits), or a Long-integer: length, then octets (8.4.2.1).

    Both are parsed where either is due; `short` decides whether a small number is built as a Short-integer.
    """

    def __init__(self, short):
        super().__init__()
        self._short = short

    def _parse(self, stream, context, path):
        first = Byte._parse(stream, context, path)
        if first >= 0x80:
            return first & 0x7F
        if not 1 <= first <= limits.LONG_INTEGER:
            raise IntegerError("integer of %d octets" % first, path=path)
        return int.from_bytes(stream_read(stream, first, path), "big")

    def _build(self, value, stream, context, path):
        if not 0 <= value < 1 << 8 * limits.LONG_INTEGER:
            raise IntegerError("%d is no integer" % value, path=path)
        if self._short and value < 0x80:
            octets = bytes([0x80 | value])
        else:
            length = 1
            while value >> 8 * length:
                length += 1
            octets = bytes([length]) + value.to_bytes(length, "big")
        stream.write(octets)
        return value


LongInteger = _Integer(False)
IntegerValue = _Integer(True)


class _Token(Construct):
    """One octet with the top bit set, kept as it is on the wire."""

    def _parse(self, stream, context, path):
        octet = Byte._parse(stream, context, path)
        if octet < 0x80:
            raise ValidationError("%02X is no token" % octet, path=path)
        return octet

    def _build(self, octet, stream, context, path):
        if not 0x80 <= octet <= 0xFF:
            raise ValidationError("%d is no token" % octet, path=path)
        return Byte._build(octet, stream, context, path)


Token = _Token()


class _TextOctets(Construct):
    """Text-string (8.4.2.1): octets up to a NUL, which is left out, and behind a quote when the first one is
    above 7E. A longer text than limits.TEXT is cut to that, or refused.
    """

    def __init__(self, cut):
        super().__init__()
        self._cut = cut

    def _parse(self, stream, context, path):
        octets = b""
        while True:
            start = stream.tell()
            block = stream.read(_BLOCK)
            end = block.find(b"\0")
            if len(octets) <= limits.TEXT:
                octets += block if end < 0 else block[:end]
            if end >= 0:
                stream.seek(start + end + 1)
                break
            if not block:
                raise StreamError("text without an end", path=path)
        if octets and octets[0] < 0x20:
            raise StringError("%02X begins no text" % octets[0], path=path)
        if len(octets) > limits.TEXT:
            if not self._cut:
                raise StringError("text of over %d octets" % limits.TEXT, path=path)
            octets = octets[: limits.TEXT]
        return octets[1:] if octets[:1] == _QUOTE else octets

    def _build(self, octets, stream, context, path):
        if octets and octets[0] < 0x20:
            raise StringError("%02X begins no text" % octets[0], path=path)
        if octets and octets[0] >= 0x7F:
            octets = _QUOTE + octets
        if b"\0" in octets or len(octets) > limits.TEXT:
            raise StringError("not a text of up to %d octets" % limits.TEXT, path=path)
        stream.write(octets + b"\0")
        return octets


TextOctets = _TextOctets(False)
TextString = StringEncoded(TextOctets, "utf8")


class Pair(Construct):
    """Two values behind their common length: (first, second)."""

    def __init__(self, first, second, length=ValueLength):
        super().__init__()
        self._first, self._second, self._length = first, second, length

    def _parse(self, stream, context, path):
        inner = io.BytesIO(stream_read(stream, self._length._parse(stream, context, path), path))
        return self._first._parse(inner, context, path), self._second._parse(inner, context, path)

    def _build(self, obj, stream, context, path):
        inner = io.BytesIO()
        self._first._build(obj[0], inner, context, path)
        self._second._build(obj[1], inner, context, path)
        octets = inner.getvalue()
        self._length._build(len(octets), stream, context, path)
        stream.write(octets)
        return obj


class _EncodedString(Construct):
    """Encoded-string-value: a Text-string, or a length, a charset and a text (OMA-TS-MMS_ENC 7.3.19).

    No charset makes parsing fail. A text in ASCII is built as a Text-string, another one in UTF-8.
    """

    _WITH_CHARSET = Pair(IntegerValue, GreedyBytes)

    def _parse(self, stream, context, path):
        if not 0 < first_octet(stream, path) < 0x20:
            octets = TextOctets._parse(stream, context, path)
            return octets.decode() if octets and max(octets) < 0x80 else charset.decode(octets, None)
        number, octets = self._WITH_CHARSET._parse(stream, context, path)
        if len(octets) > limits.TEXT + 1:  # with its NUL
            raise StringError("text of over %d octets" % limits.TEXT, path=path)
        return charset.decode_value(octets, number)

    def _build(self, text, stream, context, path):
        octets = charset.encode_utf_8(text)
        if len(octets) == len(text):
            TextOctets._build(octets, stream, context, path)
        else:
            self._WITH_CHARSET._build((charset.UTF_8, TextOctets.build(octets)), stream, context, path)
        return text


EncodedString = _EncodedString()


class _AnyValue(Construct):
    """A value of unknown type: its first octet tells where it ends (8.4.1.2), so a parser can skip it.

    An int for a Short-integer, a str for text (bytes when it is not UTF-8), bytes for what a length encloses.
    """

    _TEXT = _TextOctets(True)

    def _parse(self, stream, context, path):
        first = Byte._parse(stream, context, path)
        if first >= 0x80:
            return first & 0x7F
        stream.seek(-1, 1)
        if 0 < first < 0x20:
            return stream_read(stream, ValueLength._parse(stream, context, path), path)
        octets = self._TEXT._parse(stream, context, path)
        try:
            return charset.decode_utf_8(octets)
        except StringError:
            return octets

    def _build(self, value, stream, context, path):
        if isinstance(value, int):
            IntegerValue._build(value, stream, context, path)
        elif isinstance(value, str):
            TextString._build(value, stream, context, path)
        else:
            ValueLength._build(len(value), stream, context, path)
            stream.write(value)
        return value


AnyValue = _AnyValue()


def reason(error):
    """The text of a ConstructError, the same for PyPI's construct and for lib/construct, and without a path."""
    if isinstance(error, StreamError):
        return "cut off"
    if isinstance(error, StringError) and error.path is None:  # construct's own, over an encoding
        return "not UTF-8"
    return str(error).split("\n")[-1]
