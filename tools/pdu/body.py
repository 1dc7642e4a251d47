"""The body of a message as it streams by: an entry for each part, with its digest. Runs on MicroPython, too."""

import binascii
import hashlib
from collections import OrderedDict

from mms.codec import multipart, nested, transfer
from mms.errors import PduError
from tools.pdu import values


class Nowhere:
    """Takes the parts of a message and keeps none. In its place may stand what writes them to files."""

    def begin(self, entry):
        """The part that `entry` describes begins."""

    def write(self, octets):
        """The next octets of that part, decoded."""

    def end(self, entry):
        """That part has ended, and its entry is whole."""


def body(media, offset, taker, warnings):
    """A parser of a body of that media type, which begins at `offset` of the file.

    It has `feed(view)`, `close()` and then `parts`; both raise PduError. `warnings` (offset, what) are added to.
    """
    return (_Parts if nested.is_multipart(media) else _Single)(media, offset, taker, warnings)


class _Parts:
    """A body of parts, and what is inside them."""

    def __init__(self, media, offset, taker, warnings):
        self.parts = []
        self._offset, self._taker, self._warnings = offset, taker, warnings
        self._parser = nested.Parser()
        self._open = []  # the part that we are in, after those that it is in

    def feed(self, view):
        try:
            for what, item in self._parser.feed(view):
                if what == multipart.DATA:
                    self._open[-1].feed(item)
                elif what == multipart.END:
                    self._open.pop().close()
                else:
                    self._begins(item)
        except PduError as error:
            raise PduError(self._offset + error.offset, error.what)

    def close(self):
        try:
            self._parser.close()
        except PduError as error:
            raise PduError(self._offset + error.offset, error.what)
        for offset, what in self._parser.warnings:
            self._warnings.append((self._offset + offset, what))

    def _begins(self, part):
        del self._open[part.level :]  # parts without an end have broken off
        entries = self._open[-1].entry["parts"] if self._open else self.parts
        self._open.append(_Part(part, self._offset + part.offset, self._taker))
        entries.append(self._open[-1].entry)


class _Single:
    """A body that is one part."""

    def __init__(self, media, offset, taker, warnings):
        self._part = _Part(multipart.Part(media), offset, taker)
        self.feed = self._part.feed
        self.close = self._part.close
        self.parts = [self._part.entry]


class _Part:
    """One part: its entry, and the digest of its octets."""

    def __init__(self, part, offset, taker):
        self._taker = taker
        self._octets = 0
        self.entry = entry = OrderedDict()
        entry["type"] = part.media
        entry["charset"] = values.charset(part.charset)
        entry["name"] = part.name
        entry["content_id"] = part.content_id
        entry["content_location"] = part.location
        entry["offset"] = offset
        entry["octets"] = part.octets
        entry["sha256"] = None
        self._digest = self._decoder = None
        if getattr(part, "opened", False):
            entry["parts"] = []
            return
        self._digest = hashlib.sha256()
        if part.encoding:
            entry["transfer_encoding"] = part.encoding
            self._decoder = transfer.Decoder(part.encoding)
        taker.begin(entry)

    def feed(self, view):
        if self._digest:
            self._take(self._decoder.feed(view) if self._decoder else view)

    def close(self):
        if not self._digest:
            return
        if self._decoder:
            self._take(self._decoder.close())
        self.entry["octets"] = self._octets
        self.entry["sha256"] = binascii.hexlify(self._digest.digest()).decode()
        self._taker.end(self.entry)

    def _take(self, octets):
        self._octets += len(octets)
        self._digest.update(octets)
        self._taker.write(octets)
