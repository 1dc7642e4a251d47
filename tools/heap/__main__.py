"""How much heap the whole program keeps on a 32-bit board from .mpy files, and what keeps it.

It is main.py with the drivers of an RP2040, on MicroPython under node, in the lab's network and in virtual time.
"""

import argparse
import sys

from tools import npm
from tools.heap import kinds, measure, modules
from tools.heap.process import Failed


def _modules(kept):
    """Print a row for each module that is loaded after a start."""
    with measure.board() as board:
        modules.trace(board)
        measure.start(board)
        wanted = modules.order(board)
    with measure.board() as board:
        rows = modules.each(board, wanted)
    print("%7s %6s  %s" % ("octets", "names", "module, without those that it imports"))
    for name, octets, names in rows:
        if octets:
            print("%7d %6d  %s" % (octets, names, name))
    print("%7d %6d  all modules" % (sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print("%7d         asyncio" % (board.at_start["loop"] - board.at_start["bare"]))
    print("%7d         objects, buffers and tasks; names of rooms that left" % (kept - sum(row[1] for row in rows)))


def _kinds(board):
    """Print the octets of each kind of object in the heap, those of the simulated board included."""
    found = kinds.kinds(board)
    for kind in sorted(found, key=lambda kind: -found[kind]):
        print("%7d %s" % (found[kind], kind))


def main():
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.heap", description=__doc__)
    parser.add_argument("--modules", action="store_true", help="also what each module keeps that is loaded then")
    parser.add_argument("--kinds", action="store_true", help="also what lies in the heap: bytecode, tables, buffers")
    parser.add_argument("--rounds", type=int, default=0, help="also after so many rounds of every command and error")
    parser.add_argument("--large", type=int, default=0, metavar="OCTETS", help="also what such a message adds")
    given = parser.parse_args()
    try:
        with measure.board() as board:
            meter = measure.Meter(board)
            measure.start(board)
            kept = meter.kept()
            print("%7d octets kept after start, idle, before any command" % kept)
            print("%7d octets of them in the heap when frozen: without code, constants and names" % meter.frozen())
            print("%7d names interned" % meter.names())
            if given.kinds:
                _kinds(board)
            if given.rounds or given.large:
                measure.prepare(board)
            if given.large:
                more, peak = measure.large(board, meter, given.large)
                print("%7d octets kept more by a message of %d octets out and in" % (more, given.large))
                print("%7d octets more in use while they move, at most" % peak)
            for number, octets in enumerate(measure.rounds(board, meter, given.rounds), 1):
                print("%7d octets kept after round %d" % (octets, number))
            if given.rounds:
                print("%7d names interned then" % meter.names())
        if given.modules:
            _modules(kept)
    except npm.Missing as error:
        sys.exit("tools.heap needs %s" % error)
    except Failed as error:
        sys.exit("tools.heap: %s" % error)


if __name__ == "__main__":
    main()
