"""A flash chip in memory that remembers what was done to it, so that power can fail after every operation.

A history is a list of what happened, in order: (PROGRAM, address, octets), (ERASE, address) and (FACT, ...), which is
a fact that the world outside learned at that moment (outside.py).
"""

PROGRAM, ERASE, FACT = 0, 1, 2
BLOCK = 4096
BLOCKS = 48

_COUNT, _SIZE, _ERASE = 4, 5, 6  # requests of ioctl


class Flash:
    """A block device for littlefs, programmed in pages; `history` is a list that gets every operation, or None."""

    def __init__(self, page, octets=None):
        self.page = page
        self.octets = octets if octets is not None else bytearray(b"\xff" * (BLOCK * BLOCKS))
        self.history = None
        self._view = memoryview(self.octets)

    def readblocks(self, block, buffer, offset=0):
        start = block * BLOCK + offset
        buffer[:] = self._view[start : start + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        self._do((PROGRAM, block * BLOCK + offset, bytes(buffer)))

    def ioctl(self, request, argument):
        if request == _COUNT:
            return BLOCKS
        if request == _SIZE:
            return BLOCK
        if request == _ERASE:
            self._do((ERASE, argument * BLOCK))
        return 0

    def _do(self, operation):
        if self.history is not None:
            self.history.append(operation)
        apply(self.octets, operation)


def apply(octets, operation, torn=False):
    """Do an operation to a chip's octets; `torn` does the first half of it."""
    if operation[0] == FACT:
        return
    start, done = operation[1], operation[2] if operation[0] == PROGRAM else _ERASED
    count = len(done) // 2 if torn else len(done)
    octets[start : start + count] = memoryview(done)[:count]


_ERASED = b"\xff" * BLOCK
