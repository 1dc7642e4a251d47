"""The parts of an RP2040 that MicroPython under node lacks: UARTs, pins, a watchdog, a console, an event loop.

This file runs on the simulated board. node turns the loop (board.mjs): `turn` runs the tasks that are due. node
collects garbage between two turns, since MicroPython collects there only when nothing of Python runs.
"""

import asyncio
import asyncio.core as core
import binascii
import collections
import errno
import hashlib
import io
import json
import os
import select
import struct
import sys
import time

import node  # of board.mjs
import vfs

_POLL = 3  # MP_STREAM_POLL

# Modules that are C on a board and partly Python here: their memory does not count as the program's.
_C = (collections, errno, json, os, struct, time)


class _Ring:
    """A ring buffer as machine.UART allocates it: one octet more than it holds."""

    def __init__(self, size):
        self._octets = bytearray(size + 1)
        self._first = self.count = 0

    def room(self):
        return len(self._octets) - 1 - self.count

    def put(self, octets):
        count = min(len(octets), self.room())
        for n in range(count):
            self._octets[(self._first + self.count + n) % len(self._octets)] = octets[n]
        self.count += count
        return count

    def get(self, view):
        count = min(len(view), self.count)
        for n in range(count):
            view[n] = self._octets[(self._first + n) % len(self._octets)]
        self._first = (self._first + count) % len(self._octets)
        self.count -= count
        return count


class UART(io.IOBase):
    """machine.UART with the buffers of rp2; `lines` has those that are open, by number."""

    lines = {}

    def __init__(self, number, baudrate, bits, parity, stop, tx, rx, rxbuf=256, txbuf=256):
        self._number = number
        self._in, self._out = _Ring(rxbuf), _Ring(txbuf)
        self.lines[number] = self
        self.init(baudrate)

    def init(self, baudrate):
        node.rate(self._number, baudrate)

    def deinit(self):
        self.lines.pop(self._number)

    def any(self):
        return self._in.count

    def readinto(self, view):
        return self._in.get(view) or None

    def write(self, octets):
        return self._out.put(octets) or None

    def ioctl(self, request, argument):
        if request != _POLL:
            return 0
        ready = (select.POLLIN if self._in.count else 0) | (select.POLLOUT if self._out.room() else 0)
        return ready & argument

    def exchange(self, octets):
        """Take the octets that came over the line, and give node those that were written."""
        if self._in.put(octets) < len(octets):
            node.lost(self._number, len(octets))
        if self._out.count:
            written = bytearray(self._out.count)
            self._out.get(written)
            node.wrote(self._number, binascii.hexlify(written).decode())


class Pin:
    """machine.Pin: node hears of each value; a pin that is read is high."""

    IN, OUT, OPEN_DRAIN, PULL_UP, PULL_DOWN = 0, 1, 2, 1, 2

    def __init__(self, number, mode=None, pull=None, value=None):
        self._number = number
        if mode == self.IN:
            self.value(1)  # a resistor holds a line that is let go
        elif value is not None:
            self.value(value)

    def value(self, value=None):
        if value is None:
            return 1
        node.pin(self._number, value)


class I2C:
    """machine.I2C with a display that takes all."""

    def __init__(self, number, scl, sda, freq=400000):
        pass

    def writeto(self, address, octets):
        pass

    def writevto(self, address, vector):
        pass


class WDT:
    """machine.WDT: node sees whether it is fed in time."""

    def __init__(self, timeout):
        self._ms = timeout
        self.feed()

    def feed(self):
        node.fed(self._ms)


class _Console(io.IOBase):
    """Standard input and output: node has the other end."""

    def __init__(self):
        self._typed = b""
        self.buffer = self

    def typed(self, octets):
        self._typed += octets

    def readinto(self, view):
        count = min(len(view), len(self._typed))
        view[:count] = self._typed[:count]
        self._typed = self._typed[count:]
        return count

    def write(self, text):
        node.said(text if isinstance(text, str) else bytes(text).decode())
        return len(text)

    def ioctl(self, request, argument):
        return argument & select.POLLIN if request == _POLL and self._typed else 0


