"""A lock that only one process has on a folder, and new files that only their owner can read."""

import fcntl
import os


class Taken(Exception):
    """Another process works in the folder."""


def hold(folder):
    """Make `folder` if it is missing, and lock it until this process ends, in whatever way, or closes the result.

    The result is the number of a file. Raises Taken, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder, os.O_RDONLY)  # kept open: the lock ends with it, and leaves no file behind
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        raise Taken(str(folder)) from None
    return number


def keep_private():
    """Let only the owner read the files (messages, passwords) that this process and its children make from here on."""
    os.umask(0o077)
