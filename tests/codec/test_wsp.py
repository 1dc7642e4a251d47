"""WSP primitives, both ways, and at their bounds."""

from construct import (
    ConstructError,
    IntegerError,
    StreamError,
    StringError,
    ValidationError,
)
from mms import limits
from mms.codec import wsp
from mms.codec.content import UNKNOWN, ContentType, ContentTypeValue, Header, Media
from tests.kit.checks import raises


def common(format, data, obj):
    """`data` parses to `obj`, and `obj` builds to `data`."""
    assert format.parse(data) == obj
    assert format.build(obj) == data


def test_uintvars_have_seven_bits_an_octet():
    for data, value in (
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\x81\x00", 128),
        (b"\x87\xa5", None),
        (b"\x8f\xff\xff\xff\x7f", (1 << 32) - 1),
    ):
        if value is None:
            raises(StreamError, wsp.Uintvar.parse, data)
        else:
            common(wsp.Uintvar, data, value)
    assert wsp.Uintvar.parse(b"\x80\x7f") == 127  # some write it longer than it need be


def test_uintvars_end_at_32_bits():
    assert wsp.Uintvar.parse(b"\x88\x80\x80\x80\x00") == 1 << 31
    raises(IntegerError, wsp.Uintvar.parse, b"\x90\x80\x80\x80\x00")
    raises(IntegerError, wsp.Uintvar.parse, b"\x80\x80\x80\x80\x80\x00")
    raises(IntegerError, wsp.Uintvar.parse, b"\x80" * 4000)
    raises(IntegerError, wsp.Uintvar.build, 1 << 32)
    raises(IntegerError, wsp.Uintvar.build, -1)


def test_lengths_up_to_30_take_one_octet():
    common(wsp.ValueLength, b"\x1e", 30)
    common(wsp.ValueLength, b"\x1f\x1f", 31)
    common(wsp.ValueLength, b"\x1f\x81\x00", 128)
    assert wsp.ValueLength.parse(b"\x1f\x02") == 2
    raises(IntegerError, wsp.ValueLength.parse, b"\x20")


def test_integers_are_short_up_to_127():
    common(wsp.IntegerValue, b"\xff", 127)
    common(wsp.IntegerValue, b"\x01\x80", 128)
    common(wsp.IntegerValue, b"\x02\x03\xe8", 1000)
    common(wsp.LongInteger, b"\x01\x05", 5)
    assert wsp.LongInteger.parse(b"\x85") == 5  # a short one where a long one is due
    assert wsp.LongInteger.parse(b"\x04\x00\x00\x00\x05") == 5


def test_integers_have_at_most_eight_octets():
    common(wsp.LongInteger, b"\x08" + b"\xff" * 8, (1 << 64) - 1)
    raises(IntegerError, wsp.LongInteger.parse, b"\x09" + b"\x00" * 9)
    raises(IntegerError, wsp.LongInteger.parse, b"\x00")
    raises(IntegerError, wsp.LongInteger.build, 1 << 64)
    raises(IntegerError, wsp.LongInteger.build, -1)


def test_tokens_have_the_top_bit():
    common(wsp.Token, b"\x80", 0x80)
    raises(ValidationError, wsp.Token.parse, b"\x7f")
    raises(ValidationError, wsp.Token.build, 0x7F)


def test_text_is_quoted_when_it_starts_like_a_number():
    common(wsp.TextString, b"T1\0", "T1")
    common(wsp.TextString, b"\0", "")
    common(wsp.TextString, b"\x7f\xc3\xbc\0", "ü")
    assert wsp.TextString.parse(b"\xc3\xbc\0") == "ü"
    assert wsp.TextString.parse(b"\x7fT1\0") == "T1"
    raises(StringError, wsp.TextString.parse, b"\x01\x80\0")
    raises(StringError, wsp.TextString.parse, b"T\xc0\xaf\0")
    raises(StringError, wsp.TextString.build, "a\0b")
    raises(StreamError, wsp.TextString.parse, b"T1")


def test_text_has_a_bound():
    for length in (limits.TEXT - 1, limits.TEXT):
        common(wsp.TextString, b"x" * length + b"\0", "x" * length)
    raises(StringError, wsp.TextString.parse, b"x" * (limits.TEXT + 1) + b"\0")
    raises(StringError, wsp.TextString.build, "x" * (limits.TEXT + 1))
    over = b"\xea" + b"x" * (limits.TEXT + 2)
    raises(StringError, wsp.EncodedString.parse, b"\x1f\x84\x03" + over)


