"""Serial lines: a UART of a board, a tty under MicroPython's unix port, a tty under CPython. All are one Stream.

await readinto(buf) -> n    octets as they come, 0 when the line is gone
await write(buf)            returns when the line has taken all of it
await drain()
close()
set_baud(baud)
returns                     whether the line is one that can be pulled out and plugged in again; then also
await reopen()              lets the old line go and waits, as long as it takes, until there is one at its path again

Two programs on one line would take each other's answers: a tty is locked, and whoever comes second gets an OSError.
"""

import sys

_NAMELESS = "/dev/pts/"  # a terminal there has no name of its own: somebody else's may be the next of its number


def returns(path):
    """Whether a line at `path` can be waited for, since only that line comes back there."""
    return not path.startswith(_NAMELESS)


def open(line, baud, **pins):
    """The Stream of a line: a path (unix, PC), or the number of a UART with its pins (boards)."""
    if sys.implementation.name != "micropython":
        from drivers.serial.pyserial import Serial

        return Serial(line, baud)
    if isinstance(line, str):
        from drivers.serial.tty import Tty

        return Tty(line, baud)
    from drivers.serial.uart import Uart

    return Uart(line, baud, **pins)
