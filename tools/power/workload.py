"""The work during which power fails: the real Handset on a littlefs in memory, with the Modem of outside.py."""

import asyncio
import binascii
import os

import vfs

from mms.errors import StoreFull
from mms.events import Events
from mms.handset import handset as handsets
from mms.handset import settings
from mms.handset.sending.message import Message, Part
from mms.handset.store import files
from mms.handset.store import store as stores
from tools.power.flash import BLOCK
from tools.power.outside import BOB, HUGE, LARGER, MMSC, Modem

MOUNT = "/flash"
_STORE = MOUNT + "/store"
_FILLER = MOUNT + "/filler"  # a file of another program, which fills the flash
_PICTURE = b"\xff\xd8" + b"picture!" * 300

_SETTINGS = settings.check({"operators": {"00101": {"apn": "mms", "mmsc": MMSC}}, "too_large": "reject"})
_ids = [0]


def _new_id():
    _ids[0] += 1
    return "%08x" % (_ids[0] * 0x9E3779B1 & 0xFFFFFFFF)


files.new_id = _new_id  # the ids are the same in every run, so that an image that fails can be made again


def mount(flash, ids, fresh=False):
    """Mount the chip; ids of new messages are made from the numbers from `ids` on. Raises OSError.

    Without a history it is read in larger pieces, which is faster and gives the same octets.
    """
    _ids[0] = ids
    piece = 32 if flash.history is not None else 256
    if fresh:
        vfs.VfsLfs2.mkfs(flash, progsize=flash.page)
    vfs.mount(vfs.VfsLfs2(flash, readsize=piece, progsize=flash.page), MOUNT)


def unmount():
    """Unmount the chip."""
    vfs.umount(MOUNT)


class Life:
    """A Handset after power-on; its `store` can be read before `start` makes the handset."""

    def __init__(self, outside):
        self.outside = outside
        self.store = stores.Store(_STORE)
        self.handset = None
        self.untyped = []  # the reasons of failures that the handset reports as faults of its own code

    def start(self):
        """Make the handset and let it recover, as it does first after power-on."""
        events = Events()
        events.listen(self._heard)
        self.handset = handsets.Handset(_SETTINGS, self.store, Modem(self.outside), None, events)
        self.outbox, self.inbox = self.handset.outbox, self.handset.inbox
        run(self.handset.load())

    def _heard(self, event):
        if event.get("why", "").startswith("internal:"):
            self.untyped.append(event["why"])

    async def send(self, subject):
        """Have a message accepted, and note that the user knows its id."""
        message = Message(BOB, subject)
        message.text("hello")
        message.parts.append(Part("image/jpeg", octets=_PICTURE))
        id = await self.handset.send(message)
        self.outside.fact("accepted", id, encoded(self.store, self.outbox.item(id)))
        return id

    async def receive(self):
        """Let the handset take the short messages from the SIM."""
        await self.handset._receive()

    async def carry(self):
        """Carry all messages that are due or wait for their next attempt."""
        carrier = self.handset._carrier
        carrier.later.clear()
        while True:
            job = await carrier._next()
            if not job:
                break
            await carrier._carry(*job)

    def delete(self, id):
        """Delete a message that goes out, and note that the user wanted it and knows that it is done."""
        self.outside.fact("delete", id)
        self.outbox.delete(id)
        self.outside.fact("deleted", id)

    def forget(self, tid):
        """Delete a message that came, and note that the user wanted it and knows that it is done."""
        for item in self.inbox.items():
            if item.status["tid"] == tid:
                self.outside.fact("delete", tid)
                self.inbox.delete(item.id)
                self.outside.fact("deleted", tid)

    def files(self):
        """The names of all files in the store, whole or not."""
        return os.listdir(_STORE)

    def fill(self):
        """Fill the flash with another program's file until only the store's reserve is left."""
        with open(_FILLER, "wb") as file:
            for _ in range((self.store.room(_FILLER) - self.store.written + BLOCK - 1) // BLOCK):
                file.write(b"\x55" * BLOCK)

    def make_room(self):
        """Remove the file that fills the flash, if it is there."""
        if "filler" in os.listdir(MOUNT):
            os.remove(_FILLER)


def encoded(store, item):
    """The CRC of a message as it will be sent; raises StoreError."""
    crc, buffer = 0, bytearray(256)
    for name, offset, left in item.record["plan"]:
        with store.open(name) as blob:
            blob.seek(offset)
            while left:
                count = blob.readinto(memoryview(buffer)[: min(left, len(buffer))])
                if not count:
                    return None
                crc, left = binascii.crc32(memoryview(buffer)[:count], crc), left - count
    return crc


async def story(life):
    """The recorded work: messages are sent, reported, received, and announced again; the store is full for a while.

    The first retrieval of one message is cut, one is announced as larger than it is, and one as too large.
    """
    await life.handset.bearer.start()
    sent = await life.send("first")
    await life.carry()
    life.outside.report(sent)
    await life.receive()
    life.outside.announce("T1")
    await life.receive()
    await life.carry()
    life.outside.announce("T1")
    await life.receive()
    await life.carry()
    life.outside.announce(LARGER)
    await life.receive()
    await life.carry()
    await life.carry()
    waiting = await life.send("second")
    life.fill()
    try:
        await life.send("third")
        raise AssertionError("a full store took a message")
    except StoreFull:
        pass
    life.outside.announce("T2")
    life.outside.announce(HUGE)
    await life.receive()
    await life.carry()
    assert life.outside.submitted[waiting], "a full store did not send"
    life.delete(sent)
    life.forget("T1")
    life.make_room()
    await life.receive()
    await life.carry()


async def go_on(life):
    """The work of a handset after power-on; after the first attempts the flash has room again."""
    await life.handset.bearer.start()
    await life.receive()
    await life.carry()
    life.make_room()
    await life.handset.inbox.expire()  # a minute later
    await life.receive()
    await life.carry()
    await life.carry()


def run(coroutine):
    """Run a coroutine on an event loop of its own."""
    asyncio.new_event_loop()
    return asyncio.run(coroutine)
