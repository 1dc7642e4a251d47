"""Boards: where modem and camera are, and how they are switched. One file a board."""

import sys

from mms import limits

_BOARDS = ("esp32", "rp2")


def _suggested():
    return sys.platform if sys.platform in _BOARDS else "pc"


def open(name, settings, events, modem=None, camera=None):
    """(modem, camera) of a board, camera None where there is none.

    name: "" for the one that the platform suggests; modem, camera: paths of lines, where there are paths. Raises
    SettingsError for a board that has no file here, ModemError or CameraError for a line that cannot be opened.
    """
    name = name or _suggested()
    if name == "pc":
        from drivers.board import pc

        return pc.open_modem(settings["modem"], events, modem), pc.open_camera(settings["camera"], camera)
    if name == "esp32":
        from drivers.board import esp32

        return esp32.open_modem(settings["modem"], events), esp32.open_camera(settings["camera"])
    if name == "rp2":
        from drivers.board import rp2

        return rp2.open_modem(settings["modem"], events), rp2.open_camera(settings["camera"])
    from mms.errors import SettingsError

    raise SettingsError("board", "no file for %s" % name)


class Watchdog:
    """Restarts the board when nobody has called `feed()` for limits.WATCHDOG_MS, or when the `with` block ends early.

    It begins with the first feed and cannot be stopped. On a PC, or where the settings want none, it does nothing.
    """

    def __init__(self, settings):
        self._wanted = settings["watchdog"] and (settings["board"] or _suggested()) in _BOARDS
        self._timer = None

    def feed(self):
        """Somebody is alive."""
        if self._timer is not None:
            self._timer.feed()
        elif self._wanted:
            from machine import WDT

            self._timer = WDT(timeout=limits.WATCHDOG_MS)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.feed()  # for the last time: on a board where nothing runs the program begins anew
