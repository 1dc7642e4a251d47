"""A file of assets/ in blocks of 512 octets, each checked when it is read: 508 of content, then their CRC-32.

The file lies in the folder `assets` of a folder of sys.path: beside main.py, in a board's /lib, or on its flash beside
a frozen program. Only one block of it is in memory at a time.
"""

import binascii
import sys

from mms.errors import BearerError
from mms.limits import const

_BLOCK = const(512)
_CONTENT = const(508)  # octets of a block before its CRC-32


class Blocks:
    """The content of the file `name`, in a `with` block; its errors are BearerErrors of the step `step`.

    `octets` of it can be read: those of the header, until the reader of the header knows how many there are.
    """

    def __init__(self, name, step, octets):
        self._name, self._step = name, step
        self._file = self._open()
        self._block = bytearray(_BLOCK)
        self._number = None  # of the block in memory
        self.octets = octets

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def _open(self):
        for folder in sys.path:
            try:
                return open((folder + "/" if folder else "") + self._name, "rb")
            except OSError:
                pass  # it may be in the next one
        raise BearerError(self._step, None, "there is no " + self._name)

    def read(self, at, count):
        """So many octets of the content; raises BearerError where it has not so many, and for a damaged block."""
        if at + count > self.octets:
            raise self.damage()
        octets = bytearray()
        while count:
            number, start = divmod(at, _CONTENT)
            if number != self._number:
                self.load(number)
            piece = memoryview(self._block)[start : min(start + count, _CONTENT)]
            octets.extend(piece)
            at, count = at + len(piece), count - len(piece)
        return octets

    def load(self, number):
        """Have that block in memory; raises BearerError."""
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
            raise self.damage()
        self._number = number

    def damage(self):
        """The error of a file that is not as it was made."""
        return BearerError(self._step, None, self._name + " is damaged: copy it anew")
