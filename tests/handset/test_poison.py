"""What ends the handset while it is looked at does so three times at most."""

import asyncio

from mms.codec import mm1, push, tpdu
from mms.handset import policy, rooms
from mms.handset.states import FAILED, NOTIFIED, RETRIEVED
from tests.kit.checks import raises
from tests.kit.handset.damage import Phone, folder
from tests.kit.handset.inbox import Answer, message, notification, retrieve

POISON = b"POISON"


def starts(where):
    """A Phone, and how often it ended in its start before."""
    ended = 0
    while True:
        try:
            return Phone(where), ended
        except SystemExit:
            ended += 1
            assert ended < 9


class poisoned:
    """While this lasts, `room.name` ends the handset when it sees POISON."""

    def __init__(self, room, name):
        self.room, self.name, self.parse = room, name, getattr(room, name)

    def __enter__(self):
        def parse(octets, *more):
            if bytes(octets).find(POISON) >= 0:
                raise SystemExit("dead")
            return self.parse(octets, *more)

        setattr(self.room, self.name, parse)

    def __exit__(self, kind, error, trace):
        setattr(self.room, self.name, self.parse)


def ends(function, *arguments):
    raises(SystemExit, function, *arguments)


def test_a_short_message_that_ends_the_handset_does_so_three_times_and_the_next_is_delivered():
    poison = notification(tid=POISON.decode(), reference=9)
    for room, segments in ((tpdu, poison[:1]), (push, poison), (mm1, poison)):
        phone = Phone(folder())
        with poisoned(room, "parse"):
            for segment in segments[:-1]:
                phone.receive([segment])
            ends(phone.receive, segments[-1:])
            phone.box.keep(notification()[0])
            phone.box.keep(notification()[1])
            phone, ended = starts(phone.folder)
            assert ended == 1
            assert [item.status["tid"] for item in phone.box.items()] == ["T1"]
            ends(asyncio.run, phone.box.expire())  # a minute later: power may have failed twice in that moment
            phone, ended = starts(phone.folder)
            assert ended == 0
            assert len(phone.store.names(".q")) == 1 and phone.names("quarantined") == [None]
            phone.receive(notification("T2"))
            assert len(phone.box.items()) == 2
            assert starts(phone.folder)[1] == 0


def test_a_retrieved_message_that_ends_the_handset_is_given_up_and_may_be_fetched_again():
    phone, deaths = Phone(folder()), 0
    phone.receive(notification())
    phone.receive(notification("T2", "http://mmsc.example/m/2"))
    (id,) = [item.id for item in phone.box.items() if item.status["tid"] == "T1"]
    octets = message(POISON.decode())
    with poisoned(mm1, "parse"):
        while phone.box.item(id).status["attempts"] < policy.ATTEMPTS:
            item = phone.box.item(id)
            item.save(attempts=item.status["attempts"] + 1)  # as the carrier does
            ends(asyncio.run, retrieve(phone.box, item, Answer(octets), bytearray(500)))
            phone, ended = starts(phone.folder)
            assert ended == 1  # it looks once more: the power may have failed
            deaths += 2
            assert phone.box.item(id).state == NOTIFIED
            assert [name for name in phone.store.names() if name[8:] not in (".n",)] == []
    assert deaths == 6
    asyncio.run(phone.carrier._carry(*asyncio.run(phone.carrier._next())))
    assert {item.status["tid"]: item.state for item in phone.box.items()} == {"T1": FAILED, "T2": NOTIFIED}
    item = phone.box.item(id)
    rooms.noting.retry(item)
    asyncio.run(retrieve(phone.box, item, Answer(octets), bytearray(500)))
    assert item.state == RETRIEVED


def test_no_fault_in_what_looks_at_a_message_ends_the_handset():
    for error in (MemoryError, IndexError, RuntimeError, KeyError):
        phone = Phone(folder())
        parse = tpdu.parse

        def faulty(octets, error=error):
            raise error("oh")

        tpdu.parse = faulty
        try:
            if error is MemoryError:  # there may be enough of it the next time, but not for ever
                raises(MemoryError, phone.receive, notification()[:1])
                assert phone.names("quarantined") == [] and len(phone.store.names(".u")) == 1
                asyncio.run(phone.box.expire())
            else:
                phone.receive(notification()[:1])
        finally:
            tpdu.parse = parse
        assert phone.names("quarantined") == [None]
        assert [name[8:] for name in phone.store.names()] == [".q"]
