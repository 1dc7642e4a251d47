"""Bodies as streams: the same parts however the octets arrive, and nothing of them kept."""

from mms import limits
from mms.codec import charset, multipart
from mms.errors import PduError
from tests.kit.checks import raises
from tests.kit.codec import golden


def read(body, size=7):
    """[(Part, its data)] of a body that arrives so many octets at a time."""
    parser = multipart.Parser()
    parts = []
    for at in range(0, len(body), size):
        for what, value in parser.feed(body[at : at + size]):
            if what == multipart.PART:
                parts.append((value, bytearray()))
            elif what == multipart.DATA:
                parts[-1][1].extend(value)
            else:
                assert value is parts[-1][0]
                assert len(parts[-1][1]) == value.octets
    parser.close()
    return parts


def one(headers, data=b"data"):
    """The Part of a body with one entry of these headers."""
    body = b"\x01" + bytes([len(headers), len(data)]) + headers + data
    ((part, found),) = read(body)
    assert found == data
    return part


def test_parts_are_the_same_however_the_octets_arrive():
    for size in (1, 2, 7, 8, 64, 4096):
        (layout, smil), (text, words) = read(golden.BODY, size)
        assert smil == golden.SMIL
        assert words == "Grüße".encode()
        assert (layout.media, layout.content_id, layout.location) == (
            "application/smil",
            "s",
            "s.smil",
        )
        assert (text.media, text.charset, text.name) == ("text/plain", charset.UTF_8, "t.txt")
        for part, data in ((layout, smil), (text, words)):
            assert golden.BODY[part.offset : part.offset + part.octets] == data


def test_what_is_written_is_read():
    data = bytes(300)
    entry = multipart.entry("image/jpeg", len(data), [("name", "ä.jpg")], "p@1", "p.jpg")
    for parts in (0, 1, 3):
        found = read(multipart.count(parts) + (entry + data) * parts, 100)
        assert len(found) == parts
        for part, octets in found:
            assert octets == data
            assert (part.media, part.name, part.content_id) == ("image/jpeg", "ä.jpg", "p@1")
            assert (part.location, part.charset) == ("p.jpg", None)


def test_entries_are_written_as_the_standard_has_it():
    utf_8 = [("charset", charset.UTF_8), ("name", "t.txt")]
    assert multipart.entry("text/plain", 7, utf_8, "t", "t.txt") == bytes.fromhex(
        "18070a8381ea85742e74787400c0223c743e008e742e74787400"
    )
    assert multipart.entry("audio/amr", 200) == b"\x0a\x81\x48audio/amr\0"


def test_data_are_views_of_what_was_fed():
    body = bytearray(multipart.count(1) + multipart.entry("image/jpeg", 4) + b"data")
    for what, value in multipart.Parser().feed(body):
        if what == multipart.DATA:
            body[-4:] = b"DATA"
            assert bytes(value) == b"DATA"


def test_an_empty_part_begins_and_ends():
    ((part, data),) = read(b"\x01\x01\x00\x83")
    assert (part.media, part.octets, part.offset, data) == ("text/plain", 0, 4, b"")


def test_names_come_in_every_form():
    for headers, content_id, location, name in (
        (b'\x83\xc0"<a>\0\x8eb\0', "a", "b", None),
        (b"\x83\xc0<a>\0", "a", None, None),
        (b"\x83\xc0a\0\x8e<b>\0", "a", "b", None),
        (b'\x83\xc0"a"\0', "a", None, None),
        (b"\x83Content-ID\0<a>\0Content-Location\0b\0", "a", "b", None),
        (b"\x08\x83name\0c\0\x8eb\0", None, "b", "c"),
        (b"\x04\x83\x86d\0\xae\x01\x81\x8eb\0", None, "b", "d"),
        (b"\x83\xc8base64\0\xc0a\0", "a", None, None),
        (b"\x06\x83\x85Gr\xfc\0", None, None, "Grü"),
    ):
        part = one(headers)
        assert (part.content_id, part.location, part.name) == (content_id, location, name)


def test_a_charset_comes_as_a_number_or_a_name():
    for params, number in (
        (b"\x03\x83\x81\xea", charset.UTF_8),
        (b"\x05\x83\x81\x02\x03\xe8", charset.UCS_2),
        (b"\x08\x83\x81utf-8\0", charset.UTF_8),
        (b"\x0f\x83charset\0utf-8\0", charset.UTF_8),
        (b"\x0a\x83\x81klingon\0", None),
    ):
        assert one(params).charset == number


