"""What is damaged, or ends the handset, is set aside and told of: the handset starts, and has everything else."""

import asyncio

from mms import limits
from mms.codec import mm1, segments
from mms.errors import Damaged, StoreError, StoreFull, UsageError
from mms.events import Events
from mms.handset import rooms
from mms.handset import settings as handset_settings
from mms.handset.receiving import album, contents
from mms.handset.states import ACKNOWLEDGED, FAILED, IN_DOUBT, LEAVING, NOTIFIED, QUEUED, SENT
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.damage import Bearer, Phone, folder
from tests.kit.handset.inbox import ALICE, Answer, message, notification, retrieve
from tests.kit.handset.outbox import accept


class World:
    """A store with one of each kind; `flip` gives the same with one bit of one file changed, after a start."""

    def __init__(self):
        phone = Phone(folder())
        self.queued, self.sent = accept(phone.store, 300), accept(phone.store, 200)
        phone.outbox.item(self.queued).save(attempts=1)
        phone.outbox.item(self.sent).confirm("M2")
        phone.receive(notification("T1"))
        (item,) = phone.box.items()
        self.here = item.id
        asyncio.run(retrieve(phone.box, item, Answer(message(picture=40)), bytearray(500)))
        rooms.noting.note_acknowledged(item)
        phone.receive(notification("T2"))
        self.waiting = [item.id for item in phone.box.items() if item.state == NOTIFIED][0]
        phone.receive(segments.deliver(ALICE, "a text"))
        self.text = [item.id for item in phone.box.items() if item.state == "text"][0]
        phone.receive(notification("T3")[:1])
        self.raw = phone.store.names(".t")[0]
        phone.box.waiting.prove("447700900999")
        rooms.errands.accept(phone.store, Events(), "said", self.here, b"\x8c\x82")
        self.errand = phone.store.names(".a")[0]
        self.folder = phone.folder
        self.files = {}
        for name in phone.store.names():
            with open(self.folder + "/" + name, "rb") as file:
                self.files[name] = file.read()
        self.shown = self.summaries(phone)

    def summaries(self, phone):
        shown = {}
        for item in phone.box.items() + phone.outbox.items():
            shown[item.id] = item.summary()
        return shown

    def size(self, name):
        return len(self.files[name])

    def flip(self, name, at, hold=False):
        store = Store(self.folder)
        for other in store.names():
            if other not in self.files:
                store.remove(other)
        for other in self.files:
            octets = bytearray(self.files[other])
            if other == name:
                octets[at] ^= 1 << at % 8
            if store.has(other):
                with open(self.folder + "/" + other, "rb") as file:
                    if file.read() == octets:
                        continue
            with open(self.folder + "/" + other, "wb") as file:
                file.write(octets)
        return Phone(self.folder, hold)

    def intact(self, phone, *but):
        """All that lies in no other file than the one that was changed is as it was."""
        shown = self.summaries(phone)
        for id in self.shown:
            assert id in but or shown[id] == self.shown[id], id


def test_a_bit_in_the_record_of_an_accepted_message_costs_that_message_only():
    world = World()
    name = world.queued + ".o"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.queued)
        assert phone.told() == [name] and phone.store.has(name + ".q")
        assert [item.id for item in phone.outbox.items()] == [world.sent]


def test_a_message_whose_status_is_damaged_is_in_doubt():
    world = World()
    name = world.queued + ".s"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.queued)
        item = phone.outbox.item(world.queued)
        assert (item.state, item.status["maybe_duplicate"]) == (QUEUED, True)
        assert item.record["to"][0] == "+447700900002" and phone.told() == [name]
    assert world.flip(name, 5, hold=True).outbox.item(world.queued).state == IN_DOUBT
    name = world.sent + ".s"  # its parts are gone: so it was sent
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.sent)
        assert phone.outbox.item(world.sent).state == SENT and phone.told() == [name]


def test_a_status_that_is_damaged_while_the_store_is_full_is_in_doubt_all_the_same():
    world = World()
    phone = world.flip(world.queued + ".s", 3)
    with open(world.folder + "/" + world.queued + ".s", "wb") as file:
        file.write(b"rotten")
    write = phone.store.write

    def full(name, record):
        raise StoreFull("store", 28, "the store is full")

    for phone.store.write in (full, write):
        assert phone.outbox.item(world.queued).state == LEAVING  # which is in doubt, as soon as that can be noted


def test_a_bit_in_the_record_of_a_message_that_is_here_loses_nothing_of_the_message():
    world = World()
    name = world.here + ".n"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.here)
        item = phone.box.item(world.here)
        assert (item.state, item.status["parts"], item.status["message_id"]) == (ACKNOWLEDGED, 2, "M1")
        assert phone.told() == [name]
    told = asyncio.run(album.read(phone.box.store, item))
    pdu, _, _ = contents.outline(phone.box.store, item.id)
    assert told["text"] == "hello" and pdu.get(mm1.MESSAGE_ID) == "M1"


