"""The body of a message as it streams by: an entry for each part, with its digest. Runs on MicroPython, too."""

import binascii
import hashlib
from collections import OrderedDict

from mms import limits
from mms.codec import multipart
from mms.errors import PduError
from tools.pdu import values

_MULTIPART = ("multipart/", "application/vnd.wap.multipart.")


class Nowhere:
    """Takes the parts of a message and keeps none. In its place may stand what writes them to files."""

    def begin(self, entry):
        """The part that `entry` describes begins."""

    def write(self, view):
        """The next octets of that part."""

    def end(self, entry):
        """That part has ended, and its entry is whole."""


def is_multipart(media):
    """Whether that media type is made of parts."""
    return any([media.startswith(start) for start in _MULTIPART])


def body(media, offset, taker, warnings):
    """What takes the octets of a body of that media type, which begins at `offset` of the file.

    It has `feed(view)`, `close()` and then `parts`; both raise PduError. `warnings` (offset, what) are added to.
    """
    if is_multipart(media):
        return _Multipart(offset, 1, taker, warnings)
    part = multipart.Part()
    part.media = media
    return _Single(part, offset, taker, warnings)


class _Multipart:
    """A body of parts, `depth` multiparts deep."""

    def __init__(self, offset, depth, taker, warnings):
        self.parts = []
        self._offset, self._depth, self._taker, self._warnings = offset, depth, taker, warnings
        self._parser = multipart.Parser()
        self._part = None

    def feed(self, view):
        try:
            for what, item in self._parser.feed(view):
                if what == multipart.DATA:
                    self._part.feed(item)
                elif what == multipart.END:
                    self.parts.append(self._part.close())
                else:
                    self._part = _Part(item, self._offset + item.offset, self._depth, self._taker, self._warnings)
        except PduError as error:
            raise PduError(self._offset + error.offset, error.what)

    def close(self):
        for offset, what in self._parser.warnings:
            self._warnings.append((self._offset + offset, what))
        try:
            self._parser.close()
        except PduError as error:
            raise PduError(self._offset + error.offset, error.what)


class _Single:
    """A body that is one part."""

    def __init__(self, part, offset, taker, warnings):
        self._part = _Part(part, offset, 0, taker, warnings)
        self.feed = self._part.feed
        self.parts = []

    def close(self):
        self.parts.append(self._part.close())


class _Part:
    """One part: its entry, the digest of its octets, and what is in it when it is itself made of parts."""

    def __init__(self, part, offset, depth, taker, warnings):
        self._taker, self._warnings = taker, warnings
        self._digest = hashlib.sha256()
        self._octets = 0
        self._inner = None
        self._entry = entry = OrderedDict()
        entry["type"] = part.media
        entry["charset"] = values.charset(part.charset)
        entry["name"] = part.name
        entry["content_id"] = part.content_id
        entry["content_location"] = part.location
        entry["offset"] = offset
        if not is_multipart(part.media):
            taker.begin(entry)
        elif 0 < depth < limits.NESTING:
            self._inner = _Multipart(offset, depth + 1, taker, warnings)
            entry["parts"] = self._inner.parts

    def feed(self, view):
        self._octets += len(view)
        self._digest.update(view)
        if not is_multipart(self._entry["type"]):
            self._taker.write(view)
        elif self._inner:
            self._within(self._inner.feed, view)

    def close(self):
        """The entry, now whole."""
        entry = self._entry
        if self._inner:
            self._within(self._inner.close)
        elif not is_multipart(entry["type"]):
            self._taker.end(entry)
        entry["octets"] = self._octets
        entry["sha256"] = binascii.hexlify(self._digest.digest()).decode()
        return entry

    def _within(self, verb, *arguments):
        """What is wrong in a multipart inside another is the fault of that part only."""
        try:
            verb(*arguments)
        except PduError as error:
            self._inner = None
            self._warnings.append((error.offset, "multipart inside: " + error.what))
