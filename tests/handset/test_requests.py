"""What a user asks for: numbers as people write them, answers to whom they belong, nothing newer than is spoken."""

import asyncio

from mms import limits
from mms.codec import mm1, multipart, push, segments
from mms.errors import UsageError
from mms.handset import numbers, rooms
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from mms.handset.sending.wishes import resolve
from mms.handset.states import ACKNOWLEDGED
from mms.handset.store.files import make_folder, new_id
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, notification, receive, take
from tests.kit.handset.requests import BOB, RELATED, Phone


def test_numbers_are_completed_by_the_country_of_our_own():
    for number, own, whole in (
        ("07700 900001", BOB, ALICE),
        ("7700900001", BOB, ALICE),
        ("0044 7700 900001", BOB, ALICE),
        ("+44 (7700) 900-001", BOB, ALICE),
        ("(202) 555-0143", "+12025550100", "+12025550143"),
        ("1 202 555 0143", "+12025550100", "+12025550143"),
        ("011 44 7700 900001", "+12025550100", ALICE),
        ("06 1234 5678", "+393331234567", "+390612345678"),
        ("07 07 12 34 56", "+2250505123456", "+2250707123456"),
        ("01 95 12 34 56", "+2290197123456", "+2290195123456"),
        ("06 123 4567", "+242055123456", "+242061234567"),
        ("8 912 345 67 89", "+79121234567", "+79123456789"),
        ("0171 1234567", "+4915112345678", "+491711234567"),
        ("12345", BOB, "12345"),
        ("0123", BOB, "0123"),
        ("25 286", "+29012345", "25286"),
        ("112", "+6834123", "112"),
        ("123456", "+354123456", "123456"),  # six digits are a short code even where numbers have six
        ("1234567", "+3541234568", "+3541234567"),
        ("O2", BOB, "O2"),
        ("07700900001", None, "07700900001"),
    ):
        assert numbers.e164(number, own) == whole, number
    assert numbers.country("+358401234567") == "358" and numbers.country(BOB) == "44"
    assert numbers.same("07700900001", ALICE) and numbers.same("A@B.example", "a@b.example")
    assert not numbers.same("07700900003", ALICE)


def test_a_recipient_is_a_whole_number_or_an_address():
    assert numbers.recipient("07700 900001", BOB) == ALICE
    for wrong in ("", "12", "bob", "+44", "a@", "a/b@c", "0770090x001", "07700900001", "1234567", "+123", "*#06#"):
        raises(UsageError, numbers.recipient, wrong)
    for short in ("123", "25286", "252 860", "999999"):
        for own in (None, BOB, "+354555123"):
            assert numbers.recipient(short, own) == short.replace(" ", "")
    said = str(raises(UsageError, numbers.recipient, "#31#+447700900001", BOB))
    assert "are keys" in said and "\n" not in said and "7447" not in said and "#31" not in said


def test_the_album_at_its_short_code_gets_messages_by_every_field_and_forwarded_ones():
    phone, message = Phone(version="1.1"), Message(["25286"])
    message.wishes = {"cc": ["60060"], "bcc": ["252"]}
    recipients, wishes = resolve(phone, message)
    assert (recipients, wishes["cc"], wishes["bcc"]) == (["25286"], ["60060"], ["252"])
    receive(phone.inbox, notification())
    id = requests.forward(phone, phone.inbox.items()[0].id, ["25286"])
    item = phone.outbox.item(id)
    body, octets = item.content(), bytearray(item.record["octets"])
    body.readinto(octets)
    assert mm1.parse(octets).all(mm1.TO) == ["25286/TYPE=PLMN"] and item.record["to"] == ["25286"]


def test_a_message_has_at_most_so_many_recipients_of_all_kinds():
    phone, message = Phone(), Message([ALICE] * 10)
    message.wishes = {"cc": ["07700900003"] * 10}
    recipients, wishes = resolve(phone, message)
    assert len(recipients) == 10 and wishes["cc"][0] == "+447700900003" and wishes["version"] == 0x12
    message.wishes["bcc"] = [ALICE]
    raises(UsageError, resolve, phone, message)
    assert limits.ADDRESSES == 20
    raises(UsageError, resolve, phone, Message([]))


