"""What the whole program keeps of a 32-bit board's heap, as main.py runs it; `python -m tools.heap` prints it."""

import pytest

from tools.heap import measure

# Octets from .mpy files, asyncio and the UARTs' buffers (12,292) among them.
START = 130000  # after start, before any command
FROZEN = 60000  # of these when code, constants and names are in flash
EVERYTHING = 150000  # once each command, kind of message and kind of error was met
ROUND = 256  # that one more round of them may add, once two have brought every table to its size
MESSAGE, KEPT, PEAK = 50000, 512, 38000  # octets of a message out and in; what it leaves; what it takes meanwhile


@pytest.fixture(scope="module")
def whole(micropython):
    """(octets kept after a start, those if frozen, what `measure.large` tells, octets after each of three rounds)."""
    with measure.board() as board:
        meter = measure.Meter(board)
        measure.start(board)
        started, frozen = meter.kept(), meter.frozen()
        measure.prepare(board)
        rounds = measure.rounds(board, meter, 3)
    with measure.board() as board:  # the simulated board keeps pieces of the large file, so it gets one of its own
        meter = measure.Meter(board)
        measure.start(board)
        measure.prepare(board)
        return started, frozen, measure.large(board, meter, MESSAGE), rounds


def test_what_the_whole_program_keeps_after_its_start_is_in_its_budget(whole):
    print(whole)
    assert whole[0] <= START and whole[1] <= FROZEN


def test_a_large_message_leaves_nothing_in_memory_and_takes_little_meanwhile(whole):
    kept, peak = whole[2]
    assert kept <= KEPT and peak <= PEAK


def test_everything_met_once_stays_in_its_budget_and_one_more_time_adds_nothing(whole):
    _, second, third = whole[3]
    assert max(whole[3]) <= EVERYTHING and third - second <= ROUND
