"""What the phone does."""

import sys


def visit(room, floor=__name__):
    """A room that is seldom needed: imported, and out of memory again when nobody uses it any more."""
    name = floor + "." + room
    known = name in sys.modules
    module = __import__(name, None, None, ("*",))
    if not known:
        del sys.modules[name]
        delattr(sys.modules[floor], room)
    return module
