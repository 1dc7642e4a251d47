"""Acknowledged means whole: an answer that ends early is no message, however it ends, and the MMSC keeps it."""

import asyncio

from mms import clock
from mms.codec import mm1, multipart
from mms.errors import LinkError, PduError, Refused
from mms.handset import policy
from mms.handset.states import ACKNOWLEDGED, FAILED, NOTIFIED, RETRIEVED
from mms.link import http
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.handset.inbox import fresh, message, notification, receive, retrieve, take
from tests.kit.handset.phone import Phone
from tests.kit.stream import Peer

MINUTE = 60000
VECTORS = (
    "pdu-84-retrieve-conf",
    "deviation-10-body-is-no-multipart",
    "deviation-15-nested",
)
MIXED = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
HEAD = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.DATE, 1700000001)]


def vector(name):
    """The octets of a file in tests/vectors."""
    with open("tests/vectors/%s.hex" % name) as file:
        return bytes.fromhex("".join([line.split("#")[0].replace(" ", "").strip() for line in file]))


def built():
    """Whole messages: of three parts, an empty one among them, and of one text that is no multipart."""
    parts = [("text/plain", b"hello"), ("image/gif", b""), ("image/jpeg", b"\xff\xd8" + b"x" * 60)]
    octets = mm1.build(mm1.RETRIEVE_CONF, HEAD + [(mm1.CONTENT_TYPE, MIXED)]) + multipart.count(len(parts))
    for media, data in parts:
        octets += multipart.entry(media, len(data)) + data
    plain = mm1.ContentType("text/plain", [("charset", 106)])
    return octets, mm1.build(mm1.RETRIEVE_CONF, HEAD + [(mm1.CONTENT_TYPE, plain)]) + b"4504: message not found"


def waiting(octets):
    """An inbox with a message that was announced with so many octets, its Item, and its store."""
    box, _, store = fresh()
    receive(box, notification(octets=octets))
    return box, box.items()[0], store


async def answered(box, item, octets, told):
    """Take `octets` from a connection that then closes, with a Content-Length of just so many where they are `told`.

    False when they are not taken.
    """
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(octets) if told else b"HTTP/1.1 200 OK\r\n\r\n"
    buffer = bytearray(300)
    response = await http.exchange(Peer(head + octets), buffer, "GET", parse_url(item.status["url"]))
    try:
        await retrieve(box, item, response, buffer)
    except (LinkError, PduError):
        return False
    return True


async def cut_anywhere(whole, told, box, item, store):
    """Take every beginning of a message, and then all of it."""
    for cut in range(len(whole)):
        assert not await answered(box, item, whole[:cut], told), cut
        assert item.state == NOTIFIED and box.unanswered == [], cut
        assert [name for name in store.names() if name[8:] != ".n"] == [], cut
    assert await answered(box, item, whole, told)
    assert item.state == RETRIEVED and item.status["parts"] > 0


def test_a_message_that_is_cut_at_any_octet_is_not_taken():
    for whole in [vector(name) for name in VECTORS] + list(built()):
        for told in (False, True):
            asyncio.run(cut_anywhere(whole, told, *waiting(len(whole))))


def test_an_answer_that_is_cut_before_its_body_is_asked_for_again_and_answered_once():
    phone, whole = Phone(), message()
    phone.mmsc.then = [b"\x8c\x84", whole[:10], whole[: mm1.parse(whole).body]]

    async def story():
        phone.modem.arrives(*notification(octets=len(whole)))
        await clock.sleep(20 * MINUTE)
        return phone.handset.inbox.items()[0]

    item = phone.live(story)
    assert item.state == ACKNOWLEDGED and item.status["octets"] == len(whole)
    asked = [(method, pdu and pdu.get(mm1.STATUS)) for method, _, pdu in phone.mmsc.heard]
    assert asked == [("GET", None)] * 4 + [("POST", mm1.RETRIEVED)]
    assert [event["final"] for event in phone.told("failed")] == [False] * 3


def test_what_is_never_whole_is_never_acknowledged():
    phone, whole = Phone(), message()
    phone.mmsc.then = [whole[:-1]] * policy.ATTEMPTS

    async def story():
        phone.modem.arrives(*notification(octets=len(whole)))
        await clock.sleep(180 * MINUTE)
        return phone.handset.inbox.items()[0]

    item = phone.live(story)
    assert item.state == FAILED and {method for method, _, _ in phone.mmsc.heard} == {"GET"}
    final = [event for event in phone.told("failed") if event["final"]]
    assert len(final) == 1 and final[0]["advice"] and "\n" not in final[0]["text"]


