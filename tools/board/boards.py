"""The boards in drivers/board, as a PC reads them: with the constants that no board has in its .mpy file."""

import importlib
import sys

from tools.programs import ROOT

PC = "pc"


def names():
    """The names of the boards that have pins, sorted."""
    files = sorted((ROOT / "drivers/board").glob("*.py"))
    return [path.stem for path in files if getattr(load(path.stem), "PLATFORM", PC) != PC]


def load(name):
    """The module of a board."""
    return importlib.import_module("drivers.board." + name)


def psram(board):
    """The kind of PSRAM that a board's module has: "octal", "quad" or ""."""
    return ("octal" if "OCT" in board._FIRMWARE[1] else "quad") if board._PSRAM else ""


def faults(name):
    """A sentence for each pin that a board names and that cannot work: see drivers/board/pins.py."""
    board, pins = load(name), importlib.import_module("drivers.board.pins")
    rows = pins.named(board)
    for part, end, pin in board._WIRING:
        if part == "modem" and end in ("RST", "PWRKEY"):
            rows.append((part, "key", number(pin), None))
    return pins.faults(rows, board._CHIP, psram(board))


def number(pin):
    """The number of a pin as it is printed on a board ("GP4" is 4), or None for a supply."""
    digits = pin.removeprefix("GP").removeprefix("IO")
    return int(digits) if digits.isdigit() else None


def main():
    """Print the faults of all boards; the number of boards that have some."""
    bad = 0
    for name in names():
        found = faults(name)
        bad += bool(found)
        print("%s: %s" % (name, "; ".join(found) or "its pins can work"))
    return bad


if __name__ == "__main__":
    sys.exit(main())
