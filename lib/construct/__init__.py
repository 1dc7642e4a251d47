"""The part of construct's API that codec's declarations use, for boards where construct does not fit.

Same names, same results, same error classes as construct 2.10 on PyPI; README.md says what is in.
Unlike PyPI's, this one does not treat a MemoryError as malformed octets, and asks a stream for at most `_BLOCK` octets
at a time, whatever length stands on the wire.
"""

from io import BytesIO

try:
    from micropython import const
except ImportError:

    def const(value):
        """On CPython a constant is a plain value."""
        return value


_BLOCK = const(1024)


class ConstructError(Exception):
    """Octets or an object that a construct cannot parse or build."""

    def __init__(self, message="", path=None):
        super().__init__(message)
        self.path = path


class StreamError(ConstructError):
    """The stream has fewer octets than were asked for."""


class FormatFieldError(ConstructError):
    """A number does not fit its field."""


class IntegerError(ConstructError):
    """A number is malformed or out of range."""


class StringError(ConstructError):
    """Octets that are no text, or a text that has no octets."""


class ValidationError(ConstructError):
    """A value that its field does not allow."""


class Container(dict):
    """A dict whose entries are attributes, too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


def stream_read(stream, length, path):
    """Exactly `length` octets; raises StreamError."""
    if 0 <= length <= _BLOCK:
        data = stream.read(length)
    else:
        data = b""
        left = length
        while left > 0:
            block = stream.read(min(left, _BLOCK))
            if not block:
                break
            data += block
            left -= len(block)
    if len(data) != length:
        raise StreamError("%d octets wanted, %d left" % (length, len(data)))
    return data


class Construct:
    """A field: subclasses define `_parse(stream, context, path)` and `_build(obj, stream, ...)`."""

    def parse(self, data, **context):
        """The object that the octets `data` stand for; raises ConstructError."""
        return self._parse(BytesIO(data), context, "")

    def parse_stream(self, stream, **context):
        """The object that comes next in `stream`; raises ConstructError."""
        return self._parse(stream, context, "")

    def build(self, obj, **context):
        """The octets that stand for `obj`; raises ConstructError."""
        stream = BytesIO()
        self._build(obj, stream, context, "")
        return stream.getvalue()

    def __rtruediv__(self, name):
        return name, self  # a field of a Struct


class Adapter(Construct):
    """Decodes the object that another construct parses, and encodes it for building: `_decode` and `_encode`."""

    def __init__(self, subcon):
        self.subcon = subcon

    def _parse(self, stream, context, path):
        return self._decode(self.subcon._parse(stream, context, path), context, path)

    def _build(self, obj, stream, context, path):
        self.subcon._build(self._encode(obj, context, path), stream, context, path)
        return obj


class StringEncoded(Adapter):
    """Text in UTF-8, strictly: MicroPython's own decoder lets overlong forms and surrogates pass."""

    def __init__(self, subcon, encoding):
        super().__init__(subcon)

    def _decode(self, obj, context, path):
        if obj and max(obj) >= 0x80 and not _is_utf8(obj):
            raise StringError("not UTF-8: %r" % (obj,))
        return obj.decode()

    def _encode(self, obj, context, path):
        try:
            octets = obj.encode()
        except (AttributeError, UnicodeError):
            octets = b"\xff"
        if not _is_utf8(octets):
            raise StringError("not a text: %r" % (obj,))
        return octets


def _is_utf8(octets):
    """Whether `octets` are UTF-8 as RFC 3629 has it: shortest forms, no surrogates, <= U+10FFFF."""
    following = 0
    low, high = 0x80, 0xBF
    for octet in octets:
        if following:
            if not low <= octet <= high:
                return False
            low, high = 0x80, 0xBF
            following -= 1
        elif octet >= 0x80:
            if not 0xC2 <= octet <= 0xF4:
                return False
            following = 1 + (octet >= 0xE0) + (octet >= 0xF0)
            if octet == 0xE0:
                low = 0xA0
            elif octet == 0xED:
                high = 0x9F
            elif octet == 0xF0:
                low = 0x90
            elif octet == 0xF4:
                high = 0x8F
    return not following


class _Byte(Construct):
    def _parse(self, stream, context, path):
        octet = stream.read(1)
        if not octet:
            raise StreamError("no octet left")
        return octet[0]

    def _build(self, obj, stream, context, path):
        if not isinstance(obj, int) or not 0 <= obj < 256:
            raise FormatFieldError("%r does not fit" % (obj,))
        stream.write(bytes([obj]))
        return obj


class Bytes(Construct):
    """`length` octets: a number, or a function of the context, or None for all up to the end (GreedyBytes)."""

    def __init__(self, length):
        self._length = length

    def _parse(self, stream, context, path):
        length = self._length
        if length is None:
            return stream.read()
        return stream_read(stream, length(context) if callable(length) else length, path)

    def _build(self, obj, stream, context, path):
        length = self._length
        data = bytes(obj)
        if length is not None and len(data) != (length(context) if callable(length) else length):
            raise StreamError("%d octets given" % len(data))
        stream.write(data)
        return obj


class Struct(Construct):
    """Named fields, one after the other. The Container of those parsed so far is the context of the next; `_` in it
    is the outer context.
    """

    def __init__(self, *subcons):
        self._subcons = subcons

    def _parse(self, stream, context, path):
        obj = Container()
        obj["_"] = context
        for name, subcon in self._subcons:
            obj[name] = subcon._parse(stream, obj, path)
        return obj

    def _build(self, obj, stream, context, path):
        inner = Container(_=context)
        for key in obj:
            inner[key] = obj[key]
        for name, subcon in self._subcons:
            inner[name] = subcon._build(obj[name], stream, inner, path)
        return inner


class GreedyRange(Construct):
    """A list of as many elements as can be parsed; `_index` in the context counts them."""

    def __init__(self, subcon):
        self.subcon = subcon

    def _parse(self, stream, context, path):
        found = []
        while True:
            context["_index"] = len(found)
            start = stream.tell()
            try:
                found.append(self.subcon._parse(stream, context, path))
            except MemoryError:
                raise
            except Exception:
                stream.seek(start)
                return found

    def _build(self, obj, stream, context, path):
        for index, element in enumerate(obj):
            context["_index"] = index
            self.subcon._build(element, stream, context, path)
        return obj


GreedyBytes = Bytes(None)
Byte = _Byte()
