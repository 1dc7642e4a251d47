"""What a user may wish of a message, and what he is told when nobody can grant it."""

import asyncio

from mms import clock, limits
from mms.codec import mm1, multipart, segments
from mms.errors import UsageError
from mms.events import Events
from mms.handset import rooms
from mms.handset.receiving import contents
from mms.handset.sending import requests
from mms.handset.sending.draft import Draft
from mms.handset.sending.kinds import ending
from mms.handset.sending.message import Message
from mms.handset.sending.outbox import Outbox
from mms.handset.sending.wishes import resolve
from mms.handset.states import ACKNOWLEDGED, QUEUED
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, notification, receive
from tests.kit.handset.requests import BOB, Phone


def submitted(date=1700000001, subject="", **wishes):
    """The header of the M-Send.req that a draft with these wishes becomes."""
    store = Store("build/tests/wishes-%s" % new_id())
    draft = Draft(store, Events())
    with draft.create("text/plain") as writer:
        writer.write(b"hello")
    draft.add("text/plain", writer.octets)
    asyncio.run(draft.accept([BOB], subject, limits.MESSAGE, wishes, date))
    item = Outbox(store, Events()).item(draft.id)
    octets = bytearray(item.record["octets"])
    item.content().readinto(octets)
    return mm1.parse(octets)


def test_every_wish_is_a_field_of_the_submission():
    pdu = submitted(priority="high", validity=3600, delay=60, hide=True, delivery_report=True, version=0x12)
    assert pdu.get(mm1.PRIORITY) == 0x82 and pdu.get(mm1.SENDER_VISIBILITY) == 0x80
    assert pdu.get(mm1.EXPIRY) == ("relative", 3600) and pdu.get(mm1.DELIVERY_TIME) == ("relative", 60)
    assert pdu.get(mm1.DELIVERY_REPORT) is True and pdu.get(mm1.READ_REPORT) is False
    assert submitted(**{"class": "auto"}).get(mm1.MESSAGE_CLASS) == 0x83
    assert submitted(cc=[ALICE], bcc=["a@b.example"]).all(mm1.BCC) == ["a@b.example"]
    plain = submitted()
    assert plain.get(mm1.PRIORITY) == 0x81 and not plain.has(mm1.EXPIRY) and not plain.has(mm1.SENDER_VISIBILITY)


def test_a_message_holds_as_many_texts_as_the_bound_says_to_as_many_recipients():
    """A part of the message is its layout. What MMSC and outbox see is whole."""
    to = ["+4477009000%02d" % number for number in range(limits.ADDRESSES)]
    for texts in (limits.PARTS - 2, limits.PARTS - 1, limits.PARTS):
        store = Store("build/tests/wishes-%s" % new_id())
        draft = Draft(store, Events())

        def add():
            with draft.create("text/plain") as writer:  # noqa: B023
                writer.write(b"hello")
            draft.add("text/plain", writer.octets)  # noqa: B023

        for _ in range(min(texts, limits.PARTS - 1)):
            add()
        if texts == limits.PARTS:
            assert str(raises(UsageError, add)) == "a message of more than %d parts" % (limits.PARTS - 1)
            continue
        octets = asyncio.run(draft.accept(to, "\u4e2d" * 166, limits.MESSAGE, {}, 1700000001))
        item = Outbox(store, Events()).item(draft.id)
        whole = bytearray(octets)
        assert item.content().readinto(whole) == octets == item.record["octets"]
        pdu, parser, found = mm1.parse(whole), multipart.Parser(), []
        for what, value in parser.feed(memoryview(whole)[pdu.body :]):
            if what == multipart.DATA:
                found.append(bytes(value))
        parser.close()
        assert found[1:] == [b"hello"] * texts and pdu.get(mm1.SUBJECT) == "\u4e2d" * 166
        assert item.record["to"] == to and ("\u4e2d" * 166).startswith(item.record["subject"])
        item.confirm("M1")
        assert not [name for name in store.names() if name[9:] not in ("o", "s")]


def test_without_a_clock_and_a_subject_there_is_neither_in_the_message():
    pdu = submitted(date=None)
    assert not pdu.has(mm1.DATE) and not pdu.has(mm1.SUBJECT)


