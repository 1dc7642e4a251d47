"""The carrier: every failure is told with what comes next, and none of them ends it."""

import asyncio

from mms import clock
from mms.codec import mm1
from mms.errors import BearerError, Coverage, LinkError, Refused, StoreFull
from mms.events import Events
from mms.handset import operators
from mms.handset import settings as handset_settings
from mms.handset.carrying import answers, setbacks
from mms.handset.carrying.carrier import Carrier
from mms.handset.receiving import arriving
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.draft import Draft
from mms.handset.sending.outbox import Outbox
from mms.handset.states import FAILED, IN_DOUBT, QUEUED, RETRIEVED, SENT
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from mms.handset.supervisor import Supervisor
from tests.kit.checks import loaded, raises


class Profile:
    mmsc = proxy = None
    appends = answers_there = answers_twice = False


def operator(**more):
    """The profile of an operator without a proxy."""
    told = {"apn": "mms.example", "mmsc": "http://mmsc.example/"}
    told.update(more)
    return operators.make_profile(told, "23410")


class Unreached:
    """An error on the way to the MMSC, before anybody is asked."""

    def __init__(self, error):
        self.error = error


class Bearer:
    """Answers each request with the next of `outcomes`: an error to raise, or a Response-Status."""

    profile, candidate, sim = Profile, None, None

    def __init__(self, outcomes):
        self.outcomes = outcomes
        self.requests = 0

    async def up(self, item=None):
        if self.outcomes and isinstance(self.outcomes[0], Unreached):
            self.requests += 1
            raise self.outcomes.pop(0).error

    async def request(self, method, url, consume, content=None, sent=None):
        self.requests += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, tuple):  # an error after the last octets have gone
            await content.completing()
            raise outcome[0]
        if isinstance(outcome, Exception):
            raise outcome
        await content.completing()
        fields = [(mm1.VERSION, mm1.VERSION_1_2), (mm1.RESPONSE_STATUS, outcome), (mm1.MESSAGE_ID, "M1")]
        return mm1.build(mm1.SEND_CONF, fields), mm1.MEDIA


def carry(*outcomes, **more):
    """What a message became of after each of `outcomes`, and what was told of its failures."""
    store, events, told = Store("build/tests/carrier-%s" % new_id()), Events(), []
    settings = handset_settings.check(more)
    outbox = Outbox(store, events, settings["in_doubt"] == "hold")
    draft = Draft(store, events)
    with draft.create("text/plain") as writer:
        writer.write(b"hello")
    draft.add("text/plain", writer.octets)
    asyncio.run(draft.accept(["+447700900002"], "", 10000, {}, 1700000001))
    events.listen(lambda event: told.append(event) if event["event"] == "failed" else None)
    bearer = Bearer(list(outcomes))
    carrier = Carrier(settings, bearer, outbox, Inbox(store, events, outbox), events, Supervisor(events))

    async def story():
        working = asyncio.create_task(carrier.work())
        while bearer.outcomes:
            carrier.wake(draft.id)
            before = bearer.requests
            for _ in range(50):
                await asyncio.sleep(0)
            if bearer.requests == before:
                break
        assert not working.done()
        working.cancel()

    asyncio.run(story())
    return outbox.item(draft.id), told, bearer


def test_a_clean_failure_is_tried_again_at_growing_intervals_and_then_given_up():
    item, told, _ = carry(*[BearerError("connect")] * 6)
    waits = [event["retry_ms"] for event in told]
    assert waits[0] == 0 and waits[5] is None
    for at, minutes in enumerate((1, 5, 10, 30)):
        assert 0.8 <= waits[1 + at] / (60000 * minutes) <= 1.2
    assert [event["final"] for event in told] == [False] * 5 + [True]
    assert (item.state, item.status["maybe_duplicate"]) == (FAILED, False)


def test_a_confirmation_ends_it_and_a_refusal_says_why():
    item, told, _ = carry(mm1.OK)
    assert (item.state, item.status["message_id"], told) == (SENT, "M1", [])
    item, told, _ = carry(0xE1)
    assert (item.state, told[0]["code"], told[0]["final"]) == (FAILED, 0xE1, True)
    item, told, _ = carry(0xC0, mm1.OK)
    assert (item.state, told[0]["code"], told[0]["final"]) == (SENT, 0xC0, False)


def test_a_message_waits_for_a_network_however_long_there_is_none():
    none = [Unreached(Coverage("register", 2, "no network")) for _ in range(20)]
    item, told, _ = carry(*none, BearerError("connect"), mm1.OK)
    assert (item.state, item.status["attempts"]) == (SENT, 2)
    assert {event["retry_ms"] for event in told[:20]} == {300000} and told[20]["retry_ms"] == 0
    item, told, _ = carry(*[Unreached(BearerError("attach")) for _ in range(20)], mm1.OK)
    assert (item.state, item.status["attempts"]) == (SENT, 1)
    waits = [event["retry_ms"] for event in told]
    assert waits[0] == 0 and 48000 <= waits[1] <= 72000 and all(240000 <= wait <= 360000 for wait in waits[2:])


def test_silence_after_the_last_octet_is_tried_once_more_and_flagged():
    lost = (BearerError("receive"),)
    item, told, bearer = carry(lost, mm1.OK)
    assert (item.state, item.status["maybe_duplicate"], bearer.requests) == (SENT, True, 2)
    assert told[0]["retry_ms"] >= 48000  # whatever ails the MMSC, it has time
    item, told, bearer = carry(lost, lost, mm1.OK)
    assert (item.state, told[1]["final"], bearer.requests) == (IN_DOUBT, True, 2)
    item, told, bearer = carry(lost, mm1.OK, in_doubt="hold")
    assert (item.state, told[0]["final"], bearer.requests) == (IN_DOUBT, True, 1)


