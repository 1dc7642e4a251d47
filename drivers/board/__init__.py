"""Boards: where modem and camera are, and how they are switched. One file a board."""

import sys


def open(name, settings, events, modem=None, camera=None):
    """(modem, camera) of a board, camera None where there is none.

    name: "" for the one that the platform suggests; modem, camera: paths of lines, where there are paths. Raises
    SettingsError for a board that has no file here, ModemError or CameraError for a line that cannot be opened.
    """
    if not name:
        name = sys.platform if sys.platform in ("esp32", "rp2") else "pc"
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