class _Flash:
    """The files of node, with the error numbers that a board has."""

    _ERRORS = {44: 2, 20: 17, 29: 5, 51: 28, 31: 21, 54: 20, 28: 22, 55: 39, 2: 13, 8: 9}

    def __init__(self):
        self._files = vfs.VfsPosix("/")

    def __getattr__(self, name):
        verb = getattr(self._files, name)

        def call(*arguments):
            try:
                return verb(*arguments)
            except OSError as error:
                raise OSError(self._ERRORS.get(error.args[0], error.args[0]))

        return call


class _Waiting:
    """Tasks that wait for a stream to become readable; asyncio of a board keeps the same of each."""

    def __init__(self):
        self.poller = select.poll()
        self.map = {}

    def queue_read(self, stream):
        self.map[id(stream)] = [core.cur_task, None, None, stream]
        self.poller.register(stream, select.POLLIN)
        core.cur_task.data = self

    def remove(self, task):
        for row in list(self.map.values()):
            if row[0] is task:
                self._forget(row[3])

    def _forget(self, stream):
        del self.map[id(stream)]
        self.poller.unregister(stream)

    def look(self):
        """Schedule the tasks whose stream has octets."""
        ready = self.poller.poll(0)
        for stream, _ in ready:
            core._task_queue.push(self.map[id(stream)][0])
            self._forget(stream)
        return ready


class StreamReader:
    """As much of asyncio's as the drivers use."""

    def __init__(self, stream):
        self.s, self.e, self.out_buf = stream, {}, b""

    def readinto(self, view):
        yield core._io_queue.queue_read(self.s)
        return self.s.readinto(view)


class _Namespace:
    pass


def _run(story):
    """asyncio.run, but for the loop itself, which node turns."""
    _main.append(core.create_task(story))


def _stray(loop, context):
    sys.print_exception(context["exception"], _console)


def _schedule(ms):
    global _due
    _due = ms


def turn(modem, camera, typed):
    """Give each line its octets (hexadecimal) and run what is due; milliseconds until more is, -1 for never."""
    global _due
    for number, octets in ((0, modem), (1, camera)):
        if number in UART.lines:
            UART.lines[number].exchange(binascii.unhexlify(octets))
    if typed:
        _console.typed(binascii.unhexlify(typed))
    core._io_queue.look()
    while True:
        _due = -1
        core._run_iter()
        if not core._io_queue.look():
            break
    for number in (0, 1):
        if number in UART.lines:
            UART.lines[number].exchange(b"")
    if _main and _main[0].done():
        node.ended()
    return _due


_due = -1
_main = []
_console = _Console()


def _random(count):
    """os.urandom: different each time, and the same in each run."""
    global _seed
    octets = bytearray(count)
    for n in range(count):
        _seed = (_seed * 1103515245 + 12345) & 0x3FFFFFFF
        octets[n] = _seed >> 16 & 0xFF
    return bytes(octets)


_seed = 1


class _Sha1:
    """hashlib.sha1, which boards with TLS have; node counts it."""

    def __init__(self, octets=b""):
        self._octets = bytes(octets)

    def update(self, octets):
        self._octets += octets

    def digest(self):
        return binascii.unhexlify(node.sha1(binascii.hexlify(self._octets).decode()))


def begin():
    """Replace the modules, the console, the files and the loop of MicroPython under node by those of a board."""
    board = _Namespace()
    for name in dir(sys):
        if name[:2] != "__":
            setattr(board, name, getattr(sys, name))
    board.platform, board.argv = "rp2", ["main.py"]
    board.stdin = board.stdout = board.stderr = _console
    machine = _Namespace()
    machine.UART, machine.Pin, machine.WDT, machine.I2C = UART, Pin, WDT, I2C
    sys.modules["sys"], sys.modules["machine"] = board, machine
    vfs.umount("/")
    vfs.mount(_Flash(), "/")
    os.chdir("/")
    os.urandom = _random
    hashes = sys.modules["hashlib"] = _Namespace()
    hashes.sha1, hashes.sha256 = _Sha1, hashlib.sha256
    core._schedule_run_iter = _schedule
    core._task_queue = core.TaskQueue()
    core._io_queue = _Waiting()
    core.Loop.set_exception_handler(_stray)
    asyncio.StreamReader, asyncio.run = StreamReader, _run
