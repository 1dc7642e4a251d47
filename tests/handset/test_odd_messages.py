"""What comes that is odd but well meant, or not meant well at all: one event, nothing lost, nothing shown as whole."""

import asyncio
import json

from mms import clock, limits
from mms.codec import mm1, multipart
from mms.errors import LinkError, PduError, Refused, StoreError, UsageError
from mms.events import Events, masked
from mms.handset import rooms
from mms.handset.receiving import contents, entries
from mms.handset.sending.outbox import Outbox
from mms.handset.states import ACKNOWLEDGED, EXPIRED, FAILED, NOTIFIED, QUEUED, SENT
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, fresh, notification, receive, take
from tests.kit.handset.outbox import accept
from tests.kit.handset.outbox import fresh as fresh_store
from tests.kit.handset.pushes import NOON, pushed

RETRIEVED = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.DATE, 1700000001)]
MIXED = mm1.ContentType("application/vnd.wap.multipart.mixed", [])


def message(parts, *fields):
    """An M-Retrieve.conf with so many parts."""
    head = mm1.build(mm1.RETRIEVE_CONF, RETRIEVED + list(fields) + [(mm1.CONTENT_TYPE, MIXED)])
    return head + multipart.count(parts) + (multipart.entry("text/plain", 1) + b"x") * parts


def waiting():
    """An inbox with one notification, and its Item."""
    box, said, store = fresh()
    receive(box, notification())
    return box, box.items()[0], store


def test_a_part_with_a_number_beyond_their_count_is_no_part():
    box, said, store = fresh()
    for segment, total, sequence in ((notification()[0], 2, 0), (notification()[1], 2, 3), (notification()[0], 9, 1)):
        octets = bytearray(segment)
        place = bytes(segment).find(b"\x00\x03") + 3  # the information element: its number, its length, the reference
        octets[place], octets[place + 1] = total, sequence
        receive(box, [bytes(octets)])
    assert said == ["quarantined"] * 3 and store.names(".t") == []


def test_a_header_longer_than_nearly_every_one_is_read_as_a_whole():
    box, item, _ = waiting()
    to = [(mm1.TO, "+4477009%05d/TYPE=PLMN" % number) for number in range(20)]
    take(box, item, message(2, (mm1.SUBJECT, "s" * 400), *to))
    pdu, parts = asyncio.run(contents.parts(box.store, item.id))
    assert len(pdu.all(mm1.TO)) == 20 and len(parts) == 2


def test_a_message_has_so_many_parts_and_no_more():
    for count, kept in ((limits.PARTS - 1, True), (limits.PARTS, True), (limits.PARTS + 1, False)):
        box, item, store = waiting()
        if kept:
            take(box, item, message(count))
            assert item.status["parts"] == count
        else:
            raises(PduError, take, box, item, message(count))
            assert store.names(".m") == []


def test_another_pdu_than_a_message_is_no_message():
    box, item, store = waiting()
    other = mm1.build(mm1.SEND_CONF, [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK)])
    assert raises(LinkError, take, box, item, other).step == "retrieve"
    refusal = mm1.build(
        mm1.RETRIEVE_CONF,
        RETRIEVED + [(mm1.RETRIEVE_STATUS, 0xE1), (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))],
    )
    error = raises(Refused, take, box, item, refusal)
    assert error.permanent and error.code == 0xE1 and store.names(".m") == []


def test_what_is_only_shown_is_shortened_until_its_record_holds_it():
    box, _, store = fresh()
    item = entries.add(box, "00000001", "text", text="x" * 5000, subject="y" * 100)
    assert 100 < len(item.status["text"]) < 1400 and item.status["subject"] == "y" * 100
    item = entries.add(box, "00000002", NOTIFIED, subject="y" * 5000)
    assert 100 < len(item.status["subject"]) < 1400
    raises(PduError, lambda: entries.add(box, "00000003", NOTIFIED, url="z" * 5000))
    assert len(json.dumps(item.status)) < limits.RECORD and not store.has("00000003.n")