def test_a_reply_to_all_goes_to_each_once_and_not_to_us():
    phone = Phone()
    to = [(mm1.TO, "07700900002/TYPE=PLMN"), (mm1.TO, "07700900003/TYPE=PLMN"), (mm1.TO, ALICE + "/TYPE=PLMN")]
    item = phone.message(*to + [(mm1.CC, "carol@mail.example"), (mm1.CC, "+447700900003/TYPE=PLMN")])
    asyncio.run(requests.reply(phone, item.id, "yes", True))
    message, (recipients, wishes) = phone.sent[0]
    assert recipients == [ALICE, "+447700900003"] and wishes["cc"] == ["carol@mail.example"]
    asyncio.run(requests.reply(phone, item.id, "yes"))
    assert phone.sent[1][1][0] == [ALICE]


def test_a_text_is_answered_by_a_text():
    phone = Phone()
    receive(phone.inbox, segments.deliver("07700900001", "hello"))
    id = asyncio.run(requests.reply(phone, phone.inbox.items()[0].id, "yes"))
    assert phone.outbox.item(id).record["to"] == [ALICE] and phone.sent == [] and phone.woken == 1


def test_what_waits_is_forwarded_as_an_m_forward_req():
    phone = Phone(version="1.1")
    receive(phone.inbox, notification())
    id = requests.forward(phone, phone.inbox.items()[0].id, ["07700900003", "carol@mail.example"])
    item = phone.outbox.item(id)
    body, octets = item.content(), bytearray(item.record["octets"])
    body.readinto(octets)
    pdu = mm1.parse(octets)
    assert (pdu.type, pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.VERSION)) == (0x89, id, 0x11)
    assert pdu.all(mm1.TO) == ["+447700900003/TYPE=PLMN", "carol@mail.example"]
    assert pdu.get(mm1.CONTENT_LOCATION) == "http://mmsc.example/m/1" and pdu.has(mm1.FROM)
    waiting = phone.inbox.items()[0].id
    raises(UsageError, requests.forward, phone, waiting, [ALICE], {"delivery_report": "no"})
    phone.inbox.items()[0].save(state=ACKNOWLEDGED)
    raises(UsageError, requests.forward, phone, waiting, [ALICE])


def test_a_read_report_is_made_once_when_asked_for_allowed_and_spoken():
    for asked, allowed, version, reports in (
        (True, True, "1.1", 1),
        (False, True, "1.3", 0),
        (True, False, "1.3", 0),
        (True, True, "1.0", 0),
    ):
        phone = Phone(version=version, read_report_allowed=allowed)
        item = phone.message((mm1.READ_REPORT, asked))
        for _ in range(2):
            assert asyncio.run(requests.read(phone, item.id))["text"] == "hello"
        names = phone.inbox.store.names(".a")
        assert len(names) == reports
        if reports:
            pdu = mm1.parse(rooms.errands.Errand(phone.inbox.store, phone.events, names[0][:-2]).octets)
            assert (pdu.type, pdu.get(mm1.MESSAGE_ID), pdu.get(mm1.READ_STATUS)) == (mm1.READ_REC_IND, "M1", 0x80)
            assert pdu.get(mm1.TO) == ALICE + "/TYPE=PLMN" and pdu.get(mm1.FROM, "") is None


def test_who_deletes_what_he_never_read_says_so_once():
    for read in (False, True):
        phone = Phone(read_report_allowed=True)
        item = phone.message((mm1.READ_REPORT, True))
        if read:
            asyncio.run(requests.read(phone, item.id))
        requests.delete(phone, item.id)
        (name,) = phone.inbox.store.names(".a")
        pdu = mm1.parse(rooms.errands.Errand(phone.inbox.store, phone.events, name[:-2]).octets)
        assert pdu.get(mm1.READ_STATUS) == (0x80 if read else 0x81)
    raises(UsageError, requests.delete, phone, item.id)


def test_an_answer_goes_to_the_address_in_a_name():
    phone = Phone()
    receive(phone.inbox, notification())
    (item,) = phone.inbox.items()
    item.save(sender="Carol <carol@mail.example>")
    asyncio.run(requests.reply(phone, item.id, "yes"))
    assert phone.sent[0][1][0] == ["carol@mail.example"]


def test_mms_1_0_knows_no_forwarding():
    phone = Phone(version="1.0")
    receive(phone.inbox, notification())
    raises(UsageError, requests.forward, phone, phone.inbox.items()[0].id, [ALICE])


