"""Figures of the whole program: octets of heap above the bare interpreter's, as a board has it."""

import contextlib
import json
import pathlib
import tempfile

from tools.board import size
from tools.heap import install, kinds, modules, scenario, world
from tools.heap.process import Board, Failed

READY_MS = 60000
IDLE_MS = 120000  # until nothing is under way any more
REST_MS = 600000  # until nothing is under way any more after a whole round
_FIRST_POOL, _NAME = 20, 7  # names in the first table, and octets for each: two of hash, one of length, a pointer
_IN_ROM = 30  # names that MicroPython under node has in ROM and a board has not
_HEAD = 32  # octets of a table itself
_CODEC_LEAVES = "from mms.handset import rooms; rooms.rest(True)"


def table(count):
    """Octets of the tables for so many interned names: each is twice as large as the one before."""
    octets, pool = 0, _FIRST_POOL
    while count > 0:
        octets += _HEAD + pool * _NAME
        count -= pool
        pool *= 2
    return octets


@contextlib.contextmanager
def board(settings=None, put=None):
    """A Board with the compiled program and its settings in the flash; nothing of it has run.

    `put(folder)` puts more files into the flash.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        size.compile(folder)
        if put:
            put(folder)
        (folder / "settings.json").write_text(json.dumps(settings or world.SETTINGS))
        with Board(install.micropython(), folder) as ready:
            yield ready


def start(board):
    """Run the program until its handset has been ready, and idle, for a while; raises Failed."""
    board.start()
    if not board.run(READY_MS, lambda: any("ready" in line for line in board.text)):
        raise Failed("not ready: %s" % board.text)
    board.run(IDLE_MS)


def prepare(board):
    """Give a started board an album with a file, and let its console speak JSON."""
    board.python("import os\nos.mkdir('album')\nwith open('album/note.txt', 'w') as _file:\n    _file.write('note')")
    board.type('{"do": "mode", "mode": "json"}')
    board.run(1000)


def rounds(board, meter, count):
    """Octets kept, idle, after each of so many rounds of scenario.py."""
    kept = []
    for number in range(1, count + 1):
        scenario.Round(board, number).play()
        board.run(REST_MS)
        kept.append(meter.kept())
    return kept


def large(board, meter, octets):
    """(octets kept more, the peak of octets in use more) by a message of so many octets out and one in.

    A small message goes each way before, so that the names that they need are known; then the codec leaves, as it does
    in an idle program.
    """
    one = scenario.Round(board, 1)
    one.large(1000)
    board.run(IDLE_MS)
    board.python(_CODEC_LEAVES)
    before = meter.kept()
    board.watch()
    peak = board.peak
    one.large(octets)
    board.run(IDLE_MS)
    board.python(_CODEC_LEAVES)
    return meter.kept() - before, board.peak - peak


class Meter:
    """Measures a board against its state before the program was started."""

    def __init__(self, board):
        self._board = board
        at_start, self._code = board.at_start, kinds.code(kinds.kinds(board))
        self._names, _ = modules.names(board)
        self._before = board.kept() - (at_start["loop"] - at_start["bare"])

    def names(self):
        """Names that the program interns on a board."""
        return modules.names(self._board)[0] - self._names + _IN_ROM

    def kept(self):
        """Octets that the program keeps, asyncio and the UARTs' buffers with it.

        The simulated board interns names, too: the table of names counts as large as it would be without those.
        """
        used, names = self._board.kept(), self.names()
        return used - self._before - table(names - _IN_ROM + self._names) + table(self._names) + table(names)

    def frozen(self):
        """Octets that the program would keep if it were frozen: without those of its code, constants and names."""
        return self._board.kept() - self._before - kinds.code(kinds.kinds(self._board)) + self._code
