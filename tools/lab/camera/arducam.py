"""An ArduChip with an OV2640 behind it, at the level of transfers on SPI and I2C (arducam.com, "Arducam Chip" and
"Detailed Data Timing"; the OV2640's datasheet for its registers).

The shell calls `select`, `transfer`, `write` and `read`; time is the caller's, in milliseconds, by `now()`.
"""

SENSOR = 0x30
_RATE = 8000000  # bit/s, the most that the chip is made for
_CAPACITY = 0x5FFFF
_PERIOD_MS = 133  # 7.5 frames a second
_DULL = 3  # frames after a reset of the sensor before exposure and colours are right
_DSP, _ARRAY = 0, 1  # banks of the sensor
_NO_DEVICE = 19


class ArduCam:
    """`frame(width, height, scale, dull)` gives a JPEG as bytes, scale being QS. `plus`: the newer chip.

    Faults: `absent` does nothing on either bus, `sensorless` on I2C; above `rate` bits are lost on SPI; the next frame
    ends after `cut` octets; the sensor is `frozen`, and gives none; its `model` is another one.
    """

    def __init__(self, frame, now, plus=False, rate=_RATE):
        self._frame, self._now, self._plus, self._rate = frame, now, plus, rate
        self.absent = self.sensorless = self.frozen = False
        self.model = b"\x26\x42"
        self.cut = None
        self.resets = 0
        self._chip, self._kept, self._at = bytearray(128), b"", 0
        self._junk = not plus
        self._whole_at = None
        self._selected, self._command = False, None
        self._reset_sensor()

    def select(self, level):
        """The chip's pin CS, low while a command lasts."""
        self._selected, self._command = not level, None

    def transfer(self, octets, rate):
        """Octets that go in while as many come out."""
        given = bytearray()
        for octet in octets:
            if rate > self._rate:
                octet &= 0x7F  # edges come too early for the first bit
            given.append(self._clock(octet) if self._selected and not self.absent else 0)
        if rate > self._rate:
            given = bytearray(octet >> 1 for octet in given)
        return bytes(given)

    def _clock(self, octet):
        """One octet of a command: its address first, then data in or out."""
        if self._command is None:
            self._command = octet
            return 0
        address = self._command & 0x7F
        if self._command & 0x80:
            self._put(address, octet)
            return 0
        return self._fifo() if address in (0x3C, 0x3D) else self._get(address)

    def _put(self, address, value):
        self._chip[address] = value
        if address == 0x07 and value & 0x80:
            self.resets += 1
            self._kept, self._whole_at = b"", None
        if address == 0x04:
            if value & 0x01:
                self._whole_at = None
            if value & 0x10:
                self._at, self._junk = 0, not self._plus
            if value & 0x02:
                self._whole_at = self._next_frame() + _PERIOD_MS
                self._kept = None

    def _get(self, address):
        self._settle()
        if address == 0x41:
            return 0x08 if self._whole_at is not None and self._kept is not None else 0
        if 0x42 <= address <= 0x44:
            return len(self._kept or b"") >> 8 * (address - 0x42) & 0xFF
        return self._chip[address]

    def _fifo(self):
        """The next octet that is kept. The old chip gives one that means nothing before the first."""
        self._settle()
        if self._junk:
            self._junk = False
            return 0x5A
        if not self._kept or self._at >= len(self._kept):
            return 0
        self._at += 1
        return self._kept[self._at - 1]

    def _next_frame(self):
        since = self._now() - self._since
        return self._since + (since + _PERIOD_MS - 1) // _PERIOD_MS * _PERIOD_MS

    def _settle(self):
        """Keep the frame once it is whole, and what the memory still had behind it."""
        if self.frozen or self._kept is not None or self._whole_at is None or self._now() < self._whole_at:
            return
        dull = (self._whole_at - self._since) // _PERIOD_MS <= _DULL
        octets = self._picture(dull)
        if self.cut is not None:
            octets, self.cut = octets[: self.cut], None
        behind = b"\x00\x12\xff\xd9\x34" * 3 if octets[-2:] == b"\xff\xd9" else bytes(15)
        self._kept = (octets + behind)[:_CAPACITY] if octets else b""
        self._at, self._junk = 0, not self._plus

    def _picture(self, dull):
        """The JPEG that the registers make, or something else where they make none."""
        dsp, array = self._banks
        width = (dsp[0x5A] | (dsp[0x5C] & 0x03) << 8) * 4
        height = (dsp[0x5B] | (dsp[0x5C] & 0x04) << 6) * 4
        across = (dsp[0x51] | (dsp[0x55] & 0x08) << 5 | (dsp[0x57] & 0x80) << 2) * 4
        down = (dsp[0x52] | (dsp[0x55] & 0x80) << 1) * 4
        seen = (1600, 1200) if not array[0x12] & 0x60 else (800, 600)
        image = dsp[0xC0] * 8, dsp[0xC1] * 8
        halves = 1 << (dsp[0x50] & 0x07)
        jpeg = dsp[0xDA] & 0x10 and not dsp[0x05] & 1 and not dsp[0xE0] & 0x14
        fits = image == seen and across <= seen[0] and down <= seen[1]
        if not jpeg or not fits or width > across // halves or height > down // halves:
            return b"\x80\x10" * 5000
        return self._frame(width, height, dsp[0x44] & 0x3F, dull)

    def _reset_sensor(self):
        self._banks = bytearray(256), bytearray(256)
        self._banks[_ARRAY][0x0A], self._banks[_ARRAY][0x0B] = self.model
        self._bank, self._pointer = _DSP, 0
        self._since = self._now()

    def _answer(self, address):
        if self.absent or self.sensorless or address != SENSOR:
            raise OSError(_NO_DEVICE, "")

    def write(self, address, octets):
        """A write to the sensor: a register, then values for it, or none to read it."""
        self._answer(address)
        self._pointer = octets[0]
        for value in octets[1:]:
            if self._pointer == 0xFF:
                self._bank = value & 1
            elif self._bank == _ARRAY and self._pointer == 0x12 and value & 0x80:
                self._reset_sensor()
            elif not (self._bank == _ARRAY and self._pointer in (0x0A, 0x0B)):
                self._banks[self._bank][self._pointer] = value

    def read(self, address, count):
        """So many octets of the register that was written last."""
        self._answer(address)
        return bytes([self._banks[self._bank][self._pointer]]) * count
