"""Ttys of a PC, by pyserial under CPython."""

import sys


def open(path, baud):
    """The Stream of a tty; raises OSError when it cannot be opened."""
    if sys.implementation.name == "micropython":
        from drivers.serial.tty import Tty

        return Tty(path, baud)
    from drivers.serial.pyserial import Serial

    return Serial(path, baud)
