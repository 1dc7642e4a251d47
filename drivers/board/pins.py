"""Pins that cannot be what a board or the settings name them for, each with its reason; loaded to check them.

After the datasheets of ESP32 (strapping pins; pins 34 to 39), ESP32-S3 and RP2040 (1.4.3, functions of its pins).
"""

from mms.errors import SettingsError
from mms.limits import const

_RULES = const("""
esp32|6 7 8 9 10 11|||the flash is on it
esp32|16 17||quad|the PSRAM is on it
esp32|20 24 28 29 30 31|||there is no such pin
esp32|1 3|||the console is on it
esp32|34 35 36 37 38 39|tx rts dtr key led sda scl siod sioc xclk pwdn reset sck ws mosi cs||it can only be read
esp32|0|tx rx rts cts dtr ring key led sda scl adc data||held low at a reset it has the chip wait for a download
esp32|2|rx cts ring sda scl key||held high it keeps the chip from being flashed
esp32|12|rx cts ring sda scl key||held high at a reset it has the chip start its flash at 1.8 V, which fails
esp32|15|key||it moves while the chip starts, and presses the key
esp32s3|26 27 28 29 30 31 32|||the flash is on it
esp32s3|33 34 35 36 37||octal|the PSRAM is on it
esp32s3|22 23 24 25|||there is no such pin
esp32s3|19 20|||USB is on it
esp32s3|0|tx rx rts cts dtr ring key led sda scl adc data||held low at a reset it has the chip wait for a download
esp32s3|45|rx cts ring sda scl||held high at a reset it has the chip start its flash at 1.8 V, which fails
esp32s3|46|rx cts ring sda scl||held high at a reset it keeps the chip from being flashed
rp2040|23 24 29|||the board itself uses it
rp2040|25|tx rx rts cts dtr ring key button sda scl adc||the board itself uses it
""")  # chip, pins, uses (none: all), PSRAM, reason
_LAST = {"esp32": 39, "esp32s3": 48, "rp2040": 29}
_NO_PINS = const(("uart", "i2c", "i2s", "spi", "baud", "freq", "pressed", "on", "ratio", "family"))
_NAMED = const("MODEM CAMERA DISPLAY BUTTON LED BATTERY MICROPHONE RING")
_SHARED = const(("sda", "scl", "sck", "mosi", "miso"))  # of a bus with several chips
_UARTS = const((0, 1, 1, 0, 0, 1, 1, 0))  # of an RP2040, by fours of pins
_FUNCTIONS = const(("tx", "rx", "cts", "rts"))  # of each four
_SPI = const(("miso", "cs", "sck", "mosi"))  # likewise; "cs" may be any pin


def reason(chip, psram, use, pin, bus=None):
    """The reason why a pin cannot serve that use, or None.

    chip: "esp32", "esp32s3", "rp2040"; psram: "", "quad" or "octal"; use: a key of a board's dicts, "button", "led",
    "ring", or "key" for a modem's power key or reset; bus: the number of its UART, I2C or SPI.
    """
    for row in _RULES.strip().split("\n"):
        of, pins, uses, ram, why = row.split("|")
        if of == chip and str(pin) in pins.split(" ") and ram in ("", psram) and (not uses or use in uses.split(" ")):
            return why
    if isinstance(pin, int) and not 0 <= pin <= _LAST[chip]:
        return "there is no such pin"
    if chip == "rp2040" and isinstance(pin, int):
        if use in _FUNCTIONS and (_UARTS[pin // 4], _FUNCTIONS[pin % 4]) != (bus, use):
            return "it is not %s of UART %d" % (use, bus)
        if use in ("sda", "scl") and (pin // 2 % 2, pin % 2) != (bus, use == "scl"):
            return "it is not %s of I2C %d" % (use, bus)
        if use in ("miso", "sck", "mosi") and bus is not None and (pin // 8 % 2, _SPI[pin % 4]) != (bus, use):
            return "it is not %s of SPI %d" % (use, bus)
        if use == "adc" and not 26 <= pin <= 29:
            return "it has no ADC"
    return None


def named(board):
    """[(constant, use, pin, bus)] of the pins that a board names: a module, or another object with its constants."""
    found = []
    for constant in _NAMED.split(" "):
        value = getattr(board, constant, None)
        if isinstance(value, dict):
            found += _of(constant, value)
        elif value is not None:
            found.append((constant, "ring", value, None))
    return found


def _of(constant, wires):
    found = []
    for name in sorted(wires):
        pins = wires[name]
        use = constant.lower() if name == "pin" else name
        bus = wires.get("i2c" if name in ("sda", "scl") else "spi" if name in _SPI else "uart")
        for pin in pins if isinstance(pins, (tuple, list)) else (pins,):
            if name not in _NO_PINS and pin is not None:
                found.append((constant, use, pin, bus))
    return found


def faults(rows, chip, psram):
    """A sentence for each of the rows of `named` that cannot work, or whose pin serves another row, too."""
    found, taken = [], {}
    for constant, use, pin, bus in rows:
        why = reason(chip, psram, use, pin, bus)
        before = taken.get(pin)
        if why is None and before and not (use == before[1] and use in _SHARED):
            why = "it is %s %s already" % before
        taken[pin] = constant, use
        if why:
            found.append("pin %s cannot be %s %s: %s" % (pin, constant, use, why))
    return found


def check_camera(board, machine, wires):
    """Check pins of a camera, as the settings name them; raises SettingsError("camera.pins").

    board: its module; machine: what its firmware says of it, "Generic ESP32S3 module with Octal-SPIRAM with ESP32S3".
    """
    chip = "rp2040" if board.PLATFORM == "rp2" else "esp32s3" if "S3" in machine else "esp32"
    psram = "octal" if "Octal" in machine else "quad" if "SPIRAM" in machine else ""
    rows = [row for row in named(board) if row[0] != "CAMERA"]
    for fault in faults(rows + _of("CAMERA", wires), chip, psram):
        if " CAMERA " in fault:
            raise SettingsError("camera.pins", fault)
