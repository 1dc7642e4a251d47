"""What the settings allow abroad: each choice holds, is told once with its reason, and ends when the reason does."""

import pytest

from mms import clock
from mms.codec import mm1
from mms.handset import settings, states
from mms.handset.sending import requests
from mms.handset.states import ACKNOWLEDGED, DEFERRED, NOTIFIED, WANTED
from tests.kit.handset.inbox import notification
from tests.kit.handset.phone import MINUTE, Modem, Phone, hello

HOUR = 60 * MINUTE


def visitor(where="26201", **more):
    """A Phone in a network of another country."""
    phone = Phone(**more)
    phone.modem.where.mccmnc, phone.modem.where.status = where, "roaming"
    return phone


def go_home(phone):
    phone.modem.where.mccmnc, phone.modem.where.status = "23410", "home"


def requests_of(phone):
    return [method for method, _, _ in phone.mmsc.heard]


def sent_abroad(phone, then=None):
    """(state after 20 minutes abroad, state ten minutes after `then(id)`) of a message."""

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(20 * MINUTE)
        before = phone.handset.outbox.item(id).state
        if then:
            then(id)
        await clock.sleep(10 * MINUTE)
        return before, phone.handset.outbox.item(id).state

    return phone.live(story)


def test_a_message_that_is_not_to_be_sent_abroad_goes_at_home():
    phone = visitor(roaming={"send": "no"})
    assert sent_abroad(phone, lambda id: go_home(phone)) == (states.QUEUED, states.SENT)
    (held,) = phone.told("held")
    assert "26201" in held["why"] and "roaming.send is no" in held["why"] and phone.told("failed") == []


def test_a_message_that_is_asked_about_goes_when_the_user_says_so():
    phone = visitor(roaming={"send": "ask"})
    assert sent_abroad(phone, phone.handset.retry) == (states.QUEUED, states.SENT)
    (held,) = phone.told("held")
    assert "type retry %s" % held["id"] in held["why"]
    phone = visitor()
    assert sent_abroad(phone) == (states.SENT, states.SENT) and phone.told("held") == []


def test_what_waits_abroad_costs_no_context():
    phone = visitor(roaming={"send": "no"}, attach="needed")
    sent_abroad(phone)
    assert "open" not in phone.modem.log and phone.modem.log.count("attach") <= 1  # that of the open shutter


@pytest.mark.parametrize(
    "rules, where, used",
    [
        ({"forbidden": ["26201"]}, "26201", False),
        ({"forbidden": ["262"]}, "26203", False),
        ({"forbidden": ["26202"]}, "26201", True),
        ({"allowed": ["26202", "208"]}, "26201", False),
        ({"allowed": ["26202", "208"]}, "20801", True),
        ({"allowed": ["262"], "forbidden": ["26201"]}, "26201", False),
        ({"forbidden": ["234"]}, "home", True),
    ],
)
def test_networks_that_are_not_allowed_carry_neither_messages_nor_texts(rules, where, used):
    phone = visitor(where, roaming=rules)
    if where == "home":
        go_home(phone)

    async def story():
        id = await phone.handset.send(hello())
        text = await requests.send_text(phone.handset, "+447700900001", "hello")
        await clock.sleep(HOUR)
        return [phone.handset.outbox.item(one).state for one in (id, text)]

    assert phone.live(story) == [states.SENT if used else states.QUEUED] * 2
    assert len(phone.told("held")) == (0 if used else 2)
    assert used or "attach" not in phone.modem.log and "roaming" in phone.told("held")[0]["why"]


def test_texts_go_abroad_though_messages_do_not():
    phone = visitor(roaming={"send": "no", "octets_a_day": 1000})

    async def story():
        text = await requests.send_text(phone.handset, "+447700900001", "hello")
        await clock.sleep(MINUTE)
        return phone.handset.outbox.item(text).state

    assert phone.live(story) == states.SENT


def received(phone, story, octets=100, expiry=108000):
    """The result of `story(item)` a minute after a message was announced."""

    async def whole():
        phone.modem.arrives(*notification(octets=octets, expiry=expiry))
        await clock.sleep(MINUTE)
        return await story(phone.handset.inbox.items()[0])

    return phone.live(whole)


def test_a_message_that_was_deferred_abroad_is_fetched_at_home():
    for choice in ("manual", "never"):
        phone = visitor(retrieve={"roaming": choice})

        async def story(item):
            await clock.sleep(HOUR)
            before = phone.handset.inbox.item(item.id).state  # noqa: B023
            go_home(phone)  # noqa: B023
            await clock.sleep(5 * MINUTE)
            return item.state, before, phone.handset.inbox.item(item.id).state  # noqa: B023

        assert received(phone, story) == (DEFERRED, DEFERRED, ACKNOWLEDGED)
        assert phone.mmsc.heard[0][2].get(mm1.STATUS) == mm1.DEFERRED
        (deferred,) = phone.told("deferred")
        assert deferred["why"] == "abroad in 26201, and retrieve.roaming is %s" % choice


