"""LilyGo T-Call V1.3: an ESP32 with a SIM800L on the same board, and a VC0706 on free pins. Not tried on hardware."""

from mms import clock
from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 27, "rx": 26}
CAMERA = {"uart": 2, "tx": 18, "rx": 19}
SUPPLY, POWER_KEY, RESET = 23, 4, 5
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim800"
BUTTON = {"pin": 14, "pressed": 0}
LED = {"pin": 13, "on": 1}
DISPLAY = {"i2c": 0, "sda": 21, "scl": 22}
BATTERY = {"adc": 35, "ratio": 2}
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
_WARNING = const("A cell at its connector: USB alone does not give the 2 A that the modem takes in bursts.")
_SOURCES = const("Xinyuan-LilyGO/LilyGo-T-Call-SIM800, README and schematic of 20190610")


async def power():
    """Switch the modem off and on: its key is low for more than a second; it answers some seconds later."""
    from machine import Pin

    await off()
    Pin(SUPPLY, Pin.OUT, value=1)
    Pin(RESET, Pin.OUT, value=1)
    key = Pin(POWER_KEY, Pin.OUT, value=0)
    await clock.sleep(1200)
    key.value(1)


async def off():
    """Take the modem's supply away."""
    from machine import Pin

    Pin(SUPPLY, Pin.OUT, value=0)
    await clock.sleep(1000)
