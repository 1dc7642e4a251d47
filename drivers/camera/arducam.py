"""ArduCAM Mini 2MP and 2MP Plus: an OV2640 behind an ArduChip, on SPI and I2C. Not tried on hardware.

Its pins: {"spi": number, "sck", "mosi", "miso", "cs": pins, "i2c": number, "sda", "scl": pins}.
"""

import sys

from drivers.camera import Camera, pins
from mms.errors import SettingsError

PINS = {  # of boards that name none
    "rp2": {"spi": 0, "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "i2c": 1, "sda": 6, "scl": 7},
}


def open(settings, line):
    """The camera on the pins `line`; without SPI in them on those that are usual. Raises SettingsError without any."""
    if not isinstance(line, dict) or "spi" not in line:
        line = PINS.get(sys.platform)
    if line is None:
        raise SettingsError(
            "camera.pins", "this board names none for an ArduCAM: spi, sck, mosi, miso, cs, i2c, sda, scl"
        )
    return Camera(__name__, pins(line, "spi"), settings)


def drive(line, settings):
    """The driver of the camera on these pins."""
    from drivers.camera.arduchip import ArduChip

    return ArduChip(line, settings["quality"])
