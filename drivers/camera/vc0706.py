"""VC0706 and its clones: a camera on a serial line. Not tried on hardware.

Its manuals: VC0706 protocol, PTC06 and PTC08, VC0703, LinkSprite LS-Y201; the serial cameras of Grove speak like it.
"""

from drivers.camera import Camera, open_line


class Vc0706:
    """The table of a SerialCamera, which has the protocol."""

    POWER_ON = 38400  # clones start at 115200
    BAUDS = {9600: b"\xae\xc8", 19200: b"\x56\xe4", 38400: b"\x2a\xf2", 57600: b"\x1c\x4c", 115200: b"\x0d\xa6"}
    SIZES = {"VGA": b"\x00", "QVGA": b"\x11", "QQVGA": b"\x22"}
    SIZE = b"\x04\x01\x00\x19"  # registers: chip 04, one octet, address
    COMPRESSION = b"\x01\x01\x12\x04"
    DELAY = b"\x00\x0a"  # between reply and data, in units of 0.01 ms, as the manual of the LS-Y201 advises

    @staticmethod
    def compression(quality):
        """The compression ratio, 0 to 255, bigger is smaller, for a quality of 1 to 100.

        The manual relates the two by no figure, so both scales are laid against each other. 79 is 54 (36h), the
        camera's own.
        """
        return (100 - quality) * 255 // 99


def open(settings, line):
    """The camera on its line, or None without one; raises CameraError when the line cannot be opened."""
    if line is None:
        return None
    return Camera(__name__, open_line(settings, line), settings)


def drive(pipe, settings):
    """The driver of the camera on `pipe`."""
    from drivers.camera.serial_camera import SerialCamera

    return SerialCamera(pipe, Vc0706, settings["baud"], settings["quality"])
