"""Modules leave a board's memory again: its heap has no room for the whole program at once."""

import gc
import sys

from mms.limits import const

BOARD = sys.implementation.name == "micropython"
_LARGE = const(200000)  # octets of a heap in which codec and connection have room beside each other
SMALL = BOARD and gc.mem_alloc() + gc.mem_free() < _LARGE  # type: ignore[attr-defined]


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