def test_no_kind_of_failure_ends_the_carrier():
    failures = (MemoryError(), asyncio.TimeoutError(), StoreFull("store", 28, "full"), LinkError("answer", 503))
    item, told, _ = carry(*failures)
    assert item.state == QUEUED
    assert [event["step"] for event in told] == ["memory", "time", "store", "answer"]
    item, told, _ = carry(Refused("answer", 403, "no"), mm1.OK)
    assert (item.state, told[0]["code"]) == (FAILED, 403)


def test_short_memory_is_tried_once_more_and_then_fails_the_message_alone():
    item, told, _ = carry(MemoryError(), mm1.OK)
    assert (item.state, [event["retry_ms"] for event in told]) == (SENT, [0])
    item, told, bearer = carry(BearerError("connect"), MemoryError(), MemoryError())
    assert (item.state, bearer.requests) == (FAILED, 3)
    assert [(event["step"], event["final"]) for event in told][1:] == [("memory", False), ("memory", True)]


def test_a_store_that_is_full_when_a_failure_is_noted_is_told_and_waited_for():
    original = Store.write

    def full(self, name, record):
        if name.endswith(".s") and record["why"]:
            raise StoreFull("store", 28, "the store is full")
        original(self, name, record)

    Store.write = full
    try:
        item, told, _ = carry(BearerError("connect"))
    finally:
        Store.write = original
    assert item.state == QUEUED and told[0]["step"] == "store" and told[0]["retry_ms"] == 60000


def test_a_message_whose_end_could_not_be_noted_is_in_doubt_and_not_forgotten():
    original = Store.write

    def full(self, name, record):
        if name.endswith(".s") and (record["state"] == SENT or record["why"]):
            raise StoreFull("store", 28, "the store is full")
        original(self, name, record)

    store_write, Store.write = Store.write, full
    try:
        item, told, bearer = carry(mm1.OK)
    finally:
        Store.write = store_write
    assert told[0]["step"] == "store" and bearer.requests == 1
    events = Events()
    outbox = loaded(Outbox(item._store, events))
    assert (outbox.item(item.id).state, outbox.item(item.id).status["maybe_duplicate"]) == (QUEUED, True)


def test_what_is_over_does_not_keep_the_carrier_awake():
    carrier = Carrier(handset_settings.check({}), None, None, None, Events(), None)
    carrier.later["00000000"] = (clock.ticks(), 0)
    assert carrier._pause() == 60000
    carrier.later["00000001"] = (clock.ticks(), 5000)
    assert 4000 < carrier._pause() <= 5000


def test_an_operator_may_want_the_transaction_id_in_the_location_and_the_answer_there():
    class Item:
        status = {"url": "http://mmsc.example/m?id=", "tid": "T1"}

    class Odd(Bearer):
        profile = operator(append_transaction_id=True, answer_where_notified=True)

        async def request(self, method, url, consume, content=None, sent=None):
            self.asked = (method, url.text, content.octets)

    bearer = Odd([])
    settings = handset_settings.check({})
    asyncio.run(answers.respond(bearer, settings, Item, mm1.NOTIFYRESP_IND, "T1", mm1.RETRIEVED))
    assert bearer.asked[:2] == ("POST", "http://mmsc.example/m?id=T1")
    bearer.profile.appends = False
    assert arriving.location(bearer.profile, Item).text == "http://mmsc.example/m?id="
    Item.status["url"] = "http://evil.example/m?id="
    del bearer.asked
    raises(Refused, asyncio.run, answers.respond(bearer, settings, Item, mm1.NOTIFYRESP_IND, "T1", mm1.RETRIEVED))
    assert not hasattr(bearer, "asked")


def test_one_answer_to_a_retrieval_or_two_where_the_operator_wants_both():
    class Box:
        events = Events()

        def get(self, id):
            return None

    class Item:
        id, state, hidden = "00000001", RETRIEVED, False
        status = {"url": "http://mmsc.example/m", "tid": "T1", "answer": "T2"}
        box = Box()

        def save(self, **changes):
            pass

    class Mmsc(Bearer):
        async def request(self, method, url, consume, content=None, sent=None):
            buffer = bytearray(content.octets)
            content.readinto(buffer)
            pdu = mm1.parse(bytes(buffer))
            self.heard.append((pdu.type, pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.STATUS)))

    notified, acknowledged = (mm1.NOTIFYRESP_IND, "T1", mm1.RETRIEVED), (mm1.ACKNOWLEDGE_IND, "T2", None)
    bearer = Mmsc([])
    settings = handset_settings.check({})
    for twice, deferred, answer, expected in (
        (False, False, "T2", [notified]),
        (False, True, "T2", [acknowledged]),
        (True, False, "T2", [notified, acknowledged]),
        (True, True, "T2", [notified, acknowledged]),
        (True, False, "", [notified]),
    ):
        bearer.heard = []
        bearer.profile = operator(answer_twice=twice)
        Item.status.update(deferred=deferred, answer=answer)
        asyncio.run(answers.answer(bearer, settings, Item()))
        assert bearer.heard == expected


def test_handsets_that_one_outage_struck_together_do_not_come_back_together():
    waits = {setbacks.retry_ms(2, "%08x" % (number * 0x01010101)) for number in range(256)}
    assert len(waits) == 256 and min(waits) == 48000 and max(waits) < 72000
