"""A board with an ESP32 that no firmware knows of: all that a new board takes."""

from mms import clock

PLATFORM = "esp32"
MODEM = {"uart": 2, "tx": 32, "rx": 33}
CAMERA = {"uart": 1, "tx": 12, "rx": 14}
KEY = 15
FLASH_DEAFENS = False


async def power():
    """Pull the power key of the modem."""
    from machine import Pin

    key = Pin(KEY, Pin.OUT, value=1)
    await clock.sleep(500)
    key.value(0)
