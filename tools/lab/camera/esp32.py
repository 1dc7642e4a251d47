"""The module `camera` of the firmwares of micropython-camera-API, as its README, its stubs and the notes of the driver
below it (esp32-camera) describe it: frames come at their own pace, and the buffer keeps the first one.

A Firmware stands in for the module. Time is the caller's: `now()` in milliseconds, and `hold(ms)` for calls that block.
"""

from array import array

_PERIOD_MS = 80  # 12.5 frames a second
_INIT_MS = 400
_TIMEOUT_MS = 4000  # of the driver, for a frame
_DULL = 3  # frames after a start that are green or dark
_SIZES = {
    "QQVGA": (1, 160, 120),
    "QCIF": (3, 176, 144),
    "QVGA": (6, 320, 240),
    "CIF": (8, 400, 296),
    "VGA": (10, 640, 480),
    "SVGA": (11, 800, 600),
    "XGA": (12, 1024, 768),
    "SXGA": (14, 1280, 1024),
    "UXGA": (15, 1600, 1200),
}
_ENOENT = 2
_NOT_FOUND = 0x105  # ESP_ERR_NOT_FOUND: no sensor on its bus


class _Names:
    pass


class _PixelFormat:
    RGB565, JPEG = 0, 4


class _GrabMode:
    WHEN_EMPTY, LATEST = 0, 1


class Firmware:
    """`frame(size, quality, dull)` gives a JPEG as bytes; `frames` are those that were taken, with their start."""

    def __init__(self, frame, now, hold):
        self.make, self.now, self.hold = frame, now, hold
        self.frames = []
        self.absent = self.stuck = self.needs_power = False
        self.cut = None
        self.FrameSize, self.PixelFormat, self.GrabMode = _Names(), _PixelFormat, _GrabMode
        for name in _SIZES:
            setattr(self.FrameSize, name, _SIZES[name][0])
        self.given = None
        self._powered_down = False

    def Camera(self, **given):
        """A Camera on these pins, with these settings."""
        self.given = given
        return Camera(self, **given)

    def power_down(self, level):
        """The level of the pin PWDN."""
        if self._powered_down and not level:
            self.needs_power = False
        self._powered_down = bool(level)


class Camera:
    """One sensor and its buffer."""

    def __init__(
        self,
        firmware,
        *,
        pixel_format=0,
        frame_size=6,
        jpeg_quality=85,
        fb_count=1,
        grab_mode=0,
        xclk_freq=20000000,
        powerdown_pin=-1,
        reset_pin=-1,
        init=True,
        **pins,
    ):
        wanted = {"data_pins", "pclk_pin", "vsync_pin", "href_pin", "sda_pin", "scl_pin", "xclk_pin"}
        if pins and (set(pins) != wanted or not isinstance(pins["data_pins"], list) or len(pins["data_pins"]) != 8):
            raise TypeError("data_pins must be a list or bytearray")
        if not 0 <= jpeg_quality <= 100:
            raise ValueError("jpeg quality must be in range 0-100")
        if pixel_format != 4 or fb_count != 1 or grab_mode != 0:
            raise ValueError("the lab has JPEG in one buffer only")
        self._firmware = firmware
        self._size, self._quality = frame_size, jpeg_quality
        self._alive = False
        self.init()

    def init(self):
        """Start the sensor, and take a first frame."""
        self._firmware.hold(_INIT_MS)
        if self._firmware.absent or self._firmware.needs_power:
            raise OSError(_NOT_FOUND, "Camera not found")
        self._alive, self._held = True, None
        self._started = self._firmware.now()
        self._fill()

    def deinit(self):
        """Stop the sensor."""
        self._alive = False

    def reconfigure(self, *, frame_size=None):
        """Stop the sensor, and start it with another size."""
        self._check()
        self._size = self._size if frame_size is None else frame_size
        self.init()

    def frame_available(self):
        """Whether `capture` has a frame at once."""
        self._check()
        self._settle()
        return self._kept is not None

    def capture(self):
        """The kept frame, or the next one; the one that was taken before goes back. None after a long wait."""
        self._check()
        self.free_buffer()
        until = self._firmware.now() + _TIMEOUT_MS
        while not self.frame_available():
            if self._firmware.now() >= until:
                return None
            self._firmware.hold(_PERIOD_MS)
        self._held, self._kept = self._kept, None
        return memoryview(array("b", self._held))

    def free_buffer(self):
        """Let the sensor fill the buffer again."""
        if self._held is not None:
            self._held = None
            self._fill()

    @property
    def quality(self):
        """Percent."""
        return self._quality

    @quality.setter
    def quality(self, value):
        self._check()
        if not 0 <= value <= 100:
            raise ValueError("Invalid setting for quality")
        self._quality = value

    def _check(self):
        if not self._alive:
            raise OSError(_ENOENT, "")

    def _fill(self):
        """Wait for the next frame of the sensor to begin, and keep it when it is whole."""
        self._kept = None
        since = self._firmware.now() - self._started
        self._begins = self._started + (since + _PERIOD_MS - 1) // _PERIOD_MS * _PERIOD_MS

    def _settle(self):
        """Keep the frame that has come, if it fits into the buffer: a fifth of an octet for each pixel."""
        firmware = self._firmware
        while self._kept is None and self._held is None and firmware.now() >= self._begins + _PERIOD_MS:
            begins, self._begins = self._begins, self._begins + _PERIOD_MS
            (name,) = [name for name in _SIZES if _SIZES[name][0] == self._size]
            dull = (begins - self._started) // _PERIOD_MS < _DULL
            jpeg = firmware.make(name, self._quality, dull)
            if not firmware.stuck and len(jpeg) <= _SIZES[name][1] * _SIZES[name][2] // 5:
                if firmware.cut is not None and not dull:
                    jpeg, firmware.cut = jpeg[: firmware.cut], None
                firmware.frames.append((begins, jpeg))
                self._kept = jpeg
