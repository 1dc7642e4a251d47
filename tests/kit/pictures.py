"""JPEG files as far as their headers go (ITU-T T.81 B.2): what is behind those is no picture to look at."""

from tools.lab.camera.frame import SIZES

_BEFORE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00\x60\x00\x60\x00\x00\xff\xdb\x00\x43\x00" + b"\x10" * 64
_SCAN = b"\x03\x01\x21\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"


def _frame(width, height):
    """The header of a baseline frame up to its width."""
    return b"\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big")


def jpeg(size, octets, seed=0):
    """A file of so many octets, whose frame has the size of that name."""
    start = _BEFORE + _frame(*SIZES[size]) + _SCAN
    left = octets - len(start) - 2
    assert left >= 0
    pattern = bytes((at * 7 + seed) % 255 for at in range(255))  # no octet of them is FF, which begins a marker
    return start + (pattern * (left // 255 + 1))[:left] + b"\xff\xd9"


def sized(octets, size):
    """A file of `jpeg` with the frame of another size; anything else as it is."""
    at = len(_BEFORE)
    if octets[:at] != _BEFORE:
        return octets
    frame = _frame(*SIZES[size])
    return octets[:at] + frame + octets[at + len(frame) :]
