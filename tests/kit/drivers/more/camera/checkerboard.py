"""A camera that draws its picture itself, bigger with its quality: all that a new camera takes. It needs no line."""

from drivers.camera.picture import Picture
from mms import sizes
from tests.kit.pictures import jpeg


def open(settings, line):
    """The camera; its quality is the one in the settings when none is asked for."""
    return Checkerboard(settings["quality"])


class Checkerboard:
    """Its pictures have as many hundreds of octets as their quality says."""

    sizes = sizes.names()

    def __init__(self, quality):
        self._quality = quality

    def rest(self):
        """Nothing is kept."""

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives the picture."""
        return _Capture(size, 100 * (self._quality if quality is None else quality))


class _Capture:
    def __init__(self, size, octets):
        self._size, self._octets = size, octets

    async def __aenter__(self):
        width, height = sizes.dimensions(self._size)
        return Picture(self._octets, width, height, self._read)

    async def __aexit__(self, *_):
        pass

    async def _read(self, buf, first):
        piece = jpeg(self._size, self._octets)[first : first + len(buf)]
        buf[: len(piece)] = piece
        return len(piece)
