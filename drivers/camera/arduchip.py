"""A camera behind an ArduChip, which keeps a frame of its OV2640 until it is read over SPI (arducam.com, Arducam Chip).

The sensor has its registers on I2C. The frame begins behind an octet that means nothing on some chips, and octets that
mean nothing follow its end, so the first reading of a frame looks for both ends, and the second one gives it out.
"""

import asyncio

from drivers.camera.capture import Capture
from drivers.camera.picture import Picture
from mms import clock, memory
from mms.errors import CameraError
from mms.limits import const

_TEST, _FRAMES, _FIFO, _RESET = const(0x00), const(0x01), const(0x04), const(0x07)  # registers of the chip
_DONE, _LENGTH, _BURST = const(0x41), const(0x42), const(0x3C)
_WRITE = const(0x80)  # in the address of a register
_CLEAR, _START, _REWIND = const(0x01), const(0x02), const(0x10)  # of _FIFO
_WHOLE = const(0x08)  # of _DONE
_MOST = const(0x5FFFF)  # octets that the chip can keep

_SENSOR = const(0x30)  # its address
_MODELS = const((b"\x26\x41", b"\x26\x42"))
_FAST, _SLOW = const(4000000), const(1000000)  # bit/s of SPI; the chip bears 8 million on short wires
_I2C = const(100000)
_PAIRS = const(24)  # registers that are written at a time: 7 ms of I2C
_BLOCK = const(512)
_BEFORE = const(16)  # octets in which a frame has to begin

_CHIP_MS = const(100)
_SETTLE_MS = const(1000)  # the first frames after a start are green or dark
_FRAME_MS = const(400)  # from another size to a frame that has it
_WAIT_MS = const(3000)
_POLL_MS = const(10)


