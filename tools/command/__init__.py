"""The command `mms`, and the handset as a library of a PC: `async with open("/dev/ttyUSB0") as phone`."""

from .opening import open as open
