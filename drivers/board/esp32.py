"""LilyGo T-Call V1.3: an ESP32 with a SIM800L on the same board, and a VC0706 on free pins. Not tried on hardware."""

from machine import Pin

from drivers import camera as cameras
from drivers import modem as modems
from drivers import serial
from mms import clock

MODEM = {"line": 1, "tx": 27, "rx": 26}
CAMERA = {"line": 2, "tx": 18, "rx": 19}
SUPPLY, POWER_KEY, RESET = 23, 4, 5
FLASH_DEAFENS = False  # the UART's interrupt is served from RAM (CONFIG_UART_ISR_IN_IRAM)


async def power():
    """Switch the modem off and on."""
    Pin(SUPPLY, Pin.OUT, value=0)
    await clock.sleep(1000)
    Pin(SUPPLY, Pin.OUT, value=1)
    Pin(RESET, Pin.OUT, value=1)
    key = Pin(POWER_KEY, Pin.OUT, value=0)  # low for more than a second: on
    await clock.sleep(1200)
    key.value(1)
    await clock.sleep(3000)


def open_modem(settings, events):
    """The modem on its UART."""
    pipe = serial.open(MODEM["line"], settings["baud"], tx=MODEM["tx"], rx=MODEM["rx"])
    return modems.open(settings["family"], pipe, events, power)


def open_camera(settings):
    """The camera on its UART."""
    pipe = serial.open(CAMERA["line"], settings["baud"], tx=CAMERA["tx"], rx=CAMERA["rx"])
    return cameras.open(settings, pipe, settings.get("path"))
