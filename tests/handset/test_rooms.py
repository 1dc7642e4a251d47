"""Rooms that leave a board's memory again, on CPython as if it were a board."""

import re
import sys

import pytest

from mms import events, memory
from mms.errors import ModemError
from mms.handset import rooms

STATUSES = "mms.codec.statuses"
MM1 = "mms.codec.mm1"


@pytest.fixture
def board(monkeypatch):
    """CPython forgets as a board does, until the test ends."""
    floors = [(module, dict(vars(module))) for name, module in sys.modules.items() if name in ("mms", "mms.codec")]
    modules = dict(sys.modules)
    monkeypatch.setattr(memory, "BOARD", True)
    yield
    sys.modules.update(modules)
    for module, known in floors:
        vars(module).update(known)


def test_a_room_stays_where_there_is_memory_for_it():
    assert rooms.statuses.__name__ == STATUSES
    memory.forget(STATUSES)
    assert STATUSES in sys.modules


def test_on_a_board_a_room_is_gone_after_a_visit_unless_it_was_there_before(board):
    sys.modules.pop(STATUSES, None)
    room = rooms.statuses
    assert room.__name__ == STATUSES and STATUSES not in sys.modules
    assert not hasattr(sys.modules["mms.codec"], "statuses")
    known = __import__("mms.handset.policy", None, None, ("*",))
    assert rooms.policy is known and sys.modules["mms.handset.policy"] is known
    memory.forget("mms.handset.no_such_room")


def test_the_codec_stays_for_a_while_and_leaves_at_rest(board, monkeypatch):
    monkeypatch.setattr(rooms, "_FOREIGN", [])  # other tests have loaded the codec before the handset
    monkeypatch.setattr(rooms, "_SHARED", [MM1])
    sys.modules.pop(MM1, None)
    assert rooms.mm1.__name__ == MM1 and MM1 in sys.modules
    for _ in range(4):
        rooms.rest()
        assert MM1 in sys.modules and rooms.statuses
    rooms.rest()
    assert MM1 not in sys.modules
    assert rooms.mm1 and MM1 in sys.modules
    rooms.rest(at_once=True)
    assert MM1 not in sys.modules


def test_the_stub_declares_each_room_and_no_other():
    with open("lib/mms/handset/rooms.pyi") as file:
        declared = re.findall(r"^from ([\w.]+) import (\w+) as \2$", file.read(), re.MULTILINE)
    listed = [line.split() for line in rooms._PLACES.strip().split("\n")]
    assert sorted(declared) == sorted((folder, name) for folder, *names in listed for name in names)
    with pytest.raises(AttributeError):
        rooms.drafts  # noqa: B018


def test_advice_is_known_and_gone_again(board):
    assert "power" in events.hint_for(ModemError("modem"))
    assert "mms.advice" not in sys.modules