def test_what_is_not_here_cannot_be_read():
    phone = Phone()
    receive(phone.inbox, notification())
    raises(UsageError, asyncio.run, requests.read(phone, phone.inbox.items()[0].id))
    raises(UsageError, asyncio.run, requests.read(phone, "00000000"))


def test_parts_in_parts_and_encoded_parts_come_out_as_they_were_meant():
    phone = Phone()
    header = b"Content-Transfer-Encoding\0base64\0"
    part = b"\x83" + header
    inner = multipart.count(1) + multipart.entry("image/jpeg", 4, location="p.jpg") + b"\xff\xd8\xff\xd9"
    body = multipart.count(2) + bytes([len(part), 8]) + part + b"aGVsbG8="
    body += multipart.entry("application/vnd.wap.multipart.mixed", len(inner)) + inner
    item = phone.message(body=body)
    assert item.status["parts"] == 2 and asyncio.run(requests.read(phone, item.id))["text"] == "hello"
    folder = "build/tests/album-%s" % new_id()
    make_folder(folder)
    files = asyncio.run(rooms.album.export(phone.inbox.store, item.id, folder))
    assert [(file["type"], file["octets"]) for file in files] == [("text/plain", 5), ("image/jpeg", 4)]
    with open(files[1]["path"], "rb") as file:
        assert file.read() == b"\xff\xd8\xff\xd9"


def announced_plainly(*fields):
    """A Phone with a message whose notification says neither sender nor subject, retrieved with these fields."""
    phone = Phone()
    bare = [(mm1.TRANSACTION_ID, "T1"), (mm1.VERSION, 0x12), (mm1.CONTENT_LOCATION, "http://mmsc.example/m/1")]
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, bare))
    receive(phone.inbox, segments.deliver("+447700900999", body, ports=(2948, 9200)))
    (item,) = phone.inbox.items()
    assert (item.status["sender"], item.status["subject"]) == ("", "")
    head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.DATE, 1700000001)] + list(fields)
    head = mm1.build(mm1.RETRIEVE_CONF, head + [(mm1.CONTENT_TYPE, mm1.ContentType(RELATED, []))])
    take(phone.inbox, item, head + multipart.count(1) + multipart.entry("text/plain", 5) + b"hello")
    return phone, phone.inbox.items()[0]


def test_sender_and_subject_are_those_of_the_message():
    phone, item = announced_plainly((mm1.FROM, mm1.address(ALICE)), (mm1.SUBJECT, "Hi"))
    assert (item.status["sender"], item.status["subject"]) == (ALICE, "Hi")
    assert asyncio.run(requests.read(phone, item.id))["sender"] == ALICE
    asyncio.run(requests.reply(phone, item.id, "yes"))
    message, (recipients, _) = phone.sent[0]
    assert recipients == [ALICE] and message.subject == "Re: Hi"
    phone, item = announced_plainly()
    assert "who sent it" in str(raises(UsageError, requests.reply, phone, item.id, "yes"))


def test_what_the_message_leaves_out_stays_as_the_notification_had_it():
    phone = Phone()
    receive(phone.inbox, notification())
    (item,) = phone.inbox.items()
    assert item.status["sender"] == ALICE and item.status["subject"]
    before = item.status["subject"]
    head = [(mm1.VERSION, 0x12), (mm1.DATE, 1700000001), (mm1.CONTENT_TYPE, mm1.ContentType(RELATED, []))]
    body = multipart.count(1) + multipart.entry("text/plain", 100) + b"x" * 100
    take(phone.inbox, item, mm1.build(mm1.RETRIEVE_CONF, head) + body)
    assert (item.status["sender"], item.status["subject"]) == (ALICE, before)


def test_the_longest_sender_and_subject_of_a_message_fit_its_record():
    for sender, subject in (
        ("x" * 400 + "@mail.example", "s" * 400),
        ("x" * 200 + "@mail.example", "\u20ac" * 160),
        ("\U0001f600" * 100, "\U0001f600" * 100),
    ):
        phone, item = announced_plainly((mm1.FROM, sender), (mm1.SUBJECT, subject), (mm1.MESSAGE_ID, "m" * 200))
        assert len(item.status["subject"]) > 20 and item.status["subject"] == subject[: len(item.status["subject"])]
        assert item.status["sender"] in ("", sender)
        item.save(why="w" * 254, attempts=12, age=1000000)
