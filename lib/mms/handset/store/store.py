"""Records and blobs that survive a power cut, in one folder.

Every file ends in a trailer of 12 octets: length, CRC-32 (both big-endian) and a mark. It is written aside, as `NAME~`,
and renamed when whole; what still ends in `~` at the start was never finished. A record is a JSON object, a blob is
octets of any length. Blobs leave a reserve free, which only records may use: a full store still notes what becomes of
its messages.
"""

import binascii
import json
import os
import struct

from mms import clock, flash, limits
from mms.errors import Damaged, StoreError, StoreFull
from mms.limits import const

_MARK = b"mms1"
_TRAILER = ">II4s"
_TRAILER_OCTETS = const(12)
ABSENT = const(2)
TOLD = limits.TEXT // 2  # octets of a record for an identifier of the MMSC's, which has 60, or why something failed
_FULL = (28, 36)  # littlefs says ENAMETOOLONG when there is no room for a new name

_replace = getattr(os, "replace", os.rename)  # where it exists, rename refuses to replace on some systems


def _failure(step, error):
    code = error.errno if error.errno is not None else -1
    if code in _FULL:
        return StoreFull(step, code, "the store is full")
    return StoreError(step, code, "the file system says no")


def octets_of(value):
    """How many octets of a record `value` takes: MicroPython's JSON escapes no letters, whose octets are more."""
    return len(json.dumps(value).encode())