class ArduChip:
    """The camera on these pins, a dict; quality: 1 to 100, where none is asked for."""

    def __init__(self, pins, quality):
        from machine import I2C, SPI, Pin

        self._select = Pin(pins["cs"], Pin.OUT, value=1)
        self._speed = _FAST
        wires = {name: Pin(pins[name]) for name in ("sck", "mosi", "miso")}
        self._spi = SPI(pins["spi"], baudrate=_FAST, polarity=0, phase=0, **wires)
        self._i2c = I2C(pins["i2c"], scl=Pin(pins["scl"]), sda=Pin(pins["sda"]), freq=_I2C)
        self._quality = quality
        self._set = None  # the size and the quality of its registers, None before its start
        self._octet, self._block = bytearray(1), bytearray(_BLOCK)
        self.lock = asyncio.Lock()  # one picture at a time

    @property
    def sizes(self):
        """The names of the sizes that the camera has, the largest first."""
        from mms import sizes

        memory.forget("mms.sizes")
        return sizes.names()

    def rests(self):
        """Whether the camera is not used."""
        return not self.lock.locked()

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture; the chip keeps it until the next one."""
        return Capture(self, size, self._quality if quality is None else quality)

    async def freeze(self, size, quality):
        """Take a picture: its Picture. Raises CameraError; the camera then starts anew, at a lower speed of SPI."""
        if size not in self.sizes:
            raise CameraError("camera", None, "no size %s: there are %s" % (size, ", ".join(self.sizes)))
        try:
            if self._set is None:
                await self._begin()
            if self._set != (size, quality):
                await self._change(size, quality)
            octets = await self._expose()
        except CameraError:
            self._slow_down()
            raise
        except OSError as error:
            self._slow_down()
            raise CameraError("camera", error.args[0], "its sensor does not answer on I2C")
        from mms import sizes

        memory.forget("mms.sizes")
        width, height = sizes.dimensions(size)
        return Picture(octets, width, height, lambda buf, first: self._give(buf, first, octets))

    async def resume(self, error=None):
        """End a picture; after an error of its octets the next one is read more slowly."""
        if getattr(error, "step", "") == "picture":
            self._slow_down()

    def _slow_down(self):
        """Have the camera start anew, with half the speed of SPI, before the next picture."""
        self._set = None
        self._speed = max(self._speed // 2, _SLOW)

    async def _begin(self):
        """Reset chip and sensor, and set the sensor's registers."""
        self._spi.init(baudrate=self._speed, polarity=0, phase=0)
        for level in (0x80, 0):
            self._put(_RESET, level)
            await clock.sleep(_CHIP_MS)
        for pattern in (0x55, 0xAA):
            self._put(_TEST, pattern)
            if self._get(_TEST) != pattern:
                raise CameraError("camera", None, "its chip does not answer on SPI at %d bit/s" % self._speed)
        registers = _registers()
        await self._write(b"\xff\x01\x12\x80")
        await clock.sleep(_CHIP_MS)
        self._i2c.writeto_mem(_SENSOR, 0xFF, b"\x01")
        model = b""
        for register in (0x0A, 0x0B):
            self._i2c.writeto(_SENSOR, bytes([register]))  # its bus knows no repeated start
            model += self._i2c.readfrom(_SENSOR, 1)
        if model not in _MODELS:
            raise CameraError("camera", None, "its sensor is no OV2640: %02x%02x" % tuple(model))
        await self._write(registers.start())
        self._set = ()
        await clock.sleep(_SETTLE_MS)

    async def _change(self, size, quality):
        registers = _registers()
        if self._set[:1] != (size,):
            await self._write(registers.size(size))
        await self._write(registers.quality(quality))
        self._set = size, quality
        await clock.sleep(_FRAME_MS)

    async def _write(self, pairs):
        """Write pairs of a register and its value."""
        for at in range(0, len(pairs), 2):
            self._i2c.writeto_mem(_SENSOR, pairs[at], pairs[at + 1 : at + 2])
            if at % (2 * _PAIRS) == 0:
                await clock.sleep(0)

    async def _expose(self):
        """Have the chip keep the next frame: its octets from the first marker to the last."""
        self._put(_FRAMES, 0)
        self._put(_FIFO, _CLEAR)
        self._put(_FIFO, _START)
        start = clock.ticks()
        while not self._get(_DONE) & _WHOLE:
            if clock.since(start) > _WAIT_MS:
                raise CameraError("camera", None, "its sensor gives no frame")
            await clock.sleep(_POLL_MS)
        kept = self._get(_LENGTH) | self._get(_LENGTH + 1) << 8 | (self._get(_LENGTH + 2) & 0x7F) << 16
        if not 4 <= kept <= _MOST:
            raise CameraError("picture", None, "a frame of %d octets" % kept)
        return await self._find_end(kept)

    async def _find_end(self, kept):
        """The octets of the frame up to its last marker, of those that the chip keeps."""
        block, done, last = self._block, 2, -1
        self._find_start()
        while done < kept:
            count = min(_BLOCK, kept - done)
            view = memoryview(block)[:count]
            self._burst(view)
            if last == 0xFF and view[0] == 0xD9:
                return done + 1
            at = block.find(b"\xff\xd9", 0, count)
            if at >= 0:
                return done + at + 2
            done, last = done + count, view[count - 1]
            await clock.sleep(0)
        raise CameraError("picture", None, "the picture has no end")

    def _find_start(self):
        """Read what is kept from its beginning up to the first marker of a frame, which is one of its first octets."""
        self._put(_FIFO, _REWIND)
        last = -1
        for _ in range(_BEFORE):
            self._burst(self._octet)
            if last == 0xFF and self._octet[0] == 0xD8:
                return
            last = self._octet[0]
        raise CameraError("picture", None, "what the camera sends is not a picture")

    async def _give(self, buf, first, octets):
        """Read octets of the frame from `first` on: their number, as many as take 16 ms at most."""
        count = min(len(buf), octets - first, self._speed // 500)
        view = memoryview(buf)[:count]
        if first == 0:
            self._find_start()
            view[0], view[1] = 0xFF, 0xD8
            view = view[2:]
        self._burst(view)
        await clock.sleep(0)
        return count

    def _burst(self, view):
        """Read the next octets that the chip keeps."""
        self._select.value(0)
        try:
            self._octet_out(_BURST)
            self._spi.readinto(view)
        finally:
            self._select.value(1)

    def _octet_out(self, octet):
        self._spi.write(bytes([octet]))

    def _put(self, register, value):
        self._select.value(0)
        self._spi.write(bytes([register | _WRITE, value]))
        self._select.value(1)

    def _get(self, register):
        self._select.value(0)
        self._octet_out(register)
        value = self._spi.read(1)[0]
        self._select.value(1)
        return value


def _registers():
    """The tables of the sensor, which leave memory at once."""
    from drivers.camera import ov2640

    memory.forget("drivers.camera.ov2640")
    return ov2640
