"""Serial lines: a UART of a board, a tty under MicroPython's unix port, a tty under CPython. All are one Stream.

await readinto(buf) -> n    octets as they come, 0 when the line is gone
await write(buf)            returns when the line has taken all of it
await drain()
close()
set_baud(baud)
returns                     True when the line can be pulled out and plugged in again; then it has, too,
await reopen()              lets the old line go and waits, as long as it takes, until there is one at its path again

and lines that may have more wires than two

flow                        whether RTS and CTS say when octets may go; None where nobody knows that they are wired
set_flow(on)
set_dtr(on)                 allows the modem to sleep, or not: False without such a wire; boards only

A tty is locked, since two programs on one line would read each other's answers: the second one gets an OSError.
"""


def open(line, baud):
    """The Stream of a line: the path of a tty, or a UART of a board and its pins, {"uart": 1, "tx": 27, "rx": 26}.

    rts, cts and dtr are pins, too. Raises OSError for a tty that cannot be opened.
    """
    if isinstance(line, dict):
        if "cts" in line or "dtr" in line:
            from drivers.serial.wires import Uart
        else:
            from drivers.serial.uart import Uart

        return Uart(baud, **line)
    from drivers.serial import ttys

    return ttys.open(line, baud)
