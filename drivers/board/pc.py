"""A PC, with CPython or MicroPython's unix port: its command line says which ttys modem and camera are."""

import errno
import os
import socket
import struct
import sys

from mms.errors import StoreError, UsageError
from mms.limits import const

PLATFORM = "pc"  # whatever sys.platform says
MODEM = CAMERA = None
FLASH_DEAFENS = False
_PRIVATE = const(0o077)
_rights = []  # of new files, as they were before the first claim: the process's umask
_WARNING = const("A USB modem takes up to 2 A in bursts: use a port of the PC or a hub with its own supply.")


def arguments():
    """Paths of settings, modem and camera on the command line, None for no line; one command to perform, or None."""
    import argparse

    parser = argparse.ArgumentParser(description="An MMS handset for GPRS modem boards.")
    parser.add_argument("--settings", default="settings.json", help="settings, a JSON file")
    for line in ("modem", "camera"):
        parser.add_argument("--" + line, help="its serial line, in place of the board's")
    parser.add_argument("--check", action="store_true", help="try each step on the way to the message centre, and end")
    parser.add_argument("--scan", action="store_true", help="list the networks and cells on the air, and end")
    parser.add_argument("--register", help='try the network of this MCCMNC, or any for "auto", and end')
    given = parser.parse_args()
    sys.modules.pop("argparse")  # a board has none, and the whole program has to fit into the heap of a board
    command = {"do": "check"} if given.check else {"do": "scan"} if given.scan else None
    if given.register:
        command = {"do": "register", "network": given.register}
    return given.settings, given.modem, given.camera, command


def claim(folder):
    """Keep other handsets out of a folder for as long as the result exists; raises UsageError when one is in.

    Linux has sockets with names that are no files, for CPython and MicroPython alike. Elsewhere CPython locks the
    folder itself; MicroPython has no lock that ends with the process, and claims nothing. Until `release`, files that
    the process writes can be read by their owner only, if the interpreter has umask.
    """
    held = None
    try:
        if sys.platform == "linux":
            status = os.stat(folder)
            name = b"\0micropython-mms store %d %d" % (status[2], status[1])  # its device and its inode
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
    if hasattr(os, "umask"):
        before = os.umask(_PRIVATE)
        if before != _PRIVATE:
            _rights.append(before)
    return held


def release(locks, *folders):
    """Let other handsets have these of the folders for which `locks` has what `claim` gave.

    With the last of them the process has the rights of new files again that it had before: a program that uses
    phone.open goes on with its own work.
    """
    for folder in folders:
        held = locks.pop(folder, None)
        if isinstance(held, int):
            os.close(held)
        elif held is not None:
            held.close()
    if _rights and not locks:
        os.umask(_rights.pop())