def test_a_message_of_no_parts_is_none_where_a_size_was_announced():
    empty = mm1.build(mm1.RETRIEVE_CONF, HEAD + [(mm1.SUBJECT, "only this"), (mm1.CONTENT_TYPE, MIXED)]) + b"\0"
    box, item, _ = waiting(3000)
    for _ in range(2):
        assert "no parts" in str(raises(LinkError, take, box, item, empty))
    assert item.state == NOTIFIED
    box, item, _ = waiting(None)
    take(box, item, empty)
    assert item.state == RETRIEVED and item.status["subject"] == "only this"


def test_a_retrieval_that_failed_needs_no_content_type():
    box, item, _ = waiting(3000)
    refusal = mm1.build(mm1.RETRIEVE_CONF, HEAD + [(mm1.RETRIEVE_STATUS, 0xC0), (mm1.RETRIEVE_TEXT, "in a while")])
    error = raises(Refused, take, box, item, refusal)
    assert (error.code, error.permanent) == (0xC0, False) and "in a while" in str(error)
    cut = refusal[: mm1.parse(refusal).fields[-2][2]]  # before the status
    assert "Content-Type" in str(raises(PduError, take, box, item, cut))


def test_far_less_than_announced_is_taken_when_it_comes_a_second_time():
    whole = message()
    for announced, times in (
        (len(whole) + len(whole) // 9 - 3, 1),  # less than a tenth of what was announced is missing
        (len(whole) + len(whole) // 8, 2),
        (10 * len(whole), 2),
        (1, 1),
    ):
        box, item, store = waiting(announced)
        for _ in range(times - 1):
            assert "announced" in str(raises(LinkError, take, box, item, whole))
            assert item.state == NOTIFIED and store.names(".m") == store.names(".k") == []
        take(box, item, message(tid="R2"))  # each retrieval may have a transaction id of its own
        assert (item.state, item.status["octets"]) == (RETRIEVED, len(whole)), announced
    small = message(picture=10)
    for missing, times in ((100, 1), (101, 2)):  # more than a tenth, but so few octets are a header's
        box, item, _ = waiting(len(small) + missing)
        for _ in range(times - 1):
            raises(LinkError, take, box, item, small)
        take(box, item, small)
        assert item.state == RETRIEVED


def test_another_message_than_the_last_time_is_not_the_same():
    box, item, _ = waiting(30000)
    for picture in (2000, 2001, 2000):
        raises(LinkError, take, box, item, message(picture=picture))
    take(box, item, message(picture=2000))
    assert item.state == RETRIEVED


def test_a_restart_takes_nothing_for_a_second_time_that_came_once():
    whole = message()
    for noted in (False, True):
        folder = "build/tests/whole-%s" % id(whole) + str(noted)
        box, _, store = fresh(folder)
        receive(box, notification(octets=30000))
        (item,) = box.items()
        if noted:
            raises(LinkError, take, box, item, whole)
        else:
            with store.create(item.id + ".k") as writer:  # the power failed when all had come
                writer.write(whole)
        box, _, store = fresh(folder)
        (item,) = box.items()
        assert item.state == NOTIFIED and store.names(".k") == store.names(".m") == []
        for _ in range(0 if noted else 1):
            raises(LinkError, take, box, item, whole)
        take(box, item, whole)
        assert item.state == RETRIEVED
        for name in store.names():
            store.remove(name)


def test_a_content_type_that_lies_over_the_end_of_the_first_look_is_read_whole():
    related = mm1.ContentType("application/vnd.wap.multipart.related", [("type", "application/smil")])
    body, lengths = multipart.count(1) + multipart.entry("text/plain", 1) + b"x", []
    for longer in range(25):
        fields = [(mm1.SUBJECT, "s" * 400), (mm1.TO, "x" * (300 + longer) + "@mail.example")]
        head = mm1.build(mm1.RETRIEVE_CONF, HEAD + fields + [(mm1.CONTENT_TYPE, related)])
        box, item, _ = waiting(len(head))
        take(box, item, head + body)
        assert item.state == RETRIEVED
        lengths.append(len(head))
    assert lengths[0] < 768 < lengths[-1]  # octets of the first look
