"""The parts of a message in and out of its octets: real messages, any content, damaged octets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mms.codec import mm1
from mms.errors import PduError
from tests.vectors import make
from tools.lab.network.mmsc.contents import MIXED, RELATED, Content, Part, pack, presentation, unpack

LAYOUT = Part("application/smil", b"<smil/>", "layout", "layout.smil")
PICTURE = Part("image/jpeg", bytes(range(256)), "p", "p.jpg", "p.jpg")
TEXT = Part("text/plain", "Gr\u00fc\u00dfe".encode(), "t", "t.txt", "t.txt", "utf-8")
WHOLE = Content(RELATED, (LAYOUT, PICTURE, TEXT), "layout")
LABEL = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x24F, exclude_characters='"<>\x7f'), max_size=30)
PART = st.builds(
    Part,
    st.sampled_from(("image/jpeg", "text/plain", "audio/amr", "application/x-ours")),
    st.binary(max_size=300),
    LABEL,
    LABEL,
    LABEL,
    st.sampled_from(("", "utf-8", "us-ascii", "iso-8859-15", "gb18030")),
)


def messages():
    """The octets of each vector that is a whole message, from its Content-Type on, by name."""
    for path in sorted(make.FOLDER.glob("*.hex")):
        octets = make.read(path)
        try:
            pdu = mm1.parse(octets)
        except PduError:
            continue
        if pdu.body is not None:
            at = [offset for number, _, offset in pdu.fields if number == mm1.CONTENT_TYPE][0]
            yield path.stem, octets[at:]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from((RELATED, MIXED)), st.lists(PART, max_size=6), LABEL)
def test_what_is_packed_is_unpacked_again(media, parts, start):
    content = Content(media, tuple(parts), start)
    assert unpack(pack(content)) == content


def test_a_message_of_one_part_keeps_its_own_type():
    content = Content("text/plain", (Part("text/plain", b"hello", name="t.txt", charset="us-ascii"),))
    assert unpack(pack(content)) == content


def test_the_content_type_of_a_related_message_tells_type_and_start_of_its_layout():
    pdu = mm1.parse(
        mm1.build(mm1.SEND_REQ, [(mm1.TRANSACTION_ID, "t"), (mm1.VERSION, 0x12), (mm1.FROM, None)]) + pack(WHOLE)
    )
    assert not pdu.warnings
    assert pdu.get(mm1.CONTENT_TYPE) == (RELATED, [("type", "application/smil"), ("start", "<layout>")])


def test_every_message_of_the_vectors_is_unpacked_and_packed_without_a_loss():
    found = dict(messages())
    assert len(found) > 20
    for name, octets in found.items():
        if name.startswith("malformed"):
            with pytest.raises(PduError):
                unpack(octets)
            continue
        content = unpack(octets)
        assert unpack(pack(content)) == content, name
    texts = [part.octets for part in unpack(found["deviation-14-transfer-encodings"]).parts]
    assert texts and all(b"=" not in text for text in texts)
    assert [part.octets for part in unpack(found["deviation-15-nested"]).parts] == [b"Hi", b"Ho", b"\xff\xd8\xff\xd9"]


@pytest.mark.parametrize("start", ("layout", "<layout>", "layout.xml", "2", "", "p"))
def test_the_layout_is_found_by_start_and_else_by_type(start):
    other = Part("application/smil", b"<smil></smil>", "other", "2.smil")
    shown = presentation(Content(MIXED, (PICTURE, other, LAYOUT), start))
    assert shown == (LAYOUT if "layout" in start else other)
    assert presentation(Content(MIXED, (PICTURE, TEXT), start)) is None


def test_octets_that_end_anywhere_are_an_error_of_the_codec():
    octets = pack(WHOLE)
    for end in range(len(octets)):
        with pytest.raises(PduError):
            unpack(octets[:end])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_octets_give_parts_or_an_error_of_the_codec(data):
    octets = bytearray(pack(WHOLE))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    try:
        content = unpack(bytes(octets))
    except PduError:
        return
    assert sum(len(part.octets) for part in content.parts) <= len(octets)


def test_what_no_handset_takes_is_refused():
    for content in (
        Content(MIXED, (TEXT,) * 26),
        Content(MIXED, (Part("text/plain", b"", "x" * 600),)),
        Content(MIXED, (Part("text/plain", b"", name="\x01"),)),
        Content(RELATED, (TEXT,), "\x00"),
    ):
        with pytest.raises(PduError):
            pack(content)
