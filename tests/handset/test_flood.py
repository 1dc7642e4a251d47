"""A thousand a minute of what anybody can send: nobody's message is pushed out, and nothing grows."""

import asyncio
import gc

from mms import clock, limits
from mms.codec import mm1, push, tpdu
from mms.errors import Refused, StoreFull
from mms.events import Events
from mms.handset import policy, rooms
from mms.handset import settings as handset_settings
from mms.handset.carrying.carrier import Carrier
from mms.handset.operators import Profile
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending import texts
from mms.handset.sending.outbox import Outbox
from mms.handset.states import ACKNOWLEDGED, DEFERRED, FAILED, NOTIFIED, WANTED
from mms.handset.store import store as stores
from mms.handset.store.store import Store, new_id
from mms.handset.supervisor import Supervisor
from tests.kit.checks import raises
from tests.kit.handset.inbox import Answer, message

try:
    from gc import mem_alloc as allocated
except ImportError:  # CPython counts no octets

    def allocated():
        return 0


MMSC = "http://mmsc.example/"
CENTRE = "447700900999"  # from where the MMSC's notifications come
A_MINUTE = 1000
RETRIEVAL_MS = 2000  # what one takes
now = [0]


def virtual(story):
    """Run `story` with a clock that only it moves, and no wait for the disk of a PC."""

    def run():
        ticks, since, sync = clock.ticks, clock.since, stores._sync
        clock.ticks, clock.since = lambda: now[0], lambda start: now[0] - start
        stores._sync = lambda file: None
        try:
            story()
        finally:
            clock.ticks, clock.since, stores._sync = ticks, since, sync

    return run


class Bearer:
    """An MMSC that has the messages in `honest`, and nothing else that is asked for."""

    def __init__(self, roaming=False):
        self.honest, self.retrieved, self.answered, self.refused = [], [], [], 0
        self.profile = Profile({"apn": "mms", "mmsc": MMSC}, "23410")
        self.roaming, self.status = roaming, "roaming" if roaming else "home"

    async def up(self):
        pass

    async def network(self):
        return self

    async def request(self, method, url, consume, body=None, octets=0, sent=None):
        now[0] += RETRIEVAL_MS
        if method == "POST":
            buffer = bytearray(octets)
            body.readinto(buffer)
            self.answered.append(mm1.parse(bytes(buffer)).get(mm1.TRANSACTION_ID))
        elif url.text in self.honest:
            self.retrieved.append(url.text)
            await consume(Answer(message("R")), bytearray(500))
        else:
            self.refused += 1
            raise Refused("answer", 403, "no such message")


class Phone:
    """A handset without its modem; `events` counts what it said."""

    def __init__(self, folder=None, **more):
        self.store, self.events = Store(folder or "build/tests/flood-%s" % new_id()), {}
        events = Events()
        events.listen(self._heard)
        self.dropped = 0
        self.bearer = Bearer()
        self.box = Inbox(self.store, events, Outbox(self.store, events))
        self.carrier = Carrier(
            handset_settings.check(more), self.bearer, self.box.outbox, self.box, events, Supervisor(events)
        )

    def _heard(self, event):
        self.events[event["event"]] = self.events.get(event["event"], 0) + 1
        self.dropped += event.get("dropped", 0)

    def receive(self, tpdus):
        for octets in tpdus:
            self.box.digest(self.box.keep(octets))
            self.work(now[0])

    def work(self, until):
        """Carry what is due and was begun before `until`."""
        while now[0] <= until:
            job = asyncio.run(self.carrier._next())
            if not job:
                return
            asyncio.run(self.carrier._carry(*job))

    def announce(self, number):
        """An honest message: its TPDUs."""
        self.bearer.honest.append("%sm/%d" % (MMSC, number))
        return notification("T%d" % number, self.bearer.honest[-1], CENTRE, number)

    def states(self):
        return [item.state for item in self.box.items()]


async def nothing():
    """There is nothing to carry."""


