"""Content types, their parameters, and headers by number (WAP-230-WSP, clauses 8.4.2.4, .6 and .24)."""

from collections import namedtuple

from construct import Byte, Construct, GreedyRange, ValidationError, stream_read
from mms import limits
from mms.codec import charset
from mms.codec.charset import lower
from mms.codec.wsp import AnyValue, IntegerValue, Pair, TextString, first_octet
from mms.limits import const

ContentType = namedtuple("ContentType", ("media", "params"))
CONTENT_LOCATION = const(0x0E)
X_WAP_APPLICATION_ID = const(0x2F)
CONTENT_ID = const(0x40)
UNKNOWN = "application/octet-stream"

_MEDIA = const("""
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
""")
# Parameters in the order of their numbers (8.4.2.4, table 38); the last seven are the 1.4 forms of earlier ones.
# Number 3, a type that is an integer, is left out, so that "type" is number 9.
_PARAMETERS = const(  # one text: a list of them would take a kilobyte
    "q charset level - - name filename differences padding type start start-info comment domain"
    " max-age path secure sec mac creation-date modification-date read-date size"
    " name filename start start-info comment domain path"
)
_Q = const(0x80)
_NUMBERS = const(" 3 charset level padding max-age sec creation-date modification-date read-date size ")


class _Header(Construct):
    """A header of a push or a part: (number without the top bit, or name; value) (8.4.2.6)."""

    def _parse(self, stream, context, path):
        if first_octet(stream, path) < 0x80:
            name = TextString._parse(stream, context, path)
        else:
            name = Byte._parse(stream, context, path) & 0x7F
        return name, AnyValue._parse(stream, context, path)

    def _build(self, obj, stream, context, path):
        name, value = obj
        if isinstance(name, str):
            TextString._build(name, stream, context, path)
        else:
            Byte._build(0x80 | name, stream, context, path)
        AnyValue._build(value, stream, context, path)
        return obj


Header = _Header()
HEADERS = GreedyRange(Header)


class _Media(Construct):
    """A media type by its number or as text; an unknown number is application/octet-stream (8.4.2.24)."""

    def _parse(self, stream, context, path):
        if first_octet(stream, path) >= 0x20:
            value = AnyValue._parse(stream, context, path)
        else:
            value = IntegerValue._parse(stream, context, path)
        return media_type(value)

    def _build(self, media, stream, context, path):
        at = _MEDIA.find(" %s\n" % media)
        AnyValue._build(media if at < 0 else int(_MEDIA[at - 2 : at], 16), stream, context, path)
        return media


Media = _Media()


def media_type(value):
    """The name of a media type whose value on the wire was a number or a text."""
    if isinstance(value, str):
        return lower(value.split(";")[0].strip(' "')) or UNKNOWN
    value = _integer(value)
    at = _MEDIA.find("\n%02X " % value)
    if at >= 0:
        return _MEDIA[at + 4 : _MEDIA.find("\n", at + 1)]
    from mms.codec import rare

    return rare.media_type(value) or UNKNOWN


def _integer(value):
    """The number in a value: AnyValue parses a Long-integer as octets (8.4.2.1)."""
    return int.from_bytes(value[: limits.LONG_INTEGER], "big") if isinstance(value, bytes) else value


class _Parameter(Construct):
    """A parameter of a content type: (name, or its number; value) (8.4.2.4). A number or a date is an int."""

    def _parse(self, stream, context, path):
        if context["_index"] >= limits.PARAMETERS:
            raise ValidationError("over %d parameters" % limits.PARAMETERS, path=path)
        if first_octet(stream, path) == _Q:
            from mms.codec import rare

            return "q", rare.parse_quality(stream, path)
        name, value = Header._parse(stream, context, path)
        if isinstance(name, str):
            name = lower(name)
        else:
            names = _PARAMETERS.split(" ")
            if name < len(names) and names[name] != "-":
                name = names[name]
        if name == "type":
            value = media_type(value)
        elif " %s " % name in _NUMBERS:
            value = _integer(value)
        if isinstance(value, str) and name != "type":
            value = value.strip('"')
            if name == "charset":
                value = charset.number(value) or value
        return name, value

    def _build(self, obj, stream, context, path):
        name, value = obj
        if name == "q":
            from mms.codec import rare

            stream.write(rare.build_quality(value))
            return obj
        names = _PARAMETERS.split(" ")
        if name in names and name != "-":
            Byte._build(0x80 | names.index(name), stream, context, path)
        else:
            TextString._build(name, stream, context, path)
        kind = Media if name == "type" else AnyValue
        kind._build(value, stream, context, path)
        return obj


PARAMETER = _Parameter()


class _ContentType(Construct):
    """Content-type-value: a media type alone, or a length, a media type and parameters (8.4.2.24)."""

    _GENERAL = Pair(Media, GreedyRange(PARAMETER))

    def _parse(self, stream, context, path):
        first = first_octet(stream, path)
        if first >= 0x20:
            return ContentType(Media._parse(stream, context, path), [])
        if first == 0:
            stream_read(stream, 1, path)
            return ContentType(UNKNOWN, [])
        media, params = self._GENERAL._parse(stream, context, path)
        return ContentType(media, list(params))

    def _build(self, content, stream, context, path):
        if content[1]:
            self._GENERAL._build(content, stream, context, path)
        else:
            Media._build(content[0], stream, context, path)
        return content


ContentTypeValue = _ContentType()
