"""Cameras: each gives a whole JPEG picture or a CameraError.

    async with camera.capture(size="VGA", quality=None) as picture:
        picture.octets, picture.width, picture.height
        await picture.readinto(buf) -> n    0 after the last octet; buf holds 8 octets or more

quality: the camera's own number (VC0706: compression, 0 to 255, bigger is smaller), None for what the settings say.
"""

SIZES = {"VGA": (640, 480), "QVGA": (320, 240), "QQVGA": (160, 120)}


def open(settings, pipe=None, path=None):
    """The camera that `settings` describe ("family", "baud", "size", "compression"), on a pipe; or a picture's file."""
    if settings["family"] not in ("file", "vc0706"):
        from mms.errors import SettingsError

        raise SettingsError("camera.family", "no driver for %s" % settings["family"])
    return Camera(settings, pipe, path)


class Camera:
    """A camera whose driver is loaded with its first picture: many a handset only receives."""

    def __init__(self, settings, pipe, path):
        self._settings, self._pipe, self._path = settings, pipe, path
        self._driver = None

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture."""
        if self._driver is None:
            settings = self._settings
            if settings["family"] == "file":
                from drivers.camera.file import File

                self._driver = File(self._path)
            else:
                from drivers.camera.vc0706 import Vc0706

                self._driver = Vc0706(self._pipe, settings.get("baud", 115200), settings.get("compression", 54))
        return self._driver.capture(size, quality)
