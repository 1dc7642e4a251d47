"""The part of construct's API that codec's declarations use, for boards where construct does not fit.

Same names, same results, same error classes as construct 2.10 on PyPI; README.md says what is in.
Unlike it, this never takes a MemoryError for malformed octets, and never asks a stream for more
than `_BLOCK` octets at a time, whatever length came from the wire.
"""

from io import BytesIO

_BLOCK = 1024


class ConstructError(Exception):
    """Octets or an object that a construct cannot parse or build; `path` names the field."""

    def __init__(self, message="", path=None):
        super().__init__(message if path is None else "Error in path %s\n%s" % (path, message))
        self.path = path


class StreamError(ConstructError):
    """The stream has fewer octets than were asked for."""


class FormatFieldError(ConstructError):
    """A number does not fit its field."""


class IntegerError(ConstructError):
    """A number is malformed or out of range."""


class StringError(ConstructError):
    """Octets that are no text, or the other way round."""


class MappingError(ConstructError):
    """A value without an entry in the mapping."""


class RepeatError(ConstructError):
    """A list that has no element to stop at."""


class ValidationError(ConstructError):
    """A value that its field does not allow."""


class StopFieldError(ConstructError):
    """Ends the list or structure around it, without a fault."""


class Container(dict):
    """A dict whose entries are attributes, too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)

    def __setattr__(self, name, value):
        self[name] = value


class ListContainer(list):
    """What a list of fields parses to."""


def stream_read(stream, length, path):
    """Exactly `length` octets; raises StreamError."""
    if length < 0:
        raise StreamError("cannot read %d octets" % length, path=path)
    if length <= _BLOCK:
        data = stream.read(length)
    else:
        blocks = []
        left = length
        while left:
            block = stream.read(min(left, _BLOCK))
            if not block:
                break
            blocks.append(block)
            left -= len(block)
        data = b"".join(blocks)
    if len(data) != length:
        raise StreamError("%d octets wanted, %d left" % (length, len(data)), path=path)
    return data


def stream_write(stream, data, length, path):
    """Write `data`, which must be `length` octets; raises StreamError, StringError."""
    if not isinstance(data, bytes):
        raise StringError("not bytes: %r" % (data,), path=path)
    if len(data) != length:
        raise StreamError("%d octets wanted, %d given" % (length, len(data)), path=path)
    stream.write(data)


class Construct:
    """A field: subclasses define `_parse(stream, context, path)` and `_build(obj, stream, ...)`."""

    name = None
    flagbuildnone = False

    def parse(self, data, **context):
        """The object that the octets `data` stand for; raises ConstructError."""
        return self.parse_stream(BytesIO(data), **context)

    def parse_stream(self, stream, **context):
        """The object that comes next in `stream`; raises ConstructError."""
        return self._parse(stream, Container(**context), "(parsing)")

    def build(self, obj, **context):
        """The octets that stand for `obj`; raises ConstructError."""
        stream = BytesIO()
        self.build_stream(obj, stream, **context)
        return stream.getvalue()

    def build_stream(self, obj, stream, **context):
        """Write the octets that stand for `obj`; raises ConstructError."""
        self._build(obj, stream, Container(**context), "(building)")

    def __rtruediv__(self, name):
        return Renamed(self, name)


class Subconstruct(Construct):
    """A construct around another."""

    def __init__(self, subcon):
        self.subcon = subcon
        self.flagbuildnone = subcon.flagbuildnone

    def _parse(self, stream, context, path):
        return self.subcon._parse(stream, context, path)

    def _build(self, obj, stream, context, path):
        return self.subcon._build(obj, stream, context, path)


class Renamed(Subconstruct):
    """`"name" / construct`: a field of a Struct."""

    def __init__(self, subcon, newname):
        super().__init__(subcon)
        self.name = newname

    def _parse(self, stream, context, path):
        return self.subcon._parse(stream, context, "%s -> %s" % (path, self.name))

    def _build(self, obj, stream, context, path):
        return self.subcon._build(obj, stream, context, "%s -> %s" % (path, self.name))


class Adapter(Subconstruct):
    """Turns what a construct parses into something better: `_decode` and `_encode`."""

    def _parse(self, stream, context, path):
        return self._decode(self.subcon._parse(stream, context, path), context, path)

    def _build(self, obj, stream, context, path):
        self.subcon._build(self._encode(obj, context, path), stream, context, path)
        return obj


class Mapping(Adapter):
    """Objects by the values that stand for them: `{object: value}`."""

    def __init__(self, subcon, mapping):
        super().__init__(subcon)
        self.encmapping = mapping
        self.decmapping = {mapping[key]: key for key in mapping}

    def _decode(self, obj, context, path):
        return self._look(self.decmapping, obj, path)

    def _encode(self, obj, context, path):
        return self._look(self.encmapping, obj, path)

    def _look(self, mapping, obj, path):
        try:
            return mapping[obj]
        except (KeyError, TypeError):
            raise MappingError("no mapping for %r" % (obj,), path=path)


class StringEncoded(Adapter):
    """Text in UTF-8, strictly: MicroPython's own decoder lets overlong forms and surrogates pass."""

    def __init__(self, subcon, encoding):
        super().__init__(subcon)
        if encoding not in ("utf8", "utf-8"):
            raise NotImplementedError(encoding)

    def _decode(self, obj, context, path):
        if not _is_utf8(obj):
            raise StringError("not UTF-8: %r" % (obj,))
        return obj.decode()

    def _encode(self, obj, context, path):
        if not isinstance(obj, str):
            raise StringError("not text: %r" % (obj,), path=path)
        try:
            octets = obj.encode()
        except UnicodeError:
            octets = b"\xff"
        if not _is_utf8(octets):
            raise StringError("not a text: %r" % (obj,))
        return octets


