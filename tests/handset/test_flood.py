"""A thousand a minute of what anybody can send: nobody's message is pushed out, and nothing grows."""

import asyncio
import gc

from mms import limits
from mms.codec import segments
from mms.handset import policy, rooms
from mms.handset.receiving import entries
from mms.handset.states import ACKNOWLEDGED, DEFERRED, FAILED, NOTIFIED, WANTED
from tests.kit.handset.flood import CENTRE, MMSC, RETRIEVAL_MS, Phone, notification, now, virtual

try:
    from gc import mem_alloc as allocated
except ImportError:  # CPython counts no octets

    def allocated():
        return 0


A_MINUTE = 1000


def learn_names():
    """Load each room once: the names in it, which MicroPython keeps for good, are no leak of a flood."""
    for line in rooms._PLACES.split("\n"):
        for name in line.split()[1:]:
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
    rooms.noting.retry(phone.box.item(ids[0]))
    assert phone.box.waiting.due(lambda id, wanted: True) == ids[0]


@virtual
def test_retrievals_that_fail_are_slowed_and_what_the_user_asks_for_is_not():
    phone = Phone()
    for number in range(limits.RETRIEVALS + 3):
        box, id = phone.box, "%08x" % number
        entries.add(box, id, NOTIFIED, tid="F%d" % number, url=MMSC + "f/%d" % number, origin="+447700900666")
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
        item = entries.add(
            phone.box, "%08x" % attempts, NOTIFIED, tid="T", url=phone.bearer.honest[-1], attempts=attempts
        )
        phone.work(now[0] + RETRIEVAL_MS)
        assert phone.box.item(item.id).state == state


@virtual
def test_what_claims_to_be_huge_keeps_the_line_no_longer_than_the_largest_message():
    phone = Phone()
    for octets, counted in ((limits.MESSAGE - 1, limits.MESSAGE - 1), (limits.MESSAGE + 1, limits.MESSAGE)):
        entries.add(phone.box, "%08x" % octets, NOTIFIED, tid="T", url=MMSC, octets=octets)
        assert asyncio.run(phone.carrier._next())[3] == policy.budget_ms(counted)
        phone.box.delete("%08x" % octets)


@virtual
def test_who_sends_a_thousand_texts_loses_his_own():
    phone = Phone()
    phone.receive(segments.deliver("+447700900001", "honest", time=1700000000))
    for number in range(limits.TEXTS + 68):
        phone.receive(segments.deliver("+447700900666", "text %d" % number, time=1700000001 + number))
    texts = [item.status["text"] for item in phone.box.items()]
    assert "honest" in texts and "text %d" % (limits.TEXTS + 67) in texts and len(texts) == limits.TEXTS
    asyncio.run(phone.box.expire())
    assert (phone.events["flooded"], phone.dropped) == (1, 69)
