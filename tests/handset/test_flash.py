"""The store on file systems that say no, and those that say less than others."""

import os

from mms import limits
from mms.errors import StoreError, StoreFull
from mms.handset.sending.outbox import Outbox
from mms.handset.store import files
from mms.handset.store.blobs import Writer
from mms.handset.store.files import make_folder, new_id
from mms.handset.store.store import Store
from tests.kit.checks import raises


class System:
    """`os` without some of its functions, and with others of a test's own."""

    def __init__(self, without=(), **instead):
        self._without, self._instead = without, instead

    def __getattr__(self, name):
        if name in self._without:
            raise AttributeError(name)
        return self._instead.get(name) or getattr(os, name)


def on(system, story):
    """Run `story()` on a system of its own."""
    usual, files.os = files.os, system
    try:
        return story()
    finally:
        files.os = usual


def fresh():
    folder = "build/tests/flash-%s" % new_id()
    return Store(folder), folder


def no(errno):
    """A function that the file system refuses."""

    def refuse(*_):
        raise OSError(errno, "no")

    return refuse


def test_where_closing_a_file_makes_it_durable_nothing_else_is_asked_for():
    store, _ = fresh()
    on(System(without=("fsync",)), lambda: store.write("a.s", {"n": 1}))
    assert store.read("a.s") == {"n": 1}


def test_blobs_end_where_the_reserve_begins_however_the_free_blocks_are_counted():
    store, _ = fresh()
    Outbox(store, None)  # it tells the store how many of its messages have no status yet

    def room(octets, free, blocks=64):
        def fits():
            with store.create("b.0") as writer:
                writer.write(bytes(octets))

        on(System(statvfs=lambda path: (4096, 4096, blocks, free, free)), fits)

    reserve = limits.STORE_RESERVE // 4096
    room(4096, reserve + 1)
    raises(StoreFull, room, 4097, reserve + 1)
    raises(StoreFull, room, 0, reserve)
    raises(StoreFull, room, 0, (1 << 32) - 1)  # what littlefs calls less than none
    store.write("00000000.o", {})  # accepted: what becomes of it wants a block
    raises(StoreFull, room, 1, reserve + 1)
    store.write("00000000.s", {})
    room(1, reserve + 1)


def test_where_nobody_counts_free_blocks_a_blob_has_what_fits():
    store, _ = fresh()

    def story():
        with store.create("b.0") as writer:
            writer.write(bytes(100))

    on(System(without=("statvfs",)), story)
    assert store.has("b.0")


def test_a_file_system_that_says_no_is_an_error_of_the_store_with_its_number():
    store, folder = fresh()
    store.write("a.s", {})
    for call, system in (
        (store.names, System(listdir=no(5), ilistdir=no(5))),
        (store.create("b.0").__enter__, System(statvfs=no(5))),
        (lambda: store.remove("a.s"), System(remove=no(5))),
        (lambda: make_folder("build/tests/new-%s" % new_id()), System(mkdir=no(5))),
    ):
        error = raises(StoreError, on, system, call)
        assert error.code == 5 and "the file system says no" in str(error)
    raises(StoreError, store.rename, "no.t", "no.q")
    raises(StoreError, store.open, "no.t")
    raises(StoreError, Writer(folder + "/no/such", True).__enter__)
    raises(StoreError, make_folder, folder + "/a.s/below")


def test_what_cannot_be_tidied_now_is_tidied_at_the_next_start():
    store, folder = fresh()

    def interrupted():
        with store.create("b.0") as writer:
            writer.write(b"half")
            raise ValueError

    raises(ValueError, on, System(remove=no(5)), interrupted)
    assert os.listdir(folder) == ["b.0~"] and store.names() == []
    assert Store(folder).names() == [] and os.listdir(folder) == []


def test_a_record_that_grew_on_the_flash_is_not_read_into_memory():
    store, _ = fresh()
    with store.create("a.s") as writer:
        writer.write(b"{" + b" " * limits.RECORD)
    assert "a record of %d octets" % (limits.RECORD + 1) in str(raises(StoreError, store.read, "a.s"))


def test_an_id_that_is_taken_is_not_given_again():
    store, _ = fresh()
    store.write("0000000a.s", {})
    numbers = [b"\0\0\0\x0a", b"\0\0\0\x0a", b"\0\0\0\x0b"]
    assert on(System(urandom=lambda count: numbers.pop(0)), store.new_id) == "0000000b"


def test_a_folder_is_made_with_all_above_it_and_may_be_there_already():
    made = []
    on(System(mkdir=made.append), lambda: make_folder("/flash//mms/store"))
    assert made == ["/flash", "/flash/mms", "/flash/mms/store"]
    on(System(mkdir=no(30)), lambda: make_folder("/flash"))  # nothing may be made beside a mount
