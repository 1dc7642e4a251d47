"""The parts of a board that a hand or an eye meets, as its module names them; drivers/board/__init__.py has the names.

Not tried on hardware.
"""

from mms.limits import const

_WATCHDOG_NAP_MS = const(5000)  # shorter than limits.WATCHDOG_MS
_ESP32 = const("esp32")


class Parts:
    """`button()` tells whether it is pressed, `led(on)` switches it, `display` is a Display, `nap(ms)` sleeps.

    Each is None where the board has none. `await battery()` is in mV, or None; asking the modem for it is `dear`.
    `told` has a sentence on each part that cannot be used.
    """

    def __init__(self):
        self.button = self.led = self.display = self.battery = self.nap = None
        self.dear = False
        self.told = []


def open(board, platform, settings, modem):
    """The Parts of a board's module for `settings`, those of the handset; `modem` may tell the battery's voltage."""
    parts, wanted = Parts(), settings["panel"]
    parts.led = getattr(board, "set_led", None)
    if platform == board.PLATFORM:
        if hasattr(board, "BUTTON"):
            parts.button = _button(board.BUTTON)
        if hasattr(board, "LED"):
            parts.led = _led(board.LED)
        if hasattr(board, "DISPLAY") and wanted.get("display", True):
            from drivers.panel import ssd1306

            parts.display = ssd1306.open(board.DISPLAY)
    if wanted.get("battery", True):
        from drivers.panel import battery

        wires = getattr(board, "BATTERY", None)
        parts.dear = wires is None
        parts.battery = battery.of_modem(modem) if wires is None else battery.at_pin(wires)
    if wanted.get("sleep"):
        if platform == _ESP32 and hasattr(board, "RING"):
            parts.nap = _nap(board.RING, modem)
        else:
            parts.told.append("this board does not sleep: that takes an esp32 with the modem's RI wired")
    return parts


def _button(wires):
    from machine import Pin

    pin = Pin(wires["pin"], Pin.IN, Pin.PULL_DOWN if wires["pressed"] else Pin.PULL_UP)
    return lambda: pin.value() == wires["pressed"]


def _led(wires):
    from machine import Pin

    pin, on = Pin(wires["pin"], Pin.OUT, value=1 - wires["on"]), wires["on"]
    return lambda lit: pin.value(on if lit else 1 - on)


def _nap(ring, modem):
    """A function that has the chip sleep until the modem's RI is low, at most for some seconds: for its watchdog.

    It does nothing while the modem is awake, for octets that come to a sleeping chip are lost.
    """
    import esp32
    import machine

    pin = machine.Pin(ring, machine.Pin.IN, machine.Pin.PULL_UP)

    def nap(ms):
        if modem.dialogue.stale and pin.value():  # a low RI would wake it at once
            esp32.wake_on_ext0(pin, esp32.WAKEUP_ALL_LOW)
            machine.lightsleep(min(ms, _WATCHDOG_NAP_MS))

    return nap