def test_broken_headers_are_stepped_over_by_their_length():
    broken = b"\x1f\x8f\xff\xff\xff\x7f"
    part = one(broken)
    assert part.media == "application/octet-stream"
    good = multipart.entry("text/plain", 2) + b"ok"
    found = read(b"\x03" + bytes([len(broken), 1]) + broken + b"x" + b"\x00\x01y" + good)
    assert [data for part, data in found] == [b"x", b"y", b"ok"]
    assert found[2][0].media == "text/plain"


def test_a_body_that_ends_early_is_an_error():
    for end in range(len(golden.BODY)):
        raises(PduError, read, golden.BODY[:end])


def test_octets_after_the_last_part_are_a_warning():
    parser = multipart.Parser()
    assert len(list(parser.feed(golden.BODY))) == 6
    for _ in range(2):
        assert list(parser.feed(b"\0\0")) == []
    parser.close()
    assert parser.warnings == [(len(golden.BODY), "octets after the last part")]


def test_parts_have_a_bound():
    for count in (limits.PARTS - 1, limits.PARTS, limits.PARTS + 1):
        body = multipart.count(count) + b"\x01\x01\x83x" * count
        if count > limits.PARTS:
            assert raises(PduError, read, body).offset == 0
        else:
            assert len(read(body)) == count


def test_the_headers_of_a_part_have_a_bound():
    for size in (limits.PART_HEADER - 1, limits.PART_HEADER, limits.PART_HEADER + 1):
        headers = b"\x83" + b"\xd5x\0" * 340
        headers += b"\xd6" * (size - len(headers))
        body = b"\x01" + bytes([0x80 | size >> 7, size & 0x7F]) + b"\x01" + headers + b"x"
        if size > limits.PART_HEADER:
            raises(PduError, read, body)
        else:
            assert read(body)[0][0].media == "text/plain"
    name = "x" * (limits.TEXT - 1)
    raises(PduError, multipart.entry, "text/plain", 1, [("name", name)], name, "x")


def test_lengths_of_over_32_bits_are_an_error():
    for lengths in (b"\x90\x80\x80\x80\x00", b"\x80\x80\x80\x80\x80\x01", b"\xff\xff\xff\xff\xff\x7f"):
        raises(PduError, read, lengths)
        raises(PduError, read, b"\x01" + lengths)
        raises(PduError, read, b"\x01\x01" + lengths)
    raises(PduError, multipart.entry, "text/plain", 1 << 32)


def test_a_part_of_4_gb_costs_nothing_until_it_comes():
    parser = multipart.Parser()
    told = list(parser.feed(b"\x01\x01\x8f\xff\xff\xff\x7f\x83data"))
    assert told[0][1].octets == (1 << 32) - 1
    assert bytes(told[1][1]) == b"data"
    raises(PduError, parser.close)


def test_a_multipart_in_a_part_is_read_by_a_parser_of_its_own():
    body = b"\x01" + multipart.entry("multipart/alternative", len(golden.BODY)) + golden.BODY
    ((part, data),) = read(body)
    assert part.media == "multipart/alternative"
    assert [inner.media for inner, octets in read(data)] == ["application/smil", "text/plain"]


def test_no_damage_gives_anything_but_parts_or_a_pdu_error():
    body = golden.BODY[:40] + golden.BODY[304:]
    body = b"\x02\x22\x02" + body[4:38] + b"<>" + body[-33:]
    assert len(read(body)) == 2
    for at in range(len(body)):
        for special in b"\x00\x1e\x1f\x7f\x80\xfe\xff":
            try:
                read(body[:at] + bytes([special]) + body[at + 1 :], 50)
            except PduError as error:
                assert 0 <= error.offset <= len(body)


def test_a_file_name_of_a_disposition_is_a_name_where_there_is_none():
    for headers, name in (
        (b"\xae\x08\x81\x86a.jpg\0", "a.jpg"),
        (b"\xc5\x08\x82\x98a.jpg\0", "a.jpg"),
        (b'\xc5\x09\x81\x86"a.jpg\0', "a.jpg"),
        (b"\xc5\x12attachment\0\x86a.jpg\0", "a.jpg"),
        (b"\xae\x08\x80\x85a.jpg\0", "a.jpg"),
        (b"\xae\x0a\x81\x86a.jpg\0", None),  # longer than there is
        (b"\xae\x01\x81", None),
        (b"\xae\x81", None),
        (b"\xae\x03\x81\x86\0", None),
        (b"\xae\x03\x81\x96\x85", None),
        (b'Content-Disposition\0attachment; size=5; FileName="a.jpg"\0', "a.jpg"),
        (b"content-disposition\0inline\0", None),
    ):
        found = multipart._parse_headers(b"\x9e" + headers)
        assert (found.media, found.name) == ("image/jpeg", name), headers
    named = multipart._parse_headers(b"\x04\x9e\x85n\0\xae\x08\x81\x86a.jpg\0")
    assert named.name == "n"
