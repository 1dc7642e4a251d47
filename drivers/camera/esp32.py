"""The parallel camera of an ESP32 board. Not tried on hardware.

The module `camera` of the firmwares of micropython-camera-API (0.6) reads it.
Its pins: {"data": the eight from D0 to D7, "xclk", "siod", "sioc", "vsync", "href", "pclk", and "pwdn" and "reset" or
None}. A firmware that is built for the board knows them by itself.
"""

from drivers.camera import Camera


def open(settings, line):
    """The camera on the pins `line`, or on those that the firmware knows."""
    return Camera(__name__, line, settings)


def drive(line, settings):
    """The driver of the camera; raises CameraError where the firmware has none."""
    from drivers.camera.parallel import Parallel

    return Parallel(line, settings["quality"])
