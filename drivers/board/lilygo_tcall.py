"""LilyGO T-Call V1.3 (20190610): an ESP32 and a SIM800L on one board, a VC0706 on free pins. Not tried on hardware."""

from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 27, "rx": 26}
CAMERA = {"uart": 2, "tx": 18, "rx": 19}
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim800"
BUTTON = {"pin": 14, "pressed": 0}
LED = {"pin": 13, "on": 1}
DISPLAY = {"i2c": 0, "sda": 21, "scl": 22}  # the bus of the power chip
BATTERY = {"adc": 35, "ratio": 2}
_POWER = const(  # reset, supply, power key, which is low for a second
    ((5, 1, 0), (23, 1, 0), (4, 1, 100), (4, 0, 1000), (4, 1, 3000))
)
_OFF = const(((23, 0, 1000),))

_CHIP = const("esp32")
_FIRMWARE = const(("ESP32_GENERIC", "SPIRAM", 0x1000))
_PSRAM = const(True)
_WIFI = const(True)
_FLASH = const(4194304)
_WIRING = const(
    (
        ("camera", "RXD", "18"),
        ("camera", "TXD", "19"),
        ("camera", "5V", "5V"),
        ("camera", "GND", "GND"),
        ("display", "SDA", "21"),
        ("display", "SCL", "22"),
        ("display", "VCC", "3V3"),
        ("display", "GND", "GND"),
        ("button", "A", "14"),
        ("button", "B", "GND"),
    )
)
_WARNING = const(
    "Put a lithium cell at its connector: the modem takes 2 A in bursts, which USB alone does not give."
    " Where the board resets in the middle of a message, solder 470 to 1000 uF across the cell's pins."
)
_SOURCES = const("Xinyuan-LilyGO/LilyGo-T-Call-SIM800: README, utilities.h and schematic of 20190610")


async def prepare():
    """Keep the power chip on, which forgets that at a hard reset."""
    from drivers.board import ip5306

    return ip5306.keep_on(21, 22)


async def power():
    """Take the modem's supply away, give it again, and press its key: the modem listens three seconds later."""
    from drivers.board import keys

    await keys.press(_OFF + _POWER)


async def off():
    """Take the modem's supply away."""
    from drivers.board import keys

    await keys.press(_OFF)