def _is_utf8(octets):
    """Whether `octets` are UTF-8 as RFC 3629 has it: shortest forms, no surrogates, <= U+10FFFF."""
    if not octets or max(octets) < 0x80:
        return True
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
            low = {0xE0: 0xA0, 0xF0: 0x90}.get(octet, 0x80)
            high = {0xED: 0x9F, 0xF4: 0x8F}.get(octet, 0xBF)
    return not following


class FormatField(Construct):
    """An unsigned number, most significant octet first."""

    def __init__(self, length):
        self.length = length

    def _parse(self, stream, context, path):
        return int.from_bytes(stream_read(stream, self.length, path), "big")

    def _build(self, obj, stream, context, path):
        if not isinstance(obj, int) or not 0 <= obj < 1 << 8 * self.length:
            raise FormatFieldError("%r does not fit" % (obj,), path=path)
        stream_write(stream, obj.to_bytes(self.length, "big"), self.length, path)
        return obj


class Bytes(Construct):
    """So many octets: a number, or a function of the context."""

    def __init__(self, length):
        self.length = length

    def _count(self, context):
        return self.length(context) if callable(self.length) else self.length

    def _parse(self, stream, context, path):
        return stream_read(stream, self._count(context), path)

    def _build(self, obj, stream, context, path):
        stream_write(stream, bytes(obj), self._count(context), path)
        return obj


class _GreedyBytes(Construct):
    def _parse(self, stream, context, path):
        return stream.read()

    def _build(self, obj, stream, context, path):
        data = bytes(obj)
        stream_write(stream, data, len(data), path)
        return data


class Struct(Construct):
    """Named fields, one after the other."""

    def __init__(self, *subcons):
        self.subcons = subcons

    def _parse(self, stream, context, path):
        obj = Container()
        context = Container(_=context)
        for subcon in self.subcons:
            value = subcon._parse(stream, context, path)
            if subcon.name:
                obj[subcon.name] = value
                context[subcon.name] = value
        return obj

    def _build(self, obj, stream, context, path):
        context = Container(_=context)
        for key in obj:
            context[key] = obj[key]
        for subcon in self.subcons:
            value = obj.get(subcon.name) if subcon.flagbuildnone else obj[subcon.name]
            built = subcon._build(value, stream, context, path)
            if subcon.name:
                context[subcon.name] = built
        return context


class Prefixed(Subconstruct):
    """A length, then a construct that sees only so many octets."""

    def __init__(self, lengthfield, subcon):
        super().__init__(subcon)
        self.lengthfield = lengthfield

    def _parse(self, stream, context, path):
        length = self.lengthfield._parse(stream, context, path)
        data = BytesIO(stream_read(stream, length, path))
        return self.subcon._parse(data, context, path)

    def _build(self, obj, stream, context, path):
        inner = BytesIO()
        built = self.subcon._build(obj, inner, context, path)
        data = inner.getvalue()
        self.lengthfield._build(len(data), stream, context, path)
        stream_write(stream, data, len(data), path)
        return built


class RepeatUntil(Subconstruct):
    """A list up to and with the element for which `predicate(element, list, context)` holds."""

    def __init__(self, predicate, subcon):
        super().__init__(subcon)
        self.predicate = predicate

    def _parse(self, stream, context, path):
        found = ListContainer()
        while True:
            context._index = len(found)
            found.append(self.subcon._parse(stream, context, path))
            if self.predicate(found[-1], found, context):
                return found

    def _build(self, obj, stream, context, path):
        built = ListContainer()
        for element in obj:
            context._index = len(built)
            built.append(self.subcon._build(element, stream, context, path))
            if self.predicate(element, built, context):
                return built
        raise RepeatError("no element satisfies the predicate", path=path)


class GreedyRange(Subconstruct):
    """A list of as many elements as can be parsed; `_index` in the context counts them."""

    def _parse(self, stream, context, path):
        found = ListContainer()
        while True:
            context._index = len(found)
            start = stream.tell()
            try:
                found.append(self.subcon._parse(stream, context, path))
            except StopFieldError:
                return found
            except MemoryError:
                raise
            except Exception:
                stream.seek(start)
                return found

    def _build(self, obj, stream, context, path):
        built = ListContainer()
        for element in obj:
            context._index = len(built)
            built.append(self.subcon._build(element, stream, context, path))
        return built


def GreedyString(encoding):
    """Text up to the end of the stream."""
    return StringEncoded(GreedyBytes, encoding)


GreedyBytes = _GreedyBytes()
Byte = Int8ub = FormatField(1)
Int16ub = FormatField(2)
