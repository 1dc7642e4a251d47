"""What the phone does."""

import os


def open_file(path):
    """Open a file of the user's for reading; raises OSError, also for a device and for a FIFO, which has no end."""
    if os.stat(path)[0] & 0xF000 != 0x8000:
        raise OSError(22)  # EINVAL
    return open(path, "rb")