def notification(tid, url, origin, reference=0, subject=""):
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.SUBJECT, subject)]
    fields += [(mm1.EXPIRY, ("relative", 86400)), (mm1.CONTENT_LOCATION, url)]
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
    return tpdu.deliver(origin, body, ports=(2948, 9200), reference=reference)


def learn_names():
    """Load each room once: the names in it, which MicroPython keeps for good, are no leak of a flood."""
    for line in rooms._PLACES.split("\n"):
        for name in line.split(" ")[1:]:
            getattr(rooms, name)


def flood(phone, strange, minutes):
    """`strange(number)` are TPDUs, a thousand a minute with an honest message each minute; the heap after each."""
    learn_names()
    kept = []
    for minute in range(minutes):
        begin = now[0]
        for number in range(A_MINUTE):
            if number == 500:
                phone.receive(phone.announce(100 + minute))
            phone.receive(strange(minute * A_MINUTE + number))
            now[0] = max(now[0], begin + 60000 * (number + 1) // A_MINUTE)
            if number % 500 == 400:
                gc.collect()
                kept.append(allocated())
        asyncio.run(phone.box.expire())
    for _ in range(20):
        now[0] += 60000
        phone.work(now[0])
    return kept


def holds(phone, kept, minutes):
    """Whatever came, this is so afterwards."""
    assert sorted(set(phone.bearer.retrieved)) == sorted(phone.bearer.honest)
    assert len(phone.bearer.answered) == len(phone.bearer.honest)
    assert phone.states().count(ACKNOWLEDGED) == len(phone.bearer.honest)
    assert len(phone.states()) - len(phone.bearer.honest) <= limits.WAITING
    assert phone.events["flooded"] == minutes and phone.dropped > A_MINUTE * minutes * 9 // 10
    assert sum(phone.events.values()) < 300
    assert phone.bearer.refused < limits.RETRIEVALS + 6 * (minutes + 20)
    assert max(kept) - kept[0] < 1024, kept


@virtual
def test_one_who_announces_a_thousand_a_minute_displaces_nobody():
    phone = Phone()
    kept = flood(phone, lambda number: notification("F%d" % number, MMSC + "f/%d" % number, "+447700900666"), 2)
    holds(phone, kept, 2)


@virtual
def test_a_thousand_numbers_a_minute_do_not_displace_the_one_that_is_proven():
    phone = Phone()
    phone.receive(phone.announce(1))
    phone.work(now[0])
    assert len(phone.bearer.retrieved) == 1
    phone = Phone(phone.store._folder)  # and a restart forgets nothing of it
    kept = flood(phone, lambda number: notification("F%d" % number, MMSC + "f/%d" % number, "+44%09d" % number), 1)
    phone.bearer.answered.append("T1")
    phone.bearer.honest.append(MMSC + "m/1")
    phone.bearer.retrieved.append(MMSC + "m/1")
    holds(phone, kept, 1)


@virtual
def test_a_thousand_beginnings_of_messages_a_minute_do_not_part_those_of_another():
    phone = Phone()
    long = "a subject that makes it long enough for two messages, if not for three of them" * 2

    def announce(number):
        phone.bearer.honest.append("%sm/%d" % (MMSC, number))
        return notification("T%d" % number, phone.bearer.honest[-1], CENTRE, number, long)

    first = notification("F", MMSC + "f", "+447700900666", 0, long)[0]
    assert len(announce(1)) > 1
    phone.bearer.honest.clear()
    for number in range(200):
        beginning = bytearray(first)
        beginning[beginning.index(b"\x00\x03\x00") + 2] = number
        parts = announce(number) if number % 50 == 10 else []
        for part in parts:
            phone.receive([bytes(beginning), part])
            for other in range(200, 210):
                beginning[beginning.index(b"\x00\x03") + 2] = other
                phone.receive([bytes(beginning)])
        phone.receive([bytes(beginning)])
    phone.work(now[0])
    assert sorted(phone.bearer.retrieved) == sorted(phone.bearer.honest)
    assert len(phone.store.names(".t")) <= limits.ASSEMBLIES
    asyncio.run(phone.box.expire())
    assert phone.events["flooded"] == 1 and "incomplete" not in phone.events


@virtual
def test_a_message_has_so_many_parts_and_not_one_more():
    for total, quarantined in ((limits.SEGMENTS - 1, 0), (limits.SEGMENTS, 0), (limits.SEGMENTS + 1, 1)):
        phone = Phone()
        beginning = bytearray(tpdu.deliver("+447700900001", b"x" * 200, ports=(7, 7), reference=7)[0])
        beginning[beginning.index(b"\x00\x03\x07") + 3] = total
        phone.receive([bytes(beginning)])
        assert (len(phone.store.names(".t")), len(phone.store.names(".q"))) == (1 - quarantined, quarantined)


@virtual
def test_so_many_messages_are_under_way_and_for_so_long():
    phone, parts = Phone(), {}
    for number in range(limits.ASSEMBLIES + 1):
        assert len(phone.store.names(".t")) == number and phone.dropped == 0
        parts[number] = tpdu.deliver("+44770090000%d" % number, b"x" * 200, ports=(7, 7), reference=number)
        phone.receive(parts[number][:1])
    phone.box.tell()
    assert len(phone.store.names(".t")) == limits.ASSEMBLIES and phone.dropped == 1
    for passed in (limits.ASSEMBLY_MS - 1, 1):
        now[0] += passed
        asyncio.run(phone.box.expire())
        assert len(phone.store.names(".t")) == limits.ASSEMBLIES
    now[0] += 1
    asyncio.run(phone.box.expire())
    assert phone.store.names(".t") == [] and phone.events["incomplete"] == limits.ASSEMBLIES


@virtual
def test_who_waits_for_the_user_is_not_displaced_by_strangers():
    phone = Phone(retrieve={"home": "manual", "roaming": "manual"})
    phone.receive(phone.announce(1))
    phone.work(now[0] + 10000)
    assert phone.states() == [DEFERRED]
    for number in range(100):
        phone.receive(notification("F%d" % number, MMSC + "f/%d" % number, "+447700900666"))
        phone.work(now[0] + 10000)
    ids = [item.id for item in phone.box.items() if item.status["origin"] == CENTRE]
    assert len(ids) == 1 and len(phone.states()) == limits.WAITING
    phone.box.item(ids[0]).again()
    assert phone.box.waiting.due(lambda id, wanted: True) == ids[0]


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
def test_retrievals_that_fail_are_slowed_and_what_the_user_asks_for_is_not():
    phone = Phone()
    for number in range(limits.RETRIEVALS + 3):
        box, id = phone.box, "%08x" % number
        box.add(id, NOTIFIED, tid="F%d" % number, url=MMSC + "f/%d" % number, origin="+447700900666")
    before = now[0]
    phone.work(now[0] + 60000)
    # each takes two seconds, and one more may fail after each ten
    assert phone.states().count(FAILED) == limits.RETRIEVALS + (now[0] - before) // limits.RETRIEVAL_MS
    assert asyncio.run(phone.carrier._next()) is None
    (id,) = [item.id for item in phone.box.items() if item.state == NOTIFIED][:1]
    assert phone.carrier._pause() <= limits.RETRIEVAL_MS
    phone.box.item(id).save(state=WANTED)
    assert asyncio.run(phone.carrier._next())[0].id == id
    phone.box.item(id).save(state=NOTIFIED)
    now[0] += limits.RETRIEVAL_MS
    assert asyncio.run(phone.carrier._next()) is not None


@virtual
def test_a_transaction_id_that_a_stranger_used_before_does_not_hide_a_message():
    phone = Phone()
    phone.receive(notification("T1", MMSC + "f/1", "+447700900666"))
    phone.receive(phone.announce(1))
    phone.work(now[0])
    assert phone.bearer.retrieved == phone.bearer.honest


@virtual
def test_a_retrieval_in_which_the_handset_ends_each_time_is_given_up():
    phone = Phone()
    for attempts, state in ((policy.ATTEMPTS - 1, ACKNOWLEDGED), (policy.ATTEMPTS, FAILED)):
        phone.bearer.honest.append(MMSC + "m/%d" % attempts)
        item = phone.box.add("%08x" % attempts, NOTIFIED, tid="T", url=phone.bearer.honest[-1], attempts=attempts)
        phone.work(now[0] + RETRIEVAL_MS)
        assert phone.box.item(item.id).state == state


@virtual
def test_what_claims_to_be_huge_keeps_the_line_no_longer_than_the_largest_message():
    phone = Phone()
    for octets, counted in ((limits.MESSAGE - 1, limits.MESSAGE - 1), (limits.MESSAGE + 1, limits.MESSAGE)):
        phone.box.add("%08x" % octets, NOTIFIED, tid="T", url=MMSC, octets=octets)
        assert asyncio.run(phone.carrier._next())[3] == policy.budget_ms(counted)
        phone.box.delete("%08x" % octets)


@virtual
def test_texts_have_a_bound_and_those_that_were_read_go_first():
    for read, unread in ((0, limits.TEXTS - 1), (0, limits.TEXTS), (1, limits.TEXTS), (2, limits.TEXTS)):
        phone = Phone()
        for number in range(limits.TEXTS):
            phone.receive(tpdu.deliver("+44770090000%d" % (number % 2), "text %d" % number, time=1700000000 + number))
        for item in phone.box.items():
            number = int(item.status["text"][5:])
            if number in (20, 21)[:read]:
                item.save(read=True)
            if unread < limits.TEXTS and number == 7:
                phone.box.delete(item.id)
        phone.receive(tpdu.deliver("+447700900009", "new", time=1700000999))
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
            phone.receive(tpdu.deliver("+447700900001", "text %d" % number, time=1700000000 + number))
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
def test_who_sends_a_thousand_texts_loses_his_own():
    phone = Phone()
    phone.receive(tpdu.deliver("+447700900001", "honest", time=1700000000))
    for number in range(limits.TEXTS + 68):
        phone.receive(tpdu.deliver("+447700900666", "text %d" % number, time=1700000001 + number))
    texts = [item.status["text"] for item in phone.box.items()]
    assert "honest" in texts and "text %d" % (limits.TEXTS + 67) in texts and len(texts) == limits.TEXTS
    asyncio.run(phone.box.expire())
    assert (phone.events["flooded"], phone.dropped) == (1, 69)


@virtual
def test_answers_to_strangers_have_a_bound():
    fields = [(mm1.TRANSACTION_ID, "C"), (mm1.VERSION, 0x20), (mm1.CONTENT_LOCATION, MMSC)]
    phone = Phone()
    phone.carrier._next = nothing
    for number in range(limits.ERRANDS + 1):
        assert len(phone.store.names(".a")) == number
        body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
        phone.receive(tpdu.deliver("+447700900666", body, ports=(2948, 9200)))
    assert len(phone.store.names(".a")) == limits.ERRANDS
    phone.receive(tpdu.deliver("+447700900666", body, ports=(2948, 9200)))
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
        tpdu.deliver("+44", push.build(1, mm1.MEDIA, mm1.build(mm1.DELIVERY_IND, report)), ports=(2948, 9200)),
        tpdu.deliver("+44", push.build(1, "text/vnd.wap.si", link), ports=(2948, 9200)),
        tpdu.deliver("+44", "a text"),
        [bytes.fromhex("06010c91447700090020307012210000003070122100000000")],
    ]
    reads = {}
    for there in (1, 40):
        phone = Phone()
        phone.carrier._next = nothing
        for number in range(there):
            phone.box.add("%08x" % number, ACKNOWLEDGED, tid="T%d" % number, url=MMSC, message_id="M%d" % number)
            id = texts.accept(phone.store, phone.box.events, "+447700900002", "hello", True)
            phone.box.outbox.item(id).save(message_id="S%d" % number, references=[number + 100])
        opened, opening = [], phone.store.open
        phone.store.open = lambda name, opening=opening, opened=opened: opened.append(name) or opening(name)
        reads[there] = []
        for segments in pushes:
            phone.receive(segments)
            reads[there].append(len(opened))
        assert phone.events["notified_again"] == 1 and phone.events["unknown_report"] == 2
    assert reads[1] == reads[40] and len(reads[1]) == len(pushes)
