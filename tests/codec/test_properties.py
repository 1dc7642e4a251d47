"""What is encoded is decoded again, and the other way round, whatever it is (Hypothesis; CPython only)."""

import base64
import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from mms.codec import mm1, multipart, push, segments, tpdu, transfer
from tests.kit.codec import every
from tools.pdu import standard

CASES = settings(max_examples=200, deadline=None)

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd\u2028\u2029"), max_size=40
).filter(lambda text: text[:1] != "\ufeff")
NAME = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
OCTETS = st.binary(max_size=200)
TOKEN = st.integers(0x80, 0xFF)
INTEGER = st.integers(0, (1 << 64) - 1)
PARAMETERS = st.lists(
    st.one_of(
        st.tuples(st.just("charset"), st.integers(1, 3000)),
        st.tuples(st.sampled_from(("name", "filename", "start")), NAME.map(lambda name: "<%s>" % name)),
        st.tuples(st.just("type"), st.sampled_from(("application/smil", "image/jpeg"))),
    ),
    max_size=4,
)
MEDIA = st.sampled_from(("image/jpeg", "text/plain", "application/vnd.wap.multipart.related", "audio/amr"))
CONTENT = st.builds(mm1.ContentType, MEDIA, PARAMETERS)
VALUES = {
    "Any-value": st.one_of(st.integers(0, 0x7F), TEXT, st.binary(min_size=1, max_size=60)),
    "Boolean": st.booleans(),
    "Content-type-value": CONTENT,
    "Counted-date": st.tuples(INTEGER, INTEGER),
    "Counted-string": st.tuples(INTEGER, TEXT),
    "Counted-uri": st.tuples(INTEGER, TEXT),
    "Element-descriptor-value": st.tuples(TEXT, PARAMETERS),
    "Encoded-string-value": TEXT,
    "From-value": st.one_of(st.none(), TEXT),
    "Integer-value": INTEGER,
    "Long-integer": INTEGER,
    "Message-class-value": st.one_of(st.integers(0x80, 0xFF), TEXT),
    "Text-string": TEXT,
    "Time-value": st.tuples(st.sampled_from(("absolute", "relative")), INTEGER),
    "Token": TOKEN,
    "Token-integer": st.tuples(TOKEN, INTEGER),
    "Token-string": st.tuples(TOKEN, TEXT),
    "Version-value": st.integers(0, 0x7F),
}
TYPES = {field.number: field.value for field in standard.FIELDS}
COUNTED = {
    field.number: standard.COUNTED_FIELDS[field.name]
    for field in standard.FIELDS
    if field.name in standard.COUNTED_FIELDS
}


def field(type, number):
    """What a header field of a PDU can be."""
    value = TYPES.get(number, "Any-value")
    if type in (mm1.DELETE_CONF, mm1.MBOX_DELETE_CONF):
        value = COUNTED.get(number, value)
    return st.tuples(st.just(number), VALUES[value])


@st.composite
def pdu(draw):
    """(type, fields) of a PDU: those of `every`, each with another value, and others; Content-Type last."""
    type, base = draw(st.sampled_from(every.FIELDS))
    numbers = [number for number, value in base]
    last = [draw(field(type, mm1.CONTENT_TYPE))] if numbers[-1] == mm1.CONTENT_TYPE else []
    numbers = numbers[: len(numbers) - len(last)]
    numbers += draw(st.lists(st.sampled_from(OTHERS), max_size=8))
    return type, [draw(field(type, number)) for number in numbers] + last


OTHERS = [number for number in range(0x01, 0x60) if number not in (mm1.CONTENT_TYPE, mm1.MESSAGE_TYPE)]


@CASES
@given(pdu())
def test_a_pdu_is_decoded_as_it_was_encoded_and_encoded_as_it_was_decoded(pdu):
    type, given = pdu
    octets = mm1.build(type, given)
    parsed = mm1.parse(octets)
    assert parsed.type == type and parsed.warnings == []
    assert [(number, value) for number, value, _ in parsed.fields[1:]] == given
    assert (parsed.body == len(octets)) if given[-1][0] == mm1.CONTENT_TYPE else parsed.body is None
    assert mm1.build(type, [field[:2] for field in parsed.fields[1:]]) == octets


PART = st.tuples(MEDIA, OCTETS, st.integers(1, 3000), NAME, NAME, NAME)


@CASES
@given(st.lists(PART, max_size=8), st.integers(1, 300))
def test_a_body_is_decoded_as_it_was_encoded(parts, size):
    body = multipart.count(len(parts))
    for media, data, charset, name, id, location in parts:
        body += multipart.entry(media, len(data), [("charset", charset), ("name", name)], id, location) + data
    parser = multipart.Parser()
    found = []
    for at in range(0, len(body), size):
        for what, value in parser.feed(body[at : at + size]):
            if what == multipart.PART:
                found.append((value, bytearray()))
            elif what == multipart.DATA:
                found[-1][1].extend(value)
    parser.close()
    for (media, data, charset, name, id, location), (part, came) in zip(parts, found, strict=True):
        assert (part.media, part.charset, part.octets, bytes(came)) == (media, charset, len(data), data)
        assert body[part.offset : part.offset + part.octets] == data
        assert part.name == name.strip('"')
        assert part.content_id == id.strip("<>") or '"' in id
        assert part.location == location.strip("<>")


@CASES
@given(st.integers(0, 255), MEDIA, OCTETS, st.one_of(st.none(), st.integers(0, 0xFFFFFF), NAME), PARAMETERS)
def test_a_push_is_decoded_as_it_was_encoded(tid, media, body, application, params):
    octets = push.build(tid, media, body, application, params)
    told = push.parse(octets)
    assert (told.tid, told.media, told.application, list(told.params)) == (tid, media, application, params)
    assert octets[told.body :] == body


@CASES
@given(st.one_of(st.text(st.characters(exclude_categories=("Cs",)), max_size=300), OCTETS), st.integers(0, 255))
def test_a_message_in_segments_is_whole_again(data, reference):
    for parts in (
        [tpdu.parse(octets) for octets in segments.deliver("+447700900002", data, None, reference)],
        [segments.parse_submit(octets) for octets in segments.submit("12345", data, None, reference)],
    ):
        if isinstance(data, str):
            assert "".join(segment.text for segment in parts) == data
        else:
            assert b"".join(segment.data for segment in parts) == data


@CASES
@given(OCTETS, st.integers(1, 50))
def test_encoded_parts_are_what_pythons_own_codecs_say(data, size):
    for encoding, encoded in (
        ("base64", base64.encodebytes(data)),
        ("quoted-printable", quopri.encodestring(data, quotetabs=True)),
    ):
        decoder = transfer.Decoder(encoding)
        found = b"".join(decoder.feed(encoded[at : at + size]) for at in range(0, len(encoded), size))
        assert found + decoder.close() == data
