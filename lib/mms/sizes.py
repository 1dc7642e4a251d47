"""Sizes of pictures by their names; loaded while a picture is asked for or taken."""

from mms.limits import const

BEST = "best"  # the largest size that the camera has
_SIZES = const(  # the largest first
    "UXGA 1600 1200 SXGA 1280 1024 XGA 1024 768 SVGA 800 600 VGA 640 480 CIF 352 288 QVGA 320 240 QCIF 176 144 "
    "QQVGA 160 120"
)


def names():
    """The names, the largest size first."""
    return _SIZES.split()[::3]


def dimensions(name):
    """(width, height) of the size `name`, which is one of `names`."""
    words = _SIZES.split()
    at = words.index(name)
    return int(words[at + 1]), int(words[at + 2])


def fault(name):
    """The words for the sizes that can be asked for, or None when `name` is one of them."""
    known = [BEST] + names()
    return None if name in known else 'one of "%s"' % '", "'.join(known)