def test_a_wish_that_nobody_can_grant_is_named():
    for key, value in (
        ("priority", "urgent"),
        ("class", "secret"),
        ("validity", 0),
        ("validity", 31536001),
        ("delay", "soon"),
        ("delay", True),
        ("hide", "yes"),
        ("delivery_report", 1),
    ):
        assert str(raises(UsageError, lambda: submitted(**{key: value}))).startswith(key), key  # noqa: B023
    message = Message([ALICE])
    for wrong in ("+447700900003", [7]):
        message.wishes = {"cc": wrong}
        assert "cc is a list of texts" in str(raises(UsageError, resolve, Phone(), message))
    for subject, refused in (("x" * 500, False), ("x" * 501, True), ("\u00e4" * 251, True)):
        message = Message([ALICE], subject)
        if refused:
            assert str(raises(UsageError, resolve, Phone(), message)) == "a subject has at most 500 octets"
        else:
            resolve(Phone(), message)
            assert submitted(subject=subject).get(mm1.SUBJECT) == subject
    for wrong in ("no", 1, None):
        message.wishes = {"picture": wrong}
        assert str(raises(UsageError, resolve, Phone(), message)) == "picture is true or false"


def test_parts_have_names_of_ours_by_their_kind():
    store = Store("build/tests/wishes-%s" % new_id())
    draft = Draft(store, Events())
    for media in ("image/jpeg", "image/gif", "application/x-odd", "video/3gpp"):
        draft.add(media, 1)
    assert [part[1] for part in draft._parts] == ["picture.jpg", "picture2.gif", "part.bin", "film.3gp"]
    assert ending("audio/x-wav") == "wav" and ending("audio/amr") == "amr"


def test_a_short_code_is_as_it_is_and_a_text_needs_a_number_and_words():
    phone = Phone()
    id = asyncio.run(requests.send_text(phone, " 60060 ", "hello"))
    assert phone.outbox.item(id).record["to"] == ["60060"]
    for to, words in (("a@b.example", "hello"), (ALICE, ""), ("12", "hello")):
        raises(UsageError, asyncio.run, requests.send_text(phone, to, words))
    assert "cannot be sent" in str(raises(UsageError, asyncio.run, requests.send_text(phone, ALICE, "x" * 2000)))


def test_an_answer_needs_a_sender_and_an_answer_to_all_needs_the_message():
    phone = Phone()
    receive(phone.inbox, notification())
    (item,) = phone.inbox.items()
    assert "nobody knows yet who else" in str(raises(UsageError, requests.reply, phone, item.id, "y", True))
    item.save(sender="", subject="RE: hello")
    assert "does not say who sent it" in str(raises(UsageError, requests.reply, phone, item.id, "yes"))
    item.save(sender=ALICE)
    asyncio.run(requests.reply(phone, item.id, "yes"))
    item.save(subject="")
    asyncio.run(requests.reply(phone, item.id, "yes"))
    assert [message.subject for message, _ in phone.sent] == ["RE: hello", ""]


def test_nobody_is_told_of_reading_what_has_no_sender_or_no_name():
    def nameless(phone, item):
        item.save(message_id="")

    def anonymous(phone, item):
        pdu, parts, octets = contents.outline(phone.inbox.store, item.id)
        pdu.fields = [field for field in pdu.fields if field[0] != mm1.FROM]
        contents.outline = lambda store, id: (pdu, parts, octets)

    usual = contents.outline
    for change in (nameless, anonymous):
        phone = Phone(read_report_allowed=True)
        item = phone.message((mm1.READ_REPORT, True))
        change(phone, item)
        try:
            asyncio.run(requests.read(phone, item.id))
        finally:
            contents.outline = usual
        assert phone.inbox.store.names(".a") == []


def test_without_a_clock_what_is_forwarded_and_reported_has_no_date():
    usual, clock.now = clock.now, lambda: None
    try:
        phone = Phone(read_report_allowed=True)
        receive(phone.inbox, notification())
        forwarded = phone.outbox.item(requests.forward(phone, phone.inbox.items()[0].id, [ALICE]))
        body = bytearray(forwarded.record["octets"])
        forwarded.content().readinto(body)
        other = Phone(read_report_allowed=True)
        asyncio.run(requests.read(other, other.message((mm1.READ_REPORT, True)).id))
        (name,) = other.inbox.store.names(".a")
        report = rooms.errands.Errand(other.inbox.store, other.events, name[:-2]).octets
    finally:
        clock.now = usual
    for octets in (bytes(body), report):
        assert not mm1.parse(octets).has(mm1.DATE)


