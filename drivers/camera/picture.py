"""A picture while it is read from a camera. It has to begin and end as JPEG does (ITU-T T.81 B.1)."""

from mms.errors import CameraError


class Picture:
    """octets, width, height; `await read(buf, first)` puts octets from number `first` on into buf, and counts them."""

    def __init__(self, octets, width, height, read):
        self.octets, self.width, self.height = octets, width, height
        self._read = read
        self._done = 0
        self._last = -1

    async def readinto(self, buf):
        """Read the next octets: their number, 0 after the last. Raises CameraError when the picture is not whole."""
        if not self.octets:
            raise CameraError("camera", None, "the picture is empty")
        if self._done == self.octets:
            return 0
        octets = await self._read(buf, self._done)
        if not octets:
            raise CameraError("picture", None, "the picture ends after %d of %d octets" % (self._done, self.octets))
        if self._done == 0 and (octets < 2 or buf[0] != 0xFF or buf[1] != 0xD8):
            raise CameraError("picture", None, "what the camera sends is not a picture")
        self._done += octets
        last = buf[octets - 2] if octets > 1 else self._last
        if self._done == self.octets and (last != 0xFF or buf[octets - 1] != 0xD9):
            raise CameraError("picture", None, "the picture has no end")
        self._last = buf[octets - 1]
        return octets
