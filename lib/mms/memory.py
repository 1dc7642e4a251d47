"""Rooms that are seldom needed leave a board's memory again."""

import sys

BOARD = sys.implementation.name == "micropython"


def forget(name):
    """Let the module of that full name go as soon as nothing uses it. On CPython, which has the memory, it stays."""
    if BOARD and name in sys.modules:
        floor, _, room = name.rpartition(".")
        del sys.modules[name]
        if hasattr(sys.modules[floor], room):
            delattr(sys.modules[floor], room)
