"""LilyGo T-Call V1.3: an ESP32 with a SIM800L on the same board, and a VC0706 on free pins. Not tried on hardware."""

from mms import clock

PLATFORM = "esp32"
MODEM = {"uart": 1, "tx": 27, "rx": 26}
CAMERA = {"uart": 2, "tx": 18, "rx": 19}
SUPPLY, POWER_KEY, RESET = 23, 4, 5
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)


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
