"""Raspberry Pi Pico with a SIM800L module (its RST on a pin) and a VC0706. Not tried on hardware."""

from machine import Pin

from drivers import camera as cameras
from drivers import modem as modems
from drivers import serial
from mms import clock

MODEM = {"line": 0, "tx": 0, "rx": 1}
CAMERA = {"line": 1, "tx": 4, "rx": 5}
RESET = 2
FLASH_DEAFENS = True  # no interrupt is heard while a sector is erased (lib/mms/flash.py)


async def power():
    """Reset the modem: RST low, then as long as it takes to start."""
    reset = Pin(RESET, Pin.OPEN_DRAIN, value=0)
    await clock.sleep(200)
    reset.value(1)
    await clock.sleep(3000)


def open_modem(settings, events):
    """The modem on its UART."""
    pipe = serial.open(MODEM["line"], settings["baud"], tx=Pin(MODEM["tx"]), rx=Pin(MODEM["rx"]))
    return modems.open(settings["family"], pipe, events, power)


def open_camera(settings):
    """The camera on its UART."""
    pipe = serial.open(CAMERA["line"], settings["baud"], tx=Pin(CAMERA["tx"]), rx=Pin(CAMERA["rx"]))
    return cameras.open(settings, pipe, settings.get("path"))