def test_what_is_deleted_is_gone_wherever_it_lies():
    phone = Phone()
    id = asyncio.run(requests.send_text(phone, ALICE, "hello"))
    requests.delete(phone, id)
    receive(phone.inbox, notification())
    requests.delete(phone, phone.inbox.items()[0].id)
    assert phone.outbox.items() == [] and phone.inbox.items() == [] and phone.inbox.store.names() == []


def test_a_text_is_read_whole_though_its_record_has_the_beginning_only():
    phone = Phone()
    receive(phone.inbox, segments.deliver("+447700900001", "Grüße! " * 40))
    (item,) = phone.inbox.items()
    assert len(item.status["text"]) == 80
    assert asyncio.run(requests.read(phone, item.id))["text"] == "Grüße! " * 40
    item.save(state="link", text="look here")
    assert asyncio.run(requests.read(phone, item.id))["text"] == "look here"


def test_the_console_reads_forwards_and_exports():
    def ask(phone, name, **command):
        if name in ("sms", "reply"):
            return asyncio.run(rooms.composing.perform(phone, name, command, {}))
        return asyncio.run(getattr(rooms.verbs, "do_" + name)(phone, command))

    phone = Phone(album="build/tests/album-%s" % new_id())
    item = phone.message()
    (file,) = ask(phone, "export", id=item.id)["files"]
    assert file["path"].startswith(phone.settings["album"]) and ask(phone, "read", id=item.id)["text"] == "hello"
    ask(phone, "delete", id=item.id)
    receive(phone.inbox, notification())
    id = phone.inbox.items()[0].id
    sent = phone.outbox.item(ask(phone, "forward", id=id, to=[ALICE], bcc=["a@b.example"])["id"])
    assert sent.record["to"] == [ALICE, "a@b.example"] and sent.state == QUEUED
    phone.inbox.item(id).save(state=ACKNOWLEDGED)
    for wrong in ({"to": ALICE}, {"to": [7]}, {"text": ""}, {"to": [ALICE]}):
        raises(UsageError, lambda: ask(phone, "forward", id=id, **wrong))  # noqa: B023
    assert ask(phone, "sms", to=ALICE, text="hi")["id"] and ask(phone, "sms", to=[ALICE], text="hi")["id"]
    assert "one number" in str(raises(UsageError, lambda: ask(phone, "sms", to=[ALICE, BOB], text="hi")))
    assert "sms NUMBER [TEXT]" in ask(phone, "help")["text"]


def test_a_message_is_known_by_its_first_words_on_both_sides():
    phone = Phone()
    item = phone.message()
    assert phone.inbox.item(item.id).summary()["text"] == "hello"
    half = "Only a ½"  # ends in an octet that the sign for a cut character has, too
    words = half.encode()
    body = multipart.count(1) + multipart.entry("text/plain", len(words), [("charset", 106)]) + words
    assert phone.inbox.item(phone.message(body=body).id).summary()["text"] == half
    long = ("a" + "½" * 40, "a" + "½" * 29)
    for words, shown in (("Grüße! " * 40, "Grüße! " * 6 + "Grüß"), long, (half, half), ("hi", "hi"), ("", "")):
        draft = Draft(phone.inbox.store, Events())
        for media, octets in (("image/jpeg", b"picture"), ("text/plain", words.encode())):
            with draft.create(media) as writer:
                writer.write(octets)
            draft.add(media, len(octets))
        asyncio.run(draft.accept([ALICE], "Hi", limits.MESSAGE, {}, 1764211620))
        told = phone.outbox.item(draft.id).summary()
        assert told["text"][: len(shown)] == shown and len(told["text"]) <= 60 and told["date"] == 1764211620
    many = ["%s@%s.example" % ("a" * 40, "b" * 40)] * 18
    asyncio.run(draft.accept(many, "Hi", limits.MESSAGE, {}, None))
    assert phone.outbox.item(draft.id).summary()["to"] == many
