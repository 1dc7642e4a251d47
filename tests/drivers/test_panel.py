"""Button, LED, display, battery and sleep of the boards, on a stand-in for `machine`."""

import asyncio
import sys

from drivers import board
from drivers.board import lab, lilygo_tcall_v14, lilygo_tsim7600, pico_sim800, picow_sim800
from drivers.panel import battery, parts
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.boards import ADC, I2C, AsOnABoard, Machine, Pin, PlainADC, quickly

OLED = 0x3C


class Frame:
    """framebuf.FrameBuffer, which CPython does not have: nothing is drawn."""

    def __init__(self, buffer, width, height, kind):
        assert (len(buffer), kind) == (width * height // 8, 0)


class Framebuf:
    FrameBuffer, MONO_VLSB = Frame, 0


if sys.implementation.name != "micropython":
    sys.modules["framebuf"] = Framebuf  # type: ignore[assignment]


class Chip:
    """An SSD1306 as far as the datasheet says how commands and data set its memory (8.1.5, 10)."""

    ARGUMENTS = {0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1}

    def __init__(self):
        self.memory, self.on, self.pumped = bytearray(1024), False, False
        self._horizontal, self._at = False, 0

    def take(self, register, octets):
        assert register is None
        control, rest = octets[0], octets[1:]
        if control == 0x40:
            assert self._horizontal
            for octet in rest:
                self.memory[self._at] = octet
                self._at = (self._at + 1) % 1024
            return
        assert control == 0x00
        while rest:
            command, count = rest[0], self.ARGUMENTS.get(rest[0], 0)
            self._obey(command, rest[1 : 1 + count])
            rest = rest[1 + count :]

    def _obey(self, command, values):
        if command in (0xAE, 0xAF):
            self.on = command == 0xAF
        elif command == 0x8D:
            self.pumped = values == b"\x14"
        elif command == 0x20:
            self._horizontal = values == b"\x00"
        elif command in (0x21, 0x22):
            assert values == (b"\x00\x7f" if command == 0x21 else b"\x00\x07")
            self._at = 0


class Modem:
    """Answers AT+CBC with `lines`."""

    ready = True

    def __init__(self, *lines):
        self.dialogue, self.lock, self.stale = self, self, True
        self._lines, self.known = lines, []

    def locked(self):
        return False

    def add(self, table):
        self.known.append(table)

    remove = add

    async def ask(self, name):
        assert "\n%s|" % name in self.known[-1]
        return list(self._lines)


def opened(board, modem=None, **wanted):
    return parts.open(board, board.PLATFORM, {"panel": wanted}, modem or Modem())


def test_a_button_and_an_led_have_the_levels_that_their_board_says():
    with AsOnABoard("esp32"):
        found, level = opened(lilygo_tcall_v14), []
        Pin.inputs[14] = lambda: level[-1]
        for level_of_pin, pressed in ((1, False), (0, True)):
            level.append(level_of_pin)
            assert found.button() == pressed
        found.led(True)
        found.led(False)
        assert Pin.levels == [(13, 0), (13, 1), (13, 0)]  # dark at first
    with AsOnABoard("rp2"):
        opened(picow_sim800).led(True)
        assert Pin.levels == [("LED", 0), ("LED", 1)]


def test_a_frame_comes_to_the_display_page_by_page_and_holds_the_loop_3_ms_at_most():
    with AsOnABoard("rp2"):
        chip = Chip()
        I2C.chips[6, 7, OLED] = chip.take
        display = opened(pico_sim800).display
        display.buffer[:] = bytes([at * 7 & 0xFF for at in range(1024)])
        slept = []

        async def story():
            await display.light(True)
            await display.show()
            await display.show()

        asyncio.run(quickly(story, slept.append))
        assert chip.on and chip.pumped and chip.memory == display.buffer
        assert max(I2C.held_ms) < 3 and len(slept) == 16
        asyncio.run(display.light(False))
        assert not chip.on and max(I2C.held_ms) < 3


def test_a_display_that_is_not_there_is_an_oserror_when_it_is_lit_and_none_where_the_settings_want_none():
    with AsOnABoard("rp2"):
        raises(OSError, asyncio.run, opened(pico_sim800).display.light(True))
        assert opened(pico_sim800, display=False).display is None
        assert I2C.held_ms


def test_the_battery_is_measured_at_its_pin_or_by_the_modem():
    with AsOnABoard("esp32"):
        ADC.volts[35] = 1.95
        found = opened(lilygo_tcall_v14)
        assert asyncio.run(found.battery()) == 3900 and not found.dear
        assert opened(lilygo_tcall_v14, battery=False).battery is None
    Machine.ADC = PlainADC
    try:
        with AsOnABoard("rp2"):
            PlainADC.volts[26] = 1.3
            read = battery.at_pin({"adc": 26, "ratio": 3})
            assert abs(asyncio.run(read()) - 3900) < 5
    finally:
        Machine.ADC = ADC
    with AsOnABoard("rp2"):
        found = opened(pico_sim800, Modem("+CBC: 0,85,4012"))
        assert found.dear and asyncio.run(found.battery()) == 4012


def test_each_family_tells_its_volts_in_its_own_way_or_not_at_all():
    for line, mv in (
        ("+CBC: 0,85,4012", 4012),  # SIM800, M66, BG95
        ("+CBC: 3.987V", 3987),  # SIM7600, A7670
        ("+CBC: 4.1V", 4100),
        ("+CBC: 0,100", None),  # SARA: percent alone
        ("+CBC: ", None),
        ("+CBC: 0,85,x012", None),
    ):
        assert battery.millivolts([line]) == mv, line
    assert battery.millivolts([]) is None


class Esp32:
    WAKEUP_ALL_LOW = False

    def __init__(self):
        self.woken_by = []

    def wake_on_ext0(self, pin, level):
        assert level is False
        self.woken_by.append(pin.id)


def test_the_chip_sleeps_until_ri_and_shorter_than_its_watchdog_while_the_modem_sleeps():
    with AsOnABoard("esp32"):
        chip = sys.modules["esp32"] = Esp32()  # type: ignore[assignment]
        try:
            modem, level = Modem(), [1]
            Pin.inputs[33] = lambda: level[0]
            nap = opened(lilygo_tcall_v14, modem, sleep=True).nap
            nap(60000)
            assert chip.woken_by == [33] and Machine.slept == [5000]
            level[0] = 0  # a message comes
            nap(1000)
            level[0], modem.stale = 1, False  # the modem is awake
            nap(1000)
            assert Machine.slept == [5000]
        finally:
            del sys.modules["esp32"]


def test_a_board_that_cannot_sleep_says_so():
    with AsOnABoard("rp2"):
        found = opened(pico_sim800, sleep=True)
        assert found.nap is None and "esp32" in found.told[0]


def test_a_pc_has_no_parts_and_the_lab_says_its_led():
    said = []
    lab.events = Events()
    lab.events.listen(lambda event: said.append((event["wire"], event["level"])))
    found = parts.open(lab, "linux", {"panel": {"battery": False}}, None)
    assert found.button is None and found.display is None and found.battery is None
    found.led(True)
    assert said == [("led", 1)]


def test_a_board_that_was_flashed_without_a_panel_says_so_and_goes_on():
    said, events = [], Events()
    events.listen(lambda event: said.append(event["text"]))
    kept = sys.modules["drivers.panel.parts"], sys.modules["drivers.panel"].parts
    del sys.modules["drivers.panel"].parts
    sys.modules["drivers.panel.parts"] = None  # type: ignore[assignment]
    try:
        if sys.implementation.name != "micropython":
            assert asyncio.run(board.prepare({"board": "pc", "panel": {}}, events, None)) is None
            assert said == ["the panel is not on this board: flash it again"]
    finally:
        sys.modules["drivers.panel.parts"], sys.modules["drivers.panel"].parts = kept


def test_a_board_without_a_display_has_none():
    with AsOnABoard("esp32"):
        assert (opened(lilygo_tsim7600).display is None) == (not hasattr(lilygo_tsim7600, "DISPLAY"))
