"""A PC, with CPython or MicroPython's unix port: modem and camera are ttys."""

from drivers import camera as cameras
from drivers import modem as modems
from drivers import serial
from mms.errors import CameraError, ModemError, UsageError


def open_modem(settings, events, path):
    """The modem on the tty at `path`; raises ModemError."""
    if path is None:
        raise UsageError("no modem: say where it is with --modem PATH")
    try:
        pipe = serial.open(path, settings["baud"])
    except OSError as error:
        raise ModemError("line", error.args[0], "cannot open %s" % path)
    return modems.open(settings["family"], pipe, events)


def open_camera(settings, path):
    """The camera on the tty at `path`, or the file that the settings name; None without either. Raises CameraError."""
    if path is None and settings["family"] != "file":
        return None
    if settings["family"] == "file":
        return cameras.open(settings, path=path or settings.get("path"))
    try:
        pipe = serial.open(path, settings["baud"])
    except OSError as error:
        raise CameraError("line", error.args[0], "cannot open %s" % path)
    return cameras.open(settings, pipe)
