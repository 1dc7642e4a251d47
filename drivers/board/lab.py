"""A PC's board for the lab: power key, supply and DTR of its modem are events on the console, for a program to obey."""

from mms import clock
from mms.events import Events

PLATFORM = "pc"
MODEM = CAMERA = None
FLASH_DEAFENS = False
events = Events()  # the handset's own, once its lines are open


def _move(wire, level):
    events.say("wire", wire=wire, level=level)


async def power():
    """Take the modem's supply away and give it again, and press its key for more than a second."""
    await off()
    _move("supply", 1)
    _move("power_key", 0)
    await clock.sleep(1200)
    _move("power_key", 1)


async def off():
    """Take the modem's supply away."""
    _move("supply", 0)
    await clock.sleep(1000)


def set_dtr(on):
    """Have the modem awake, or allow it to sleep: there is such a wire. DTR is low when it is on."""
    _move("dtr", 0 if on else 1)
    return True


def set_led(on):
    """Switch the LED on or off."""
    _move("led", 1 if on else 0)
