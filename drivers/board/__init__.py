"""Boards: where the modem and the camera are, and how the modem is switched. One file a board.

A board is a module of this package with these constants:

PLATFORM        sys.platform of its firmware
MODEM, CAMERA   their lines: {"uart": number, "tx": pin, "rx": pin, and what else machine.UART takes}, None without one;
                a modem's has "rts" and "cts" where both are wired, and "dtr" where that is (drivers/serial/wires.py);
                a camera on other wires has here what its family in drivers/camera needs
FLASH_DEAFENS   True when the board loses octets from its lines while it erases flash (lib/mms/flash.py)

and, each of them only where the board has it:

async prepare() is called once at each start, before anything else; its result is None, or what a person has to know
async power()   switches the modem on, off and on, or resets it, whatever it does, and waits until it can listen
async off()     switches it off; `power` then switches it on again
set_dtr(on)     on a board whose wires are events: as a Stream has it; the module's `events` are the handset's then
set_led(on)     on such a board: switches its LED
FAMILY          the modem's family in drivers/modem, with which "auto" begins
RING            the pin of the modem's RI, by which a short message wakes the board
BUTTON          {"pin": number, "pressed": its level then}
LED             {"pin": number or name, "on": its level then}
DISPLAY         an SSD1306 at address 0x3C: {"i2c": number, "sda": pin, "scl": pin}
BATTERY         {"adc": pin, "ratio": volts of the cell for each volt at the pin}; without it AT+CBC asks the modem
MICROPHONE      {"i2s": number, "sck": pin, "ws": pin, "sd": pin}

The CAMERA of a parallel camera is {"data": its eight pins from D0 to D7, "xclk", "siod", "sioc", "vsync", "href",
"pclk", "pwdn", "reset": pins, None where one is not wired, "family": "esp32"}.

Tools on the PC read the rest from the module under CPython. On a board it costs nothing, since a constant with an
underscore is in no .mpy file.

_CHIP           the chip as esptool calls it: "esp32", "esp32s3", "rp2040"
_FIRMWARE       MicroPython for it: (name, variant or "", offset in flash, None for a UF2 file). A variant with "@" is
                one of micropython-camera-API's releases
_PSRAM, _WIFI   whether the board has them
_FLASH          octets of its flash
_WIRING         a row for each wire that a person lays: (part, the part's pin, the board's pin)
_WARNING        what a person has to know of its power
_SOURCES        documents that these numbers come from
"""

import sys

from drivers import find
from mms import limits, memory
from mms.limits import const

SUGGESTED = {"esp32": "lilygo_tcall", "rp2": "pico_sim800"}  # by platform; anything else is a PC
_PC = const("pc")
_held = {}  # the locks of stores by their folders, which last until the handset ends


def _find(name):
    """The module of a board, "" for the one that the platform suggests; raises SettingsError with those there are."""
    return find(__name__, name or SUGGESTED.get(sys.platform, _PC), "PLATFORM", "board")


def open(name, settings, events, modem=None, camera=None):
    """(modem, camera) of a board, the camera None where there is none.

    name: "" for the board that the platform suggests; modem, camera: paths of lines in place of the board's.
    Raises SettingsError for a board that is not known or not this one, ModemError or CameraError for a line that cannot
    be opened.
    """
    from drivers.board import lines

    try:
        return lines.open(_find(name), sys.platform, name, settings, events, modem, camera)
    finally:
        memory.forget(lines.__name__)


async def prepare(settings, events, modem):
    """Prepare the board of the settings, before anything else; the event "power" says where its power is at fault.

    The result is the Parts of drivers/panel/parts.py where the settings have `panel`, else None.
    """
    from drivers.board import lines

    return await lines.prepare(_find(settings["board"]), sys.platform, settings, events, modem)


def claim(folder):
    """Keep other handsets out of the folder of a Store; a board runs one program. Raises UsageError, StoreError."""
    if sys.platform not in SUGGESTED:
        pc = _find(_PC)
        pc.release(_held, folder)  # of a handset that Ctrl-C has ended at Python's prompt
        _held[folder] = pc.claim(folder)
        memory.forget(__name__ + "." + _PC)


class Watchdog:
    """Restarts the board when `feed()` is not called for limits.WATCHDOG_MS, or when the `with` block fails.

    It begins with the first feed and cannot be stopped. On a PC, or where the settings want none, it does nothing.
    Raises SettingsError for a board that is not known.
    """

    timer = None  # of the board: a second handset in one program goes on with the first one's

    def __init__(self, settings):
        self._wanted = settings["watchdog"] and _find(settings["board"]).PLATFORM == sys.platform

    def feed(self):
        """Keep the board from restarting for limits.WATCHDOG_MS more."""
        if Watchdog.timer is not None:
            Watchdog.timer.feed()
        elif self._wanted:
            from machine import WDT

            Watchdog.timer = WDT(timeout=limits.WATCHDOG_MS)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        # The last feed: on a board where nothing runs the program begins anew. A program that a person stops before the
        # first feed needs no watchdog.
        if Watchdog.timer is not None or isinstance(error, Exception):
            self.feed()
        if _held:
            _find(_PC).release(_held, *_held)


def ended(error):
    """Print what ended the program and what to do; returns its exit status. See ending.py."""
    try:
        from drivers.board import ending

        return ending.ended(error, Watchdog.timer)
    except MemoryError:  # the handset may still have the memory that it lacked
        print("memory: not enough of it; restart the handset: nothing is lost", file=sys.stderr)
        return 1
