"""The set of files that a board gets: only what its modem, its camera and its settings need, compiled."""

import importlib
import pathlib
import tempfile

from tools.board import size
from tools.board.boards import names
from tools.board.flash.line import FlashError
from tools.board.package import FOR_PCS
from tools.programs import ROOT

STARTER = pathlib.Path(__file__).with_name("starter.py")
OPERATORS = "assets/operators.bin"
PCS = "pc", "lab"
MPY = 6  # the format of what mpy-cross writes


def boards():
    """The names of the boards that can be flashed."""
    return names()


def about(name):
    """The first sentence of a board's docstring."""
    return find(name).__doc__.split(". ")[0].split(".\n")[0]


def find(name):
    """The module of a board; raises FlashError with those there are."""
    if name not in boards():
        raise FlashError("no board %s: BOARD is one of %s" % (name, ", ".join(boards())))
    return importlib.import_module("drivers.board." + name)


def target(source):
    """The path on the board of a source's compiled file."""
    path = "mms_program" if source == "main.py" else source.removeprefix("lib/").removesuffix(".py")
    return "lib/%s.mpy" % path


def sources(board, settings):
    """The sources, from the root, that a board with these settings needs."""
    found = {path.relative_to(ROOT).as_posix() for path in size.sources()} - set(FOR_PCS)
    others = {"drivers/board/%s.py" % other for other in (*boards(), *PCS)} - {"drivers/board/%s.py" % board}
    return sorted(found - others)


def compile(chosen):
    """{path on the board: octets} of sources, main.py and the operators of the world."""
    files = {"main.py": STARTER.read_bytes(), "lib/" + OPERATORS: (ROOT / OPERATORS).read_bytes()}
    with tempfile.TemporaryDirectory() as folder:
        for source in chosen:
            compiled = pathlib.Path(folder, "one.mpy")
            size.compile_one(ROOT / source, compiled)
            files[target(source)] = compiled.read_bytes()
    return files
