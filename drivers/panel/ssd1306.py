"""An SSD1306 with 128 times 64 pixels by I2C (Solomon Systech datasheet 1.1). Not tried on hardware.

micropython-lib's ssd1306 sends a whole frame at once, which holds the loop for 24 ms at 400 kHz, and does so when it is
opened. A page here is 130 octets, 3 ms.
"""

import framebuf

from mms import clock
from mms.limits import const

_ADDRESS = const(0x3C)
_FREQUENCY = const(400000)
_WIDTH, _PAGES = const(128), const(8)
_START = (  # after a control octet: commands follow
    b"\x00\xae"  # off
    b"\xd5\x80\xa8\x3f\xd3\x00\x40"  # clock, 64 rows, the first one at the top
    b"\x8d\x14"  # charge pump on (application note, 2.1)
    b"\x20\x00\xa1\xc8"  # horizontal addressing; columns and rows turned, the connector above
    b"\xda\x12\x81\xcf\xd9\xf1\xdb\x30"  # rows alternate; contrast, precharge, level
    b"\xa4\xa6"  # what the memory has, bits are lit
)
_WINDOW = b"\x00\x21\x00\x7f\x22\x00\x07"  # all columns and pages, from the first on
_DATA = b"\x40"


class Display(framebuf.FrameBuffer):
    """A frame in `buffer`, which `show` brings to the display. OSError is raised where it does not answer."""

    def __init__(self, i2c):
        self.buffer = bytearray(_WIDTH * _PAGES)
        super().__init__(self.buffer, _WIDTH, 8 * _PAGES, framebuf.MONO_VLSB)
        self._i2c = i2c
        self._started = False
        self._piece = [_DATA, None]

    async def light(self, on):
        """Switch the display on or off; off it keeps its frame and takes some 10 uA."""
        if not self._started:
            self._i2c.writeto(_ADDRESS, _START)
            self._started = True
        self._i2c.writeto(_ADDRESS, b"\x00\xaf" if on else b"\x00\xae")

    async def show(self):
        """Bring the frame to the display, a page at a time, while other tasks run."""
        self._i2c.writeto(_ADDRESS, _WINDOW)
        view = memoryview(self.buffer)
        for page in range(_PAGES):
            self._piece[1] = view[_WIDTH * page : _WIDTH * (page + 1)]
            self._i2c.writevto(_ADDRESS, self._piece)
            await clock.sleep(1)


def open(wires):
    """The Display on the wires that a board names: {"i2c", "sda", "scl"}."""
    from machine import I2C, Pin

    return Display(I2C(wires["i2c"], sda=Pin(wires["sda"]), scl=Pin(wires["scl"]), freq=_FREQUENCY))
