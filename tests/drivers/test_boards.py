"""The power sequences of all boards, their power chips and their pins, beside tables of their makers' numbers."""

import asyncio

from drivers import board, listing
from mms.events import Events
from tests.kit.drivers.boards import I2C, AsOnABoard, Machine, Pin, quickly

# (ms, pin, level) of each step, and when the modem listens. RST, POWER, PWKEY of a T-Call are 5, 23 and 4
_TCALL = [(0, 23, 0), (1000, 5, 1), (1000, 23, 1), (1000, 4, 1), (1100, 4, 0), (2100, 4, 1)], 5100
_RESET_LINE = [(0, 2, 0), (200, 2, None)], 3200
POWER = {
    "lilygo_tcall": _TCALL,
    "lilygo_tcall_v14": _TCALL,
    # POWERON 12; RESET 5 is high for 2.6 s; PWRKEY 4 is high for 100 ms
    "lilygo_ta7670": (
        [(0, 12, 1), (0, 5, 0), (100, 5, 1), (2700, 5, 0), (2700, 4, 0), (2800, 4, 1), (2900, 4, 0)],
        5900,
    ),
    "lilygo_a7670_s3": ([(0, 46, 0), (100, 46, 1), (200, 46, 0)], 3200),
    # FLIGHT 25; PWRKEY 4 is high for 500 ms; the start takes 15 s
    "lilygo_tsim7600": ([(0, 25, 1), (0, 4, 0), (100, 4, 1), (600, 4, 0)], 15600),
    "esp32cam_sim800": ([(0, 13, 0), (200, 13, None)], 3200),
    "pico_sim800": _RESET_LINE,
    "picow_sim800": _RESET_LINE,
}
OFF = {"lilygo_tcall": ([(0, 23, 0)], 1000), "lilygo_tcall_v14": ([(0, 23, 0)], 1000), "lilygo_tsim7600": ([], 0)}
IP5306 = (21, 22, 0x75), [(0x00, b"\x37")]
CAMERA_SUPPLY = (3, 2, 0x28), [(0x04, b"\x7c\x7c\xca\xb1"), (0x0E, b"\x0f"), (0x0E, b"\0"), (0x0E, b"\x0f")]
CHIPS = {"lilygo_tcall": IP5306, "lilygo_tcall_v14": IP5306, "lilygo_a7670_s3": CAMERA_SUPPLY}


def module(name):
    return __import__("drivers.board." + name, None, None, ("*",))


def names():
    """The boards with pins."""
    return [name for name in listing.names("drivers.board", "PLATFORM") if module(name).PLATFORM != "pc"]


class Clock:
    """Virtual time: `slept` is a wait; `stamps` has the time of each level that was set before now."""

    def __init__(self):
        self.ms, self.stamps = 0, []

    def slept(self, ms):
        self.stamp()
        self.ms += ms

    def stamp(self):
        self.stamps += [self.ms] * (len(Pin.levels) - len(self.stamps))

    def trace(self):
        """The steps so far, and the time."""
        self.stamp()
        return [(self.stamps[at], pin, level) for at, (pin, level) in enumerate(Pin.levels)], self.ms


def played(name, verb="power", times=1, status=None):
    """The steps of a board's verb, the last time that it is called, and its time."""
    with AsOnABoard(module(name).PLATFORM):
        Pin.inputs[34] = status or (lambda: 0)
        for _ in range(times):
            Pin.levels.clear()
            clock = Clock()
            asyncio.run(quickly(getattr(module(name), verb), clock.slept))
        return clock.trace()


def test_each_board_switches_its_modem_as_its_maker_does():
    assert sorted(POWER) == sorted(names())
    for name in POWER:
        assert played(name) == POWER[name], name


def test_a_board_that_can_takes_the_modem_off():
    assert {name for name in names() if hasattr(module(name), "off")} == set(OFF)
    for name in OFF:
        assert played(name, "off") == OFF[name], name


