"""A person stops or deletes messages, at any moment of their journey."""

from mms import clock
from mms.errors import ModemError, UsageError
from mms.handset import states
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.inbox import notification
from tests.kit.handset.phone import MINUTE, Camera, Phone, hello


def test_a_person_stops_a_message_and_sends_it_after_all():
    phone = Phone()

    async def story():
        phone.modem.faults = {"open": [ModemError("connect")] * 2}
        id = await phone.handset.send(hello())
        await clock.sleep(10000)
        phone.handset.cancel(id)
        await clock.sleep(20 * MINUTE)
        stopped = phone.handset.outbox.item(id).state
        phone.handset.retry(id)
        await clock.sleep(1000)
        return stopped, phone.handset.outbox.item(id).state

    assert phone.live(story) == (states.FAILED, states.SENT)


def test_who_stops_or_deletes_what_is_under_way_stops_it():
    large = "x" * 20000  # twenty seconds on the way

    def up(phone, id):
        return phone.handset.outbox.item(id).state

    for verb in ("cancel", "delete"):
        phone = Phone()

        async def story():
            message = Message("+447700900001")
            message.text(large)
            id = await phone.handset.send(message)  # noqa: B023
            await clock.sleep(5000)
            if verb == "cancel":  # noqa: B023
                phone.handset.cancel(id)  # noqa: B023
            else:
                requests.delete(phone.handset, id)  # noqa: B023
            await clock.sleep(MINUTE)
            other = await phone.handset.send(hello())  # noqa: B023
            await clock.sleep(MINUTE)
            return id, up(phone, other)  # noqa: B023

        id, other = phone.live(story)
        assert len(phone.mmsc.heard) == 1 and other == states.SENT and phone.told("failed") == []
        left = [name for name in phone.store.names() if name[:8] == id]
        assert (verb == "cancel") == bool(left) and (not left or up(phone, id) == states.FAILED)


def test_a_message_whose_last_octets_leave_cannot_be_deleted_in_that_moment():
    phone = Phone()

    async def story():
        id = await phone.handset.send(hello())
        phone.handset.outbox.item(id).save(state=states.LEAVING)
        verbs = requests.delete, type(phone.handset).cancel
        refused = [str(raises(UsageError, verb, phone.handset, id)) for verb in verbs]
        await clock.sleep(10 * MINUTE)
        return refused, phone.handset.outbox.item(id).state

    refused, state = phone.live(story)
    assert all("is leaving" in text for text in refused) and state == states.SENT


def test_a_message_that_is_deleted_while_it_comes_or_is_answered_stays_deleted():
    for before in ("open", "open again"):
        phone = Phone()
        times = [0]

        async def story():
            usual = phone.modem.open  # noqa: B023

            async def slow(host, port):
                times[0] += 1  # noqa: B023
                if times[0] == (1 if before == "open" else 2):  # noqa: B023
                    await clock.sleep(20000)
                return await usual(host, port)  # noqa: B023

            phone.modem.open = slow  # noqa: B023
            phone.modem.arrives(*notification())  # noqa: B023
            await clock.sleep(10000)
            (item,) = phone.handset.inbox.items()  # noqa: B023
            requests.delete(phone.handset, item.id)  # noqa: B023
            await clock.sleep(10 * MINUTE)
            return item.id

        id = phone.live(story)
        assert [name for name in phone.store.names() if name[:8] == id] == [] and phone.told("failed") == []


def interrupted(name):
    """(ids that were accepted, states of the messages after the next start) where Ctrl-C comes with an event."""
    phone = Phone(Camera())

    def interrupt(event):
        if event["event"] == name:
            raise KeyboardInterrupt

    async def story():
        phone.events.listen(interrupt)
        message = Message("+447700900001")
        message.picture()
        try:
            await phone.handset.send(message)
        except KeyboardInterrupt:
            return True

    assert phone.live(story)
    again = Phone()
    again.store = Store(phone.folder)
    again.begin()

    async def later():
        await clock.sleep(MINUTE)
        return [(item.id, item.state) for item in again.handset.outbox.each()]

    return [event["id"] for event in phone.told("accepted")], again.live(later), list(again.store.names())


def test_a_message_stays_where_ctrl_c_comes_after_it_was_accepted():
    accepted, kept, _ = interrupted("accepted")
    assert len(accepted) == 1 and kept == [(accepted[0], states.SENT)]


def test_nothing_stays_of_a_message_where_ctrl_c_comes_before():
    accepted, kept, names = interrupted("captured")
    assert accepted == kept == [] and not [name for name in names if name.endswith((".o", ".h"))]
