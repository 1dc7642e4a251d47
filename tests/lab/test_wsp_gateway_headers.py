"""Headers of WSP as the lab's gateway reads and writes them (WAP-230-WSP, 8.4)."""

import pytest

from tools.lab.network.gateway.wap import headers


@pytest.mark.parametrize(
    ("octets", "fields"),
    [
        ("8080", [("Accept", "*/*")]),
        ("80 be", [("Accept", "application/vnd.wap.mms-message")]),
        ("80 696d6167652f7800", [("Accept", "image/x")]),
        ("80 04 9e 80 c7 3f", [("Accept", "image/jpeg")]),  # q in two octets
        ("91 03 83 81 ea", [("Content-Type", "text/plain; charset=utf-8")]),
        ("91 0a 83 85 612e74787400 8183", [("Content-Type", "text/plain; name=a.txt; charset=us-ascii")]),
        ("83 99", [("Accept-Language", "en")]),
        ("83 02 99 81", [("Accept-Language", "en")]),
        ("bb 80", [("Accept-Charset", "*")]),
        ("bb ea", [("Accept-Charset", "utf-8")]),
        ("bc 80", [("Accept-Encoding", "gzip")]),
        ("8d 85", [("Content-Length", "5")]),
        ("8d 02 0bb8", [("Content-Length", "3000")]),
        ("92 04 5e0be100", [("Date", "Wed, 01 Jan 2020 00:00:00 GMT")]),
        ("92 04 65e03f7f", [("Date", "Thu, 29 Feb 2024 08:25:35 GMT")]),
        ("a9 7f e46200", [("User-Agent", "\xe4b")]),
        ("b5 687474703a2f2f7000", [("Profile", "http://p")]),
        ("582d4100 6200", [("X-A", "b")]),
        ("80 ff a9 6100", [("User-Agent", "a")]),  # a media type without a name here
        ("7f 20 81 82 01 a9 6100", [("User-Agent", "a")]),  # another code page, and back
        ("a9 610d0a583a206200", []),  # a line of HTTP is never broken
        ("582d3a00 6200", []),
        ("ff 80", []),
    ],
)
def test_headers_are_read(octets, fields):
    assert headers.decode(bytes.fromhex(octets)) == fields


@pytest.mark.parametrize("octets", ["80", "a9 6162", "8d 05 01", "8d 1f ff", "58 2d", "91 03 83 81", "91 01 1f"])
def test_headers_that_are_cut_are_refused(octets):
    with pytest.raises(headers.HeaderError):
        headers.decode(bytes.fromhex(octets))


@pytest.mark.parametrize(("value", "octets"), [(0, "00"), (127, "7f"), (128, "8100"), (2**32 - 1, "8fffffff7f")])
def test_a_uintvar_has_seven_bits_an_octet(value, octets):
    assert headers.encode_uintvar(value).hex() == octets
    assert headers.uintvar(bytes.fromhex(octets), 0) == (value, len(octets) // 2)


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("application/vnd.wap.mms-message", "be"),
        ("Text/HTML", "82"),
        ("image/x", "696d6167652f7800"),
        ("text/plain; charset=UTF-8", "03 83 81ea"),
        ('text/plain; charset="x"', "83"),
        ("text/plain; a=b", "05 83 6100 6200"),
    ],
)
def test_a_content_type_is_written_as_its_number_where_it_has_one(text, octets):
    assert headers.content_type(text) == bytes.fromhex(octets)


def test_a_long_content_type_has_a_long_length():
    octets = headers.content_type("text/plain; name=%s" % ("n" * 200))
    assert octets[:3] == b"\x1f\x81\x4f" and len(octets) == 3 + 207


def test_known_headers_of_an_answer_are_numbers_and_others_their_names():
    fields = [("content-length", "5"), ("server", "s"), ("Location", "http://l"), ("X-B", "c"), ("Content-Type", "x/y")]
    assert headers.encode(fields) == b"\xa6s\0\x9chttp://l\0X-B\0c\0"
