"""A camera that the firmware of an ESP32 reads by itself, frame by frame (micropython-camera-API).

With one buffer the firmware keeps the frame after the last one that was taken, however old that is. So a picture is the
frame after the kept one. Starting the camera, and another size, hold the loop for as long as the firmware takes.
"""

import asyncio

from drivers.camera.capture import Capture
from drivers.camera.picture import Picture
from mms import clock, memory
from mms.errors import CameraError
from mms.limits import const

_SIZES = const(("UXGA", "SXGA", "XGA", "SVGA", "VGA", "QVGA", "QCIF", "QQVGA"))  # its CIF is 400 x 296
_PINS = const(  # as the module calls them, and as a board does
    "data_pins data xclk_pin xclk sda_pin siod scl_pin sioc vsync_pin vsync href_pin href pclk_pin pclk "
    "powerdown_pin pwdn reset_pin reset"
)
_FIRST = const(4)  # frames after a start that are dropped: green, or dark
_POLL_MS = const(10)
_WAIT_MS = const(2000)  # for a frame: the slowest sensors give six a second
_OFF_MS = const(100)
_LOWER = const(20)  # of the quality, when no frame comes: one that is larger than the buffer is dropped


class Parallel:
    """The camera on these pins, a dict, or on those of the firmware; quality: 1 to 100, where none is asked for."""

    sizes = _SIZES

    def __init__(self, pins, quality):
        self._pins, self._quality = pins or {}, quality
        self._camera = self._size = None
        self._bad = False  # whether the last frame was none
        self.lock = asyncio.Lock()  # one picture at a time

    def rests(self):
        """Whether the camera is not used, and the firmware keeps no buffers for it."""
        return self._camera is None and not self.lock.locked()

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture; the firmware's buffer has it until the end of the context."""
        return Capture(self, size, self._quality if quality is None else quality)

    async def freeze(self, size, quality):
        """Take a picture and hold it: its Picture. Raises CameraError; the camera then starts anew."""
        if size not in _SIZES:
            raise CameraError("camera", None, "no size %s: there are %s" % (size, ", ".join(_SIZES)))
        try:
            drop = await self._prepare(size)
            self._camera.quality = quality
            frame = await self._frame(drop)
            if frame is None:
                self._camera.quality = max(quality - _LOWER, 1)
                frame = await self._frame(1)
            if frame is None:
                raise CameraError("camera", None, "the camera gives no frame")
        except (OSError, RuntimeError, ValueError) as error:
            self._stop()
            raise CameraError("camera", None, "the firmware says %s" % error)
        except CameraError:
            self._stop()
            raise
        from mms import sizes

        memory.forget("mms.sizes")
        width, height = sizes.dimensions(size)
        return Picture(len(frame), width, height, lambda buf, first: _copy(frame, buf, first))

    async def _prepare(self, size):
        """Start the camera, or change its size: how many frames are to be dropped before the next one."""
        if self._size == size:
            return 1
        module = _module()
        if self._camera is None:
            await self._power()
            self._camera = module.Camera(
                pixel_format=module.PixelFormat.JPEG,
                frame_size=getattr(module.FrameSize, size),
                jpeg_quality=self._quality,
                fb_count=1,
                grab_mode=module.GrabMode.WHEN_EMPTY,
                **self._wires(),
            )
        else:
            self._camera.reconfigure(frame_size=getattr(module.FrameSize, size))  # its buffer, too
        self._size = size
        return _FIRST

    def _wires(self):
        """The pins as the module wants them; those that are not wired are left out."""
        words, wires = _PINS.split(), {}
        for at in range(0, len(words), 2):
            pin = self._pins.get(words[at + 1])
            if pin is not None:
                wires[words[at]] = list(pin) if at == 0 else pin
        return wires

    async def _power(self):
        """Take the sensor's power away for a moment, where a pin does that: some start again only so."""
        pin = self._pins.get("pwdn")
        if pin is not None:
            from machine import Pin

            power = Pin(pin, Pin.OUT, value=1)
            await clock.sleep(_OFF_MS)
            power.value(0)
            await clock.sleep(_OFF_MS)

    async def _frame(self, drop):
        """The frame after so many others, None when none comes."""
        for dropped in range(drop + 1):
            if dropped:
                self._camera.free_buffer()
            start = clock.ticks()
            while not self._camera.frame_available():
                if clock.since(start) > _WAIT_MS:
                    return None
                await clock.sleep(_POLL_MS)
            frame = self._camera.capture()
        return frame

    async def resume(self, error=None):
        """Give the buffer back to the firmware; after a second bad frame in a row the camera starts anew."""
        bad = getattr(error, "step", "") == "picture"
        if bad and self._bad:
            self._stop()
        if self._camera is not None:
            self._camera.free_buffer()
        self._bad = bad

    def _stop(self):
        """Stop the camera, which then starts anew."""
        camera, self._camera, self._size = self._camera, None, None
        try:
            if camera is not None:
                camera.deinit()
        except (OSError, RuntimeError):
            pass  # the firmware has stopped it already


async def _copy(frame, buf, first):
    """Copy octets of a frame, whose elements the firmware counts as signed, from `first` on."""
    count = min(len(buf), len(frame) - first)
    buf[:count] = frame[first : first + count]
    return count


def _module():
    try:
        import camera

        return camera
    except ImportError:
        raise CameraError("camera", None, "this firmware has no module camera: docs/cameras.md says which one has")
