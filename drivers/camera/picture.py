"""A picture while it is read from a camera: it has to begin, to have a frame and to end as JPEG does (ITU-T T.81 B.1).

Loaded for each picture.
"""

from mms.errors import CameraError
from mms.limits import const

_FRAMES = const((0xC0, 0xC1, 0xC2))  # start of frame: baseline, extended, progressive (table B.1)
_SCAN = const(0xDA)  # start of scan: behind it are no headers
_HEADER = const(9)  # octets from the marker of a frame to its width


class Picture:
    """octets, width, height; `await read(buf, first)` puts octets from number `first` on into buf, and counts them.

    width and height are those that the camera was asked for, or 0: then they become those in the header of the frame.
    """

    def __init__(self, octets, width, height, read):
        self.octets, self.width, self.height = octets, width, height
        self._read = read
        self._done = 0
        self._last = -1
        self._marker, self._header = 2, bytearray()  # the place of the next marker, and the octets from there on

    async def readinto(self, buf):
        """Read the next octets: their number, 0 after the last. Raises CameraError when the picture is not whole.

        buf holds 8 octets or more.
        """
        if not self.octets:
            raise CameraError("camera", None, "the picture is empty")
        if self._done == self.octets:
            return 0
        octets = await self._read(buf, self._done)
        if not octets:
            raise CameraError("picture", None, "the picture ends after %d of %d octets" % (self._done, self.octets))
        if self._done == 0 and (octets < 2 or buf[0] != 0xFF or buf[1] != 0xD8):
            raise CameraError("picture", None, "what the camera sends is not a picture")
        while self._header is not None and self._marker + len(self._header) < self._done + octets:
            self._scan(buf[self._marker + len(self._header) - self._done])
        self._done += octets
        last = buf[octets - 2] if octets > 1 else self._last
        if self._done == self.octets and (last != 0xFF or buf[octets - 1] != 0xD9):
            raise CameraError("picture", None, "the picture has no end")
        if self._done == self.octets and self._header is not None:
            raise CameraError("picture", None, "the picture has no frame")
        self._last = buf[octets - 1]
        return octets

    def _scan(self, octet):
        """Take the next octet of the headers; the header of the frame ends them."""
        header = self._header
        header.append(octet)
        read = len(header)
        if header[0] != 0xFF or read == 2 and octet == _SCAN:
            raise CameraError("picture", None, "the picture has no frame")
        if read == 2 and octet == 0xFF:  # markers may have fill octets before them (B.1.1.2)
            self._marker, self._header = self._marker + 1, header[:1]
        elif read == 4 and header[1] not in _FRAMES:
            self._marker, self._header = self._marker + 2 + (header[2] << 8 | octet), bytearray()
        elif read == _HEADER:
            self._header = None
            self._compare(header[7] << 8 | octet, header[5] << 8 | header[6])

    def _compare(self, width, height):
        """Raise CameraError when the frame has not the dimensions that the camera was asked for."""
        if self.width and (width, height) != (self.width, self.height):
            asked = self.width, self.height
            raise CameraError("picture", None, "the picture is %d x %d, not %d x %d" % ((width, height) + asked))
        self.width, self.height = width, height
