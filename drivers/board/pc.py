"""A PC, with CPython or MicroPython's unix port: modem and camera are ttys."""

import errno
import os
import socket
import struct
import sys

from drivers import camera as cameras
from drivers import modem as modems
from drivers import serial
from mms.errors import CameraError, ModemError, StoreError, UsageError


def claim(folder):
    """Keep other handsets out of a folder for as long as the process has the result; raises UsageError when one is in.

    Linux has sockets with names that are no files, for CPython and MicroPython alike. Elsewhere CPython locks the
    folder itself; MicroPython has nothing that would end with it, and does nothing. What the process writes from here
    on only its owner may read, where the interpreter can say so.
    """
    held = None
    if hasattr(os, "umask"):
        os.umask(0o077)
    try:
        if sys.platform == "linux":
            told = os.stat(folder)
            name = b"\0micropython-mms store %d %d" % (told[2], told[1])  # its device and its number there
            held = socket.socket(socket.AF_UNIX)
            micropython = sys.implementation.name == "micropython"
            held.bind(struct.pack("H", socket.AF_UNIX) + name if micropython else name)
        elif sys.implementation.name != "micropython":
            import fcntl

            held = os.open(folder, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EAGAIN):
            raise UsageError("another handset has the store %s: end it, or name another store in the settings" % folder)
        raise StoreError("store", error.errno, "%s cannot be locked" % folder)
    return held


def open_modem(settings, events, path):
    """The modem on the tty at `path`; raises ModemError."""
    if path is None:
        raise UsageError("no modem: say where it is with --modem PATH")
    try:
        pipe = serial.open(path, settings["baud"])
    except OSError as error:
        raise ModemError("line", error.args[0], "cannot open %s for the modem" % path)
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
        raise CameraError("line", error.args[0], "cannot open %s for the camera" % path)
    return cameras.open(settings, pipe)
