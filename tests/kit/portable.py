"""The portable tests inside MicroPython's unix port: one process a file, under a bounded heap.

`python -m tests.kit.portable [FILE or FOLDER...]` runs them all, or some. A test file is portable when
it imports nothing that MicroPython lacks, pytest first of all.
"""

import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tools.board import size
from tools.programs import ROOT, micropython

ROOMS = ("construct", "codec", "hostile", "link", "handset", "drivers", "lab")
OURS = {"construct", "drivers", "mms", "tests", "tools"}
THEIRS = {"asyncio", "binascii", "gc", "hashlib", "io", "json", "os", "random", "struct", "sys", "time"}
MODULES = OURS | THEIRS
HEAP = {"lab": "4m"}  # the lab runs on a PC
BOARD_HEAP = "1m"  # 64-bit objects, and tests compiled from source beside what they test
SECONDS = 120


def portable(path):
    """True when a test file imports nothing that MicroPython lacks."""
    tops = re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(), re.MULTILINE)
    return set(tops) <= MODULES


def files(rooms=ROOMS):
    """The portable test files of `rooms`, as paths from the root."""
    found = [path for room in rooms for path in sorted((ROOT / "tests" / room).rglob("test_*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in found if portable(path)]


@functools.cache
def compiled():
    """The folder of lib/ and drivers/ as .mpy files with the numbers of their lines; a new one when a source changes.

    Rooms are loaded again and again, and from their source that takes most of a test's time.
    """
    digest = hashlib.sha256()
    for path in [pathlib.Path(size.__file__), *size.sources()]:
        digest.update(b"%s\0%s\0" % (path.relative_to(ROOT).as_posix().encode(), path.read_bytes()))
    wanted = ROOT / "build" / "portable" / digest.hexdigest()[:16]
    if not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        folder = pathlib.Path(tempfile.mkdtemp(dir=wanted.parent))
        size.compile(folder, lines=True)
        try:
            folder.rename(wanted)
        except OSError:
            shutil.rmtree(folder)  # another worker was faster
    return wanted


def run(path):
    """Run one file inside MicroPython: a CompletedProcess with all that it printed in `stdout`."""
    heap = HEAP.get(path.split(os.sep)[1], BOARD_HEAP)
    command = [*micropython(), "-X", "heapsize=" + heap, "tests/kit/inside.py", str(compiled()), path]
    return subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )


def main(arguments):
    """Run the files named, those in the folders named, or all; the number of files that failed."""
    chosen = files()
    if arguments:
        wanted = [os.path.relpath(name, ROOT) for name in arguments]
        chosen = [p for p in chosen if any((p + "/").startswith(name + "/") for name in wanted)]
    bad = 0
    for path in chosen:
        done = run(path)
        print(done.stdout, end="")
        bad += done.returncode != 0
    print("%d files, %d failed" % (len(chosen), bad))
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
