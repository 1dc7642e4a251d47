"""Functions that run on the board while it is flashed: program.py sends this source to its REPL.

Paths have no slash before them: on a board the working folder is "/", and on the unix port the one that it began in.
"""

import binascii
import hashlib
import io
import os
import struct
import sys

try:
    from deflate import RAW, DeflateIO
except ImportError:
    DeflateIO = None  # nothing is packed for this board

_FOLDER = 0x4000  # in the mode that os.stat tells
_HEAD = "<HIB"  # of a file: octets of its path, octets that come of its content, whether they are packed
WINDOW = 10  # bits of the distance to what is repeated: a kilobyte of memory
_DONE = b"\x06"  # an octet that no traceback has
_watchdog = None


def arm(milliseconds):
    """Give the watchdog so much time from here on: one of the handset's may be running, and none can be stopped.

    It is fed at each step, and so resets a board whose cable was pulled. MicroPython's unix port has none.
    """
    global _watchdog
    try:
        from machine import WDT

        _watchdog = WDT(timeout=milliseconds)
    except ImportError:
        pass


def feed():
    """Keep the board from being reset for some more time."""
    if _watchdog is not None:
        _watchdog.feed()


def show(folder, end="", deep=True):
    """Print the path of a folder behind a slash, and for each file in it 32 digits of its SHA-256 and its name.

    end: how the names end that are wanted. deep: whether the folders in it follow. An absent folder has no files.
    """
    inner = []
    print("/" + folder)
    try:
        for entry in os.ilistdir(folder):
            path = folder + "/" + entry[0] if folder else entry[0]
            if entry[1] & _FOLDER:
                inner.append(path)
            elif entry[0].endswith(end):
                print(_digest(path), entry[0])
    except OSError:
        return
    for path in inner if deep else ():
        show(path, end)


def _digest(path):
    whole, block = hashlib.sha256(), bytearray(512)
    with open(path, "rb") as file:
        octets = file.readinto(block)
        while octets:
            whole.update(memoryview(block)[:octets])
            octets = file.readinto(block)
    feed()
    return binascii.hexlify(whole.digest()[:16]).decode()


def make_folder(path):
    """Make a folder, and those above it, unless they are there."""
    for end in range(1, len(path) + 1):
        if end == len(path) or path[end] == "/":
            try:
                os.mkdir(path[:end])
            except OSError:
                pass  # it is there, or the file in it cannot be opened


def take(block):
    """Receive files by standard input until a head without a path: blocks of `block` octets, the last one is shorter.

    The first block begins with head and path. Each block is acknowledged once it was written, for while the flash is
    written the board may hear nothing; of packed content once it is in memory, and the last one after all is written.
    """
    from micropython import kbd_intr

    read, write = sys.stdin.buffer.readinto, sys.stdout.buffer.write
    room = memoryview(bytearray(block))
    head = struct.calcsize(_HEAD)
    kbd_intr(-1)
    try:
        while True:
            read(room[:head])
            length, octets, is_packed = struct.unpack(_HEAD, room[:head])
            if not length:
                return
            read(room[head : head + length])
            path = bytes(room[head : head + length]).decode()
            first = room[head + length : min(block, head + length + octets)]
            read(first)
            packed = Packed(octets) if is_packed else None
            if packed:
                _receive(packed, octets, first, room)  # before the flash is touched: more blocks may be on their way
            make_folder(path.rpartition("/")[0])
            with open(path, "wb") as file:
                if packed:
                    packed.unpack(file, room)
                else:
                    _receive(file, octets, first, room)
            write(_DONE)
    finally:
        kbd_intr(3)


def _receive(sink, octets, piece, room):
    """Write so many octets to `sink`, the first of which are in `piece`; all blocks but the last are acknowledged."""
    while True:
        sink.write(piece)
        feed()
        octets -= len(piece)
        if not octets:
            return
        sys.stdout.buffer.write(_DONE)
        piece = room[: min(octets, len(room))]
        sys.stdin.buffer.readinto(piece)


class Packed:
    """So many octets of content that is deflated, in memory until all have come."""

    def __init__(self, octets):
        self._octets, self._at = bytearray(octets), 0

    def write(self, piece):
        """Keep a piece."""
        self._octets[self._at : self._at + len(piece)] = piece
        self._at += len(piece)

    def unpack(self, file, room):
        """Write the content to a file, by way of `room`; raises OSError when it is damaged."""
        content = DeflateIO(io.BytesIO(self._octets), RAW, WINDOW)
        octets = content.readinto(room)
        while octets:
            file.write(room[:octets])
            feed()
            octets = content.readinto(room)


def change_speed(fast, slow):
    """Give the REPL's UART the speed `fast`; unless "!" comes at that speed within two seconds, `slow` again."""
    import select
    import time

    from machine import UART

    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    _set_speed(UART, fast)
    until = time.ticks_add(time.ticks_ms(), 2000)
    while time.ticks_diff(until, time.ticks_ms()) > 0:
        if poll.poll(50) and sys.stdin.buffer.read(1) == b"!":
            return
    _set_speed(UART, slow)


def _set_speed(UART, baud):
    try:
        UART(0, baudrate=baud)
    except (OSError, ValueError):
        pass  # the speed is set before a call fails that the REPL's own UART refuses


def room():
    """Print the octets that are free on the flash, and those of a block."""
    told = os.statvfs(os.getcwd())
    print(told[3] * told[0], told[0])


def restart():
    """Reset the board, which then starts the handset; the unix port ends."""
    try:
        from machine import reset
    except ImportError:
        sys.exit()
    reset()
