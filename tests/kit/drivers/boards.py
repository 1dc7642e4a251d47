"""The `machine` module of a board, as its documentation has it, for tests on a PC with either interpreter."""

import asyncio
import errno
import io
import sys

from drivers import board
from drivers.serial import polled
from mms import clock, flash

_POLL, _READABLE, _WRITABLE = 3, 1, 4  # an ioctl of MicroPython's streams, and its flags


class Pin:
    """machine.Pin; `levels` is what every pin was set to, in their order, None for one that was let go.

    inputs: by pin a function that gives its level.
    """

    IN, OUT, OPEN_DRAIN = 0, 1, 2
    PULL_UP, PULL_DOWN = 1, 2
    levels, inputs = [], {}

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=0, alt=-1):
        self.id, self.mode = id, mode
        if value is not None:
            self.value(value)
        elif mode == Pin.IN and any(pin == id for pin, level in Pin.levels):
            Pin.levels.append((id, None))

    def value(self, level=None):
        if level is None:
            return Pin.inputs[self.id]()
        assert self.mode in (Pin.OUT, Pin.OPEN_DRAIN)
        Pin.levels.append((self.id, level))


class I2C:
    """machine.I2C; `chips` by their pins and address take (register, octets): an address without one is not there.

    Writes without a register are register None. held_ms: for how long each of these kept the loop, nine bits an octet.
    """

    chips, held_ms = {}, []

    def __init__(self, id, *, scl, sda, freq=400000):
        self._pins, self._freq = (sda.id, scl.id), freq

    def writeto(self, address, octets):
        self.writevto(address, [octets])

    def writevto(self, address, vector):
        octets = b"".join([bytes(one) for one in vector])
        I2C.held_ms.append(9000 * (1 + len(octets)) / self._freq)
        self.writeto_mem(address, None, octets)

    def writeto_mem(self, address, register, octets):
        chip = I2C.chips.get(self._pins + (address,))
        if chip is None:
            raise OSError(errno.ENODEV)
        chip(register, bytes(octets))


class Uart(io.IOBase):
    """machine.UART with the parameters that esp32 and rp2 document; `peers` by number answer what is written.

    It takes 50 octets at a time. made: every one that was made; it is `gone` after deinit. held: reads that
    asked for more octets than there were: after the first one an rp2 waits for each, and holds the loop.
    """

    RTS, CTS = 1, 2
    made, peers, held = [], {}, []

    def __init__(
        self,
        id,
        baudrate=9600,
        bits=8,
        parity=None,
        stop=1,
        *,
        tx,
        rx,
        rts=None,
        cts=None,
        txbuf=256,
        rxbuf=256,
        timeout=0,
        timeout_char=0,
        invert=0,
        flow=0,
    ):
        self.id, self.baudrate, self.frame = id, baudrate, (bits, parity, stop)
        self.pins = [tx, rx]
        self.wires = rts, cts, flow  # of flow control
        self.rxbuf, self.txbuf = rxbuf, txbuf
        self.gone = False
        self._waiting = b""
        Uart.made.append(self)

    def init(self, baudrate, rts=None, cts=None, flow=None):
        self.baudrate = baudrate
        if flow is not None:
            self.wires = rts, cts, flow

    def deinit(self):
        self.gone = True

    def any(self):
        return len(self._waiting)

    def readinto(self, buf):
        """As many octets as there are, None when there are none."""
        if len(buf) > len(self._waiting) > 0:
            Uart.held.append(len(buf))
        piece = self._waiting[: len(buf)]
        buf[: len(piece)] = piece
        self._waiting = self._waiting[len(piece) :]
        return len(piece) or None

    def write(self, buf):
        taken = bytes(buf[:50])
        self._waiting += self.peers[self.id](taken)
        return len(taken)

    def ioctl(self, request, flags):
        if request != _POLL:
            return 0
        return flags & (_WRITABLE | (_READABLE if self._waiting else 0))


class PlainADC:
    """machine.ADC of rp2; `volts` by pin."""

    volts = {}

    def __init__(self, pin):
        self._pin = pin.id

    def read_u16(self):
        return min(int(self.volts[self._pin] / 3.3 * 65535), 65535)


class ADC:
    """machine.ADC of esp32, which measures 0.95 V at most without attenuation; `volts` by pin."""

    ATTN_0DB, ATTN_11DB = 0, 3
    volts = {}

    def __init__(self, pin, *, atten=ATTN_0DB):
        self._pin, self._most = pin.id, 2.45 if atten == self.ATTN_11DB else 0.95

    def read_uv(self):
        return int(min(self.volts[self._pin], self._most) * 1000000)


class Machine:
    """The module itself; `slept` has the milliseconds of each sleep."""

    Pin, UART, I2C, ADC = Pin, Uart, I2C, ADC
    slept = []

    @staticmethod
    def lightsleep(ms):
        Machine.slept.append(ms)


class _Reader:
    """asyncio.StreamReader of MicroPython: it takes a stream, and polls it."""

    def __init__(self, stream):
        self._stream = stream

    async def readinto(self, buf):
        while not self._stream.any():
            await asyncio.sleep(0)
        return self._stream.readinto(buf)


class _Queue:
    def remove(self, stream):
        pass


class _Asyncio:
    """What MicroPython's asyncio has beyond CPython's."""

    StreamReader = _Reader

    class core:
        _io_queue = _Queue()


class _Select:
    """MicroPython's `select`: it polls streams that have no number."""

    POLLOUT = _WRITABLE

    class poll:
        def register(self, stream, flags):
            self._stream, self._flags = stream, flags

        def poll(self, ms):
            return self._stream.ioctl(_POLL, self._flags)


class On:
    """A context in which the platform is `name`, with a `machine`."""

    def __init__(self, name, machine):
        self.platform, self.stderr, self._machine = name, sys.stderr, machine

    def __enter__(self):
        self._usual, board.sys = (board.sys, sys.modules.get("machine")), self
        sys.modules["machine"] = self._machine

    def __exit__(self, *_):
        board.sys, machine = self._usual
        del sys.modules["machine"]
        if machine is not None:
            sys.modules["machine"] = machine


class AsOnABoard(On):
    """A context in which `machine` is this one, and lines are opened as MicroPython does, also on CPython."""

    def __init__(self, name, machine=Machine):
        super().__init__(name, machine)

    def __enter__(self):
        super().__enter__()
        self._before = polled.asyncio, polled.select
        if sys.implementation.name != "micropython":
            polled.asyncio, polled.select = _Asyncio, _Select
        for kept in (Uart.made, Uart.peers, Uart.held, Pin.levels, Pin.inputs, I2C.chips, I2C.held_ms, Machine.slept):
            kept.clear()

    def __exit__(self, *_):
        super().__exit__()
        polled.asyncio, polled.select = self._before
        flash.deafens = False


async def quickly(verb, slept=None):
    """What `verb` gives, without waiting; `slept` is called with each wait in milliseconds."""

    async def sleep(ms):
        if slept is not None:
            slept(ms)

    usual, clock.sleep = clock.sleep, sleep
    try:
        return await verb()
    finally:
        clock.sleep = usual
