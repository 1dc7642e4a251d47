"""The power key of a modem, its reset and its supply, pressed in turn; loaded for that. Not tried on hardware."""

from mms import clock, memory


async def press(rows):
    """Set the level of a pin and hold it, for each row of (pin, level, ms).

    The level None lets go of the pin, which a resistor then holds: so a reset line of another supply is never driven.
    """
    from machine import Pin

    for pin, level, ms in rows:
        if level is None:
            Pin(pin, Pin.IN)
        else:
            Pin(pin, Pin.OUT, value=level)
        if ms:
            await clock.sleep(ms)
    memory.forget(__name__)
