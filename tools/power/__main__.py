"""Power cuts: the handset loses its power after each operation on its flash, which is done whole or torn.

A workload (a message sent, one received, its notification again, a full store) runs once on littlefs over a flash in
memory, inside MicroPython, from the .mpy files that boards get. Each flash operation is recorded, and between them
each fact that the SIM, the MMSC and the user learn. The handset is then switched on with the flash that each beginning
of this history leaves; the promises of tools/power/promises.py must hold, and the recoveries are cut in the same way.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from tools.board import size
from tools.programs import ROOT, micropython

HEAP = "6m"
PARTS = 4  # of the work on one size of pages
# {octets of a page, as littlefs has it on the ESP32 and on the RP2040: (every, step)}: every `every`th recovery is cut,
# too, at each `step`th of its images.
NEVER = (10**9, 1)
USUAL = {32: NEVER, 256: (2, 7)}
FULL = {32: (1, 1), 256: (1, 1)}


class Failed(Exception):
    """The workload itself did not run: the text is its output."""


def cut(lib, page, part=0, parts=1, again=NEVER, broken=""):
    """The counts of tools/power/cuts.py for one part of the images; `lib` is a folder with the handset's .mpy files.

    Raises Failed.
    """
    words = [lib, page, part, parts, *again] + ([broken] if broken else [])
    command = [*micropython(), "-X", "heapsize=" + HEAP, "tools/power/cuts.py", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise Failed((done.stdout + done.stderr).strip()) from None


def run(again=USUAL, every=1):
    """Every `every`th image, on all cores: {"operations", "images", "nested", "broken", "seconds"}; raises Failed."""
    began = time.monotonic()
    total, broken = dict.fromkeys(("operations", "images", "nested"), 0), []
    parts = PARTS * every
    jobs = [(page, part) for page in again for part in range(0, parts, every)]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        size.compile(pathlib.Path(folder))
        futures = [(page, part, pool.submit(cut, folder, page, part, parts, again[page])) for page, part in jobs]
        for page, part, future in futures:
            counted = future.result()
            total["operations"] += counted["operations"] if part == 0 else 0
            for key in ("images", "nested"):
                total[key] += counted[key]
            broken += ["pages of %d octets, %s" % (page, what) for what in counted["broken"]]
    return {**total, "broken": broken, "seconds": time.monotonic() - began}


def main():
    """Print the results; the exit status is 0 when no promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.power", description=__doc__)
    parser.add_argument("--full", action="store_true", help="cut every recovery: more than 100,000 images")
    given = parser.parse_args()
    if not micropython():
        parser.error("PyPI has no MicroPython for this machine")
    try:
        total = run(FULL if given.full else USUAL)
    except Failed as error:
        parser.exit(1, "the workload did not run: %s\n" % error)
    for what in total["broken"]:
        print(what)
    print(
        "%(operations)d flash operations; %(images)d images, %(nested)d of them cut in a recovery;" % total,
        "%d promises broken; %.0f s" % (len(total["broken"]), total["seconds"]),
    )
    return 1 if total["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
