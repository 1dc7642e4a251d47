"""So many messages, texts, parts and numbers are kept, and not one more."""

import asyncio

from mms import limits
from mms.codec import mm1, push, segments
from mms.errors import StoreFull
from mms.handset.receiving import entries
from mms.handset.sending import texts
from mms.handset.states import ACKNOWLEDGED, FAILED, NOTIFIED, WANTED
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.flood import MMSC, RETRIEVAL_MS, Phone, notification, now, virtual


async def nothing():
    """There is nothing to carry."""


@virtual
def test_a_message_has_so_many_parts_and_not_one_more():
    for total, quarantined in ((limits.SEGMENTS - 1, 0), (limits.SEGMENTS, 0), (limits.SEGMENTS + 1, 1)):
        phone = Phone()
        beginning = bytearray(segments.deliver("+447700900001", b"x" * 200, ports=(7, 7), reference=7)[0])
        beginning[beginning.index(b"\x00\x03\x07") + 3] = total
        phone.receive([bytes(beginning)])
        assert (len(phone.store.names(".t")), len(phone.store.names(".q"))) == (1 - quarantined, quarantined)


@virtual
def test_so_many_messages_are_under_way_and_for_so_long():
    phone, parts = Phone(), {}
    for number in range(limits.ASSEMBLIES + 1):
        assert len(phone.store.names(".t")) == number and phone.dropped == 0
        parts[number] = segments.deliver("+44770090000%d" % number, b"x" * 200, ports=(7, 7), reference=number)
        phone.receive(parts[number][:1])
    phone.box.report()
    assert len(phone.store.names(".t")) == limits.ASSEMBLIES and phone.dropped == 1
    for passed in (limits.ASSEMBLY_MS - 1, 1):
        now[0] += passed
        asyncio.run(phone.box.expire())
        assert len(phone.store.names(".t")) == limits.ASSEMBLIES
    now[0] += 1
    asyncio.run(phone.box.expire())
    assert phone.store.names(".t") == [] and phone.events["incomplete"] == limits.ASSEMBLIES


@virtual
def test_so_many_wait_and_not_one_more():
    phone = Phone()
    phone.carrier._next = nothing
    for number in range(limits.WAITING - 1):
        phone.receive(phone.announce(number))
    asyncio.run(phone.box.expire())
    assert phone.dropped == 0
    phone.receive(phone.announce(100))
    asyncio.run(phone.box.expire())
    assert (phone.dropped, phone.states()) == (0, [NOTIFIED] * limits.WAITING)
    phone.receive(phone.announce(101))
    asyncio.run(phone.box.expire())
    assert (phone.dropped, phone.states()) == (1, [NOTIFIED] * limits.WAITING)
    assert [item.status["tid"] for item in phone.box.items()].count("T101") == 0  # the MMSC announces it again
    phone.box.items()[0].save(state=FAILED)
    phone.receive(phone.announce(101))
    assert [item.status["tid"] for item in phone.box.items()].count("T101") == 1
    for item in phone.box.items():
        item.save(state=WANTED)
    phone.receive(phone.announce(102))
    assert phone.states() == [WANTED] * limits.WAITING


@virtual
def test_texts_have_a_bound_and_those_that_were_read_go_first():
    for read, unread in ((0, limits.TEXTS - 1), (0, limits.TEXTS), (1, limits.TEXTS), (2, limits.TEXTS)):
        phone = Phone()
        for number in range(limits.TEXTS):
            sender, text = "+44770090000%d" % (number % 2), "text %d" % number
            phone.receive(segments.deliver(sender, text, time=1700000000 + number))
        for item in phone.box.items():
            number = int(item.status["text"][5:])
            if number in (20, 21)[:read]:
                item.save(read=True)
            if unread < limits.TEXTS and number == 7:
                phone.box.delete(item.id)
        phone.receive(segments.deliver("+447700900009", "new", time=1700000999))
        texts = [item.status["text"] for item in phone.box.items()]
        assert len(texts) == limits.TEXTS and "new" in texts
        asyncio.run(phone.box.expire())
        assert phone.dropped == (not read and unread == limits.TEXTS)
        assert ("text 20" in texts) == (not read) and ("text 21" in texts)


