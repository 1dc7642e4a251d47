"""The file system under the store, and all that is asked of it; `os` and `open` have other stand-ins in tests."""

import binascii
import os

from mms.errors import StoreError, StoreFull
from mms.limits import const

ABSENT = const(2)  # ENOENT
_FULL = const((28, 36))  # ENOSPC; littlefs says ENAMETOOLONG when it has no room for a new name
_KEPT = const((17, 30))  # EEXIST; EROFS above the folder that is wanted
_FILE = const(0x8000)  # of the kind of a file, as os.stat gives it

replace = getattr(os, "replace", os.rename)  # on some systems rename refuses to replace


def failure(step, error):
    """The StoreError or StoreFull for an OSError."""
    code = error.errno if error.errno is not None else -1
    if code in _FULL:
        return StoreFull(step, code, "the store is full")
    return StoreError(step, code, "the file system says no")


def reader(path):
    """(file, octets) of a file; raises StoreError."""
    try:
        return open(path, "rb"), os.stat(path)[6]
    except OSError as error:
        raise failure("store", error)


def writer(path):
    """A new file, in place of one of that name; raises OSError."""
    return open(path, "wb")


def user_file(path):
    """A file of the user's, open for reading; raises OSError, also for a device and for a FIFO, which may never end."""
    if os.stat(path)[0] & 0xF000 != _FILE:
        raise OSError(22)  # EINVAL
    return open(path, "rb")


def sync(file):
    """Make a file durable where closing it does not suffice; littlefs does it on close."""
    if hasattr(os, "fsync"):
        file.flush()
        os.fsync(file.fileno())


def has(path):
    """Whether a file of that name exists; raises StoreError."""
    try:
        os.stat(path)
        return True
    except OSError as error:
        if error.errno != ABSENT:
            raise failure("store", error)
        return False


def remove(path):
    """Delete a file; nothing happens when it is absent. Raises StoreError."""
    try:
        os.remove(path)
    except OSError as error:
        if error.errno != ABSENT:
            raise failure("store", error)


def rename(path, other):
    """Rename a file, in place of one that has the other name; raises StoreError."""
    try:
        replace(path, other)
    except OSError as error:
        raise failure("store", error)


def names(folder):
    """Yield the names in a folder, in no order and one by one where the system can: a full store has hundreds."""
    try:
        if hasattr(os, "ilistdir"):
            for entry in os.ilistdir(folder):
                yield entry[0]
        else:
            for name in os.listdir(folder):
                yield name
    except OSError as error:
        raise failure("store", error)


def free(path):
    """(octets of a block, blocks free) where `path` lies, or None on a system that does not tell; raises OSError."""
    if not hasattr(os, "statvfs"):
        return None
    counts = os.statvfs(path[: path.rfind("/") + 1] or ".")
    blocks = counts[4]
    return counts[1], blocks if blocks <= counts[2] else 0  # littlefs overflows to a huge count below zero


def make_folder(folder):
    """Make a folder and those above it, where they are missing; raises StoreError."""
    path = "/" if folder.startswith("/") else ""
    for step in folder.split("/"):
        if not step:
            continue
        path = path + step
        try:
            os.mkdir(path)
        except OSError as error:
            if error.errno not in _KEPT:
                raise failure("store", error)
        path += "/"


def new_id():
    """Eight random hexadecimal digits."""
    return binascii.hexlify(os.urandom(4)).decode()
