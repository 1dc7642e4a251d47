"""WSP primitives: the alphabet of everything in WAP (WAP-230-WSP, clause 8.4)."""

from collections import namedtuple

from construct import (
    Adapter,
    Byte,
    Construct,
    GreedyBytes,
    GreedyRange,
    IntegerError,
    Prefixed,
    RepeatUntil,
    StopFieldError,
    StringEncoded,
    StringError,
    Struct,
    ValidationError,
    stream_read,
    stream_seek,
    stream_tell,
    stream_write,
)

from mms import limits
from mms.codec import charset

ContentType = namedtuple("ContentType", ("media", "params"))
CONTENT_LOCATION = limits.const(0x0E)
X_WAP_APPLICATION_ID = limits.const(0x2F)
CONTENT_ID = limits.const(0x40)
RELATED = "application/vnd.wap.multipart.related"
UNKNOWN = "application/octet-stream"

_QUOTE = b"\x7f"  # before a text that starts like a number
_MEDIA = """
02 text/html
03 text/plain
06 text/x-vcalendar
07 text/x-vcard
0B multipart/*
0C multipart/mixed
0E multipart/byteranges
0F multipart/alternative
1D image/gif
1E image/jpeg
1F image/tiff
20 image/png
21 image/vnd.wap.wbmp
23 application/vnd.wap.multipart.mixed
24 application/vnd.wap.multipart.form-data
25 application/vnd.wap.multipart.byteranges
26 application/vnd.wap.multipart.alternative
27 application/xml
28 text/xml
29 application/vnd.wap.wbxml
2D text/vnd.wap.si
2E application/vnd.wap.sic
2F text/vnd.wap.sl
30 application/vnd.wap.slc
31 text/vnd.wap.co
32 application/vnd.wap.coc
33 application/vnd.wap.multipart.related
34 application/vnd.wap.sia
35 text/vnd.wap.connectivity-xml
36 application/vnd.wap.connectivity-wbxml
3B application/xhtml+xml
3D text/css
3E application/vnd.wap.mms-message
48 application/vnd.oma.drm.message
4F audio/*
50 video/*
"""
# By their numbers (8.4.2.4, table 38); the last seven are the 1.4 forms of earlier ones.
# Number 3, a type that is an integer, is left out: "type" means number 9.
_PARAMETERS = (
    "q charset level - - name filename differences padding type start start-info comment domain"
    " max-age path secure sec mac creation-date modification-date read-date size"
    " name filename start start-info comment domain path"
).split()


def _first(stream, path):
    """The octet that decides what comes, left in the stream."""
    octet = stream_read(stream, 1, path)[0]
    stream_seek(stream, -1, 1, path)
    return octet


class _Uintvar(Adapter):
    """Seven bits an octet, most significant first, top bit set on all but the last (8.1.2)."""

    def _decode(self, octets, context, path):
        value = 0
        for octet in octets:
            value = value << 7 | octet & 0x7F
        if len(octets) > limits.UINTVAR or value >> 32:
            raise IntegerError("uintvar of %d octets" % len(octets), path=path)
        return value

    def _encode(self, value, context, path):
        if not 0 <= value < 1 << 32:
            raise IntegerError("%d is no uintvar" % value, path=path)
        octets = [value & 0x7F]
        while value > 0x7F:
            value >>= 7
            octets.insert(0, 0x80 | value & 0x7F)
        return octets


def _ends_uintvar(octet, octets, context):
    return octet < 0x80 or len(octets) > limits.UINTVAR


Uintvar = _Uintvar(RepeatUntil(_ends_uintvar, Byte))


