"""Sound by an I2S microphone on a board's MICROPHONE pins, as WAV: 8 kHz, 16 bits, mono; loaded to record.

MicroPython's machine.I2S takes 16 bits out of the microphone's 24 by itself. Not tried on hardware.
"""

import asyncio
import struct

from mms import clock
from mms.errors import ModemError
from mms.limits import const

RATE = const(8000)
_OCTETS = const(2)  # of a sample
_HEAD = const(44)
_BUFFER = const(8192)  # half a second: the flash erases meanwhile
_WAKES = const(8192)  # octets, half a second: an INMP441 gives zeros for its first 2^18 clocks, 64 of them a sample
_PATIENCE_MS = const(2000)
_PIECE = const(512)


class Sound:
    """A recording of so many seconds by the microphone at `pins`: see drivers/modem/crec.py."""

    media = "audio/x-wav"

    def __init__(self, pins, seconds):
        self._pins = pins
        self.most = self.octets = _HEAD + seconds * RATE * _OCTETS
        self._read = 0
        self._i2s = self._stream = None

    async def __aenter__(self):
        from machine import I2S, Pin

        wires = {name: Pin(self._pins[name]) for name in ("sck", "ws", "sd")}
        self._i2s = I2S(
            self._pins["i2s"], mode=I2S.RX, bits=8 * _OCTETS, format=I2S.MONO, rate=RATE, ibuf=_BUFFER, **wires
        )
        self._stream = asyncio.StreamReader(self._i2s)
        try:
            left, piece = _WAKES, memoryview(bytearray(_PIECE))
            while left:
                left -= await self._hear(piece[:left])
        except BaseException as error:
            self._i2s.deinit()
            raise error
        return self

    async def __aexit__(self, kind, error, trace):
        self._i2s.deinit()

    async def readinto(self, buf):
        """The next octets into `buf`: how many, 0 at the end; raises ModemError."""
        view, count = memoryview(buf), 0
        if not self._read:
            head = self._header()
            view[:_HEAD] = head  # callers give a block of the store
            self._read = count = _HEAD
        most = min(self.octets - self._read, len(view) - count) // _OCTETS * _OCTETS  # machine.I2S gives whole samples
        if most:
            most = await self._hear(view[count : count + most])
            self._read += most
        return count + most

    def _header(self):
        """RIFF, "fmt " and "data" of PCM (Multimedia Programming Interface and Data Specifications 1.0, 1991)."""
        size = self.octets - _HEAD
        return struct.pack(
            "<4sI8sIHHIIHH4sI", b"RIFF", size + 36, b"WAVEfmt ", 16, 1, 1, RATE, RATE * _OCTETS, _OCTETS, 8 * _OCTETS,
            b"data", size,
        )  # fmt: skip

    async def _hear(self, view):
        try:
            count = await clock.within(self._stream.readinto(view), _PATIENCE_MS)
        except asyncio.TimeoutError:
            count = 0
        if not count:
            raise ModemError("record", None, "the microphone gives nothing")
        return count
