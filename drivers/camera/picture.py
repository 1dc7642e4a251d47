"""A picture on its way out of a camera: it begins and ends as JPEG does (ITU-T T.81 B.1), and is as long as it said."""

from mms.errors import CameraError


class Picture:
    """octets, width, height; `read(buf, first)` gives the octets from the `first` on, as many as it can."""

    def __init__(self, octets, width, height, read):
        self.octets, self.width, self.height = octets, width, height
        self._read = read
        self._done = 0
        self._last = -1

    async def readinto(self, buf):
        """The next octets, 0 after the last; raises CameraError when this is not a whole picture."""
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
