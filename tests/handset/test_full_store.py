"""A store that is full or damaged: the handset starts, goes on, and loses nothing."""

from mms import clock
from mms.codec import segments
from mms.errors import StoreError
from mms.handset import states
from mms.handset.sending import requests
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.outbox import accept
from tests.kit.handset.phone import FULL, MINUTE, Phone, asking, refused


def test_a_handset_starts_on_a_full_store_and_doubts_when_there_is_room():
    phone = Phone()
    phone.handset.outbox.item(accept(phone.store)).save(state=states.LEAVING)
    with refused(lambda name, record: True):
        phone.begin()

    async def story():
        await clock.sleep(5 * MINUTE)
        return phone.handset.outbox.items()[0]

    item = phone.live(story)
    assert (item.state, item.status["maybe_duplicate"]) == (states.SENT, True)


def test_a_handset_whose_store_takes_nothing_any_more_goes_on():
    phone = Phone(retrieve={"home": "manual"})

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(2 * MINUTE)
        with refused(lambda name, record: True):
            await clock.sleep(70 * MINUTE)
        await clock.sleep(2 * MINUTE)
        return phone.handset.inbox.items()[0].state

    assert phone.live(story) == states.EXPIRED and phone.told("failed")


def test_a_text_that_could_not_be_noted_at_once_is_not_lost():
    for error in (FULL, StoreError("store", 5, "the file system says no")):
        phone = Phone()

        async def story(phone=phone):
            phone.modem.arrives(*segments.deliver(ALICE, "hello", time=1700000000))
            await clock.sleep(3 * MINUTE)
            return [item.status["text"] for item in phone.handset.inbox.items()]

        with refused(lambda name, record: name.endswith(".n"), error, 1):
            assert phone.live(story) == ["hello"]
        assert phone.told("quarantined") == [] and len(phone.told("text")) == 1


def test_one_reads_and_deletes_what_is_damaged():
    phone = Phone()

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(2 * MINUTE)
        (item,) = phone.handset.inbox.items()
        found = []
        for ask in (requests.read, requests.delete):
            with open("%s/%s.n" % (phone.store._folder, item.id), "r+b") as file:
                file.write(b"?")
            found.append(ask(phone.handset, item.id))
            if ask is requests.read:
                found[0] = await found[0]
        return found[0]["text"], phone.store.names(".m") + phone.store.names(".n")

    assert phone.live(story) == ("hello", [])


def test_one_reads_and_deletes_on_a_full_store():
    phone = Phone(read_report_allowed=True)

    async def story():
        phone.modem.arrives(*notification())
        phone.mmsc.then = [asking()]
        await clock.sleep(2 * MINUTE)
        (item,) = phone.handset.inbox.items()
        with refused(lambda name, record: True):
            assert (await requests.read(phone.handset, item.id))["text"] == "hi"
            requests.delete(phone.handset, item.id)
        return phone.store.names()

    assert [name for name in phone.live(story) if not name.endswith(".r")] == []
