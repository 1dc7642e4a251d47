"""What the phone does."""

import sys

_BOARD = sys.implementation.name == "micropython"
_CODEC = "mms.codec."
_STAY = ("charset", "content", "fields", "mm1", "wsp")  # of the codec; the others go, whoever has brought them


def visit(room, floor=__name__):
    """A room that is seldom needed: imported, and out of memory again when nobody uses it any more.

    So is what such rooms have imported of the codec. On CPython, which has the room, everything stays.
    """
    name = floor + "." + room
    known = name in sys.modules
    module = __import__(name, None, None, ("*",))
    if _BOARD:
        for other in list(sys.modules):
            if other == name and not known or other.startswith(_CODEC) and other[len(_CODEC) :] not in _STAY:
                _forget(other)
    return module


def _forget(name):
    floor, _, room = name.rpartition(".")
    del sys.modules[name]
    if hasattr(sys.modules[floor], room):
        delattr(sys.modules[floor], room)
