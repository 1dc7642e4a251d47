"""The commands that start the project's programs: MicroPython, if it is installed, and main.py on an interpreter."""

import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKOUT = (ROOT / "lib").is_dir()  # the package micropython_mms of the wheel has no lib: mms is beside it
# Programs write into the checkout's build/, or where there is none into a folder of the one that the user is in.
BUILD = ROOT / "build" if CHECKOUT else pathlib.Path("micropython-mms").absolute()
COMMAND = "mms"  # sys.argv[0] of a tool that the command has started
HEAP = "256k"  # of 64-bit objects: twice what a board needs
_RUN = "import sys, micropython_unix; sys.exit(micropython_unix.main())"


def micropython():
    """The words that start MicroPython's unix port, or None where PyPI has none for the machine, and for the wheel.

    The script that pip writes for it is not used: its first line names the folder of the venv, so it fails when that
    folder is renamed or its name is longer than a first line may be.
    """
    return [sys.executable, "-c", _RUN] if CHECKOUT and importlib.util.find_spec("micropython_unix") else None


def called(tool):
    """The words by which the user has started a tool, for its help: "mms lab", or "python -m tools.lab"."""
    return "mms " + tool if sys.argv[0] == COMMAND else "python -m tools." + tool


def examples(tool, *words):
    """The last lines of a tool's help: what may be said behind its name, an example a line."""
    return "\n".join(["examples:", *("  %s %s" % (called(tool), each) for each in words)])


def interpreter(heap=HEAP):
    """The words that run main.py from the root: on MicroPython with a heap of that size, or else on CPython."""
    if micropython():
        return [sys.executable, "-m", "tools.board.rom", "-X", "heapsize=" + heap]
    return [sys.executable, "main.py"]


def handset():
    """The words by which a person starts main.py, from any folder: on MicroPython, or else on CPython."""
    return [str(ROOT / "mms"), "board.rom"] if micropython() else [sys.executable, str(ROOT / "main.py")]
