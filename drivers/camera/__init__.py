"""Cameras: each gives a whole JPEG picture or raises CameraError.

    async with camera.capture(size="VGA", quality=None) as picture:
        picture.octets, picture.width, picture.height
        await picture.readinto(buf) -> n    0 after the last octet; buf holds 8 octets or more

quality: 1 to 100 as JPEG encoders have it, bigger is better and larger; None for the one in the settings. Each family
maps it to the numbers of its camera.

A family is a module of this package with `open(settings, line)`. It returns such a camera, or None where it has no line
and needs one. `settings` are those of the camera; `line` is what the board knows of it: a path, the UART and its pins,
or None. The family opens the line if it needs one. A driver that is large is loaded with the first picture: `open` then
returns a Camera, and the module has `drive(pipe, settings)`.
"""

from drivers import find, serial
from mms import memory
from mms.errors import CameraError
from mms.limits import const

_KEY = const("camera.family")
_BUFFERS = {"rxbuf": 2048, "txbuf": 256}  # of its UART: 177 ms at 115200 baud, and blocks that are lost are read again
SIZES = {"VGA": (640, 480), "QVGA": (320, 240), "QQVGA": (160, 120)}


def open(settings, line):
    """The camera that `settings` name, or None without one; raises SettingsError with the families that there are."""
    family = settings["family"]
    camera = find(__name__, family, "open", _KEY).open(settings, line)
    memory.forget(__name__ + "." + family)  # a Camera finds it again
    return camera


def open_line(settings, line):
    """The Stream of a camera's line; raises CameraError."""
    try:
        return serial.open(dict(line, **_BUFFERS) if isinstance(line, dict) else line, settings["baud"])
    except OSError as error:
        raise CameraError("line", error.args[0], "cannot open %s for the camera" % line)


class Camera:
    """A camera on a line that is open, whose driver is loaded with the first picture: many a handset only receives."""

    def __init__(self, pipe, settings):
        self._pipe, self._settings = pipe, settings
        self._driver = None

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture."""
        if self._driver is None:
            settings = self._settings
            self._driver = find(__name__, settings["family"], "drive", _KEY).drive(self._pipe, settings)
        return self._driver.capture(size, quality)