def test_a_key_that_starts_and_stops_is_held_for_long_only_where_the_modem_is_on():
    left = [1, 1, 1]  # it leaves its network for a while
    steps, ms = played("lilygo_tsim7600", "off", status=lambda: left.pop() if left else 0)
    assert steps == [(0, 4, 0), (100, 4, 1), (3100, 4, 0)] and ms == 3100 + 2 * 200
    steps, ms = played("lilygo_tsim7600", "off", status=lambda: 1)
    assert ms <= 3100 + 30000  # a modem that stays on is not waited for
    steps, ms = played("lilygo_a7670_s3", times=2)  # the first press did not help
    assert steps[:3] == [(0, 46, 0), (100, 46, 1), (3100, 46, 0)] and ms == 6100 + 3200


def prepared(name, platform=None, chips=True, machine=Machine):
    """(what the board's chip was told, the levels of its pins, the texts of events) of a board's start."""
    told, said, events = [], [], Events()
    events.listen(lambda event: said.append((event["event"], event["text"])))
    with AsOnABoard(platform or module(name).PLATFORM, machine):
        if name in CHIPS and chips:
            I2C.chips[CHIPS[name][0]] = lambda register, octets: told.append((register, octets))
        asyncio.run(quickly(lambda: board.prepare({"board": name}, events, None)))
        return told, list(Pin.levels), said


def test_a_power_chip_is_set_up_at_every_start():
    levels = {"lilygo_ta7670": [(12, 1)], "lilygo_a7670_s3": [(42, 1)]}  # supply of the modem; no saving of power
    for name in names():
        for _ in range(2):
            told, set_to, said = prepared(name)
            assert told == (CHIPS[name][1] if name in CHIPS else []), name
            assert set_to == levels.get(name, []) and said == [], name


def test_a_power_chip_that_is_not_there_is_told_in_one_line_and_survived():
    for name in CHIPS:
        told, _, said = prepared(name, chips=False)
        ((event, text),) = said
        assert told == [] and event == "power" and "does not answer" in text and "\n" not in text


def test_a_board_that_was_reset_for_want_of_power_says_so_where_its_port_tells_it():
    class Telling(Machine):
        BROWNOUT_RESET, PWRON_RESET = 7, 1
        reset_cause = staticmethod(lambda: causes[-1])

    causes = []
    for cause, count in ((7, 1), (1, 0)):
        causes.append(cause)
        _, _, said = prepared("lilygo_tsim7600", machine=Telling)
        assert len(said) == count and all("supply" in text for _, text in said)


def test_the_events_of_a_board_know_the_cause_of_its_last_reset():
    class Telling(Machine):
        WDT_RESET, PWRON_RESET, IDLE = 3, 1, 3
        reset_cause = staticmethod(lambda: 3)

    for name, machine, cause in (("pico_sim800", Telling, ["WDT_RESET"]), ("pico_sim800", Machine, [])):
        events = Events()
        with AsOnABoard("rp2", machine):
            asyncio.run(quickly(lambda: board.prepare({"board": name}, events, None)))  # noqa: B023
        assert events.reset == cause


def test_a_pc_is_prepared_without_a_machine():
    assert prepared("pc", "linux") == ([], [], [])


def pins(value):
    """The numbers of pins in a constant of a board."""
    if isinstance(value, dict):
        kinds = ("uart", "pressed", "on", "i2c", "ratio", "family")
        return [pin for key in value if key not in kinds for pin in pins(value[key])]
    if isinstance(value, tuple):
        return [pin for one in value for pin in pins(one)]
    return [] if value is None else [value]


def test_no_pin_of_a_board_serves_two_purposes():
    for name in names():
        found = module(name)
        used = []
        for constant in ("MODEM", "CAMERA", "RING", "BUTTON", "LED", "DISPLAY", "BATTERY"):
            used += pins(getattr(found, constant, None))
        used += {pin for _, pin, _ in POWER[name][0]}
        assert len(set(used)) == len(used) >= 7, name
        if "uart" in found.CAMERA:
            assert found.CAMERA["uart"] != found.MODEM["uart"]
