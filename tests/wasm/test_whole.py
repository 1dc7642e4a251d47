"""What the whole program keeps of a 32-bit board's heap, as main.py runs it; `python -m tools.heap` prints it."""

import pytest

from tools.heap import measure

START = 171000  # octets after start, before any command, from .mpy files


@pytest.fixture(scope="module")
def started(micropython):
    """Octets kept after a start."""
    with measure.board() as board:
        meter = measure.Meter(board)
        measure.start(board)
        return meter.kept()


def test_what_the_whole_program_keeps_after_its_start_is_in_its_budget(started):
    assert started <= START
