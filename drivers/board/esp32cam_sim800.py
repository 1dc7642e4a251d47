"""ESP32-CAM (AI-Thinker) with its parallel camera, and a SIM800L module beside it. Not tried on hardware."""

from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 14, "rx": 15}  # the pins of the SD card, which has to stay out; 16 is the PSRAM's
CAMERA = {
    "data": (5, 18, 19, 21, 36, 39, 34, 35),
    "xclk": 0,
    "siod": 26,
    "sioc": 27,
    "vsync": 25,
    "href": 23,
    "pclk": 22,
    "pwdn": 32,
    "reset": None,
    "family": "esp32",
}
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim800"
BUTTON = {"pin": 2, "pressed": 0}
LED = {"pin": 33, "on": 0}
_POWER = const(((13, 0, 200), (13, None, 3000)))  # the reset line of the module, which holds it at its own level

_CHIP = const("esp32")
_FIRMWARE = const(("ESP32_GENERIC", "SPIRAM@AI_THINKER", 0x1000))
_PSRAM = const(True)
_WIFI = const(True)
_FLASH = const(4194304)
_WIRING = const(
    (
        ("modem", "RXD", "14"),
        ("modem", "TXD", "15"),
        ("modem", "RST", "13"),
        ("modem", "GND", "GND"),
        ("button", "A", "2"),
        ("button", "B", "GND"),
        ("programmer", "TXD", "U0R"),
        ("programmer", "RXD", "U0T"),
        ("programmer", "5V", "5V"),
        ("programmer", "GND", "GND"),
    )
)
_WARNING = const(
    "The modem wants a supply of its own, 3.7 to 4.2 V and 2 A, with 1000 uF beside it: never the 5V or 3V3 of the"
    " ESP32-CAM. All GND are joined. Wi-Fi and a modem that sends bring a weak USB supply down together. The SD card"
    " stays out, for the modem has its pins. IO0 is joined to GND while the board is flashed."
)
_SOURCES = const("AI-Thinker ESP32-CAM schematic; forum.arduino.cc 1072877 and 913627; SIM800L hardware design")


async def power():
    """Reset the modem, which has no other switch here: it listens three seconds later."""
    from drivers.board import keys

    await keys.press(_POWER)
