"""Modules leave a board's memory again: its heap has no room for the whole program at once."""

import gc
import sys

BOARD = sys.implementation.name == "micropython"


def forget(name):
    """Let the module of that full name go as soon as nothing refers to it; on CPython it stays."""
    if BOARD and name in sys.modules:
        folder, _, room = name.rpartition(".")
        del sys.modules[name]
        try:
            delattr(sys.modules[folder], room)
        except (AttributeError, KeyError):
            pass  # the package does not have it, or there is none; hasattr() would ask mms.__getattr__ to load it


def collect():
    """Collect garbage on a board, so that modules are loaded into its largest pieces; elsewhere there is room."""
    if BOARD:
        gc.collect()
