"""Blobs: files of any length with a trailer of 12 octets, which are length, CRC-32 (both big-endian) and a mark.

A blob is written as NAME~ and renamed when it is whole, so a power cut never leaves a part of one under its name.
"""

import binascii
import struct

from mms import clock, flash, limits
from mms.errors import Damaged, StoreError
from mms.handset.store import files
from mms.handset.store.filenames import UNFINISHED
from mms.limits import const

_MARK = const(b"mms1")
_TRAILER = const(">II4s")
_TRAILER_OCTETS = const(12)
_PIECE = const(512)  # octets that are read at a time to verify


class Writer:
    """A blob being written; it has its name only after a clean end of the `with` block, and else leaves nothing.

    `async with` and `add` let other tasks run between the pieces. `plain`: without a trailer. `store`: the Store whose
    reserve stays free; None for a record, which may use the reserve. Raises StoreFull, StoreError.
    """

    def __init__(self, path, plain=False, store=None):
        self.octets = 0
        self._store = store
        self._plain = plain
        self._path = path
        self._crc = 0

    async def add(self, view):
        """Add `view` to the blob, whatever its length, while other tasks run."""
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
            raise files.failure("store", error)
        self._crc = binascii.crc32(view, self._crc)
        self.octets += octets
        if self._store:
            self._store.written += octets

    def _make_room(self, octets):
        if self._room is not None and self._store.written + octets > self._room:
            raise OSError(28, "")  # ENOSPC

    def __enter__(self):
        try:
            self._room = self._store.room(self._path) if self._store else None
            self._make_room(1)
            self._file = files.writer(self._path + UNFINISHED)
        except OSError as error:
            raise files.failure("store", error)
        return self

    async def __aenter__(self):
        await flash.quiet()
        return self.__enter__()

    async def __aexit__(self, kind, error, trace):
        await clock.sleep(0)
        await flash.quiet()
        self.__exit__(kind, error, trace)

    def __exit__(self, kind, error, trace):
        try:
            try:
                if kind is None:
                    if not self._plain:
                        self._file.write(struct.pack(_TRAILER, self.octets, self._crc & 0xFFFFFFFF, _MARK))
                    files.sync(self._file)
            finally:
                self._file.close()
            if kind is None:
                files.replace(self._path + UNFINISHED, self._path)
                return
        except OSError as failure:
            if kind is None:
                self._discard()
                raise files.failure("store", failure)
        self._discard()

    def _discard(self):
        try:
            files.remove(self._path + UNFINISHED)
        except StoreError:
            pass  # the next start tries again


class Blob:
    """A whole blob, read from the front or from anywhere; `verify` raises Damaged when its octets have changed."""

    def __init__(self, path):
        self._file, size = files.reader(path)
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
            raise files.failure("store", error)
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
            raise files.failure("store", error)
        at = self.octets - self._left
        if at <= self.seen < at + got:
            self._sum = binascii.crc32(memoryview(buf)[self.seen - at : got], self._sum)
            self.seen = at + got
        self._left -= got
        return got

    def verify(self):
        """Read what was not read yet, to the end; raises Damaged when a single bit has changed."""
        self.seek(self.seen)
        block = bytearray(min(_PIECE, self._left))
        while self.readinto(block):
            pass
        if self.seen < self.octets or self._sum & 0xFFFFFFFF != self.crc:
            raise Damaged("store", None, "a file is damaged")

    def close(self):
        """Close the file."""
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()
