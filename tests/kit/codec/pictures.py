"""JPEG pictures through the codec, on CPython and inside MicroPython: `micropython pictures.py LIB FILE...`.

It prints a line of JSON a file: the digests of its thumbnail, of its preview and of two smaller pictures, or errors.
"""

import hashlib
import json
import sys

if __name__ == "__main__":
    sys.path[:] = [sys.argv.pop(1), "", ".frozen"]

from mms.codec import requantise, thumbnail
from mms.errors import PduError

COLUMNS, ROWS = 128, 64


def fed(job, octets, size):
    """What a job gives for octets that come `size` at a time; raises PduError."""
    found = bytearray()
    for at in range(0, len(octets), size):
        for view in job.feed(memoryview(octets)[at : at + size]):
            if view is not None:
                found.extend(view)
    job.close()
    return bytes(found)


def grey(octets, size=64):
    """The thumbnail of a picture: its width, and its rows, one after the other."""
    job = thumbnail.Thumbnail()
    rows = fed(job, octets, size)
    assert len(rows) == job.width * job.height
    return job.width, rows


def preview(octets, size=64, buffer=None):
    """The buffer of a display that shows a picture."""
    buffer = bytearray(COLUMNS * ROWS // 8) if buffer is None else buffer
    fed(thumbnail.Preview(buffer, COLUMNS, ROWS), octets, size)
    return bytes(buffer)


def smaller(octets, factor, size=64):
    """A picture with coarser quantisers."""
    return fed(requantise.Requantiser(factor), octets, size)


def digests(octets):
    """What comes of a picture, as four short texts."""
    told = []
    for make in (
        lambda: grey(octets)[1],
        lambda: preview(octets),
        lambda: smaller(octets, 32),
        lambda: smaller(octets, 100),
    ):
        try:
            told.append(hashlib.sha256(make()).digest().hex()[:16])
        except PduError as error:
            told.append(str(error))
    return told


def main(paths):
    """Print the digests of files."""
    for path in paths:
        with open(path, "rb") as file:
            print(json.dumps(digests(file.read())))


if __name__ == "__main__":
    main(sys.argv[1:])
