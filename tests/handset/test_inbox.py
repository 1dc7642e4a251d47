"""The inbox: what was kept is never lost, what nobody understands does no harm, what comes again is known."""

import asyncio

from mms import limits
from mms.codec import mm1, segments
from mms.errors import LinkError, UsageError
from mms.handset import rooms
from mms.handset.receiving import album
from mms.handset.states import ACKNOWLEDGED, DEFERRED, NOTIFIED, RETRIEVED, WANTED
from mms.handset.store.files import new_id
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, fresh, message, notification, receive, retrieve, take


def test_a_notification_in_several_messages_is_one_item():
    box, said, store = fresh()
    segments = notification(octets=30000)
    assert len(segments) == 2
    receive(box, [segments[1], segments[0]])
    (item,) = box.items()
    assert item.state == NOTIFIED and item.status["sender"] == ALICE and item.status["octets"] == 30000
    assert store.names(".t") == [] and said == ["notified"]


def test_a_restart_between_two_parts_loses_neither():
    folder = "build/tests/inbox-%s" % new_id()
    first, second = notification()
    box, _, _ = fresh(folder)
    receive(box, [first])
    box, _, _ = fresh(folder)
    name = box.keep(second)
    box, _, store = fresh(folder)
    assert len(box.items()) == 1 and store.names(".t") == [] and not store.has(name)


def test_a_notification_that_comes_again_is_answered_again_but_is_no_second_message():
    box, said, _ = fresh()
    receive(box, notification())
    box.items()[0].save(state=ACKNOWLEDGED)
    receive(box, notification())
    (item,) = box.items()
    assert item.state == RETRIEVED and said[-1] == "notified_again"
    receive(box, notification(tid="T2"))
    assert len(box.items()) == 2


def test_what_nobody_understands_goes_into_a_bounded_quarantine():
    box, said, store = fresh()
    for index in range(20):
        receive(box, [bytes([4, 11, index])])
    receive(box, segments.deliver(ALICE, bytes([1, 6, 0x88, 0x80, 0x80, 0x80, 0, 0xBE]), ports=(2948, 9200)))
    assert said == ["quarantined"] * limits.QUARANTINE
    assert len(store.names(".q")) == limits.QUARANTINE and store.names(".t") == []
    receive(box, notification())
    assert said[-1] == "notified"


def test_a_retrieved_message_is_stored_as_it_came_and_its_parts_are_views():
    box, said, store = fresh()
    receive(box, notification())
    item = box.items()[0]
    take(box, item, message())
    assert item.state == RETRIEVED and item.status["parts"] == 2
    with store.open(item.id + ".m") as blob:
        assert blob.octets == len(message())
    folder = "build/tests/album-%s" % new_id()
    raises(UsageError, lambda: asyncio.run(album.export(box.store, "00000000", folder)))
    from mms.handset.store.files import make_folder

    make_folder(folder)
    turns = []

    async def others():
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    async def story():
        going_on = asyncio.create_task(others())
        files = await album.export(box.store, item.id, folder)
        going_on.cancel()
        return files

    files = asyncio.run(story())
    assert len(turns) >= 2000 // 512  # a board's watchdog is fed meanwhile, however large the message
    assert [(one["type"], one["octets"]) for one in files] == [("text/plain", 5), ("image/jpeg", 2000)]
    assert files[0]["path"] == "%s/%s-0.txt" % (folder, item.id)
    with open(files[1]["path"], "rb") as file:
        assert file.read() == b"\xff" * 2000


def test_what_is_no_message_is_not_kept():
    box, _, store = fresh()
    receive(box, notification())
    item = box.items()[0]
    for octets, code in (
        (b"<html>log in here</html>", None),
        (message(status=0xE2), 0xE2),
        (message()[:-1], None),
        (mm1.build(mm1.SEND_CONF, [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x10)]), None),
    ):
        try:
            take(box, item, octets)
            raise AssertionError("it was taken")
        except AssertionError:
            raise
        except Exception as error:
            assert getattr(error, "code", None) == code
        assert item.state == NOTIFIED and store.names(".m") == []


def test_a_deferred_message_is_acknowledged_by_its_own_transaction_if_it_has_one():
    for tid, state in (("R1", RETRIEVED), ("", ACKNOWLEDGED)):
        box, _, _ = fresh()
        receive(box, notification())
        item = box.items()[0]
        rooms.noting.note_deferred(item, "retrieve.home is manual", False)
        assert item.state == DEFERRED
        rooms.noting.retry(item)
        assert item.state == WANTED
        take(box, item, message(tid))
        assert (item.state, item.status["answer"]) == (state, tid)


def test_what_was_here_before_a_restart_is_looked_at_and_not_retrieved_again():
    for octets, kind, state, here in (
        (message(), ".k", RETRIEVED, True),
        (message(), ".m", RETRIEVED, True),
        (message()[:-1], ".k", NOTIFIED, False),
        (message(status=0xE2), ".k", NOTIFIED, False),
    ):
        folder = "build/tests/inbox-%s" % new_id()
        box, _, store = fresh(folder)
        receive(box, notification())
        id = box.items()[0].id
        with store.create(id + kind) as writer:
            writer.write(octets)
        box, _, store = fresh(folder)
        assert box.item(id).state == state and store.has(id + ".m") == here
        assert store.names(".k") == store.names(".l") == []


def test_a_message_over_the_limit_is_given_up_while_it_arrives():
    class Endless:
        media = mm1.MEDIA
        octets = None

        async def readinto(self, buf):
            return len(buf)

    box, _, store = fresh()
    receive(box, notification())
    raises(LinkError, asyncio.run, retrieve(box, box.items()[0], Endless(), bytearray(20000)))
    assert store.names(".m") == []
