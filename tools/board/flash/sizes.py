"""Octets of .mpy on a board: a line a room, each floor, and what each feature costs. `make size BOARD=name` runs it."""

import argparse
import sys

from tools.board import size
from tools.board.flash import features, sets
from tools.board.flash.line import FlashError
from tools.board.flash.program import pack

USUAL_BOARD = "lilygo_tcall"


def rows(plan):
    """The lines of the table."""
    octets = {source: len(sets.compiled(source)) for source in sorted(plan.sources)}
    for source, count in octets.items():
        yield "%7d  %s" % (count, source)
    for floor in size.FLOORS:
        yield "%7d  %s" % (sum(count for source, count in octets.items() if size.floor(source) == floor), floor)
    others = {path: len(content) for path, content in plan.files().items() if not path.endswith(".mpy")}
    for path, count in others.items():
        yield "%7d  %s" % (count, path)
    yield "%7d  .mpy in all" % sum(octets.values())
    yield "%7d  of all files on the line, packed" % sum(len(pack(content)[0]) for content in plan.files().values())
    yield ""
    for feature in features.FEATURES:
        state = "with" if feature.name in plan.names else "without"
        yield "%7d  %-12s %-7s  %s" % (plan.cost(feature.name), feature.name, state, feature.lost)


def main():
    """Print the table of a board."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.flash.sizes", description=__doc__)
    parser.add_argument("board", nargs="?", default=USUAL_BOARD, help="a file in drivers/board")
    try:
        print("\n".join(rows(sets.Plan(parser.parse_args().board, {}))))
    except FlashError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
