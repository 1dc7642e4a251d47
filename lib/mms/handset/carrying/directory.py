"""The operators of the world: assets/operators.bin, whose format tools/operators.py has; loaded for a SIM that the
settings lack.

The file lies in the folder `assets` of a folder of sys.path: beside main.py, in a board's /lib, or on its flash beside
a frozen program. Only one block of it is in memory at a time, and each is checked when it is read.
"""

import binascii
import sys

from mms.errors import BearerError
from mms.limits import const

_NAME = const("assets/operators.bin")
_BLOCK = const(512)
_CONTENT = const(508)  # octets of a block before its CRC-32
_HEADER = const(32)
_ROW = const(5)
_RECORD = const(256)  # the longest record
_FIELDS = const(("name", "apn", "mmsc", "proxy", "user", "password", "auth"))


def find(code):
    """The candidates of a network by its code of five or six digits, in the order in which they are to be tried.

    Each is a dict with those of _FIELDS that it has; one without `mmsc` is a note on what has ended, in its `name`.
    Raises BearerError when the file is absent or damaged.
    """
    with _open() as file:
        book = _Book(file)
        wanted = int(code[:3]) * 1000 + int(code[3:]) << 1 | (len(code) == 6)
        low, high = 0, book.rows
        while low < high:
            middle = (low + high) // 2
            if book.row(middle)[0] < wanted:
                low = middle + 1
            else:
                high = middle
        places = []  # all of them first: the blocks of rows and of records lie apart
        while low < book.rows:
            key, place = book.row(low)
            if key != wanted:
                break
            places.append(place)
            low += 1
        return [book.record(place) for place in places]


def _open():
    for folder in sys.path:
        try:
            return open((folder + "/" if folder else "") + _NAME, "rb")
        except OSError:
            pass  # it may be in the next one
    raise BearerError("operators", None, "there is no " + _NAME)


class _Book:
    """The content of the file: `rows` of its index, then records."""

    def __init__(self, file):
        self._file = file
        self._block = bytearray(_BLOCK)
        self._number = None  # of the block in memory
        self._octets = _HEADER
        header = self.read(0, _HEADER)
        self.rows, self._octets = header[5] << 8 | header[6], header[7] << 8 | header[8]
        if header[:5] != b"MMSO\1" or self._octets < _HEADER + self.rows * _ROW:
            raise _damage()

    def read(self, at, count):
        """So many octets of the content; raises BearerError where it has not so many, and for a damaged block."""
        if at + count > self._octets:
            raise _damage()
        octets = bytearray()
        while count:
            number, start = divmod(at, _CONTENT)
            if number != self._number:
                self._load(number)
            piece = memoryview(self._block)[start : min(start + count, _CONTENT)]
            octets.extend(piece)
            at, count = at + len(piece), count - len(piece)
        return octets

    def _load(self, number):
        self._number = None
        try:
            self._file.seek(number * _BLOCK)
            count = self._file.readinto(self._block)
        except OSError:
            count = 0
        crc = 0
        for octet in self._block[_CONTENT:]:
            crc = crc << 8 | octet
        if count != _BLOCK or binascii.crc32(memoryview(self._block)[:_CONTENT]) != crc:
            raise _damage()
        self._number = number

    def row(self, index):
        """(key, place of the record) of a row."""
        row = self.read(_HEADER + index * _ROW, _ROW)
        return row[0] << 16 | row[1] << 8 | row[2], row[3] << 8 | row[4]

    def record(self, at):
        """The record at a place, as `find` returns it."""
        texts = bytes(self.read(at, max(0, min(_RECORD, self._octets - at)))).split(b"\0", len(_FIELDS))
        if at < _HEADER + self.rows * _ROW or len(texts) <= len(_FIELDS):
            raise _damage()
        try:
            found = {name: text.decode() for name, text in zip(_FIELDS, texts) if text}  # noqa: B905
        except UnicodeError:
            raise _damage()
        if "mmsc" in found:
            found["mmsc"] = "http://" + found["mmsc"]
        return found


def _damage():
    return BearerError("operators", None, _NAME + " is damaged: copy it anew")