def test_the_age_of_a_notification_is_kept_every_hour_so_that_a_restart_forgets_little():
    box, item, store = waiting()
    item.save(expiry=4 * 3600)
    usual, passed = clock.since, [0]
    clock.since = lambda start: usual(start) + passed[0] * 1000
    try:
        ages = []
        for passed[0] in (3599, 3600):
            asyncio.run(box.expire())
            ages.append(box.item(item.id).status["age"])
        assert ages == [0, 3600]
        box.item(item.id).save(age=3 * 3600)
        asyncio.run(box.expire())
        assert box.item(item.id).state == EXPIRED
        asyncio.run(box.expire())  # and stays so
    finally:
        clock.since = usual


def test_what_is_done_with_cannot_be_fetched_and_what_is_shown_has_its_id():
    box, item, _ = waiting()
    assert item.summary()["id"] == item.id
    item.save(state=ACKNOWLEDGED)
    assert ACKNOWLEDGED in str(raises(UsageError, rooms.noting.retry, item))
    raises(UsageError, box.item, "00000000")


def test_what_is_deleted_while_a_list_is_read_is_left_out():
    box, said, store = fresh()
    for tid in ("T1", "T2"):
        receive(box, notification(tid=tid))
    seen = []
    for item in box.each():
        seen.append(item.id)
        for other in store.names(".n"):
            if other[:-2] != item.id:
                box.delete(other[:-2])
    assert len(seen) == 1


def test_a_push_that_is_for_nobody_here_is_put_aside():
    box, said, _ = fresh()
    pushed(box, "text/x-unheard-of", b"hello")
    pushed(box, mm1.MEDIA, mm1.build(mm1.SEND_CONF, [(mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK)]), 4)
    nowhere = [(mm1.TRANSACTION_ID, "T1"), (mm1.VERSION, 0x12), (mm1.MESSAGE_SIZE, 7)]
    pushed(box, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, nowhere), 4)
    cancel = [(mm1.VERSION, 0x13), (0x3E, "M1")]
    pushed(box, mm1.MEDIA, mm1.build(0x96, cancel), 4)
    pushed(box, "text/vnd.wap.si", b'<si><indication href="http://x/%s">n</indication></si>' % (b"x" * limits.URL))
    assert said == ["quarantined"] * 5 and box.items() == []


def test_a_report_counts_for_whom_it_was_sent_to_only():
    store = fresh_store()
    id = accept(store)
    box, said, _ = fresh()
    box.outbox = Outbox(store, box.events)
    box.outbox.item(id).save(state=SENT, message_id="M7")
    for number in ("+447700900002", "+447700900666"):
        fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M7"), (mm1.TO, mm1.address(number)), (mm1.DATE, NOON)]
        pushed(box, mm1.MEDIA, mm1.build(mm1.DELIVERY_IND, fields + [(mm1.STATUS, 0x81)]), 4)
    assert said == ["delivered"] * 2
    assert box.outbox.item(id).summary()["reports"] == {"+447700900002": "retrieved"}


def test_a_part_that_shrank_on_the_flash_is_an_error_and_no_shorter_message():
    store = fresh_store()
    item = Outbox(store, Events()).item(accept(store))
    with store.create(item.id + ".0") as writer:
        writer.write(b"\xff" * 100)
    body = item.content()
    assert "shorter than it was" in str(raises(StoreError, body.readinto, bytearray(5000)))
    body.close()


def test_what_is_cancelled_or_sent_cannot_be_cancelled():
    store = fresh_store()
    item = Outbox(store, Events()).item(accept(store))
    rooms.attempts.cancel(item)
    assert (item.state, item.status["why"]) == (FAILED, "cancelled")
    raises(UsageError, rooms.attempts.cancel, item)
    rooms.attempts.retry(item)
    assert item.state == QUEUED
    item.save(state=SENT)
    raises(UsageError, rooms.attempts.retry, item)


def test_secrets_are_masked_where_events_are_made():
    said, events = [], Events()
    events.listen(said.append)
    events.say("told", pin="1234", imsi=234100000000001, password="x", number=ALICE)
    (event,) = said
    assert (event["pin"], event["imsi"], event["password"]) == ("**", "*************01", "**")
    assert event["number"] == masked(ALICE) == "***********01" and masked("ab") == "**" and masked("abc") == "*bc"
