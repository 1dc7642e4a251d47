"""Raspberry Pi Pico with a SIM800L module (its RST on a pin) and a VC0706. Not tried on hardware."""

from mms.limits import const

PLATFORM = "rp2"
MODEM = {"uart": 0, "tx": 0, "rx": 1}
CAMERA = {"uart": 1, "tx": 4, "rx": 5}
FLASH_DEAFENS = True  # no interrupt is served while a sector is erased
FAMILY = "sim800"
BUTTON = {"pin": 22, "pressed": 0}
LED = {"pin": 25, "on": 1}
DISPLAY = {"i2c": 1, "sda": 6, "scl": 7}
_POWER = const(((2, 0, 200), (2, None, 3000)))  # the reset line of the module, which holds it at its own level

_CHIP = const("rp2040")
_FIRMWARE = const(("RPI_PICO", "", None))
_PSRAM = const(False)
_WIFI = const(False)
_FLASH = const(2097152)
_WIRING = const(
    (
        ("modem", "RXD", "GP0"),
        ("modem", "TXD", "GP1"),
        ("modem", "RST", "GP2"),
        ("modem", "GND", "GND"),
        ("camera", "RXD", "GP4"),
        ("camera", "TXD", "GP5"),
        ("camera", "5V", "VBUS"),
        ("camera", "GND", "GND"),
        ("display", "SDA", "GP6"),
        ("display", "SCL", "GP7"),
        ("display", "VCC", "3V3"),
        ("display", "GND", "GND"),
        ("button", "A", "GP22"),
        ("button", "B", "GND"),
    )
)
_WARNING = const(
    "The modem wants a supply of its own, 3.7 to 4.2 V and 2 A, with 1000 uF beside it: never VBUS or 3V3."
    " All GND are joined. VBUS has 5 V only while USB is plugged in: elsewhere the camera wants another supply of 5 V."
)
_SOURCES = const("Raspberry Pi Pico datasheet; SIM800L hardware design")


async def power():
    """Reset the modem, which has no other switch here: it listens three seconds later."""
    from drivers.board import keys

    await keys.press(_POWER)
