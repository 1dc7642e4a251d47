"""A full store, on littlefs over a flash in memory, inside MicroPython (test_littlefs.py)."""

import os

import vfs

from mms import limits
from mms.errors import StoreFull
from mms.handset.sending import outbox
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tools.power.flash import BLOCK, Flash

FOLDER = "/flash/store"


def fresh(page=32):
    """A Store on a fresh chip."""
    if "flash" in os.listdir("/"):
        vfs.umount("/flash")
    flash = Flash(page)
    vfs.VfsLfs2.mkfs(flash, progsize=page)
    vfs.mount(vfs.VfsLfs2(flash, progsize=page), "/flash")
    return Store(FOLDER)


def fill(store, octets=3000):
    """Blobs until no more fit; the error, and how many there are."""

    def blob(name):
        with store.create(name) as writer:
            writer.write(bytes(octets))

    for count in range(1000):
        try:
            blob("%08x.0" % count)
        except StoreFull as error:
            return error, count
    raise AssertionError("it is never full")


def take_the_rest():
    """Somebody else takes what is left, the reserve, too."""
    with open("/flash/filler", "wb") as file:
        try:
            while True:
                file.write(bytes(BLOCK))
                file.flush()
        except OSError as error:
            return error.errno


def test_a_full_store_still_takes_records_and_gives_room_back():
    for page in (32, 256):
        store = fresh(page)
        store.write("old.n", {"state": "queued"})
        error, count = fill(store)
        assert error.code == 28 and count > 10
        assert [name for name in os.listdir(FOLDER) if name.endswith("~")] == []
        blocks = os.statvfs(FOLDER)
        assert blocks[0] * blocks[4] >= limits.STORE_RESERVE - BLOCK
        for attempt in range(100):
            store.write("old.n", {"state": "leaving", "attempts": attempt, "why": "x" * 200})
        store.write("new.n", {"why": "y" * 200})
        assert store.read("old.n")["attempts"] == 99
        raises(StoreFull, store.create("another.0").__enter__)
        for index in range(3):
            store.remove("%08x.0" % index)
        with store.create("another.0") as writer:
            writer.write(b"there is room again")


def test_every_accepted_message_finds_room_for_its_state():
    for page in (32, 256):
        store, ids = fresh(page), []
        outbox.Outbox(store, None)  # it tells the store what its messages will want
        try:
            while True:
                id = "%08x" % len(ids)
                with store.create(id + ".h") as writer:
                    writer.write(bytes(300))
                store.write(id + ".o", {"subject": "x" * 300})
                ids.append(id)
        except StoreFull:
            assert len(ids) > 8
        for attempt in range(3):
            for id in ids:
                store.write(id + ".s", {"state": "queued", "attempts": attempt, "why": "x" * 200})


def test_without_even_a_reserve_nothing_is_torn_and_deleting_works():
    store = fresh()
    store.write("old.s", {"why": "x" * 300})
    fill(store)
    assert take_the_rest() in (28, 36)
    names, code = [], None
    while code is None:
        try:
            store.write("%08x.s" % len(names), {"why": "y" * 300})
            names.append("%08x.s" % len(names))
        except StoreFull as error:
            code = error.code
    assert code in (28, 36)
    raises(StoreFull, store.write, "old.s", {"why": "z" * 300})
    assert store.read("old.s") == {"why": "x" * 300}
    assert sorted(name for name in os.listdir(FOLDER) if name[-2:] != ".0") == names + ["old.s"]
    os.remove("/flash/filler")
    store.write("old.s", {"why": "z" * 300})
    assert store.read("old.s") == {"why": "z" * 300}


def test_names_for_which_there_is_no_room_are_a_full_store_too():
    store = fresh()
    take_the_rest()
    codes = set()
    for index in range(200):
        try:
            store.write("%08x.s" % index, {})
        except StoreFull as error:
            codes.add(error.code)
    assert codes <= {28, 36} and codes
    for name in store.names():
        assert store.read(name) == {}
