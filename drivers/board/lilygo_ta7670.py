"""LilyGO T-A7670: an ESP32 with an A7670 (LTE, GSM) on the board, and a VC0706 on free pins. Not tried on hardware."""

from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 26, "rx": 27, "dtr": 25}
CAMERA = {"uart": 2, "tx": 18, "rx": 19}
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim7600"
RING = 33
BUTTON = {"pin": 32, "pressed": 0}
DISPLAY = {"i2c": 0, "sda": 21, "scl": 22}
BATTERY = {"adc": 35, "ratio": 2}  # while USB is plugged in it is not the cell's
_SUPPLY = const(((12, 1, 0),))
_POWER = const(  # supply, reset, power key: the last two are high when they are on
    ((12, 1, 0), (5, 0, 100), (5, 1, 2600), (5, 0, 0), (4, 0, 100), (4, 1, 100), (4, 0, 3000))
)

_CHIP = const("esp32")
_FIRMWARE = const(("ESP32_GENERIC", "SPIRAM", 0x1000))
_PSRAM = const(True)
_WIFI = const(True)
_FLASH = const(4194304)
_WIRING = const(
    (
        ("camera", "RXD", "18"),
        ("camera", "TXD", "19"),
        ("camera", "5V", "VBUS"),
        ("camera", "GND", "GND"),
        ("display", "SDA", "21"),
        ("display", "SCL", "22"),
        ("display", "VCC", "3V3"),
        ("display", "GND", "GND"),
        ("button", "A", "32"),
        ("button", "B", "GND"),
    )
)
_WARNING = const(
    "Put a lithium cell into its holder, or use a USB supply of 5 V and 2 A, from USB-A to USB-C. The board may restart"
    " when it changes between the two. An SD card in its slot keeps the board from being flashed: take it out for that."
    " With the A7670G's own GPS module pins 21 and 22 are taken, and there is no display."
    " VBUS has 5 V only while USB is plugged in: on a cell the camera wants a converter to 5 V."
)
_SOURCES = const(
    "Xinyuan-LilyGO/LilyGo-Modem-Series: ATdebug.ino, DeepSleep.ino, docs/en/esp32/a7670-esp32, ReadBattery.ino"
)


async def prepare():
    """Keep the supply of the modem on: on a cell the board of V1.2 resets when this comes late (DeepSleep.ino)."""
    from drivers.board import keys

    await keys.press(_SUPPLY)


async def power():
    """Reset the modem and press its key: so it starts, whatever it did, and listens three seconds later.

    There is no `off`: on a cell the board itself goes with the modem's supply.
    """
    from drivers.board import keys

    await keys.press(_POWER)