def shortened(text):
    """The beginning of a text that takes TOLD octets of a record at most."""
    while octets_of(text) > TOLD:
        text = text[: len(text) // 2]
    return text


def fitting(name):
    """A name that a peer gives, or "" when it takes more than TOLD octets: the beginning of it would be another."""
    return name if shortened(name) == name else ""


def shrink(status, octets):
    """Shorten what is only shown of a message until its record has so few octets; False when that does not help."""
    while octets_of(status) > octets:
        key = "text" if len(status.get("text", "")) > len(status["subject"]) else "subject"
        if not status[key]:
            return False
        status[key] = status[key][: len(status[key]) // 2]
    return True


class Writer:
    """A blob being written; it has its name only after a clean end of the `with` block, and else leaves nothing.

    What is written piece by piece, while others go on, is so in an `async with` block, by `add`. A plain file has no
    trailer. `store`: whose reserve it leaves free; None for what may use that, too. Raises StoreFull, StoreError.
    """

    def __init__(self, path, plain=False, store=None):
        self.octets = 0
        self._store = store
        self._plain = plain
        self._path = path
        self._crc = 0

    async def add(self, view):
        """Add `view` to the blob, whatever its length, while others go on."""
        view = memoryview(view)
        for at in range(0, len(view), limits.BLOCK):
            await clock.sleep(0)
            await flash.quiet()
            self.write(view[at : at + limits.BLOCK])

    def write(self, view):
        """Add `view` to the blob; raises StoreFull, StoreError."""
        octets = len(view)
        try:
            self._make_room(octets)
            self._file.write(view)
        except OSError as error:
            raise _failure("store", error)
        self._crc = binascii.crc32(view, self._crc)
        self.octets += octets
        if self._store:
            self._store.written += octets

    def _make_room(self, octets):
        if self._room is not None and self._store.written + octets > self._room:
            raise OSError(28, "")

    def __enter__(self):
        try:
            self._room = self._store.room(self._path) if self._store else None
            self._make_room(1)
            self._file = open(self._path + "~", "wb")
        except OSError as error:
            raise _failure("store", error)
        return self

    async def __aenter__(self):
        await flash.quiet()
        return self.__enter__()

    async def __aexit__(self, kind, error, trace):
        await clock.sleep(0)
        await flash.quiet()
        self.__exit__(kind, error, trace)

    def __exit__(self, kind, error, trace):
        aside = self._path + "~"
        try:
            try:
                if kind is None:
                    if not self._plain:
                        self._file.write(struct.pack(_TRAILER, self.octets, self._crc & 0xFFFFFFFF, _MARK))
                    _sync(self._file)
            finally:
                self._file.close()
            if kind is None:
                _replace(aside, self._path)
                return
        except OSError as failure:
            if kind is None:
                _discard(aside)
                raise _failure("store", failure)
        _discard(aside)


def _discard(path):
    try:
        os.remove(path)
    except OSError:
        pass  # the next start tries again


def _sync(file):
    """Make a file durable where closing it does not (littlefs does it on close)."""
    if hasattr(os, "fsync"):
        file.flush()
        os.fsync(file.fileno())


class Blob:
    """A whole blob, read from the front or from anywhere; `verify` tells whether its octets are those written."""

    def __init__(self, path):
        try:
            self._file = open(path, "rb")
            size = os.stat(path)[6]
        except OSError as error:
            raise _failure("store", error)
        self.octets = size - _TRAILER_OCTETS
        self._left = self.octets
        self.seen = self._sum = 0  # how much was read from the front on, and its CRC
        self.crc = self._check()

    def _check(self):
        try:
            if self.octets >= 0:
                self._file.seek(self.octets)
                octets, crc, mark = struct.unpack(_TRAILER, self._file.read(_TRAILER_OCTETS))
                if mark == _MARK and octets == self.octets:
                    self._file.seek(0)
                    return crc
        except OSError as error:
            self._file.close()
            raise _failure("store", error)
        self._file.close()
        raise Damaged("store", None, "a file is not whole")

    def seek(self, offset):
        """Go on reading at `offset` octets from the start."""
        self._file.seek(offset)
        self._left = self.octets - offset

    def readinto(self, buf):
        """Fill `buf` as far as there are octets; returns how many, 0 at the end."""
        if self._left < len(buf):
            buf = memoryview(buf)[: max(self._left, 0)]
        if not len(buf):
            return 0
        try:
            got = self._file.readinto(buf)
        except OSError as error:
            raise _failure("store", error)
        at = self.octets - self._left
        if at <= self.seen < at + got:
            self._sum = binascii.crc32(memoryview(buf)[self.seen - at : got], self._sum)
            self.seen = at + got
        self._left -= got
        return got

    def verify(self):
        """Read on from where nobody has read yet to the end; raises Damaged when a single bit has changed."""
        self.seek(self.seen)
        block = bytearray(min(512, self._left))
        while self.readinto(block):
            pass
        if self.seen < self.octets or self._sum & 0xFFFFFFFF != self.crc:
            raise Damaged("store", None, "a file is damaged")

    def close(self):
        """Let go of the file."""
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()


class Store:
    """The folder. Names are ours, never a peer's. `damaged` has the names of what was found so, till it is told.

    `claim(folder)` is called before anything in it is touched: it raises what ends a second handset on one store.
    """

    written = 0  # octets of all blobs so far: two that are written at once share what is free

    def __init__(self, folder, claim=None):
        self.damaged = []
        self._folder = folder
        make_folder(folder)
        if claim:
            claim(folder)
        for name in [name for name in self._each() if name.endswith("~")]:
            self.remove(name)

    def _path(self, name):
        return self._folder + "/" + name

    def _each(self):
        """All names, in no order; where it can be, one after the other: a full store has hundreds."""
        try:
            if hasattr(os, "ilistdir"):
                for entry in os.ilistdir(self._folder):
                    yield entry[0]
            else:
                for name in os.listdir(self._folder):
                    yield name
        except OSError as error:
            raise _failure("store", error)

    def names(self, ending=""):
        """The sorted names of everything whole that ends so."""
        return sorted([name for name in self._each() if name.endswith(ending) and not name.endswith("~")])

    def has(self, name):
        """Whether something whole has that name."""
        try:
            os.stat(self._path(name))
            return True
        except OSError as error:
            if error.errno != ABSENT:
                raise _failure("store", error)
            return False

    def create(self, name):
        """A Writer, to be used in a `with` block; raises StoreFull when only the reserve is left, StoreError."""
        return Writer(self._path(name), store=self)

    def room(self, path):
        """What `written` may come to before a file of that path takes from the reserve; None where nobody can tell.

        An accepted message (ID.o) of which nothing is noted yet (ID.s) will want a block for that.
        """
        if not hasattr(os, "statvfs"):
            return None
        told = os.statvfs(path[: path.rfind("/") + 1] or ".")
        blocks = told[4]
        if blocks > told[2]:
            blocks = 0  # what littlefs calls less than none
        blocks -= len(self.names(".o")) - len(self.names(".s"))
        return self.written + told[1] * blocks - limits.STORE_RESERVE

    def holds(self, octets):
        """Whether a blob of so many octets would leave the reserve free; True where nobody can tell."""
        room = self.room(self._path(""))
        return room is None or self.written + octets <= room

    def open(self, name):
        """A Blob; raises StoreError when it is absent, Damaged when it is not whole."""
        return Blob(self._path(name))

    def write(self, name, record):
        """Make a record durable, in place of an older one of that name; raises StoreFull, StoreError."""
        octets = json.dumps(record).encode()
        if len(octets) > limits.RECORD:
            raise StoreError("store", None, "a record of %d octets" % len(octets))
        with Writer(self._path(name)) as writer:
            writer.write(octets)

    def read(self, name):
        """A record as it was written; raises StoreError when it is absent, Damaged."""
        with self.open(name) as blob:
            if blob.octets > limits.RECORD:
                raise Damaged("store", None, "a record of %d octets" % blob.octets)
            octets = bytearray(blob.octets)
            blob.readinto(octets)
            blob.verify()
        return json.loads(bytes(octets).decode())

    def remove(self, name):
        """Forget it; nothing happens when it is absent."""
        try:
            os.remove(self._path(name))
        except OSError as error:
            if error.errno != ABSENT:
                raise _failure("store", error)

    def rename(self, name, other):
        """Give something whole another name."""
        try:
            _replace(self._path(name), self._path(other))
        except OSError as error:
            raise _failure("store", error)

    def set_aside(self, name, error):
        """Reading something ended in `error`: note it, unless it is gone, and call what is Damaged NAME.q.

        There it is in nobody's way, and can be looked at.
        """
        if error.code == ABSENT:
            return
        self.found(name)
        if isinstance(error, Damaged):
            try:
                self.rename(name, name + ".q")
            except StoreError:
                pass  # it will be met again

    def found(self, name):
        """Note that something is damaged."""
        if name not in self.damaged:
            self.damaged.append(name)

    def new_id(self):
        """Eight hexadecimal digits that nothing here starts with."""
        while True:
            name = new_id()
            if not any(other.startswith(name) for other in self._each()):
                return name


def new_id():
    """Eight random hexadecimal digits."""
    return binascii.hexlify(os.urandom(4)).decode()


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
            if error.errno not in (17, 30):  # it is there, or above it nothing may be made
                raise _failure("store", error)
        path += "/"
