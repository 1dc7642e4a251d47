"""The watchdog of a board: it begins when it is fed, and whoever goes leaves it running."""

import sys

from drivers import board
from mms import limits


class Machine:
    """What a port calls `machine`."""

    def __init__(self):
        self.timers = []

        class WDT:
            def __init__(timer, timeout):
                timer.timeout, timer.fed = timeout, 0
                self.timers.append(timer)

            def feed(timer):
                timer.fed += 1

        self.WDT = WDT


def watched(settings, error=None, feeds=0):
    """The timers that were started by a program that fed so often and then ended."""
    usual, machine = sys.modules.get("machine"), Machine()
    sys.modules["machine"] = machine
    try:
        with board.Watchdog(settings) as watchdog:
            for _ in range(feeds):
                watchdog.feed()
            if not feeds:
                assert machine.timers == []
            if error is not None:
                raise error
    except ValueError:
        pass
    finally:
        del sys.modules["machine"]
        if usual is not None:
            sys.modules["machine"] = usual
    return machine.timers


def test_it_begins_with_the_first_feed_and_is_fed_from_then_on():
    for name in ("rp2", "esp32"):
        timers = watched({"board": name, "watchdog": True}, None, 5)
        assert [(timer.timeout, timer.fed) for timer in timers] == [(limits.WATCHDOG_MS, 5)]
    assert limits.WATCHDOG_MS < 8388  # an RP2040 counts no further


def test_a_board_whose_program_failed_before_the_first_feed_begins_anew_as_well():
    assert len(watched({"board": "rp2", "watchdog": True}, ValueError())) == 1


def test_there_is_none_on_a_pc_or_where_the_settings_want_none():
    assert watched({"board": "pc", "watchdog": True}, ValueError(), 3) == []
    assert watched({"board": "", "watchdog": True}, None, 3) == []
    assert watched({"board": "rp2", "watchdog": False}, ValueError(), 3) == []
