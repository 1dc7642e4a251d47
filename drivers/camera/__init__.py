"""Cameras: each gives a whole JPEG picture or raises CameraError.

    async with camera.capture(size="VGA", quality=None) as picture:
        picture.octets, picture.width, picture.height
        await picture.readinto(buf) -> n    0 after the last octet; buf holds 8 octets or more

quality: 1 to 100 as JPEG encoders have it, bigger is better and larger; None for the one in the settings. Each family
maps it to the numbers of its camera. `camera.sizes` are the names of the sizes that it has (mms/sizes.py), the largest
first; empty where there is no choice. `picture.octets` is exact: the handset decides by it whether the picture fits.
`camera.rest()` is called each minute, so that a driver that nothing uses leaves memory.

A family is a module of this package with `open(settings, line)`. It returns such a camera, or None where it has no line
and needs one. `settings` are those of the camera; `line` is what the board knows of it: a path, the UART and its pins,
other buses and pins, or None. The family opens the line if it needs one. A driver that is large is loaded with the
first picture: `open` then returns a Camera, and the module has `drive(line, settings)`, whose result has
`rests()`: whether it may leave memory, and has nothing to remember.
"""

import sys

from drivers import find, serial
from mms import memory
from mms.errors import CameraError, SettingsError
from mms.limits import const

_KEY = const("camera.family")
_BUFFERS = {"rxbuf": 2048, "txbuf": 256}  # of its UART: 177 ms at 115200 baud, and blocks that are lost are read again
_USUAL = const("vc0706")


def open(settings, line):
    """The camera that `settings` name, else the board, or None without one.

    Raises SettingsError with the families that there are, CameraError when its line cannot be opened.
    """
    if "pins" in settings and not isinstance(line, str):
        line = settings["pins"]
    family = settings["family"] or isinstance(line, dict) and line.get("family") or _USUAL
    camera = find(__name__, family, "open", _KEY).open(settings, line)
    memory.forget(__name__ + "." + family)  # a Camera finds it again
    return camera


def open_line(settings, line):
    """The Stream of a camera's line; raises CameraError, SettingsError for the pins of another kind of camera."""
    if isinstance(line, dict):
        line = pins(line, "uart")
        line.update(_BUFFERS)
    try:
        return serial.open(line, settings["baud"])
    except OSError as error:
        raise CameraError("line", error.args[0], "cannot open %s for the camera" % line)


def pins(line, bus):
    """A dict of the pins of a camera on that `bus`; raises SettingsError for those of another kind of camera."""
    wired = dict(line)
    wired.pop("family", None)
    if bus not in wired:
        raise SettingsError(_KEY, "this camera has pins for %s, and no %s" % (", ".join(sorted(wired)), bus))
    return wired


class Camera:
    """A camera on `line`, whose driver in the module of that name is loaded with the first picture.

    Many a handset only receives.
    """

    def __init__(self, name, line, settings):
        self._asked = name, line, settings
        self._driver = None

    @property
    def sizes(self):
        """The names of the sizes that the camera has, the largest first."""
        return self._drive().sizes

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture."""
        return self._drive().capture(size, quality)

    def rest(self):
        """Let a driver that nothing uses leave memory; the next picture loads it again."""
        if self._driver is not None and self._driver.rests():
            self._driver = None
            for name in [name for name in sys.modules if name.startswith(__name__ + ".")]:
                memory.forget(name)

    def _drive(self):
        if self._driver is None:
            name, line, settings = self._asked
            self._driver = __import__(name, None, None, ("*",)).drive(line, settings)
            memory.forget(name)
        return self._driver
