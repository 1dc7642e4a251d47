"""A picture from a file, for handsets without a camera. It needs no line."""

import builtins
import os

from drivers.camera.picture import Picture
from mms.errors import CameraError, SettingsError


def open(settings, line):
    """The camera whose pictures are the file at the path `line`, or else at that in the settings."""
    path = line if isinstance(line, str) else settings.get("path")
    if not path:
        raise SettingsError("camera.path", "is missing: the file that is the picture")
    return File(path)


class File:
    """The camera whose every picture is the file at `path`, whatever size and quality is asked for."""

    sizes = ()

    def __init__(self, path):
        self._path = path

    def rest(self):
        """Nothing is kept between pictures."""

    def capture(self, size=None, quality=None):
        """An async context manager that gives the picture."""
        return _Capture(self._path)


class _Capture:
    def __init__(self, path):
        self._path = path
        self._file = None

    async def __aenter__(self):
        try:
            status = os.stat(self._path)
            if status[0] & 0xF000 != 0x8000:
                raise OSError(22)  # EINVAL: a device has no end, and opening a FIFO could take for ever
            self._file = builtins.open(self._path, "rb")
        except OSError as error:
            raise CameraError("camera", error.args[0], "no picture in %s" % self._path)
        return Picture(status[6], 0, 0, self._read)

    async def __aexit__(self, *_):
        self._file.close()

    async def _read(self, buf, first):
        return self._file.readinto(buf)
