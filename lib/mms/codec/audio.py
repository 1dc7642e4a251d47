"""How long a sound lasts, by its octets in pieces of any size: AMR (RFC 4867) and WAV.

Nothing in the octets decides an allocation: at most 24 of them are kept.
"""

import struct

from mms.limits import const

_FRAME_MS = const(20)
_AMR, _AMR_WB = const(b"#!AMR\n"), const(b"#!AMR-WB\n")  # RFC 4867, 5.1; files of several channels have other marks
_NARROW = const(b"\x0d\x0e\x10\x12\x14\x15\x1b\x20\x06")  # octets of a frame with its first, by its type (5.3)
_WIDE = const(b"\x12\x18\x21\x25\x29\x2f\x33\x3b\x3d\x06")
_LOST, _NO_DATA = const(14), const(15)  # types whose frames have one octet; 14 in the wide band only
_CHUNK = const(8)  # name and size of a chunk of a RIFF file
_FORMAT = const(16)  # octets of its chunk "fmt " that every form has


def meter(media):
    """A Meter of octets for a media type; None for a type whose duration is not known."""
    if media in ("audio/amr", "audio/amr-wb"):
        return Frames()
    if media in ("audio/x-wav", "audio/wav", "audio/wave", "audio/vnd.wave"):
        return Wave()
    return None


class Frames:
    """Counts the frames of an AMR file, in the narrow band or the wide one."""

    def __init__(self):
        self._mark, self._sizes = b"", None
        self._count = self._skip = 0
        self._whole = True

    def feed(self, view):
        """Count the frames in the next octets."""
        if not len(view):
            return
        at = 0
        while self._sizes is None and at < len(view) and self._whole:
            self._mark += bytes(view[at : at + 1])
            at += 1
            if self._mark == _AMR:
                self._sizes = _NARROW
            elif self._mark == _AMR_WB:
                self._sizes = _WIDE
            elif len(self._mark) >= len(_AMR_WB):
                self._whole = False
        while self._whole and at < len(view):
            at += self._skip
            if at >= len(view):
                break
            self._skip = self._size(view[at] >> 3 & 15)
            self._count += 1
        self._skip = max(at - len(view), 0) if self._whole else 0

    def _size(self, kind):
        if kind < len(self._sizes):
            return self._sizes[kind]
        self._whole = kind == _NO_DATA or kind == _LOST and self._sizes == _WIDE
        return 1

    def ms(self):
        """How long the frames last that are whole, in milliseconds; None for other octets."""
        if self._sizes is None or not self._whole:
            return None
        return (self._count - (self._skip > 0)) * _FRAME_MS


class Wave:
    """Reads the header of a RIFF file, and counts the octets of its samples."""

    def __init__(self):
        self._held, self._wanted, self._skip = bytearray(), 12, 0
        self._step, self._rest, self._counts = self._riff, 0, False
        self._rate = self._octets = 0  # octets of a second; of the samples

    def feed(self, view):
        """Take the next octets."""
        at = 0
        while at < len(view) and self._step is not None:
            if self._skip:
                count = min(self._skip, len(view) - at)
                self._skip -= count
                if self._counts:
                    self._octets += count
            else:
                count = min(self._wanted - len(self._held), len(view) - at)
                self._held.extend(view[at : at + count])
                if len(self._held) == self._wanted:
                    held, self._held = bytes(self._held), bytearray()
                    self._step(held)
            at += count

    def _riff(self, held):
        self._step = self._chunk if held[:4] == b"RIFF" and held[8:] == b"WAVE" else None
        self._wanted = _CHUNK

    def _chunk(self, held):
        size = struct.unpack("<I", held[4:])[0]
        if held[:4] == b"data":
            self._step, self._skip, self._wanted, self._counts = self._end, size, 1, True
        elif held[:4] == b"fmt " and size >= _FORMAT:
            self._step, self._wanted = self._format, _FORMAT
            self._rest = size - _FORMAT + (size & 1)
        else:
            self._skip = size + (size & 1)  # a chunk of an odd size has one octet more

    def _format(self, held):
        self._rate = struct.unpack("<I", held[8:12])[0]
        self._step, self._wanted, self._skip = self._chunk, _CHUNK, self._rest

    def _end(self, held):
        self._step = None  # chunks behind the samples say nothing of how long they last

    def ms(self):
        """How long the samples last that are there, in milliseconds; None for other octets."""
        return self._octets * 1000 // self._rate if self._rate else None
