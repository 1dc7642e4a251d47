"""Folders in which messages and pictures may lie: none from which programs are read; loaded with the settings.

A folder is judged by what it is, not by its name: where the system numbers files, by its number, so that links, `..`
and capital letters hide nothing. littlefs and FAT on a board have neither numbers nor links: there its path counts.
"""

import os
import sys

from mms.limits import const

_NUMBERED = os.stat(os.getcwd())[1] != 0
_PROGRAMS = const((".py", ".mpy"))
_FOLDER = const(0x4000)  # of the kind of a file, as os.stat tells it
_KIND = const(0xF000)
_OWN = const("a folder of its own, from which no program is read")


def wrong(path):
    """The kind of folder that is wanted instead of `path`, or None; the folder need not exist yet."""
    try:
        return _wrong(path) if path else _OWN
    except OSError:
        return "a folder that can be looked into"


def _wrong(path):
    lowest, missing = _existing(path)
    if ".." in missing:
        return "a path that goes up only from folders that there are"
    if os.stat(lowest)[0] & _KIND != _FOLDER:
        return "a folder, which %s is not" % lowest
    here, place = _key(os.getcwd()), _place(path)
    if any(_place(folder) == place for folder in sys.path if folder):
        return _OWN
    if not missing:
        holds_programs = any(name.endswith(_PROGRAMS) for name in os.listdir(lowest))
        if holds_programs or _key(lowest) in [_key(folder) for folder in _upwards(os.getcwd())]:
            return _OWN
    for folder in _upwards(lowest):
        if _package(folder) or _package(folder + "/mms") and _key(folder) != here:
            return _OWN
    return None


def _existing(path):
    """(the innermost folder on a path that is there, absolute where its path counts, the steps below it)."""
    path = path.rstrip("/") or "/"
    if not _NUMBERED:
        path = _whole(path)
    missing = []
    while not _is_there(path):
        above, _, step = path.rpartition("/")
        missing.append(step)
        path = above.rstrip("/") or ("/" if path.startswith("/") else ".")
    return path, missing


def _place(path):
    """The identity of a folder that may not exist yet."""
    lowest, missing = _existing(path)
    return _key(lowest), missing


def _upwards(path):
    """A folder that is there, and all in which it lies."""
    key = None
    while _key(path) != key:
        yield path
        key = _key(path)
        path = path + "/.." if _NUMBERED else _whole(path + "/..")


def _is_there(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return path in ("/", ".")


def _whole(path):
    """A path from the root, without `.` and `..`."""
    steps = []
    for step in (path if path.startswith("/") else os.getcwd() + "/" + path).split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)


def _key(path):
    """The identity of a folder: its number and device, or its path, in which case does not count."""
    told = os.stat("/." if path == "/" else path) if _NUMBERED else (0, 0)  # MicroPython's own "/" has no number
    return told[1:3] if told[1] else _whole(path).lower()


def _package(path):
    return any(_is_there(path + "/__init__" + ending) for ending in _PROGRAMS)