def test_encoded_strings_are_bare_in_ascii_and_utf_8_otherwise():
    common(wsp.EncodedString, b"Hello\0", "Hello")
    common(wsp.EncodedString, b"\0", "")
    common(wsp.EncodedString, b"\x09\xeaGr\xc3\xbc\xc3\x9fe\0", "Grüße")
    common(wsp.EncodedString, b"\x05\xea\x7f\xc3\xbc\0", "ü")
    common(wsp.EncodedString, b"\x1f\x23\xea" + b"x" * 31 + b"\xc3\xbc\0", "x" * 31 + "ü")


def test_text_that_would_be_read_as_something_else_is_not_built():
    for text in ("\tHello", "\x01\x80", "\x1f"):
        raises(StringError, wsp.TextString.build, text)
        raises(StringError, wsp.EncodedString.build, text)
    common(wsp.TextString, b"\x7f\x7fHello\0", "\x7fHello")
    raises(StringError, wsp.EncodedString.build, chr(0xD800))
    raises(StringError, wsp.EncodedString.build, "ü\0")
    for text in ("x" * limits.TEXT, "x" + "ü" * 255, "ü" * 255):
        assert wsp.EncodedString.parse(wsp.EncodedString.build(text)) == text


def test_encoded_strings_are_read_in_any_form():
    for data, text in (
        (b"\x02\xea\0", ""),
        (b"\x01\xea", ""),
        (b"\x03\xeaHi", "Hi"),
        (b"\x04\x84\xfc\xdf\0", "üß"),
        (b"\x07\x02\x03\xe8\0G\0i", "Gi"),
        (b"\x09\x02\x03\xe8\0G\0i\0\0", "Gi"),
        (b"\x06\x80Gr\xfcn\0", "Grün"),
        (b"\xc3\xbc\0", "ü"),
        (b"\xef\xbb\xbfHi\0", "Hi"),
        (b"\x05\xeaGr\xc3\0", "Gr\ufffd"),
    ):
        assert wsp.EncodedString.parse(data) == text


def test_any_value_is_told_by_its_first_octet():
    common(wsp.AnyValue, b"\x84", 4)
    common(wsp.AnyValue, b"text\0", "text")
    common(wsp.AnyValue, b"\x02ab", b"ab")
    common(wsp.AnyValue, b"\x1f\x20" + b"a" * 32, b"a" * 32)
    common(wsp.AnyValue, b"\0", "")
    assert wsp.AnyValue.parse(b"\xff") == 127
    assert wsp.AnyValue.parse(b"a\xff\0") == b"a\xff"
    assert wsp.AnyValue.parse(b"x" * 2000 + b"\0") == "x" * limits.TEXT


def test_headers_have_a_number_or_a_name():
    common(Header, b"\xaf\x84", (0x2F, 4))
    common(Header, b"X-Name\0value\0", ("X-Name", "value"))


def test_known_media_have_a_number():
    common(Media, b"\x9e", "image/jpeg")
    common(Media, b"\xbe", "application/vnd.wap.mms-message")
    common(Media, b"application/smil\0", "application/smil")
    assert Media.parse(b"Image/JPEG; q=1\0") == "image/jpeg"
    assert Media.parse(b"image/jpeg\0") == "image/jpeg"
    assert Media.parse(b"\xff") == UNKNOWN
    assert Media.parse(b"\x02\x03\x01") == UNKNOWN


def test_content_types_with_parameters_have_a_length():
    related = ContentType(
        "application/vnd.wap.multipart.related",
        [("type", "application/smil"), ("start", "<s>")],
    )
    common(ContentTypeValue, b"\x18\xb3\x89application/smil\0\x8a<s>\0", related)
    common(ContentTypeValue, b"\x83", ContentType("text/plain", []))
    common(ContentTypeValue, b"audio/amr\0", ContentType("audio/amr", []))
    common(ContentTypeValue, b"\x03\x83\x81\xea", ContentType("text/plain", [("charset", 106)]))
    long = ContentType("text/plain", [("charset", 1000), ("name", "ä.txt")])
    common(ContentTypeValue, b"\x0e\x83\x81\x02\x03\xe8\x85\x7f\xc3\xa4.txt\0", long)


