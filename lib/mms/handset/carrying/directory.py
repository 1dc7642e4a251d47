"""The operators of the world: assets/operators.bin, whose format tools/operators.py has; loaded for a SIM that the
settings lack.
"""

from mms.handset import rooms
from mms.limits import const

_NAME = const("assets/operators.bin")
_HEADER = const(32)
_ROW = const(5)
_RECORD = const(256)  # the longest record
_FIELDS = const(("name", "apn", "mmsc", "proxy", "user", "password", "auth"))


def find(code):
    """The candidates of a network by its code of five or six digits, in the order in which they are to be tried.

    Each is a dict with those of _FIELDS that it has; one without `mmsc` is a note on what has ended, in its `name`.
    Raises BearerError when the file is absent or damaged.
    """
    with rooms.blocks.Blocks(_NAME, "operators", _HEADER) as file:
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


class _Book:
    """The content of the file: `rows` of its index, then records."""

    def __init__(self, file):
        self._file = file
        header = file.read(0, _HEADER)
        self.rows, octets = header[5] << 8 | header[6], header[7] << 8 | header[8]
        if header[:5] != b"MMSO\1" or octets < _HEADER + self.rows * _ROW:
            raise file.damage()
        file.octets = octets

    def row(self, index):
        """(key, place of the record) of a row."""
        row = self._file.read(_HEADER + index * _ROW, _ROW)
        return row[0] << 16 | row[1] << 8 | row[2], row[3] << 8 | row[4]

    def record(self, at):
        """The record at a place, as `find` returns it."""
        file = self._file
        texts = bytes(file.read(at, max(0, min(_RECORD, file.octets - at)))).split(b"\0", len(_FIELDS))
        if at < _HEADER + self.rows * _ROW or len(texts) <= len(_FIELDS):
            raise file.damage()
        try:
            found = {name: text.decode() for name, text in zip(_FIELDS, texts) if text}  # noqa: B905
        except UnicodeError:
            raise file.damage()
        if "mmsc" in found:
            found["mmsc"] = "http://" + found["mmsc"]
        return found
