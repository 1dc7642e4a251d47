"""The store: nothing has its name before it is whole, nothing damaged is taken for whole."""

import os

from mms import limits
from mms.errors import StoreError
from mms.handset.store import Store, new_id
from tests.tools import raises


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
    writer = store.create("c.0")
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


def test_what_is_absent_is_an_error_to_read_and_none_to_remove():
    store, _ = fresh()
    raises(StoreError, store.read, "no.s")
    store.remove("no.s")
    assert not store.has("no.s")
