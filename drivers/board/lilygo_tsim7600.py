"""LilyGO T-SIM7600: an ESP32 with a SIM7600 (LTE) on the board, and a VC0706 on free pins. Not tried on hardware."""

from mms.limits import const

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 27, "rx": 26, "dtr": 32}
CAMERA = {"uart": 2, "tx": 18, "rx": 19}
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)
FAMILY = "sim7600"
RING = 33
BUTTON = {"pin": 23, "pressed": 0}
LED = {"pin": 12, "on": 1}
DISPLAY = {"i2c": 0, "sda": 21, "scl": 22}
BATTERY = {"adc": 35, "ratio": 2}  # 0 V while USB is plugged in
_STATUS = const(34)  # high while the modem is on
_POWER = const(  # FLIGHT, low in flight mode, and the power key, which is high when it is pressed
    ((25, 1, 0), (4, 0, 100), (4, 1, 500), (4, 0, 15000))
)
_OFF = const(((4, 0, 100), (4, 1, 3000), (4, 0, 0)))
_OFF_ROUNDS = const(150)  # of 200 ms, until a modem that leaves its network is off

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
        ("button", "A", "23"),
        ("button", "B", "GND"),
    )
)
_WARNING = const(
    "Put a lithium cell into its holder, or use a USB supply of 5 V and 2 A, from USB-A to USB-C. Of the DIP switches"
    " 1 and 2 are on, which join modem and ESP32, and 4 is off. An SD card in its slot keeps the board from being"
    " flashed: take it out for that."
    " VBUS has 5 V only while USB is plugged in: on a cell the camera wants a converter to 5 V."
)
_SOURCES = const("Xinyuan-LilyGO/LilyGo-Modem-Series: ATdebug.ino, docs/en/esp32/sim7600-esp32")


async def power():
    """Switch the modem off where it is on, press its key, and wait the 15 seconds of its start."""
    from drivers.board import keys

    await off()
    await keys.press(_POWER)


async def off():
    """Press the key of a modem that is on for three seconds, and wait until it is off."""
    from machine import Pin

    from drivers.board import keys
    from mms import clock

    status = Pin(_STATUS, Pin.IN)
    if status.value():
        await keys.press(_OFF)
    for _ in range(_OFF_ROUNDS):
        if not status.value():
            break
        await clock.sleep(200)
