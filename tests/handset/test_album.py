"""A message that came is read and exported as it is meant to be seen, and nothing that is in it is lost."""

import asyncio
import binascii
import hashlib

from mms import limits
from mms.codec import mm1, multipart
from mms.handset.carrying import probing
from mms.handset.console.render import reply
from mms.handset.receiving import album
from mms.handset.store.files import make_folder, new_id
from tests.kit.handset.inbox import fresh, notification, receive, take

RELATED = mm1.ContentType(
    "application/vnd.wap.multipart.related", [("start", "<layout>"), ("type", "application/smil")]
)
MIXED = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
SMIL = b"""<smil><body><par><text src="b.txt"/><img src="cid:p1"/></par><par><text src="a.txt"/></par>
<par><img src="cid:p1"/><text src="gone.txt"/></par></body></smil>"""


def entry(media, data, name=None, id=None, params=()):
    return multipart.entry(media, len(data), params, id, name) + data


PARTS = [
    entry("text/x-vcard", b"BEGIN:VCARD", "v"),
    entry("text/plain", b"one", "a.txt"),
    entry("application/smil", SMIL, "l", "layout"),
    entry("image/vnd.wap.wbmp", b"\0\0\1\1\0", None, "p1"),
    entry("text/plain", b"two", "b.txt"),
]


def body(parts):
    return multipart.count(len(parts)) + b"".join(parts)


class Reader:
    """A message of these parts in an inbox, read and exported."""

    def __init__(self, parts, content=RELATED):
        head = [(mm1.VERSION, 0x12), (mm1.DATE, 1700000001), (mm1.CONTENT_TYPE, content)]
        box, _, self.store = fresh()
        receive(box, notification())
        (item,) = box.items()
        take(box, item, mm1.build(mm1.RETRIEVE_CONF, head) + body(parts))
        self.told = asyncio.run(album.read(box.store, item))
        folder = "build/tests/album-%s" % new_id()
        make_folder(folder)
        self.files = asyncio.run(album.export(box.store, item.id, folder))
        self.digests = asyncio.run(probing._digest(box.store, item.id))
        self.names = [part["name"] for part in self.told["parts"]]
        self.slides = [part["slide"] for part in self.told["parts"]]
        assert [file["name"] for file in self.files] == self.names
        assert [file["path"].rsplit("-", 1)[1].split(".")[0] for file in self.files] == [
            str(number) for number in range(len(self.files))
        ]

        assert self.digests == [
            {"type": file["type"], "octets": file["octets"], "sha256": self.sha256(number)}
            for number, file in enumerate(self.files)
        ]

    def sha256(self, number):
        return binascii.hexlify(hashlib.sha256(self.octets(number)).digest()).decode()

    def octets(self, number):
        with open(self.files[number]["path"], "rb") as file:
            return file.read()


def test_texts_and_parts_come_slide_by_slide_and_what_no_slide_names_comes_last():
    message = Reader(PARTS)
    assert message.told["text"] == "two\none"
    assert message.names == ["b.txt", "", "a.txt", "v", "l"] and message.slides == [1, 1, 2, None, None]
    assert [file["path"].rsplit(".", 1)[1] for file in message.files] == ["txt", "wbmp", "txt", "vcf", "smil"]
    assert message.octets(0) == b"two" and message.octets(4) == SMIL


def test_the_layout_is_the_one_that_the_message_starts_with():
    turned = SMIL.replace(b"b.txt", b"@").replace(b"a.txt", b"b.txt").replace(b"@", b"a.txt")
    other = entry("application/smil", turned, "m", "other")
    assert Reader([other] + PARTS).told["text"] == "two\none"
    assert Reader([other] + PARTS, MIXED).told["text"] == "one\ntwo"  # the first one, where nothing says


def test_without_a_layout_that_can_be_read_parts_come_in_their_order():
    for broken in (b"", b"<smil>", b"<" * 100, b"\xff\xfe\0", SMIL + b" " * limits.SMIL, b"<par>" * (limits.TAGS + 1)):
        parts = list(PARTS)
        parts[2] = entry("application/smil", broken, "l", "layout")
        message = Reader(parts)
        assert message.told["text"] == "one\ntwo" and message.names == ["v", "a.txt", "", "b.txt", "l"], broken
    message = Reader(PARTS[:2] + PARTS[3:], MIXED)
    assert message.names == ["v", "a.txt", "", "b.txt"] and message.slides == [None] * 4


def test_a_start_that_is_no_text_starts_nothing():
    odd = mm1.ContentType(MIXED.media, [("start", 5)])
    assert Reader(PARTS, odd).told["text"] == "two\none"


def nested(depth, inner):
    """`inner`, a body, inside so many multiparts, each with a text before it; the outermost is the message's own."""
    for level in range(depth - 1, 0, -1):
        inner = body([entry("text/plain", b"level %d" % (level - 1)), entry("multipart/mixed", inner)])
    return inner


def parts_of(octets):
    """The entries of a body of two."""
    first = entry("text/plain", b"level 0")
    return [first, octets[1 + len(first) :]]


def test_what_lies_deeper_than_the_bound_is_kept_as_it_came_and_said():
    deepest = body([entry("text/plain", b"deep"), entry("image/gif", b"GIF")])
    for depth in (limits.NESTING - 1, limits.NESTING, limits.NESTING + 1, 30):
        message = Reader(parts_of(nested(depth, deepest)), MIXED)
        texts = ["level %d" % level for level in range(min(depth - 1, limits.NESTING))]
        if depth <= limits.NESTING:
            assert message.told["text"].split("\n") == texts + ["deep"] and "note" not in message.told
            assert message.octets(depth) == b"GIF"
        else:
            assert message.told["text"].split("\n") == texts and "1 of the parts" in message.told["note"]
            assert message.told["parts"][-1]["type"] == "multipart/mixed"
            assert message.octets(limits.NESTING).endswith(deepest)  # nothing is lost
            assert "Note: " in "".join([str(row) for row in reply("read", message.told, {}, None)])


def test_what_is_damaged_inside_a_part_is_kept_as_it_came_and_said():
    inner = body([entry("text/plain", b"whole"), entry("text/plain", b"cut off")])[:-3]
    for media in ("multipart/mixed", "application/x-multipart-of-mine"):
        message = Reader([entry("text/plain", b"first"), entry(media, inner)], MIXED)
        assert message.told["text"].startswith("first") and "1 of the parts" in message.told["note"]
        assert inner in [message.octets(number) for number in range(len(message.files))]
