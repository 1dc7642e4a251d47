"""Modules leave a board's memory again: its heap has no room for the whole program at once."""

import sys

BOARD = sys.implementation.name == "micropython"


def forget(name):
    """Let the module of that full name go as soon as nothing refers to it; on CPython it stays."""
    if BOARD and name in sys.modules:
        folder, _, room = name.rpartition(".")
        del sys.modules[name]
        if folder and hasattr(sys.modules[folder], room):
            delattr(sys.modules[folder], room)
