"""Cameras: each gives a whole JPEG picture or a CameraError.

    async with camera.capture(size="VGA", quality=None) as picture:
        picture.octets, picture.width, picture.height
        await picture.readinto(buf) -> n    0 after the last octet; buf holds 8 octets or more

quality: the camera's own number (VC0706: compression, 0 to 255, bigger is smaller), None for what the settings say.
"""

SIZES = {"VGA": (640, 480), "QVGA": (320, 240), "QQVGA": (160, 120)}


def open(settings, pipe=None, path=None):
    """The camera that `settings` describe ("family", "baud", "size", "compression"), on a pipe; or a picture's file."""
    from mms.errors import SettingsError

    if settings["family"] == "vc0706":
        from drivers.camera.vc0706 import Vc0706

        return Vc0706(pipe, settings.get("baud", 115200), settings.get("compression", 54))
    if settings["family"] == "file":
        from drivers.camera.file import File

        return File(path)
    raise SettingsError("camera.family", "no driver for %s" % settings["family"])