class _ValueLength(Construct):
    """One octet up to 30, or 31 and a uintvar (8.4.2.2)."""

    def _parse(self, stream, context, path):
        length = Byte._parsereport(stream, context, path)
        if length < 0x1F:
            return length
        if length > 0x1F:
            raise IntegerError("%02X begins no length" % length, path=path)
        return Uintvar._parsereport(stream, context, path)

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

    Either is taken where the other is due; what is written depends on `short`.
    """

    def __init__(self, short):
        super().__init__()
        self._short = short

    def _parse(self, stream, context, path):
        first = Byte._parsereport(stream, context, path)
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
        stream_write(stream, octets, len(octets), path)
        return value


LongInteger = _Integer(False)
IntegerValue = _Integer(True)


class _Token(Construct):
    """One octet with the top bit set, kept as it is on the wire."""

    def _parse(self, stream, context, path):
        octet = Byte._parsereport(stream, context, path)
        if octet < 0x80:
            raise ValidationError("%02X is no token" % octet, path=path)
        return octet

    def _build(self, octet, stream, context, path):
        if not 0x80 <= octet <= 0xFF:
            raise ValidationError("%d is no token" % octet, path=path)
        return Byte._build(octet, stream, context, path)


Token = _Token()


class _Terminated(Construct):
    """Octets up to a NUL, which is not one of them: at most limits.TEXT, or cut to that."""

    _BLOCK = 48

    def __init__(self, cut):
        super().__init__()
        self._cut = cut

    def _parse(self, stream, context, path):
        octets = b""
        while True:
            start = stream_tell(stream, path)
            block = stream.read(self._BLOCK)
            end = block.find(b"\0")
            if len(octets) <= limits.TEXT:
                octets += block if end < 0 else block[:end]
            if end >= 0:
                stream_seek(stream, start + end + 1, 0, path)
                break
            if not block:
                stream_read(stream, 1, path)
        if len(octets) > limits.TEXT:
            if not self._cut:
                raise StringError("text of over %d octets" % limits.TEXT, path=path)
            octets = octets[: limits.TEXT]
        return octets

    def _build(self, octets, stream, context, path):
        if b"\0" in octets or len(octets) > limits.TEXT:
            raise StringError("not a text of up to %d octets" % limits.TEXT, path=path)
        stream_write(stream, octets + b"\0", len(octets) + 1, path)
        return octets


def _unquoted(octets):
    return octets[1:] if octets[:1] == _QUOTE else octets


class _Quoted(Adapter):
    """Text-string: a quote comes before a text whose first octet has its top bit set (8.4.2.1)."""

    def _decode(self, octets, context, path):
        if octets and octets[0] < 0x20:
            raise StringError("%02X begins no text" % octets[0], path=path)
        return _unquoted(octets)

    def _encode(self, octets, context, path):
        return _QUOTE + octets if octets and octets[0] >= 0x80 else octets


TextOctets = _Quoted(_Terminated(False))
TextString = StringEncoded(TextOctets, "utf8")


class _EncodedString(Construct):
    """A Text-string, or a length, a charset and a text in it (OMA-TS-MMS_ENC 7.3.20 and others).

    Decoding never fails over the charset; ASCII is written bare, all else as UTF-8.
    """

    _WITH_CHARSET = Prefixed(
        ValueLength, Struct("charset" / IntegerValue, "octets" / GreedyBytes)
    )

    def _parse(self, stream, context, path):
        if not 0 < _first(stream, path) < 0x20:
            return charset.decode(TextOctets._parsereport(stream, context, path), None)
        text = self._WITH_CHARSET._parsereport(stream, context, path)
        if len(text.octets) > limits.TEXT:
            raise StringError("text of over %d octets" % limits.TEXT, path=path)
        return charset.text(text.octets, text.charset)

    def _build(self, text, stream, context, path):
        octets = text.encode()
        if len(octets) == len(text):
            TextOctets._build(octets, stream, context, path)
        else:
            octets = TextOctets.build(octets)
            octets = {"charset": charset.UTF_8, "octets": octets}
            self._WITH_CHARSET._build(octets, stream, context, path)
        return text


EncodedString = _EncodedString()


class _AnyValue(Construct):
    """A value of unknown type, told by its first octet (8.4.1.2); so what is unknown can be passed over.

    An int for a Short-integer, a str for text (bytes when it is not UTF-8), bytes for what a length encloses.
    """

    _ENCLOSED = Prefixed(ValueLength, GreedyBytes)
    _TEXT = _Terminated(True)

    def _parse(self, stream, context, path):
        first = _first(stream, path)
        if first >= 0x80:
            return IntegerValue._parsereport(stream, context, path)
        if 0 < first < 0x20:
            return self._ENCLOSED._parsereport(stream, context, path)
        octets = _unquoted(self._TEXT._parsereport(stream, context, path))
        try:
            return charset.strict(octets)
        except StringError:
            return octets

    def _build(self, value, stream, context, path):
        if isinstance(value, int):
            IntegerValue._build(value, stream, context, path)
        elif isinstance(value, str):
            TextString._build(value, stream, context, path)
        else:
            self._ENCLOSED._build(value, stream, context, path)
        return value


AnyValue = _AnyValue()


class _Header(Construct):
    """A header of a push or a part: (number without the top bit, or name; value) (8.4.2.6)."""

    def _parse(self, stream, context, path):
        if _first(stream, path) < 0x80:
            name = TextString._parsereport(stream, context, path)
        else:
            name = Byte._parsereport(stream, context, path) & 0x7F
        return name, AnyValue._parsereport(stream, context, path)

    def _build(self, header, stream, context, path):
        Byte._build(0x80 | header[0], stream, context, path)
        AnyValue._build(header[1], stream, context, path)
        return header


Header = _Header()


class _Media(Construct):
    """A media type by its number, or as text; one we do not know is an octet stream (8.4.2.24)."""

    def _parse(self, stream, context, path):
        if _first(stream, path) >= 0x20:
            value = AnyValue._parsereport(stream, context, path)
        else:
            value = IntegerValue._parsereport(stream, context, path)
        return media_type(value)

    def _build(self, media, stream, context, path):
        at = _MEDIA.find(" %s\n" % media)
        AnyValue._build(media if at < 0 else int(_MEDIA[at - 2 : at], 16), stream, context, path)
        return media


Media = _Media()


def media_type(value):
    """The name of a media type that came as a number or as text."""
    if isinstance(value, str):
        return value.split(";")[0].strip().lower() or UNKNOWN
    if not isinstance(value, int):
        return UNKNOWN
    at = _MEDIA.find("\n%02X " % value)
    return UNKNOWN if at < 0 else _MEDIA[at + 4 : _MEDIA.find("\n", at + 1)]


class _Parameter(Construct):
    """A parameter of a content type: (name, or its number; value) (8.4.2.4)."""

    def _parse(self, stream, context, path):
        if context._index >= limits.PARAMETERS:
            raise StopFieldError("over %d parameters" % limits.PARAMETERS, path=path)
        name, value = Header._parsereport(stream, context, path)
        if isinstance(name, str):
            name = name.lower()
        elif name < len(_PARAMETERS) and _PARAMETERS[name] != "-":
            name = _PARAMETERS[name]
        if isinstance(value, bytes) and len(value) <= limits.LONG_INTEGER:
            value = int.from_bytes(value, "big")
        if name == "type":
            value = media_type(value)
        elif isinstance(value, str):
            value = value.strip('"')
            if name == "charset":
                value = charset.number(value)
        return name, value

    def _build(self, parameter, stream, context, path):
        name, value = parameter
        if name in _PARAMETERS:
            Byte._build(0x80 | _PARAMETERS.index(name), stream, context, path)
        else:
            TextString._build(name, stream, context, path)
        if name == "type":
            Media._build(value, stream, context, path)
        elif isinstance(value, int):
            IntegerValue._build(value, stream, context, path)
        else:
            TextString._build(value, stream, context, path)
        return parameter


class _ContentType(Construct):
    """Content-type-value: a media type alone, or a length, a media type and parameters (8.4.2.24)."""

    _GENERAL = Prefixed(
        ValueLength, Struct("media" / Media, "params" / GreedyRange(_Parameter()))
    )

    def _parse(self, stream, context, path):
        first = _first(stream, path)
        if first >= 0x20:
            return ContentType(Media._parsereport(stream, context, path), [])
        if first == 0:
            stream_read(stream, 1, path)
            return ContentType(UNKNOWN, [])
        general = self._GENERAL._parsereport(stream, context, path)
        return ContentType(general.media, list(general.params))

    def _build(self, content, stream, context, path):
        media, params = content
        if params:
            general = {"media": media, "params": params}
            self._GENERAL._build(general, stream, context, path)
        else:
            Media._build(media, stream, context, path)
        return content


ContentTypeValue = _ContentType()
