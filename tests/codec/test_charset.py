"""Text arrives readable whatever the charset says, and the same everywhere."""

from mms.codec import charset, charsets

BAD = "\ufffd"


def test_each_charset_gives_the_text():
    for number, octets, text in (
        (charset.US_ASCII, b"plain", "plain"),
        (charset.ISO_8859_1, b"Gr\xfc\xdfe", "Grüße"),
        (charset.UTF_8, "Grüße ☺ 😀".encode(), "Grüße ☺ 😀"),
        (charset.UCS_2, b"\x00G\x26\x3a", "G☺"),
        (charset.UTF_16BE, b"\xd8\x3d\xde\x00", "😀"),
        (charset.UTF_16LE, b"\x3d\xd8\x00\xde", "😀"),
        (charset.UTF_16, b"\xff\xfeG\x00", "G"),
        (charset.UTF_16, b"\xfe\xff\x00G", "G"),
        (charset.UTF_16, b"\x00G", "G"),
    ):
        assert charset.decode(octets, number) == text


def test_without_a_charset_utf_8_is_tried_and_then_latin_1():
    for number in (None, charset.ANY):
        assert charset.decode("Grüße".encode(), number) == "Grüße"
        assert charset.decode(b"Gr\xfc\xdfe", number) == "Grüße"


def test_a_byte_order_mark_is_no_text():
    assert charset.decode(b"\xef\xbb\xbfHello", charset.UTF_8) == "Hello"
    assert charset.decode(b"\xef\xbb\xbfHello", None) == "Hello"


def test_octets_that_cannot_be_decoded_are_replaced_and_no_others():
    assert charset.decode(b"a\xffb", charset.UTF_8) == "a" + BAD + "b"
    assert charset.decode(b"a\xc3", charset.UTF_8) == "a" + BAD
    assert charset.decode(b"\xc0\xaf", charset.UTF_8) == BAD * 2
    assert charset.decode(b"\xe2\x98\xba\xe2\x98", charset.UTF_8) == "☺" + BAD * 2
    assert charset.decode(b"a\x93b", 9999) == "a" + BAD + "b"
    assert charset.decode(b"\xd8\x3d\x00a", charset.UTF_16BE) == BAD + "a"
    assert charset.decode(b"\xde\x00\xd8\x3d", charset.UTF_16BE) == BAD * 2
    assert charset.decode(b"\xd8\x3d\xd8\x3d\xde\x00", charset.UTF_16BE) == BAD + "😀"


def test_a_text_in_a_value_ends_at_its_nul_and_loses_its_quote():
    assert charset.decode_value(b"\x7f\xc3\xbc\0\0", charset.UTF_8) == "ü"
    assert charset.decode_value(b"", charset.UTF_8) == ""
    assert charset.decode_value(b"\0G\0i\0\0\0", charset.UCS_2) == "Gi"
    assert charset.decode_value(b"\x7f\x16\0\0", charset.UCS_2) == "编"  # 7F16 is no quote


def test_names_of_charsets_are_known_in_any_case():
    assert charset.number("UTF-8") == charset.UTF_8
    assert charset.number("x-unknown") is None


def test_utf_16_is_written_with_surrogates():
    assert charset.encode_utf_16be("G☺😀") == b"\x00G\x26\x3a\xd8\x3d\xde\x00"


def test_each_charset_of_a_board_is_read():
    for number, octets, text in (
        (charset.US_ASCII, b"plain", "plain"),
        (charset.ISO_8859_1, b"Gr\xfc\xdfe", "Grüße"),
        (charset.UTF_8, "Grüße ☺ 😀".encode(), "Grüße ☺ 😀"),
        (charset.UCS_2, b"\0G\x26\x3a", "G☺"),
        (charset.UTF_16BE, b"\0a\xd8\x3d\xde\0", "a😀"),
        (charset.UTF_16LE, b"a\0\x3d\xd8\0\xde", "a😀"),
        (charset.UTF_16, b"\xff\xfea\0\x3d\xd8\0\xde", "a😀"),
    ):
        assert charset.decode(octets, number) == text


def test_a_pc_has_all_that_python_has_and_a_board_replaces():
    told = charset.PYTHON
    try:
        if told:
            assert charset.decode(b"\x93\xfa\x96{", 17) == "日本"  # Shift_JIS
            assert charset.decode(b"\xf0\xd2\xc9", 2084) == "При"  # KOI8-R
            assert charset.number("windows_1251") == 2251
            for number, name, octets, text in (
                (36, "KS_C_5601-1987", b"\xc7\xd1\xb1\xdb", "\ud55c\uae00"),
                (37, "ISO-2022-KR", b"\x1b$)C\x0eGQ1[\x0f!", "\ud55c\uae00!"),
                (81, "ISO-8859-6-E", b"\xc7\xe4", "\u0627\u0644"),
                (82, "ISO-8859-6-I", b"\xc7\xe4", "\u0627\u0644"),
                (84, "ISO-8859-8-E", b"\xf9\xec", "\u05e9\u05dc"),
                (85, "ISO_8859-8-I", b"\xf9\xec", "\u05e9\u05dc"),
                (2024, "Windows-31J", b"\x87\x40", "\u2460"),
                (2027, "macintosh", b"Gr\x9f\xa7e", "Gr\u00fc\u00dfe"),
            ):
                assert charset.number(name) == number and charset.decode(octets, number) == text
            assert charset.number("iso-8859-6") == 9
            assert charset.decode(b"+2D0-", 1012) == BAD
            for number in charsets.NAMES:
                assert charset.decode(b"abc", number) == "abc"
        charset.PYTHON = False
        for number in (36, 37, 81, 82, 84, 85, 2024, 2027, 2084):
            assert charset.decode(b"a\x93b", number) == "a" + BAD + "b"
        assert charset.number("koi8-r") is None
    finally:
        charset.PYTHON = told
