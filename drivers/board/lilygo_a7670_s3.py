"""LilyGO T-A7670X-S3-Standard: an ESP32-S3, an A7670 and a connector for a parallel camera. Not tried on hardware."""

from mms import clock
from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 4, "rx": 5, "dtr": 7}
CAMERA = {
    "data": (35, 15, 47, 16, 36, 38, 39, 40),
    "xclk": 21,
    "siod": 1,
    "sioc": 41,
    "vsync": 9,
    "href": 14,
    "pclk": 37,
    "pwdn": None,
    "reset": None,
    "family": "esp32",
}
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim7600"
RING = 6
BUTTON = {"pin": 0, "pressed": 0}  # the board's own, IO0: held at a reset it has the chip wait for a download
DISPLAY = {"i2c": 0, "sda": 3, "scl": 2}  # the bus of the camera's power chip
BATTERY = {"adc": 8, "ratio": 2}
_POWER = const(((46, 0, 100), (46, 1, 100), (46, 0, 3000)))  # the power key is high when it is pressed
_LONG = const(((46, 0, 100), (46, 1, 3000), (46, 0, 3000)))
_pressed = []  # once: from the second time on the modem may be one that hangs

_CHIP = const("esp32s3")
_FIRMWARE = const(("ESP32_GENERIC_S3", "", 0))  # that for quad PSRAM: pins 35 to 37 are the camera's
_PSRAM = const(True)
_WIFI = const(True)
_FLASH = const(16777216)
_WIRING = const(
    (
        ("display", "SDA", "3"),
        ("display", "SCL", "2"),
        ("display", "VCC", "3V3"),
        ("display", "GND", "GND"),
    )
)
_WARNING = const(
    "Put a lithium cell into its holder, or use a USB supply of 5 V and 2 A. The camera wants MicroPython with the"
    " module `camera` for quad PSRAM, which nobody publishes: that has to be built. With a camera no pin is free."
)
_SOURCES = const("Xinyuan-LilyGO/LilyGo-Modem-Series: CameraCaptureToSDCard.ino, docs/en/esp32s3/a7670x-s3-standard")


async def prepare():
    """Have the supply give all it can, and switch the camera's off and on, which is its only reset.

    Register 0x0E of the camera's power chip has its switches, 0x04 and the next three have its voltages. The result is
    None, or what a person has to know where the chip does not answer.
    """
    from machine import I2C, Pin

    Pin(42, Pin.OUT, value=1)
    bus = I2C(0, sda=Pin(3), scl=Pin(2))
    try:
        bus.writeto_mem(0x28, 0x04, b"\x7c\x7c\xca\xb1")
        for switches, ms in ((b"\x0f", 0), (b"\0", 300), (b"\x0f", 100)):
            bus.writeto_mem(0x28, 0x0E, switches)
            await clock.sleep(ms)
    except OSError:
        return "the power chip of the camera does not answer: the camera has no power"


async def power():
    """Press the modem's key: it listens three seconds later.

    A short press starts a modem that is off and does nothing to one that is on. So from the second time on a long one
    comes first, which switches a modem off that hangs. There is no `off`: the key alone does not tell on from off.
    """
    from drivers.board import keys

    await keys.press((_LONG if _pressed else ()) + _POWER)
    _pressed[:] = (1,)
