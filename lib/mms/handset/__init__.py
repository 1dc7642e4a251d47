"""What the phone does."""

import os
import sys

from mms import rooms

_CODEC = "mms.codec."
_STAY = [_CODEC + room for room in ("charset", "content", "fields", "mm1", "wsp")]  # of the codec the others go...
_STAY += [name for name in sys.modules if name.startswith(_CODEC)]  # ... but for what was there before the handset


def open_file(path):
    """Open a file of the user's for reading; raises OSError, also for a device and for a FIFO, which has no end."""
    if os.stat(path)[0] & 0xF000 != 0x8000:
        raise OSError(22)  # EINVAL
    return open(path, "rb")


def visit(room, floor=__name__):
    """A room that is seldom needed: imported, and out of memory again when nobody uses it any more.

    So is what such rooms have imported of the codec. On CPython, which has the room, everything stays.
    """
    name = floor + "." + room
    known = name in sys.modules
    module = __import__(name, None, None, ("*",))
    if rooms.BOARD:
        for other in list(sys.modules):
            if other == name and not known or other.startswith(_CODEC) and other not in _STAY:
                rooms.forget(other)
    return module
