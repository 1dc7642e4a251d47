"""A picture from a file, for handsets without a camera. It needs no line."""

import builtins
import os

from drivers.camera.picture import Picture
from mms.errors import CameraError, SettingsError
from mms.limits import const

_FRAMES = const((0xC0, 0xC1, 0xC2))  # start of frame: baseline, extended, progressive (ITU-T T.81 table B.1)


def open(settings, line):
    """The camera whose pictures are the file at the path `line`, or else at that in the settings."""
    path = line if isinstance(line, str) else settings.get("path")
    if not path:
        raise SettingsError("camera.path", "is missing: the file that is the picture")
    return File(path)


class File:
    """The camera whose every picture is the file at `path`, whatever size and quality is asked for."""

    def __init__(self, path):
        self._path = path

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
        width, height = _measure(self._file)
        self._file.seek(0)
        return Picture(status[6], width, height, self._read)

    async def __aexit__(self, *_):
        self._file.close()

    async def _read(self, buf, first):
        return self._file.readinto(buf)


def _measure(file):
    """Width and height from the frame header of a JPEG file, 0 and 0 without one."""
    file.read(2)
    head = file.read(4)
    while len(head) == 4 and head[0] == 0xFF:
        if head[1] in _FRAMES:
            frame = file.read(5)
            if len(frame) < 5:
                break
            return frame[3] << 8 | frame[4], frame[1] << 8 | frame[2]
        file.seek((head[2] << 8 | head[3]) - 2, 1)
        head = file.read(4)
    return 0, 0
