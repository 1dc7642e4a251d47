"""Raspberry Pi Pico with a SIM800L module (its RST on a pin) and a VC0706. Not tried on hardware."""

from mms import clock

PLATFORM = "rp2"
MODEM = {"uart": 0, "tx": 0, "rx": 1}
CAMERA = {"uart": 1, "tx": 4, "rx": 5}
RESET = 2
FLASH_DEAFENS = True  # no interrupt is served while a sector is erased


async def power():
    """Reset the modem, which has no other switch here; it answers some seconds later."""
    from machine import Pin

    reset = Pin(RESET, Pin.OPEN_DRAIN, value=0)
    await clock.sleep(200)
    reset.value(1)
