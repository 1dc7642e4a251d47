"""The memory of each module: the modules that a start imports are imported one by one on another board."""

import re

# `order` gets the name of each module once it and all that it imports are there.
_TRACE = """
import builtins, sys
order = []
_import = __import__
def _traced(name, *rest):
    module = _import(name, *rest)
    for other in sys.modules:
        if other not in order and (other == name or name.startswith(other + ".")):
            order.append(other)
    for word in rest[2] if len(rest) > 2 and isinstance(rest[2], tuple) else ():
        if name + "." + word in sys.modules and name + "." + word not in order:
            order.append(name + "." + word)
    return module
builtins.__import__ = _traced
"""


def names(board):
    """(number of interned names, octets that they and their table take) on a board."""
    board.python("import micropython; micropython.qstr_info()")
    found = re.search(r"n_qstr=(\d+), n_str_data_bytes=\d+, n_total_bytes=(\d+)", board.text.pop())
    return int(found[1]), int(found[2])


def trace(board):
    """Let a board that has not started note the order in which modules are imported."""
    board.python(_TRACE)


def order(board):
    """The modules that a traced board has imported and still has, each behind those that it imports."""
    return board.expression("[name for name in order if name in sys.modules]")


def each(board, wanted):
    """[(module, octets, names)] of the modules `wanted`, imported in that order on a board that has not started."""
    rows = []
    octets, (count, _) = board.kept(), names(board)
    for name in wanted:
        board.python("import " + name)
        after, (names_after, _) = board.kept(), names(board)
        rows.append((name, after - octets, names_after - count))
        octets, count = after, names_after
    return rows
