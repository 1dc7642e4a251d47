"""The heap that a panel keeps on a 32-bit board, with a button, an LED and a display."""

import pytest

from tools.heap import measure, world

WHOLE, FROZEN, DISPLAY = 26000, 7000, 5000  # octets of a panel, of it when frozen, of its display alone


@pytest.fixture(scope="module")
def kept(micropython):
    """(octets kept, those if frozen) after a start without a panel, with one, and with one without a display."""
    found = []
    for settings in ({}, {"panel": {}}, {"panel": {"display": False}}):
        with measure.board(dict(world.SETTINGS, **settings)) as board:
            meter = measure.Meter(board)
            measure.start(board)
            found.append((meter.kept(), meter.frozen()))
    return found


def test_a_panel_and_its_display_stay_in_their_budgets(kept):
    (none, none_frozen), (whole, whole_frozen), (dark, _) = kept
    print(whole - none, whole_frozen - none_frozen, whole - dark)
    assert 0 < whole - none <= WHOLE
    assert whole_frozen - none_frozen <= FROZEN
    assert 1024 < whole - dark <= DISPLAY