def test_a_message_that_is_deferred_at_home_waits_for_the_user_there():
    phone = Phone(retrieve={"home": "manual"})

    async def story(item):
        await clock.sleep(HOUR)
        return phone.handset.inbox.item(item.id).state

    assert received(phone, story) == DEFERRED
    assert phone.told("deferred")[0]["why"] == "retrieve.home is manual"


def test_never_means_not_even_for_the_user_until_the_handset_is_home():
    phone = visitor(retrieve={"roaming": "never"})

    async def story(item):
        phone.handset.fetch(item.id)
        await clock.sleep(HOUR)
        before = phone.handset.inbox.item(item.id).state
        go_home(phone)
        await clock.sleep(10 * MINUTE)
        return before, phone.handset.inbox.item(item.id).state

    assert received(phone, story) == (WANTED, ACKNOWLEDGED)
    assert "retrieve.roaming is never" in phone.told("held")[0]["why"] and len(phone.told("held")) == 1


def test_a_message_that_the_user_wants_and_that_waits_for_home_is_announced_again_too():
    phone = visitor(retrieve={"roaming": "never"})

    async def story(item):
        phone.handset.fetch(item.id)
        await clock.sleep(22 * HOUR)
        return phone.handset.inbox.item(item.id).state

    assert received(phone, story) == WANTED
    assert [event["hours"] for event in phone.told("expiring")] == [10]


def test_the_octets_of_a_day_are_bounded_and_begin_anew_the_next_day():
    phone = visitor(roaming={"octets_a_day": 3000})  # a message of some 200 octets is 1,200

    async def story():
        ids = [await phone.handset.send(hello()) for _ in range(3)]
        await clock.sleep(30 * MINUTE)
        first = [phone.handset.outbox.item(id).state for id in ids]
        await clock.sleep(24 * HOUR)
        return first, [phone.handset.outbox.item(id).state for id in ids]

    first, later = phone.live(story)
    assert sorted(first) == [states.QUEUED, states.SENT, states.SENT] and later == [states.SENT] * 3
    assert "octets_a_day" in phone.told("held")[0]["why"]


def begin_anew(phone):
    phone.modem = Modem(phone.mmsc)
    phone.modem.where.mccmnc, phone.modem.where.status = "26201", "roaming"
    phone.begin()


def test_the_count_of_octets_outlives_a_restart_and_damage_begins_it_anew():
    phone = visitor(roaming={"octets_a_day": 1500})
    assert sent_abroad(phone) == (states.SENT, states.SENT)
    begin_anew(phone)
    assert sent_abroad(phone)[0] == states.QUEUED
    phone.store.remove("abroad.r")
    with open(phone.folder + "/abroad.r", "wb") as file:
        file.write(b"damaged")
    begin_anew(phone)

    async def story():
        await clock.sleep(10 * MINUTE)
        return {item.state for item in phone.handset.outbox.each()}

    assert phone.live(story) == {states.SENT}


def test_a_message_that_is_larger_than_what_is_left_of_the_day_is_deferred():
    phone = visitor(roaming={"octets_a_day": 2000}, retrieve={"roaming": "now"})

    async def story(item):
        return item.state, requests_of(phone)

    assert received(phone, story, 5000) == (DEFERRED, ["POST"])
    assert "octets_a_day" in phone.told("deferred")[0]["why"]
    phone = visitor(roaming={"octets_a_day": 2000}, retrieve={"roaming": "now"})
    assert received(phone, story) == (ACKNOWLEDGED, ["GET", "POST"])  # the answer for what is here always goes


def test_on_a_network_that_is_forbidden_a_message_is_not_even_answered():
    phone = visitor(roaming={"forbidden": ["26201"]})

    async def story(item):
        return item.state, requests_of(phone)

    assert received(phone, story) == (NOTIFIED, [])


def test_a_deferred_message_is_announced_again_the_evening_before_it_expires():
    phone = visitor()

    async def story(item):
        await clock.sleep(22 * HOUR)
        return item.state

    assert received(phone, story) == DEFERRED
    (expiring,) = phone.told("expiring")
    year, month, day, hour, minute, _ = clock.date(1700000000 + expiring["ms"] // 1000)
    assert (month, day, hour) == (11, 15, 18) and minute < 3  # announced on 14 November 2023, 22:13, for 30 hours
    assert expiring["hours"] == 10


@pytest.mark.parametrize(
    "rules, key",
    [
        ({"send": "maybe"}, "roaming.send"),
        ({"allowed": "26201"}, "roaming.allowed"),
        ({"forbidden": ["2620"]}, "roaming.forbidden"),
        ({"forbidden": [26201]}, "roaming.forbidden"),
        ({"octets_a_day": 10}, "roaming.octets_a_day"),
        ({"other": 1}, "roaming.other"),
    ],
)
def test_rules_that_make_no_sense_are_named(rules, key):
    with pytest.raises(settings.SettingsError) as raised:
        settings.check({"roaming": rules})
    assert raised.value.key == key
