"""A whole handset, its line, its modem and the network: what fails comes back, or ends it and says why."""

from mms import clock
from mms.codec import mm1
from mms.errors import Coverage, LineLost, ModemError, SimError
from mms.handset import states
from mms.handset.sending import requests
from mms.handset.states import ACKNOWLEDGED, DEFERRED, NOTIFIED
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.phone import MINUTE, Phone, hello


def test_without_coverage_a_message_waits_and_goes_when_there_is_some():
    phone = Phone()
    phone.modem.faults = {"register": [Coverage("register", 2, "no network") for _ in range(4)]}

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(MINUTE // 2)
        waiting = phone.handset.outbox.item(id).state
        await clock.sleep(20 * MINUTE)
        return waiting, phone.handset.outbox.item(id).state

    assert phone.live(story) == (states.QUEUED, states.SENT)
    assert all("coverage" in event["advice"] for event in phone.told("failed"))


def test_a_network_that_was_chosen_by_hand_is_looked_for_every_minute_and_others_are_not():
    for chosen, least, most in ((True, 4, 6), (False, 0, 1)):
        phone = Phone()

        async def story(phone=phone, chosen=chosen):
            await clock.sleep(MINUTE)
            before = phone.modem.log.count("register")
            phone.modem.chosen = chosen
            await clock.sleep(5 * MINUTE)
            return phone.modem.log.count("register") - before

        assert least <= phone.live(story) <= most


def test_a_modem_that_was_reset_is_started_again_and_again():
    phone = Phone()

    async def story():
        phone.modem.faults = {"start": [ModemError("modem")] * 3}
        phone.events.say("modem_reset")
        await clock.sleep(MINUTE)
        id = await phone.handset.send(hello())
        await clock.sleep(MINUTE)
        return phone.handset.outbox.item(id).state

    assert phone.live(story) == states.SENT and phone.modem.log.count("start") == 5


def test_a_line_that_was_pulled_out_is_waited_for_as_long_as_it_takes():
    for first in (True, False):
        phone = Phone()
        gone = {"start": [LineLost("line", None, "the line was pulled out") for _ in range(3)]}
        if first:
            phone.modem.faults = gone

        async def story(phone=phone, gone=gone, first=first):
            if not first:
                phone.modem.faults = gone
                phone.events.say("modem_reset")
            for hours in (1, 5, 1):
                await clock.sleep(hours * 60 * MINUTE)
                phone.events.say("line_back")
            await clock.sleep(MINUTE)
            id = await phone.handset.send(hello())
            await clock.sleep(MINUTE)
            return phone.handset.outbox.item(id).state

        assert phone.live(story) == states.SENT
        assert phone.modem.log.count("start") == (4 if first else 5) and not phone.told("failed")


def test_a_message_goes_as_soon_as_the_line_is_back():
    phone = Phone()

    async def story():
        phone.modem.faults["register"] = [LineLost("line", None, "the line was pulled out") for _ in range(99)]
        phone.events.say("line_lost")
        id = await phone.handset.send(hello())
        await clock.sleep(20 * MINUTE)
        state, tries = phone.handset.outbox.item(id).state, phone.modem.log.count("register")
        phone.modem.faults.clear()
        phone.events.say("line_back")
        await clock.sleep(2000)
        return state, tries, phone.handset.outbox.item(id).state

    state, tries, after = phone.live(story)
    assert (state, after) == (states.QUEUED, states.SENT) and tries < 12
    assert all("plug it in" in event["advice"] for event in phone.told("failed"))


def test_a_modem_that_never_comes_back_ends_the_handset_and_so_does_a_sim_that_says_no():
    for error, starts in ((ModemError("modem"), 6), (SimError("sim", 10, "no SIM"), 2)):
        phone = Phone()

        async def story():
            phone.modem.faults = {"start": [error] * 9}  # noqa: B023
            phone.events.say("modem_reset")  # noqa: B023
            await clock.sleep(10 * MINUTE)

        raised = raises(type(error), phone.live, story)
        assert raised is error and phone.modem.log.count("start") == starts


def test_what_keeps_a_handset_from_starting_ends_it():
    phone = Phone()
    phone.modem.faults = {"start": [ModemError("modem")]}
    assert phone.dies().step == "modem"


def test_a_context_that_nobody_uses_is_let_go():
    phone = Phone()

    async def story():
        await clock.sleep(MINUTE)
        early = "release" in phone.modem.log
        await clock.sleep(3 * MINUTE)
        return early, phone.modem.log.count("release")

    assert phone.live(story) == (False, 1)
    phone = Phone()
    phone.modem.faults = {"release": [ModemError("modem")]}
    assert phone.live(story) == (False, 1) and phone.told("failed")[0]["step"] == "modem"


def test_a_handset_attaches_when_it_registers_and_not_where_the_settings_say_so():
    for setting, attached in (("registered", [1, 2, 3]), ("needed", [0, 0, 2])):
        phone = Phone(attach=setting)

        async def story():
            counts = [phone.modem.log.count("attach")]  # noqa: B023
            phone.events.say("modem_reset")  # noqa: B023
            await clock.sleep(MINUTE)
            counts.append(phone.modem.log.count("attach"))  # noqa: B023
            id = await phone.handset.send(hello())  # noqa: B023
            await clock.sleep(MINUTE)
            assert phone.handset.outbox.item(id).state == states.SENT  # noqa: B023
            return counts + [phone.modem.log.count("attach")]  # noqa: B023

        first, again, last = phone.live(story)
        assert [first, again] == attached[:2] and last >= attached[2]
        assert "register" in phone.modem.log


def test_abroad_a_message_waits_for_its_user():
    phone = Phone()
    phone.modem.where.status = "roaming"

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        (item,) = phone.handset.inbox.items()
        before = item.state
        phone.handset.fetch(item.id)
        await clock.sleep(MINUTE)
        return before, phone.handset.inbox.item(item.id).state

    assert phone.live(story) == (DEFERRED, ACKNOWLEDGED)
    (deferred, get, answer) = phone.mmsc.heard
    assert deferred[2].get(mm1.STATUS) == mm1.DEFERRED and get[0] == "GET"
    assert (answer[2].type, answer[2].get(mm1.TRANSACTION_ID)) == (mm1.ACKNOWLEDGE_IND, "R1")


def test_where_a_network_is_searched_for_hours_nothing_fails():
    phone = Phone()

    async def story():
        async def search(seconds):
            await clock.sleep(70000)
            raise Coverage("register", 2, "no network")

        found, phone.modem.register = phone.modem.register, search
        text = await requests.send_text(phone.handset, "+447700900001", "hello")
        await clock.sleep(2 * 60 * MINUTE)
        phone.modem.register = found
        await clock.sleep(10 * MINUTE)
        return phone.handset.outbox.item(text).state

    assert phone.live(story) == states.SENT
    assert {event["final"] for event in phone.told("failed")} == {False}


def test_whether_a_message_is_fetched_abroad_is_asked_when_the_network_is_known():
    phone = Phone()
    phone.modem.where.status = "searching"

    async def story():
        async def register(seconds):
            phone.modem.where.status = "roaming"

        phone.modem.register = register
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        return phone.handset.inbox.items()[0].state

    assert phone.live(story) == DEFERRED
    assert phone.told("failed") == []
    phone = Phone()
    phone.modem.where.status = "unknown"  # a garbled answer

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(10000)
        before = phone.handset.inbox.items()[0].state
        phone.modem.where.status = "home"
        await clock.sleep(5 * MINUTE)
        return before, phone.handset.inbox.items()[0].state

    assert phone.live(story) == (NOTIFIED, ACKNOWLEDGED)


def test_a_handset_knows_its_number_from_the_settings_or_from_the_sim():
    assert Phone(number=ALICE).handset.number == ALICE
    phone = Phone()
    assert phone.handset.number is None

    async def story():
        return phone.handset.number

    assert phone.live(story) == "+447700900002"
