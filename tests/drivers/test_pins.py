"""Pins that cannot work are refused with the reason, and the pins of a Pico's UARTs are those of its datasheet."""

from drivers.board import pins
from mms.errors import SettingsError
from mms.events import Events
from mms.handset import settings
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard

REFUSED = (  # chip, PSRAM, use, pin, what the reason says
    ("esp32", "quad", "rx", 16, "PSRAM"),
    ("esp32", "quad", "button", 17, "PSRAM"),
    ("esp32", "", "tx", 34, "only be read"),
    ("esp32", "", "key", 39, "only be read"),
    ("esp32", "", "rx", 6, "flash"),
    ("esp32", "", "led", 11, "flash"),
    ("esp32", "", "rx", 0, "download"),
    ("esp32", "", "rx", 2, "flashed"),
    ("esp32", "", "sda", 12, "1.8 V"),
    ("esp32", "", "key", 15, "presses the key"),
    ("esp32", "", "rx", 24, "no such pin"),
    ("esp32", "", "rx", 40, "no such pin"),
    ("esp32s3", "octal", "data", 35, "PSRAM"),
    ("esp32s3", "quad", "tx", 19, "USB"),
    ("esp32s3", "quad", "rx", 45, "1.8 V"),
    ("rp2040", "", "button", 23, "the board itself"),
    ("rp2040", "", "adc", 22, "no ADC"),
    ("rp2040", "", "rx", 30, "no such pin"),
)
USED = (  # pins that makers use so
    ("esp32", "", "rx", 16),
    ("esp32", "quad", "rx", 34),
    ("esp32", "quad", "rx", 15),
    ("esp32", "quad", "button", 2),
    ("esp32", "quad", "xclk", 0),
    ("esp32", "quad", "led", 12),
    ("esp32s3", "quad", "data", 35),
    ("esp32s3", "quad", "button", 0),
    ("rp2040", "", "led", "LED"),
    ("rp2040", "", "led", 25),
)
UARTS = {  # of an RP2040: TX, RX, CTS, RTS in turn
    0: ((0, 12, 16, 28), (1, 13, 17, 29), (2, 14, 18), (3, 15, 19)),
    1: ((4, 8, 20, 24), (5, 9, 21, 25), (6, 10, 22, 26), (7, 11, 23, 27)),
}
ARDUCAM = {"spi": 0, "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "i2c": 1, "sda": 6, "scl": 7}  # beside a display
TAKEN = (23, 24, 25, 29)  # by the board


def test_a_pin_that_cannot_work_has_its_reason():
    for chip, psram, use, pin, words in REFUSED:
        assert words in pins.reason(chip, psram, use, pin, 0), (chip, use, pin)
    for chip, psram, use, pin in USED:
        assert pins.reason(chip, psram, use, pin, 0) is None, (chip, use, pin)


def test_a_uart_of_a_pico_has_the_pins_of_its_datasheet():
    for number in UARTS:
        for at, use in enumerate(("tx", "rx", "cts", "rts")):
            works = [pin for pin in range(30) if pins.reason("rp2040", "", use, pin, number) is None]
            assert works == [pin for pin in UARTS[number][at] if pin not in TAKEN]


def test_an_i2c_of_a_pico_has_the_pins_of_its_datasheet():
    for number, first in ((0, 0), (1, 2)):
        for at, use in enumerate(("sda", "scl")):
            works = [pin for pin in range(23) if pins.reason("rp2040", "", use, pin, number) is None]
            assert works == list(range(first + at, 23, 4))


def test_an_spi_of_a_pico_has_the_pins_of_its_datasheet():
    for number, first in ((0, 0), (1, 8)):
        for at, use in ((0, "miso"), (2, "sck"), (3, "mosi")):
            works = [pin for pin in range(23) if pins.reason("rp2040", "", use, pin, number) is None]
            expected = [pin + at for pin in (first, first + 4, first + 16, first + 20) if pin + at < 23]
            assert works == expected


def opened(name, machine, wires):
    """A board whose camera has other pins, with a firmware that says so of it."""
    from drivers.board import lines

    class System:
        implementation = Implementation(machine)

    found = __import__("drivers.board." + name, None, None, ("*",))
    wanted = settings.check({"camera": {"family": "file", "path": "picture.jpg"}})
    wanted["camera"]["pins"] = wires
    usual, lines.sys = lines.sys, System
    try:
        with AsOnABoard(found.PLATFORM):
            return lines.open(found, found.PLATFORM, name, wanted, Events(), None, None)
    finally:
        lines.sys = usual


class Implementation:
    def __init__(self, machine):
        self._machine = machine


def test_pins_of_a_camera_in_the_settings_are_checked_at_the_start():
    spiram, octal = (
        "Generic ESP32 module with SPIRAM with ESP32",
        "Generic ESP32S3 module with Octal-SPIRAM with ESP32S3",
    )
    for name, machine, wires, words in (
        ("lilygo_tcall", spiram, {"uart": 2, "tx": 19, "rx": 16}, "pin 16 cannot be CAMERA rx: the PSRAM is on it"),
        ("lilygo_tcall", spiram, {"uart": 2, "tx": 26, "rx": 18}, "pin 26 cannot be CAMERA tx: it is MODEM rx already"),
        ("lilygo_a7670_s3", octal, {"d0": 35}, "the PSRAM is on it"),
        ("pico_sim800", "Raspberry Pi Pico with RP2040", {"uart": 1, "tx": 8, "rx": 10}, "it is not rx of UART 1"),
        ("pico_sim800", "Raspberry Pi Pico with RP2040", {"spi": 0, "sck": 10, "cs": 17}, "it is not sck of SPI 0"),
    ):
        error = raises(SettingsError, opened, name, machine, wires)
        assert error.key == "camera.pins" and words in str(error), error
    for name, machine, wires in (
        ("lilygo_tcall", "Generic ESP32 module with ESP32", {"uart": 2, "tx": 19, "rx": 16}),
        ("lilygo_tcall", spiram, {"spi": 1, "sck": 18, "mosi": 23, "miso": 19, "cs": 5, "sda": 21, "scl": 22}),
        ("pico_sim800", "Raspberry Pi Pico with RP2040", {"uart": 1, "tx": 8, "rx": 9}),
        ("pico_sim800", "Raspberry Pi Pico with RP2040", ARDUCAM),
    ):
        assert opened(name, machine, wires)
