"""Processes that keep to themselves: a folder in which only one works, and files that only their owner may read."""

import fcntl
import os


class Taken(Exception):
    """Another process works in the folder."""


def hold(folder):
    """Make `folder` if it is missing, and keep others out of it until this process ends, however it does.

    Raises Taken, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder, os.O_RDONLY)  # kept open: the lock ends with it, and leaves no file behind
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        raise Taken(str(folder)) from None


def keep_private():
    """What this process and those that it starts write from here on is its owner's alone: messages, passwords."""
    os.umask(0o077)
