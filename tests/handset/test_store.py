"""The store: nothing has its name before it is whole, nothing damaged is taken for whole."""

import os

from mms import limits
from mms.errors import StoreError, StoreFull
from mms.handset.store import files, records
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.checks import raises


def fresh():
    """A Store in a folder of its own, and the folder."""
    folder = "build/tests/store-%s" % new_id()
    return Store(folder), folder


def read(blob, size=7):
    octets, buffer = b"", bytearray(size)
    while True:
        count = blob.readinto(buffer)
        if not count:
            return octets
        octets += bytes(buffer[:count])


def test_a_record_comes_back_as_it_was_and_is_replaced_as_a_whole():
    store, folder = fresh()
    store.write("a.s", {"state": "queued", "n": 3, "to": ["x"]})
    store.write("a.s", {"state": "sent"})
    assert Store(folder).read("a.s") == {"state": "sent"}
    assert store.names(".s") == ["a.s"]


def test_a_blob_has_its_name_only_when_it_is_whole():
    store, folder = fresh()

    def interrupted():
        with store.create("b.0") as writer:
            writer.write(b"half")
            raise ValueError

    raises(ValueError, interrupted)
    assert os.listdir(folder) == []
    writer = store.create("c.0").__enter__()
    writer.write(b"half")
    assert store.names() == [] and not store.has("c.0")
    del writer
    assert Store(folder).names() == [] and os.listdir(folder) == []


def test_a_blob_is_read_from_the_front_and_from_anywhere():
    store, _ = fresh()
    with store.create("b.0") as writer:
        for start in range(0, 100, 10):
            writer.write(bytes(range(start, start + 10)))
    with store.open("b.0") as blob:
        assert blob.octets == 100
        assert read(blob) == bytes(range(100))
        blob.seek(95)
        assert read(blob) == bytes(range(95, 100))


def test_what_is_cut_or_changed_is_not_taken_for_whole():
    store, folder = fresh()
    store.write("a.s", {"state": "sent"})
    path = folder + "/a.s"
    with open(path, "rb") as file:
        whole = file.read()
    for length in range(len(whole)):
        with open(path, "wb") as file:
            file.write(whole[:length])
        raises(StoreError, store.read, "a.s")
    for index in range(len(whole)):
        changed = bytearray(whole)
        changed[index] ^= 0x10
        with open(path, "wb") as file:
            file.write(changed)
        raises(StoreError, store.read, "a.s")


def test_a_record_is_bounded():
    store, _ = fresh()
    room = limits.RECORD - len('{"a": ""}')
    store.write("a.s", {"a": "x" * room})
    assert len(store.read("a.s")["a"]) == room
    raises(StoreError, store.write, "a.s", {"a": "x" * (room + 1)})
    assert len(store.read("a.s")["a"]) == room


class Failing:
    """A file on a medium that has no room when `at` comes."""

    def __init__(self, file, at, errno):
        self._file, self._at, self._errno = file, at, errno

    def _do(self, what, *arguments):
        if what == self._at:
            raise OSError(self._errno, "no")
        return getattr(self._file, what)(*arguments)

    def write(self, view):
        return self._do("write", view)

    def flush(self):
        return self._do("flush")

    def fileno(self):
        return self._file.fileno()

    def close(self):
        self._file.close()
        if self._at == "close":
            raise OSError(self._errno, "no")


def test_a_write_that_fails_leaves_nothing_and_says_whether_the_store_is_full():
    store, folder = fresh()
    store.write("a.s", {"n": 1})

    def write(name, at, errno):
        with store.create(name) as writer:
            writer._file = Failing(writer._file, at, errno)
            writer.write(b"octets")

    for name in ("b.0", "a.s"):
        for at in ("write", "close"):
            for errno, kind in ((28, StoreFull), (36, StoreFull), (5, StoreError)):
                error = raises(kind, write, name, at, errno)
                assert error.code == errno and isinstance(error, StoreFull) == (kind is StoreFull)
                assert os.listdir(folder) == ["a.s"] and store.read("a.s") == {"n": 1}


def test_what_peers_say_takes_so_much_of_a_record_and_no_more():
    most = records.TOLD - 2  # and two quotation marks
    for text, fits in (("m" * most, True), ("m" * (most + 1), False), ("\x01" * (most // 6 + 1), False)):
        assert records.fitting(text) == (text if fits else "")
        assert (records.shortened(text) == text) == fits and text.startswith(records.shortened(text)) and text[:9]
    assert len(records.shortened("m" * 99999)) > records.TOLD // 4


def test_who_cannot_tell_whether_a_name_is_there_does_not_say_that_it_is_not():
    store, folder = fresh()
    store.write("a.s", {"n": 1})
    assert store.has("a.s") and not store.has("b.s")
    store._folder = folder + "/a.s"  # no folder: the file system has another reason
    raises(StoreError, store.has, "b.s")


def test_blobs_leave_a_reserve_that_only_records_use():
    store, _ = fresh()
    store.room = lambda path: 0
    raises(StoreFull, store.create("b.0").__enter__)
    store.write("a.s", {"n": 1})
    store.room = lambda path: 100

    def write(octets):
        with store.create("b.0") as writer:
            writer.write(bytes(60))
            writer.write(bytes(octets - 60))

    raises(StoreFull, write, 101)
    assert store.names() == ["a.s"]
    store.room = lambda path: store.written + 100
    with store.create("b.1") as one:
        with store.create("b.2") as other:  # two that are written at once share what is free
            one.write(bytes(60))
            other.write(bytes(40))
            raises(StoreFull, one.write, b"x")
    store.remove("b.1")
    store.remove("b.2")
    write(100)
    store.write("a.s", {"n": 2})
    store.remove("b.0")
    assert store.names() == ["a.s"]


def test_what_is_absent_is_an_error_to_read_and_none_to_remove():
    store, _ = fresh()
    raises(StoreError, store.read, "no.s")
    store.remove("no.s")
    assert not store.has("no.s")


def test_blobs_leave_the_reserve_to_records():
    store, folder = fresh()

    class Disk:
        """A file system with so many free octets."""

        listdir, stat, remove = os.listdir, os.stat, os.remove

        def statvfs(self, path):
            return (1, 1, 1 << 30, self.free, self.free)

    was, files.os = files.os, Disk()
    try:
        for more in (-1, 0, 1):
            files.os.free = limits.STORE_RESERVE + more
            if more < 1:
                raises(StoreFull, store.create("a.m").__enter__)
            else:
                with store.create("a.m") as writer:
                    writer.write(b"x")
                    raises(StoreFull, writer.write, b"x")
        files.os.free = 0
        store.write("a.s", {})
    finally:
        files.os = was
    assert store.names() == ["a.m", "a.s"]


def test_an_id_is_never_taken_for_a_telephone_number():
    given = ["59545898", "1c0ffee5"]
    usual, files.new_id = files.new_id, lambda: given.pop(0)
    try:
        assert fresh()[0].new_id() == "1c0ffee5"
    finally:
        files.new_id = usual
