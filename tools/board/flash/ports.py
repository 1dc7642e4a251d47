"""The list of boards, and what answers on each serial port and drive of this PC."""

import contextlib
import re

import serial
from serial.tools import list_ports

from tools.board.flash import sets
from tools.board.flash.line import USUAL

_SECONDS = 1.5  # for the answer of one port
# vendor and product of the USB chips on boards; from memory, so a hint and no more
_CHIPS = {
    (0x10C4, 0xEA60): "CP210x, as on a T-Call",
    (0x1A86, 0x55D4): "CH9102, as on a T-A7670",
    (0x1A86, 0x7523): "CH340",
    (0x0403, None): "FTDI",
    (0x303A, None): "an ESP32-S3's own USB",
    (0x2E8A, 0x0005): "a Raspberry Pi board with MicroPython",
}


def show(console):
    """Print the boards, then each port with what answers there."""
    console.print("Boards, as BOARD=name:")
    for name in sets.boards():
        console.print("  %-20s %s" % (name, sets.about(name)))
    found = sorted(list_ports.comports(), key=lambda port: port.device)
    console.print("Ports, as PORT=name:" if found else "Ports: none. Plug the board in, by a cable that carries data.")
    for port in found:
        console.print("  %-20s %s: %s" % (port.device, _chip(port), probe(port.device)))


def _chip(port):
    name = _CHIPS.get((port.vid, port.pid)) or _CHIPS.get((port.vid, None))
    return name or port.description or "unknown"


def probe(device):
    """The answer of a port, in words: a program that runs there is interrupted, and begins again."""
    try:
        with contextlib.closing(serial.Serial(device, USUAL, timeout=_SECONDS, exclusive=True)) as line:
            line.write(b"\r\x03\x03\r\x02")  # interrupt, then the prompt for people, which begins with a banner
            said = line.read_until(b">>> ")
            line.timeout = 0.1
            said += line.read(4096)
            found = re.search(rb"MicroPython (\S+)[^;]*; ([^\r\n]+)", said)
            if found:
                line.write(b"\x04")  # the program begins again
    except (OSError, ValueError) as error:
        return "cannot be opened (%s)" % (getattr(error, "strerror", None) or "another program has it, perhaps")
    if found:
        return "MicroPython %s, %s" % tuple(word.decode("utf-8", "replace") for word in found.groups())
    return "something that is not MicroPython" if said else "nothing answers at %d bit/s" % USUAL
