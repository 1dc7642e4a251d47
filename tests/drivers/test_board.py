"""The watchdog of a board: it begins when it is fed, and whoever goes leaves it running."""

from drivers import board
from drivers.board import ended
from mms import clock, limits
from mms.errors import ModemError, SettingsError, SimError, UsageError
from tests.kit.drivers.boards import On


class Machine:
    """What a port calls `machine`."""

    def __init__(self):
        self.timers = []

        class WDT:
            def __init__(timer, timeout):
                timer.timeout, timer.fed, timer.late = timeout, 0, 0
                self.timers.append(timer)

            def feed(timer):
                timer.fed, timer.late = timer.fed + 1, 0

        self.WDT = WDT

    def pause(self, ms):
        """So much time passes."""
        for timer in self.timers:
            timer.late += ms
            assert timer.late < timer.timeout, "it bites"


def watched(platform, settings, error=None, feeds=0):
    """The timers that were started by a program that fed so often and then ended."""
    machine = Machine()
    with On(platform, machine):
        try:
            with board.Watchdog(settings) as watchdog:
                for _ in range(feeds):
                    watchdog.feed()
                if not feeds:
                    assert machine.timers == []
                if error is not None:
                    raise error
        except BaseException as raised:
            assert raised is error
            usual, clock.pause = clock.pause, machine.pause
            assert isinstance(error, KeyboardInterrupt) or ended(error) == 1
            clock.pause = usual
        board.Watchdog.timer = None  # the board begins anew
    return machine.timers


def test_it_begins_with_the_first_feed_and_is_fed_from_then_on():
    for platform, board_name in (("rp2", "pico_sim800"), ("esp32", "lilygo_tcall")):
        for name in ("", board_name):
            timers = watched(platform, {"board": name, "watchdog": True}, None, 5)
            assert [(timer.timeout, timer.fed) for timer in timers] == [(limits.WATCHDOG_MS, 5)]
    assert limits.WATCHDOG_MS < 8388  # an RP2040 counts no further


def test_a_board_whose_program_failed_before_the_first_feed_begins_anew_as_well():
    settings = {"board": "pico_sim800", "watchdog": True}
    assert len(watched("rp2", settings, ValueError())) == 1
    assert watched("rp2", settings, KeyboardInterrupt()) == watched("rp2", settings) == []  # somebody is there


def test_there_is_none_on_a_pc_or_where_the_settings_want_none_or_name_another_board():
    for platform, name, wanted in (
        ("linux", "pc", True),
        ("linux", "", True),
        ("linux", "lilygo_tcall", True),
        ("rp2", "lilygo_tcall", True),
        ("rp2", "pico_sim800", False),
    ):
        assert watched(platform, {"board": name, "watchdog": wanted}, SimError("sim"), 3) == []


def test_what_only_somebody_can_mend_leaves_a_board_alone_for_minutes():
    for error, rests in (
        (SimError("sim", 10, "no SIM"), True),
        (UsageError("the SIM's network is not in the settings"), True),
        (SettingsError("board", "no toaster"), True),
        (ModemError("modem"), False),
        (ValueError(), False),
        (MemoryError(), False),
    ):
        for feeds in (0, 1):
            (timer,) = watched("rp2", {"board": "pico_sim800", "watchdog": True}, error, feeds)
            assert (timer.fed > 250) == rests


def test_an_end_for_want_of_memory_is_no_traceback_either():
    class Starved:
        def ended(error, timer):
            raise MemoryError

    usual, board.ending = board.ending, Starved
    try:
        assert board.ended(MemoryError()) == 1
    finally:
        board.ending = usual
