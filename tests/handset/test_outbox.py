"""The outbox: accepted is durable, every attempt is the same, and doubt is told."""

import asyncio

from mms import limits
from mms.codec import mm1, multipart
from mms.errors import BearerError, Refused, UsageError
from mms.events import Events
from mms.handset import rooms
from mms.handset.sending import reports
from mms.handset.sending.draft import Draft
from mms.handset.sending.outbox import Outbox
from mms.handset.states import FAILED, IN_DOUBT, LEAVING, QUEUED, SENT
from tests.kit.checks import loaded, raises
from tests.kit.handset.outbox import BOB, accept, fresh


def read(body, size):
    octets, buffer = b"", bytearray(size)
    while True:
        count = body.readinto(buffer)
        if not count:
            return octets
        octets += bytes(buffer[:count])


def test_what_is_accepted_is_an_m_send_req_with_its_parts():
    store = fresh()
    id = accept(store)
    item = loaded(Outbox(store, Events())).item(id)
    octets = read(item.content(), 700)
    assert len(octets) == item.record["octets"]
    pdu = mm1.parse(octets[: limits.PDU_HEADER])
    assert pdu.type == mm1.SEND_REQ and pdu.get(mm1.TRANSACTION_ID) == id
    assert pdu.fields[1][0] == mm1.TRANSACTION_ID and pdu.fields[-1][0] == mm1.CONTENT_TYPE
    assert [mm1.number(to) for to in pdu.all(mm1.TO)] == [BOB, "bob@mail.example"]
    assert pdu.get(mm1.SUBJECT) == "Gr\u00fc\u00dfe"
    parser, parts = multipart.Parser(), []
    for what, value in parser.feed(octets[pdu.body :]):
        if what == multipart.PART:
            parts.append((value.media, value.location, value.octets))
    parser.close()
    assert [part[0] for part in parts] == ["application/smil", "image/jpeg", "text/plain"]
    assert parts[1][1:] == ("picture.jpg", 3000) and parts[2][1:] == ("text.txt", 5)


def test_every_attempt_is_octet_for_octet_the_same():
    store = fresh()
    id = accept(store)
    first = read(loaded(Outbox(store, Events())).item(id).content(), 1460)
    assert read(loaded(Outbox(store, Events())).item(id).content(), 64) == first


def test_a_message_leaves_when_its_last_octets_go():
    store = fresh()
    id = accept(store)
    item = loaded(Outbox(store, Events())).item(id)
    body = item.content()
    assert len(read(body, 500)) == item.record["octets"]
    assert item.state == QUEUED
    asyncio.run(body.completing())
    assert loaded(Outbox(store, Events(), True)).item(id).state == IN_DOUBT
    assert item.state == LEAVING


def test_a_start_after_a_power_cut_sends_once_more_and_says_so():
    store, said = fresh(), []
    id = accept(store)
    events = Events()
    events.listen(said.append)
    loaded(Outbox(store, events)).item(id).save(state=LEAVING)
    item = loaded(Outbox(store, events)).item(id)
    assert (item.state, item.status["maybe_duplicate"]) == (QUEUED, True)
    item.save(state=LEAVING)
    assert loaded(Outbox(store, events)).item(id).state == IN_DOUBT
    assert [event["event"] for event in said] == ["in_doubt", "in_doubt"]


def test_a_clean_failure_is_no_doubt_and_a_refusal_neither():
    store = fresh()
    item = loaded(Outbox(store, Events())).item(accept(store))
    item.failed(BearerError("connect"), False)
    assert (item.state, item.status["maybe_duplicate"]) == (QUEUED, False)
    item.save(state=LEAVING)
    item.failed(Refused("confirmation", 0xC0, "later", False), False)
    assert (item.state, item.status["maybe_duplicate"]) == (QUEUED, False)
    item.save(state=LEAVING)
    item.failed(Refused("confirmation", 0xE0, "never"), True)
    assert (item.state, item.status["maybe_duplicate"]) == (FAILED, False)
    rooms.attempts.retry(item)
    item.save(state=LEAVING)
    item.failed(BearerError("receive"), False)
    assert (item.state, item.status["maybe_duplicate"]) == (QUEUED, True)


def test_what_was_never_accepted_leaves_nothing_behind():
    store = fresh()
    draft = Draft(store, Events())
    with draft.create("text/plain") as writer:
        writer.write(b"half a message")
    draft.add("text/plain", writer.octets)
    loaded(Outbox(store, Events()))
    assert store.names() == []
    octets = loaded(Outbox(store, Events())).item(accept(store)).record["octets"]
    accept(store, limit=octets)
    raises(UsageError, accept, store, 3000, octets - 1)
    assert len(loaded(Outbox(store, Events())).items()) == 2


def test_so_many_sent_messages_are_kept_and_the_oldest_goes():
    store = fresh()
    box = loaded(Outbox(store, Events()))
    waiting = accept(store)
    for number in range(limits.SENT + 2):
        rooms.attempts.retry(box.item(waiting))
        item = box.item(accept(store, 10))
        item.record["date"] += number
        store.write(item.id + ".o", item.record)
        item.confirm("M%d" % number)
        asyncio.run(box.evict())
        assert len(box.items()) == min(number + 1, limits.SENT) + 1
    dates = sorted(item.record["date"] for item in box.items() if item.state == SENT)
    assert dates[0] == 1700000001 + 2 and box.item(waiting).state == QUEUED
    assert [len(list(box.find("M%d" % number))) for number in (1, 2)] == [0, 1]
    assert {name[:8] for name in store.names()} == {item.id for item in box.items()}


def test_a_sent_message_keeps_its_status_and_not_its_parts():
    store = fresh()
    id = accept(store)
    box = loaded(Outbox(store, Events()))
    box.item(id).confirm("M1")
    for message_id, status in (("M1", 0x81), ("M2", 0x80)):
        fields = [(mm1.MESSAGE_ID, message_id), (mm1.TO, mm1.address(BOB)), (mm1.STATUS, status)]
        reports.handle(box, mm1.parse(mm1.build(mm1.DELIVERY_IND, fields)), None)
    assert store.names() == [id + ".o", id + ".s"]
    summary = box.item(id).summary()
    assert summary["state"] == SENT and summary["reports"] == {BOB: "retrieved"}
    raises(UsageError, rooms.attempts.retry, box.item(id))
    with store.create(id + ".h") as writer:
        writer.write(b"power went before this was removed")
    box = loaded(Outbox(store, Events()))
    assert store.names() == [id + ".o", id + ".s"]
    box.delete(id)
    assert store.names() == []
    raises(UsageError, box.item, id)
