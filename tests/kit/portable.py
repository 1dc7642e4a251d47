"""The portable tests inside MicroPython's unix port: one process a file, under a bounded heap.

`python -m tests.kit.portable [FILE or FOLDER...]` runs them all, or some. A test file is portable when
it imports nothing that MicroPython lacks, pytest first of all.
"""

import os
import re
import subprocess
import sys

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


def run(path):
    """Run one file inside MicroPython: a CompletedProcess with all that it printed in `stdout`."""
    heap = HEAP.get(path.split(os.sep)[1], BOARD_HEAP)
    command = [*micropython(), "-X", "heapsize=" + heap, "tests/kit/inside.py", path]
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