@virtual
def test_texts_that_have_filled_a_small_flash_make_room_for_what_comes():
    create = Store.create

    def small(store, name):
        if len(store.names(".x")) >= limits.TEXTS // 4 + more:
            raise StoreFull("store", 28, "the store is full")
        return create(store, name)

    for more in (1, 0):
        phone = Phone()
        for number in range(limits.TEXTS // 4 + more):
            phone.receive(segments.deliver("+447700900001", "text %d" % number, time=1700000000 + number))
        Store.create = small
        try:
            if more:
                phone.receive(phone.announce(1))
            else:
                raises(StoreFull, phone.receive, phone.announce(1))
        finally:
            Store.create = create
        phone.work(now[0] + 2 * RETRIEVAL_MS)
        texts = [item.status["text"] for item in phone.box.items() if item.state == "text"]
        assert len(texts) == limits.TEXTS // 4 and ("text 0" in texts) != bool(more)
        assert phone.states().count(ACKNOWLEDGED) == more


@virtual
def test_answers_to_strangers_have_a_bound():
    fields = [(mm1.TRANSACTION_ID, "C"), (mm1.VERSION, 0x20), (mm1.CONTENT_LOCATION, MMSC)]
    phone = Phone()
    phone.carrier._next = nothing
    for number in range(limits.ERRANDS + 1):
        assert len(phone.store.names(".a")) == number
        body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
        phone.receive(segments.deliver("+447700900666", body, ports=(2948, 9200)))
    assert len(phone.store.names(".a")) == limits.ERRANDS
    phone.receive(segments.deliver("+447700900666", body, ports=(2948, 9200)))
    asyncio.run(phone.box.expire())
    assert len(phone.store.names(".a")) == limits.ERRANDS and phone.dropped == 2


@virtual
def test_only_so_many_numbers_are_remembered_as_proven():
    phone = Phone()
    for number in range(limits.PROVEN + 1):
        assert phone.box.waiting.proven == ["%d" % one for one in range(number)]
        phone.box.waiting.prove("%d" % number)
        phone.box.waiting.prove("%d" % number)
    assert Phone(phone.store._folder).box.waiting.proven == ["%d" % one for one in range(1, limits.PROVEN + 1)][-8:]


@virtual
def test_a_push_reads_no_more_the_more_there_is():
    report = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M9"), (mm1.TO, "bob"), (mm1.DATE, 1700000001), (mm1.STATUS, 0x81)]
    link = b'<si><indication href="http://x.example/">news</indication></si>'
    pushes = [
        notification("N", MMSC + "n", "+447700900666"),
        notification("N", MMSC + "n", "+447700900666"),
        segments.deliver("+44", push.build(1, mm1.MEDIA, mm1.build(mm1.DELIVERY_IND, report)), ports=(2948, 9200)),
        segments.deliver("+44", push.build(1, "text/vnd.wap.si", link), ports=(2948, 9200)),
        segments.deliver("+44", "a text"),
        [bytes.fromhex("06010c91447700090020307012210000003070122100000000")],
    ]
    reads = {}
    for there in (1, 40):
        phone = Phone()
        phone.carrier._next = nothing
        for number in range(there):
            entries.add(
                phone.box, "%08x" % number, ACKNOWLEDGED, tid="T%d" % number, url=MMSC, message_id="M%d" % number
            )
            id = texts.accept(phone.store, phone.box.events, "+447700900002", "hello", True)
            phone.box.outbox.item(id).save(message_id="S%d" % number, references=[number + 100])
        opened, opening = [], phone.store.open
        phone.store.open = lambda name, opening=opening, opened=opened: opened.append(name) or opening(name)
        reads[there] = []
        for parts in pushes:
            phone.receive(parts)
            reads[there].append(len(opened))
        assert phone.events["notified_again"] == 1 and phone.events["unknown_report"] == 2
    assert reads[1] == reads[40] and len(reads[1]) == len(pushes)
