"""What the phone does."""

import sys


def visit(room):
    """A room of this floor that is seldom needed: imported, and out of memory again when nobody uses it any more."""
    name = __name__ + "." + room
    module = __import__(name, None, None, ("*",))
    del sys.modules[name]
    delattr(sys.modules[__name__], room)
    return module
