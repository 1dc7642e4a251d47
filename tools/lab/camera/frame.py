"""Pictures that have JPEG's first and last marker and the header of a frame, and else any octets (ITU-T T.81 B.2)."""

SIZES = {
    "UXGA": (1600, 1200),
    "SXGA": (1280, 1024),
    "XGA": (1024, 768),
    "SVGA": (800, 600),
    "VGA": (640, 480),
    "CIF": (352, 288),
    "QVGA": (320, 240),
    "QCIF": (176, 144),
    "QQVGA": (160, 120),
}
AROUND = 17  # octets of a picture beside its data


def frame(size, data):
    """A picture of a size, a name in SIZES, around `data`."""
    width, height = SIZES[size]
    head = b"\xff\xd8\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return head + b"\x01\x01\x11\x00" + data + b"\xff\xd9"
