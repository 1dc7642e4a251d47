"""Multipart bodies (WAP-230-WSP, clause 8.5), parsed as a stream.

A body is a count, then entries: length of headers, length of data, content type, headers, data. The parser holds the
headers of one part in memory and none of its data.
"""

import io

from construct import ConstructError
from mms import limits
from mms.codec import charset, content
from mms.codec.part import Part
from mms.errors import PduError
from mms.limits import const

# The first element of what Parser.feed yields
PART = const(1)
DATA = const(2)
END = const(3)

_COUNT = const(0)
_HEADERS_LENGTH = const(1)
_DATA_LENGTH = const(2)
_HEADERS = const(3)
_DATA = const(4)
_DONE = const(5)

_TRAILING = const("octets after the last part")
_ENCODING = const(0x48)
_DISPOSITIONS = const((0x2E, 0x45, "content-disposition"))  # of WSP 1.3, of 1.4, and of mail
_NAMED = {
    "content-id": content.CONTENT_ID,
    "content-location": content.CONTENT_LOCATION,
    "content-transfer-encoding": _ENCODING,
}


def _parse_headers(octets):
    """The Part that the headers of an entry describe; malformed headers are ignored."""
    part = Part(content.UNKNOWN)
    stream = io.BytesIO(octets)
    try:
        part.media, params = content.ContentTypeValue.parse_stream(stream)
        headers = content.HEADERS.parse_stream(stream)
    except ConstructError:
        return part
    for name, value in params:
        if name == "charset" and isinstance(value, int):
            part.charset = value
        elif name in ("name", "filename") and not isinstance(value, int):
            part.name = part.name or (charset.decode(value, None) if isinstance(value, bytes) else value)
    for name, value in headers:
        if isinstance(name, str):
            name = charset.lower(name)
            name = _NAMED.get(name, name)
        if name in _DISPOSITIONS and not part.name:
            from mms.codec import disposition

            part.name = disposition.filename(value)
        if not isinstance(value, str):
            continue
        if name == content.CONTENT_ID:
            part.content_id = value.strip('"').strip("<>")
        elif name == content.CONTENT_LOCATION:
            part.location = value.strip("<>")
        elif name == _ENCODING:
            part.encoding = charset.lower(value)
    return part


class Parser:
    """Parses a body that comes in views of any size.

    `warnings` are (offset, words), for each deviation from the standard.
    """

    def __init__(self):
        self.offset = 0  # octets parsed so far
        self.parts = 0  # the count at the beginning of the body
        self.warnings = []
        self._state = _COUNT
        self._number = self._number_octets = 0
        self._seen = 0
        self._headers = None
        self._left = self._octets = 0
        self._part = None

    def feed(self, view):
        """Yield (PART, Part), then (DATA, view of its data) any number of times, then (END, Part).

        The views are parts of `view`, so they are valid until the next call. Raises PduError.
        """
        view = memoryview(view)
        at = 0
        while at < len(view):
            if self._state < _HEADERS:
                self._uintvar(view[at])
                taken = 1
            elif self._state == _DONE:
                taken = len(view) - at
                if not self.warnings or self.warnings[-1][1] != _TRAILING:
                    self.warnings.append((self.offset, _TRAILING))
            else:
                taken = min(self._left, len(view) - at)
                if self._state == _DATA:
                    yield DATA, view[at : at + taken]
                else:
                    done = len(self._headers) - self._left
                    self._headers[done : done + taken] = view[at : at + taken]
                self._left -= taken
            at += taken
            self.offset += taken
            if self._state == _HEADERS and not self._left:
                yield PART, self._begin_data()
            if self._state == _DATA and not self._left:
                self._end_data()
                yield END, self._part

    def close(self):
        """Note that the body has ended; raises PduError when parts of it are missing."""
        if self._state != _DONE:
            raise PduError(self.offset, "body ends in part %d of %d" % (self._seen + 1, self.parts))

    def _uintvar(self, octet):
        self._number = self._number << 7 | octet & 0x7F
        self._number_octets += 1
        if self._number_octets > limits.UINTVAR or self._number >> 32:
            raise PduError(self.offset, "length of over 32 bits")
        if octet & 0x80:
            return
        number, self._number, self._number_octets = self._number, 0, 0
        if self._state == _COUNT:
            if number > limits.PARTS:
                raise PduError(self.offset, "%d parts, over %d" % (number, limits.PARTS))
            self.parts = number
            self._state = _HEADERS_LENGTH if number else _DONE
        elif self._state == _HEADERS_LENGTH:
            if number > limits.PART_HEADER:
                raise PduError(self.offset, "part headers of %d octets" % number)
            self._left = number
            self._state = _DATA_LENGTH
        else:
            self._headers = bytearray(self._left)
            self._octets = number
            self._state = _HEADERS

    def _begin_data(self):
        part = self._part = _parse_headers(self._headers)
        part.octets = self._left = self._octets
        part.offset = self.offset
        self._headers = None
        self._state = _DATA
        return part

    def _end_data(self):
        self._seen += 1
        self._state = _HEADERS_LENGTH if self._seen < self.parts else _DONE


def __getattr__(name):
    """`count` and `entry`, which write a body; entries.py is loaded for them."""
    from mms.codec import entries

    return getattr(entries, name)
