"""What the whole program keeps of a 32-bit board's heap, as main.py runs it; `python -m tools.heap` prints it."""

import pytest

from tools.heap import measure

# Octets from .mpy files, asyncio and the UARTs' buffers (12,292) among them.
START = 139000  # after start, before any command
EVERYTHING = 154000  # once each command, kind of message and kind of error was met
ROUND = 1024  # that a second round of them may add
MESSAGE, KEPT, PEAK = 50000, 512, 38000  # octets of a message out and in; what it leaves; what it takes meanwhile


@pytest.fixture(scope="module")
def whole(micropython):
    """(octets kept after a start, what `measure.large` tells, octets kept after each of two rounds)."""
    with measure.board() as board:
        meter = measure.Meter(board)
        measure.start(board)
        started = meter.kept()
        measure.prepare(board)
        large = measure.large(board, meter, MESSAGE)
        board.peak = None
        return started, large, measure.rounds(board, meter, 2)


def test_what_the_whole_program_keeps_after_its_start_is_in_its_budget(whole):
    assert whole[0] <= START


def test_a_large_message_leaves_nothing_in_memory_and_takes_little_meanwhile(whole):
    kept, peak = whole[1]
    print(kept, peak)
    assert kept <= KEPT and peak <= PEAK


def test_everything_met_once_stays_in_its_budget_and_a_second_time_adds_nothing(whole):
    first, second = whole[2]
    print(first, second)
    assert first <= EVERYTHING and second - first <= ROUND
