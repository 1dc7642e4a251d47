"""The octets of a board's heap by kind: blocks are read as MicroPython 1.27 lays them out on 32 bits (py/obj*.h).

The kinds in CODE stay in flash when the program is frozen or in ROMFS. Nothing of the program may run meanwhile.
"""

import struct

_TYPES = (
    "{'text': id(str), 'octets': id(bytes), 'bytearray': id(bytearray), 'dict': id(dict), 'list': id(list),"
    " 'tuple': id(tuple), 'class': id(type), 'function': id(type(lambda: 0)), 'coroutine function':"
    " id(type(lambda: (yield))), 'generator': id(type((lambda: (yield))())), 'module': id(type(__import__('ground'))),"
    " 'task': id(__import__('asyncio').core.Task)}"
)
_BLOCK, _PIECE = 16, 8192
_FIRST = (20, 40, 80, 160, 320, 640, 1280, 2560)  # names in each table of names
CODE = ("bytecode", "nested code", "constants", "constant texts", "names")


class _Heap:
    """A copy of the heap: `blocks` is {address: octets of the block}, `kinds` {address: its kind}, as far as known."""

    def __init__(self, board):
        before = len(board.text)
        board.python("import micropython, uctypes; micropython.mem_info(1)")
        lines = [line.strip() for line in board.text[before:]]
        del board.text[before:]
        self.blocks = self._blocks(lines)
        self.types = {address: name for name, address in board.expression(_TYPES).items()}
        self.octets = {}  # of each piece of memory that has blocks
        for number in sorted({(at + n) // _PIECE for at in self.blocks for n in range(0, self.blocks[at], _BLOCK)}):
            piece = "__import__('binascii').hexlify(uctypes.bytearray_at(%d, %d)).decode()" % (number * _PIECE, _PIECE)
            self.octets[number] = bytes.fromhex(board.expression(piece))
        self.kinds = {}

    def _blocks(self, lines):
        found, last, base = {}, None, 0
        for line in lines:
            if "from " in line:  # another area
                base = int(line.split("from ")[1].rstrip(":"), 16)
            address, _, cells = line.partition(": ")
            if len(address) != 8 or not cells or " " in cells:
                last = None
                continue
            for n, cell in enumerate(cells):
                at = base + int(address, 16) + n * _BLOCK
                if cell == "=" and last is not None:
                    found[last] += _BLOCK
                elif cell not in ".=":
                    found[at] = _BLOCK
                    last = at
                else:
                    last = None
        return found

    def word(self, at):
        return struct.unpack_from("<I", self.octets[at // _PIECE], at % _PIECE)[0]

    def words(self, at):
        return [self.word(at + n) for n in range(0, self.blocks[at], 4)]

    def mark(self, at, kind):
        """Note the kind of the block at an address; False when there is no block, or its kind is known already."""
        if at in self.blocks and at not in self.kinds:
            self.kinds[at] = kind
            return True
        return False

    def code(self, at):
        """Mark nested code: the table of the functions inside a function, and theirs."""
        if self.mark(at, "nested code"):
            for inner in self.words(at):
                if (
                    inner in self.blocks
                    and self.types.get(self.word(inner)) is None
                    and self.mark(inner, "nested code")
                ):
                    self.mark(self.word(inner + 4), "bytecode")
                    self.code(self.word(inner + 8))

    def constant(self, at):
        """Mark a text or tuple of a module's constants, with its parts."""
        kind = self.types.get(self.word(at)) if at in self.blocks else None
        if kind in ("text", "octets"):
            self.mark(at, "constant texts")
            self.mark(self.word(at + 12), "constant texts")
        elif kind == "tuple":
            self.mark(at, "constants")
            for inner in self.words(at)[2:]:
                self.constant(inner)

    def names(self):
        """Mark the tables of interned names, and their letters."""
        starts = {at + n: at for at, octets in self.blocks.items() for n in range(0, octets, _BLOCK)}
        for at, octets in list(self.blocks.items()):
            if octets < 24 + _FIRST[0] * 7:
                continue
            words = self.words(at)
            if words[2] in _FIRST and words[3] <= words[2] and at < words[4] < at + octets:
                self.mark(at, "names")
                for letters in words[6 : 6 + words[3]]:
                    self.mark(starts.get(letters // _BLOCK * _BLOCK), "names")


def kinds(board):
    """{kind: octets} of all that is in use on a board after a collection."""
    board.kept()
    heap = _Heap(board)
    heap.names()
    for at in heap.blocks:
        kind = heap.types.get(heap.word(at))
        if kind == "module":
            qstrs, objects = heap.words(at)[2:4]
            if heap.mark(qstrs, "constants"):  # one block for both: names, then objects
                for n in range(objects, qstrs + heap.blocks.get(qstrs, 0), 4):
                    heap.constant(heap.word(n))
        elif kind in ("function", "coroutine function"):
            heap.mark(heap.word(at + 12), "bytecode")
            heap.code(heap.word(at + 8))
    parts = {"dict": (12, "tables of dicts"), "list": (12, "items of lists"), "bytearray": (12, "buffers")}
    for at in heap.blocks:
        kind = heap.types.get(heap.word(at))
        if kind in parts:
            heap.mark(heap.word(at + parts[kind][0]), parts[kind][1])
    found = {}
    for at, octets in heap.blocks.items():
        kind = heap.kinds.get(at) or heap.types.get(heap.word(at), "objects and all else")
        found[kind] = found.get(kind, 0) + octets
    return found


def code(found):
    """Octets that a frozen program leaves in flash."""
    return sum(found.get(kind, 0) for kind in CODE)