def test_a_bit_in_the_record_of_a_text_loses_nothing_of_the_text():
    world = World()
    name = world.text + ".n"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.text)
        assert asyncio.run(album.read(phone.box.store, phone.box.item(world.text)))["text"] == "a text"
        assert phone.told() == [name]


def test_a_bit_in_the_record_of_a_notification_leaves_it_to_the_mmsc():
    world = World()
    name = world.waiting + ".n"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone, world.waiting)
        assert phone.told() == [name] and phone.store.has(name + ".q")
        raises(UsageError, phone.box.item, world.waiting)
    phone.receive(notification("T2"))  # it comes again
    assert phone.box.item(world.waiting).state == NOTIFIED


def test_a_bit_in_a_message_that_is_here_is_told_when_it_is_read():
    world = World()
    name = world.here + ".m"
    for at in range(world.size(name)):
        phone = world.flip(name, at)
        world.intact(phone)
        try:
            asyncio.run(album.read(phone.box.store, phone.box.item(world.here)))
        except Exception as error:  # what is not to be read any more is not, and says so
            assert hasattr(error, "step") or hasattr(error, "offset"), error
        else:
            assert phone.told() == [name]
        rooms.requests.delete(Deleting(phone), world.here)
        assert not phone.store.has(name)


class Deleting:
    """What `requests.delete` wants of a handset."""

    def __init__(self, phone):
        self.inbox, self.outbox, self.settings = phone.box, phone.outbox, handset_settings.check({})

    def abort(self, id):
        pass


def test_a_bit_in_what_else_is_kept_harms_nothing_else():
    world = World()
    for name in (world.raw, world.text + ".x", world.errand, "proven.r"):
        for at in range(world.size(name)):
            phone = world.flip(name, at)
            world.intact(phone)
            if name == world.raw:
                assert phone.names("quarantined") == [None] and phone.store.has(name[:8] + ".q")
            elif name == "proven.r":
                assert phone.told() == [name] and phone.box.waiting.proven == []
            elif name == world.errand:
                assert asyncio.run(phone.carrier._next())[0].id == world.queued
                assert phone.told() == [name] and phone.store.has(name + ".q")
            else:
                raises(Damaged, asyncio.run, album.read(phone.box.store, phone.box.item(world.text)))


def test_a_bit_in_a_part_never_leaves_as_if_the_message_were_whole():
    world = World()
    for name in (world.queued + ".h", world.queued + ".0"):
        for at in range(world.size(name)):
            phone = world.flip(name, at)
            world.intact(phone)
            item = phone.outbox.item(world.queued)
            body, octets, block = item.content(), 0, bytearray(100)
            try:
                while octets < item.record["octets"]:
                    octets += body.readinto(block)
                raise AssertionError("it was read")
            except StoreError as error:
                assert error.permanent and octets < item.record["octets"]
            finally:
                body.close()


def test_a_damaged_part_is_given_up_at_once_and_nothing_of_the_message_has_left():
    world = World()
    phone = world.flip(world.queued + ".0", 50)

    class Mmsc(Bearer):
        async def request(method, url, consume, content=None, sent=None):
            block = bytearray(content.octets)
            while content.readinto(block):
                pass

        class profile:
            mmsc = None

    phone.carrier.bearer = Mmsc
    phone.box.delete(world.waiting)
    phone.store.remove(world.errand)
    asyncio.run(phone.carrier._carry(*asyncio.run(phone.carrier._next())))
    item = phone.outbox.item(world.queued)
    assert (item.state, item.status["maybe_duplicate"]) == (FAILED, False)
    assert phone.said[-1]["step"] == "store" and phone.said[-1]["final"]


def test_a_retrieved_message_is_read_back_before_anybody_says_that_it_is_here():
    phone = Phone(folder())
    phone.receive(notification())
    (item,) = phone.box.items()
    create = phone.store.create

    def rotten(name):
        writer = create(name)
        write = writer.write
        writer.write = lambda view: write(view) or writer._file.seek(400) and writer._file.write(b"rot")
        return writer

    phone.store.create = rotten
    raises(Damaged, asyncio.run, retrieve(phone.box, item, Answer(message()), bytearray(5000)))
    assert item.state == NOTIFIED and [name[8:] for name in phone.store.names()] == [".n"]


def test_the_quarantine_has_a_bound():
    phone = Phone(folder())
    for number in range(limits.QUARANTINE + 1):
        assert len(phone.store.names(".q")) == number
        phone.receive([bytes([4, 11, number])])
    assert len(phone.store.names(".q")) == limits.QUARANTINE
    phone.receive([bytes([4, 11, 99])])
    assert (
        len(phone.store.names(".q")) == limits.QUARANTINE and phone.names("quarantined") == [None] * limits.QUARANTINE
    )
    asyncio.run(phone.box.expire())
    assert phone.said[-1]["event"] == "flooded" and phone.said[-1]["quarantined"] == 2
