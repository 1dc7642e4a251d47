"""Ttys of a PC, by pyserial under CPython; a program has one Stream a tty."""

import sys

_opened = {}  # the Streams by their paths: Ctrl-C at Python's prompt ends a handset that has closed nothing


def open(path, baud):
    """The Stream of a tty, in place of one that this program has there; raises OSError when it cannot be opened."""
    if sys.implementation.name == "micropython":
        from drivers.serial.tty import Tty as Stream
    else:
        from drivers.serial.pyserial import Serial as Stream

    if path in _opened:
        _opened.pop(path).close()
    stream = _opened[path] = Stream(path, baud)
    return stream
