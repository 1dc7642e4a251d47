"""Serial lines: a UART of a board, a tty under MicroPython's unix port, a tty under CPython. All are one Stream.

await readinto(buf) -> n    octets as they come, 0 when the line is gone
await write(buf)            returns when the line has taken all of it
await drain()
close()
set_baud(baud)
"""

import sys


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
