"""Times of whole flashes over a paced pty, MicroPython's unix port as the board: `python -m tests.kit.board.speed`.

The set of each board is what it gets by itself; "+all" after its name is the largest: each feature, and the page.
"""

import pathlib
import sys
import tempfile
import time

from tests.kit.board.unix_board import UnixBoard
from tools.board.flash import features, sets
from tools.board.flash.line import Board
from tools.board.flash.program import Program


def measure(name, baud):
    """(octets of the set, those on the line, seconds of a first flash, of a second one) for a board at a speed."""
    name, _, more = name.partition("+")
    plan = sets.Plan(name, {}, features.NAMES if more else ())
    files = dict(plan.files(), **{"settings.json": b"{}"})
    with tempfile.TemporaryDirectory() as folder, UnixBoard(pathlib.Path(folder), speed=baud) as board:
        times = []
        for _ in range(2):
            began = time.monotonic()
            with Board(board.port, baud) as line:
                program = Program(line)
                program.update(files, lambda octets: None, None)
            times.append(time.monotonic() - began)
        sent = sum(len(program.wire(octets)[0]) for octets in files.values())
    return sum(map(len, files.values())), sent, *times


def main():
    """Print a line for each board and speed."""
    for name in sys.argv[1:] or ("lilygo_tcall", "lilygo_tcall+all", "pico_sim800"):
        for baud in (115200, 921600):
            octets, sent, first, second = measure(name, baud)
            row = name, baud, octets, sent, sent * 10 / baud, first, second
            print("%-16s %7d bit/s %7d octets, %7d sent: wire %5.1f s, flash %5.1f s, again %4.1f s" % row)


if __name__ == "__main__":
    main()