def test_content_types_are_read_in_any_form():
    for data, media, params in (
        (b"\x01\x83", "text/plain", []),
        (b"\0", UNKNOWN, []),
        (b"\x0btext/plain\0", "text/plain", []),
        (b"\x09\x83\x81utf-8\0\0", "text/plain", [("charset", 106)]),
        (b"\x0c\x83charset\0\xea..", "text/plain", [("charset", 106)]),
        (b'\x09\x83\x97"a.txt\0', "text/plain", [("name", "a.txt")]),
        (b'\x0d\x83Name\0"a.txt"', "text/plain", []),
        (b"\x03\xb3\x89\x9e", "application/vnd.wap.multipart.related", [("type", "image/jpeg")]),
        (b"\x05\x83\xfd\x82\x81\xea", "text/plain", [(0x7D, 2), ("charset", 106)]),
    ):
        found = ContentTypeValue.parse(data)
        assert found.media == media
        assert found.params[: len(params)] == params


def test_rare_media_have_a_name_and_unassigned_codes_have_none():
    names = {
        0x01: "text/*", 0x04: "text/x-hdml", 0x05: "text/x-ttml", 0x08: "text/vnd.wap.wml",
        0x09: "text/vnd.wap.wmlscript", 0x0D: "multipart/form-data", 0x10: "application/*",
        0x12: "application/x-www-form-urlencoded", 0x13: "application/x-hdmlc", 0x14: "application/vnd.wap.wmlc",
        0x15: "application/vnd.wap.wmlscriptc", 0x1C: "image/*", 0x22: "application/vnd.wap.multipart.*",
        0x3A: "application/vnd.wap.cert-response", 0x42: "application/vnd.syncml.dm+wbxml",
        0x44: "application/vnd.syncml.notification", 0x47: "application/vnd.oma.dd+xml",
        0x49: "application/vnd.oma.drm.content", 0x4A: "application/vnd.oma.drm.rights+xml",
        0x4B: "application/vnd.oma.drm.rights+wbxml", 0x52: "application/mikey",
    }  # fmt: skip
    for number in range(0x80):
        found = Media.parse(bytes([0x80 | number]))
        assert found == names.get(number, found) and (found == UNKNOWN) == (number in (0x0A, 0x16) or number > 0x52)
    assert Media.parse(b"\x02\x02\x01") == UNKNOWN


def test_parameters_with_a_type_are_numbers_dates_and_qualities():
    date = 1700000000
    for octets, name, value in (
        (b"\x80\x33", "q", "0.5"),
        (b"\x80\x01", "q", "0"),
        (b"\x80\x64", "q", "0.99"),
        (b"\x80\x83\x31", "q", "0.333"),
        (b"\x82\x92", "level", 0x12),
        (b"\x88\x85", "padding", 5),
        (b"\x8e\x02\x0e\x10", "max-age", 3600),
        (b"\x93\x04\x65\x53\xf1\x00", "creation-date", date),
        (b"\x94\x04\x65\x53\xf1\x00", "modification-date", date),
        (b"\x95\x04\x65\x53\xf1\x00", "read-date", date),
        (b"\x96\x03\x01\x00\x00", "size", 65536),
        (b"\x81\x02\x03\xe8", "charset", 1000),
    ):
        params = [(name, value), ("charset", 106)]
        common(
            ContentTypeValue,
            bytes([3 + len(octets)]) + b"\x83" + octets + b"\x81\xea",
            ContentType("text/plain", params),
        )
    for octets, found in (
        (b"\x83\x02\x01\x00", (3, 256)),
        (b'\x8c"said\0', ("comment", "said")),
        (b'\x9a"<s>\0', ("start-info", "<s>")),
        (b'\x89"image/gif"\0', ("type", "image/gif")),
        (b"\x89\x01\x1d", ("type", "image/gif")),
        (b'type\0"image/gif"\0', ("type", "image/gif")),
        (b"q\x000.5\0", ("q", "0.5")),
    ):
        assert ContentTypeValue.parse(bytes([1 + len(octets)]) + b"\x83" + octets).params == [found]
    for octets in (b"\x80\x00", b"\x80\x88\x4c"):  # no quality: what comes after it cannot be read
        assert ContentTypeValue.parse(bytes([3 + len(octets)]) + b"\x83" + octets + b"\x81\xea").params == []
    for wrong in ("1", "0.1234", "-0.5", "x", "0.x", ""):
        raises(ConstructError, ContentTypeValue.build, ContentType("text/plain", [("q", wrong)]))


def test_parameters_have_a_bound():
    for count in (limits.PARAMETERS - 1, limits.PARAMETERS, limits.PARAMETERS + 1):
        params = b"\x81\xea" * count
        found = ContentTypeValue.parse(b"\x1f" + bytes([1 + len(params)]) + b"\x83" + params)
        assert len(found.params) == min(count, limits.PARAMETERS)
