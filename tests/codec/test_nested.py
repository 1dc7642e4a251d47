"""Multiparts in multiparts are one stream, level by level."""

from mms import limits
from mms.codec import multipart, nested
from mms.errors import PduError
from tests.kit.checks import raises


def wrapped(media, body, more=b""):
    """A body of one part that holds `body`."""
    return b"\x01" + multipart.entry(media, len(body)) + body + more


def leaf(text):
    return multipart.entry("text/plain", len(text)) + text


def told(body, size=7):
    """What the parser tells, data of a part joined: (event, level, media or data)."""
    parser = nested.Parser()
    found = []
    levels = []
    for at in range(0, len(body), size):
        for what, value in parser.feed(body[at : at + size]):
            if what == multipart.PART:
                levels.append(value.level)
                found.append((what, value.level, value.media, value.offset, value.octets))
            elif what == multipart.DATA:
                if found[-1][0] == multipart.DATA:
                    value = found.pop()[2] + bytes(value)
                found.append((what, levels[-1], bytes(value)))
            else:
                found.append((what, value.level, value.media))
    parser.close()
    return found, parser.warnings


def test_parts_of_parts_come_between_their_part_and_its_end():
    inner = b"\x02" + leaf(b"one") + leaf(b"two")
    body = b"\x02" + leaf(b"zero") + multipart.entry("multipart/alternative", len(inner)) + inner
    for size in (1, 7, 1000):
        found, warnings = told(body, size)
        assert warnings == []
        assert [row[:3] for row in found] == [
            (multipart.PART, 0, "text/plain"),
            (multipart.DATA, 0, b"zero"),
            (multipart.END, 0, "text/plain"),
            (multipart.PART, 0, "multipart/alternative"),
            (multipart.PART, 1, "text/plain"),
            (multipart.DATA, 1, b"one"),
            (multipart.END, 1, "text/plain"),
            (multipart.PART, 1, "text/plain"),
            (multipart.DATA, 1, b"two"),
            (multipart.END, 1, "text/plain"),
            (multipart.END, 0, "multipart/alternative"),
        ]
        for row in found:
            if row[0] == multipart.PART and row[1] == 1:
                assert body[row[3] : row[3] + row[4]] in (b"one", b"two")


def test_nesting_has_a_bound():
    for depth in (limits.NESTING - 1, limits.NESTING, limits.NESTING + 1, 64):
        body = b"\x01" + leaf(b"x")
        for _ in range(depth - 1):
            body = wrapped("multipart/mixed", body)
        found, warnings = told(body)
        assert len([row for row in found if row[0] == multipart.PART]) == min(depth, limits.NESTING)
        too_deep = depth > limits.NESTING
        assert [what for _, what in warnings] == ["parts over %d deep" % limits.NESTING] * too_deep
        inner = [row[2] for row in found if row[0] == multipart.DATA]
        assert (inner[-1] == b"x") != too_deep and len(inner) == 1  # what is not read as parts comes as it is


def test_a_malformed_field_inside_a_part_is_a_warning():
    early = b"\x02" + leaf(b"one")
    for inner in (b"", b"\x01", b"\x81\x80", b"\x01\x05\xff\xff\xff\xff\x7f", b"\x7f", early, b"\xff" * 9):
        body = b"\x02" + multipart.entry("multipart/mixed", len(inner)) + inner + leaf(b"two")
        found, warnings = told(body)
        assert (multipart.DATA, 0, b"two") in found
        assert warnings and all(0 < offset <= len(body) for offset, what in warnings)


def test_a_part_is_opened_only_where_all_that_is_in_it_was_told():
    whole, malformed = b"\x01" + leaf(b"one"), b"\x01" + b"\xff" * 9
    for inner, opened in ((whole, True), (malformed, False), (whole[:-1], False)):
        parser = nested.Parser()
        body = wrapped("multipart/mixed", inner)
        parts = [value for what, value in parser.feed(body) if what == multipart.PART]
        parser.close()
        assert parts[0].opened is opened


def test_parts_have_a_bound_over_all_levels():
    inner = bytes([limits.PARTS]) + leaf(b"x") * limits.PARTS
    found, warnings = told(inner)
    assert len([row for row in found if row[0] == multipart.PART]) == limits.PARTS
    raises(PduError, told, wrapped("multipart/mixed", inner))


def test_a_body_that_ends_early_is_an_error():
    body = wrapped("multipart/mixed", b"\x01" + leaf(b"one"))
    for end in range(len(body)):
        raises(PduError, told, body[:end])
