"""Boards: where modem and camera are, and how they are switched. One file a board."""

import sys

from mms import clock, flash, limits, memory
from mms.errors import SettingsError, SimError, UsageError
from mms.limits import const

_BOARDS = ("esp32", "rp2")
_REST_SECONDS = const(300)
_held = []  # what keeps others out of the store


def _suggested():
    return sys.platform if sys.platform in _BOARDS else "pc"


def open(name, settings, events, modem=None, camera=None):
    """(modem, camera) of a board, camera None where there is none.

    name: "" for the one that the platform suggests; modem, camera: paths of lines, where there are paths. Raises
    SettingsError for a board that this is not or that has no file here, ModemError or CameraError for a line that
    cannot be opened.
    """
    name = name or _suggested()
    if name == "pc":
        from drivers.board import pc

        opened = pc.open_modem(settings["modem"], events, modem), pc.open_camera(settings["camera"], camera)
        memory.forget("drivers.board.pc")
        return opened
    if name not in _BOARDS:
        raise SettingsError("board", "no file for %s" % name)
    if name != sys.platform:
        raise SettingsError("board", "this is no %s" % name)
    if name == "esp32":
        from drivers.board import esp32 as room
    else:
        from drivers.board import rp2 as room
    flash.deafens = room.FLASH_DEAFENS
    return room.open_modem(settings["modem"], events), room.open_camera(settings["camera"])


def claim(folder):
    """Keep other handsets out of the folder of a Store; a board runs one program. Raises UsageError, StoreError."""
    if _suggested() == "pc":
        from drivers.board import pc

        _held.append(pc.claim(folder))
        memory.forget("drivers.board.pc")


class Watchdog:
    """Restarts the board when nobody has called `feed()` for limits.WATCHDOG_MS, or when the `with` block fails.

    It begins with the first feed and cannot be stopped. On a PC, or where the settings want none, it does nothing.
    """

    timer = None  # a board has one

    def __init__(self, settings):
        self._wanted = settings["watchdog"] and sys.platform in _BOARDS and settings["board"] in ("", sys.platform)

    def feed(self):
        """Somebody is alive."""
        if Watchdog.timer is not None:
            Watchdog.timer.feed()
        elif self._wanted:
            from machine import WDT

            Watchdog.timer = WDT(timeout=limits.WATCHDOG_MS)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        # For the last time: on a board where nothing runs the program begins anew. Who is stopped before the first feed
        # has somebody who stopped it, and needs no watchdog.
        if Watchdog.timer is not None or isinstance(error, Exception):
            self.feed()


def ended(error):
    """Say what ended the program, and what to do; its exit status.

    What only somebody can mend is not tried again at once: the board rests before its watchdog restarts it.
    """
    from mms.advice import sentence

    print(sentence(error), file=sys.stderr)
    if Watchdog.timer is not None and isinstance(error, (SimError, SettingsError, UsageError)):
        for _ in range(_REST_SECONDS):
            Watchdog.timer.feed()
            clock.pause(1000)
    return 1
