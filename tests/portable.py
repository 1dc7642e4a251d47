"""The portable tests inside MicroPython's unix port: one process a file, under a bounded heap.

`python -m tests.portable [FILE or FOLDER...]` runs them all, or some. A portable test file does
not import pytest.
"""

import os
import re
import subprocess
import sys

from tools.phone import ROOT, micropython

ROOMS = ("construct", "codec", "link", "handset", "drivers", "lab")
HEAP = {"lab": "4m"}  # the lab runs on a PC
BOARD_HEAP = "1m"  # 64-bit objects, and tests compiled from source beside what they test
SECONDS = 120


def files(rooms=ROOMS):
    """The portable test files of `rooms`, as paths from the root."""
    found = []
    for room in rooms:
        for path in sorted((ROOT / "tests" / room).rglob("test_*.py")):
            if not re.search(r"^\s*(import|from) pytest\b", path.read_text(), re.MULTILINE):
                found.append(str(path.relative_to(ROOT)))
    return found


def run(path):
    """Run one file inside MicroPython: a CompletedProcess with all that it printed in `stdout`."""
    heap = HEAP.get(path.split(os.sep)[1], BOARD_HEAP)
    command = [micropython(), "-X", "heapsize=" + heap, "tests/inside.py", path]
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
