"""Rooms that leave a board's memory again, on CPython as if it were a board."""

import sys

import pytest

from mms import events, memory
from mms.errors import ModemError
from mms.handset import rooms

STATUSES = "mms.codec.statuses"


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


def test_advice_is_known_and_gone_again(board):
    assert "power" in events.hint_for(ModemError("modem"))
    assert "mms.advice" not in sys.modules
