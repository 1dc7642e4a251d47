"""Commands that come in the moment in which something else happens to their message."""

from mms import clock
from mms.codec import mm1
from mms.errors import BearerError, Coverage, UsageError
from mms.handset import states
from mms.handset.sending import requests
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, message, notification
from tests.kit.handset.phone import MINUTE, Phone, one_sent


def test_who_deletes_what_is_just_forwarded_stops_nothing():
    phone = Phone(retrieve={"home": "manual"})

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(2 * MINUTE)
        (item,) = phone.handset.inbox.items()
        tid = requests.forward(phone.handset, item.id, [ALICE])
        item.save(state=states.RETRIEVED)
        requests.delete(phone.handset, item.id)
        done = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK), (mm1.MESSAGE_ID, "M9")]
        phone.mmsc.then = [mm1.build(0x8A, done)]
        phone.modem.faults = {"open": [BearerError("connect")] * 2}  # the answer to it goes later
        await clock.sleep(5 * MINUTE)
        return phone.handset.outbox.item(tid).state, phone.store.names(".n")

    assert phone.live(story) == (states.SENT, [])


def test_what_is_deleted_before_the_mmsc_knows_that_it_came_does_not_come_again():
    phone = Phone()

    def then_no_answer_leaves(event):
        if event["event"] == "retrieved":
            phone.modem.faults = {"open": [BearerError("connect")] * 2}

    phone.events.listen(then_no_answer_leaves)

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(20000)
        (item,) = phone.handset.inbox.items()
        assert item.state == states.RETRIEVED
        requests.delete(phone.handset, item.id)
        assert "no message" in str(raises(UsageError, phone.handset.inbox.item, item.id))
        phone.modem.arrives(*notification(reference=7))
        await clock.sleep(10 * MINUTE)
        return phone.store.names(".n")

    assert phone.live(story) == [] and [one[0] for one in phone.mmsc.heard] == ["GET", "POST"]


def test_who_asks_for_a_message_during_an_attempt_is_not_forgotten():
    phone = Phone(retrieve={"home": "manual"})
    covered = []

    async def register(seconds):
        if not covered:
            await clock.sleep(MINUTE)
            raise Coverage("register", 2, "no network")

    phone.modem.register = register

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(20000)
        (item,) = phone.handset.inbox.items()
        phone.handset.fetch(item.id)
        await clock.sleep(MINUTE)
        covered.append(True)
        await clock.sleep(15 * MINUTE)
        return phone.handset.inbox.item(item.id).state

    assert phone.live(story) == states.ACKNOWLEDGED


def test_who_asks_for_a_message_while_the_mmsc_is_answered_is_not_forgotten():
    for settings, octets, status in (
        ({"retrieve": {"home": "manual"}}, 2000, 0x83),
        ({"too_large": "reject"}, 2**31, 0x82),
    ):
        phone = Phone(**settings)
        phone.mmsc.then, answer = [], phone.mmsc.answer

        def fetching(method, pdu):
            if method == "POST" and pdu.get(mm1.STATUS) == status:  # noqa: B023
                (item,) = phone.handset.inbox.items()  # noqa: B023
                phone.handset.fetch(item.id)  # noqa: B023
            return answer(method, pdu)  # noqa: B023

        phone.mmsc.answer = fetching

        async def story():
            phone.modem.arrives(*notification(octets=octets))  # noqa: B023
            await clock.sleep(15 * MINUTE)
            return phone.handset.inbox.items()  # noqa: B023

        (item,) = phone.live(story)
        assert item.state == states.ACKNOWLEDGED, item.status


def test_who_forwards_a_message_and_asks_for_it_gets_it():
    for first in (True, False):
        phone = Phone(retrieve={"home": "manual"})

        async def story():
            phone.modem.arrives(*notification())  # noqa: B023
            await clock.sleep(2 * MINUTE)
            (item,) = phone.handset.inbox.items()  # noqa: B023
            tid = requests.forward(phone.handset, item.id, [ALICE])  # noqa: B023
            phone.handset.fetch(item.id)  # noqa: B023
            done = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK)]
            later = mm1.build(0x8A, [done[0], done[1], (mm1.RESPONSE_STATUS, 0xC0)])
            phone.mmsc.answer = lambda method, pdu: (  # noqa: B023
                message() if method == "GET" else mm1.build(0x8A, done) if pdu.type == 0x89 else b""
            )
            phone.mmsc.then = [] if first else [later]  # noqa: B023
            await clock.sleep(15 * MINUTE)
            return phone.handset.inbox.items()[0], phone.handset.outbox.item(tid).state  # noqa: B023

        item, sent = phone.live(story)
        assert (item.state, sent) == (states.ACKNOWLEDGED, states.SENT), first


def test_who_cancels_in_the_moment_in_which_an_attempt_fails_has_cancelled():
    phone = Phone()

    async def opened(host, port):
        (item,) = phone.handset.outbox.items()
        phone.handset.cancel(item.id)
        raise BearerError("connect")

    phone.modem.open = opened
    item = one_sent(phone)
    assert (item.state, item.status["why"], phone.mmsc.heard) == (states.FAILED, "cancelled", [])
