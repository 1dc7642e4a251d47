"""How fast the codec is, beside others: `make bench`, or `python -m tools.bench`.

All is measured in one run on one machine. Exit code 1 when a target is missed.
"""

import array
import contextlib
import logging
import os
import subprocess
import sys

from tools import rom

sys.path.append(str(rom.ROOT / "lib"))  # last: construct is PyPI's here

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from tools.bench import declaration  # noqa: E402
from tools.bench import inside as room
from tools.pdu import board  # noqa: E402
from tools.phone import micropython  # noqa: E402

PROGRAM = ("tools/bench/inside.py", *board.PROGRAM[1:])
HEAP = "2m"
FASTER = 20  # times python-messaging, at least
RATIO = 0.8  # of the time of PyPI's construct on CPython, at most
ROUNDS = 3  # the best of so many: other programs only ever make it slower


def _rows(command):
    done = subprocess.run(command, cwd=rom.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: (float(time), int(octets)) for name, time, octets in rows}


def measure(inside):
    """{name: (microseconds, octets)}, on CPython or inside MicroPython; of some rounds the best."""
    command = [sys.executable, "-m", "tools.bench", "--inside" if inside else "--here"]
    rounds = [_rows(command) for _ in range(ROUNDS)]
    return {name: min(one[name] for one in rounds) for name in rounds[0]}


def least(verb, times):
    """Microseconds of `verb()`, of some rounds the best."""
    return min(room.microseconds(verb, times) for _ in range(ROUNDS))


def messaging():
    """Microseconds in which python-messaging decodes the same large PDU, or None where it is not."""
    try:
        from messaging.mms.message import MMSMessage
    except ImportError:
        return None
    logging.disable()
    octets = array.array("B", room.retrieval())
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        return least(lambda: MMSMessage.from_data(octets), 3)


def main():
    """Measure, print, and judge by the targets."""
    here = measure(False)
    inside = measure(True) if micropython() else {}
    declared = least(lambda: declaration.HEADERS.parse(room.NOTIFICATION), 1000)
    theirs = messaging()
    table = Table(title="MM1 and its body")
    for column in ("what", "CPython, µs", "MB/s", "MicroPython, µs", "MB/s"):
        table.add_column(column, justify="left" if column == "what" else "right")
    others = {"parse-notification": ("PyPI's construct", declared), "parse-retrieval": ("python-messaging", theirs)}
    for name, (time, octets) in here.items():
        there = inside.get(name, (None,))[0]
        cells = ["%.1f" % time, "%.1f" % (octets / time)]
        cells += ["%.1f" % there, "%.2f" % (octets / there)] if there else ["-", "-"]
        table.add_row(name.replace("-", " "), *cells)
        other, time = others.get(name, (None, None))
        if time:
            table.add_row("  by " + other, "%.1f" % time, "%.1f" % (octets / time), "-", "-")
    console = Console()
    console.print(table)
    met = []
    if theirs:
        times = theirs / here["parse-retrieval"][0]
        met.append(times >= FASTER)
        console.print("A PDU of 100 KB: %.0f times as fast as python-messaging (at least %d)" % (times, FASTER))
    if inside:
        ratio = inside["parse-notification"][0] / declared
        met.append(ratio <= RATIO)
        console.print(
            "M-Notification.ind: the codec on MicroPython takes %.2f of the time that PyPI's construct takes on CPython"
            " for a declaration of the same PDU (at most %.1f)" % (ratio, RATIO)
        )
    return 0 if met and all(met) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        sys.exit(rom.main(["-X", "heapsize=" + HEAP], PROGRAM))
    elif sys.argv[1:] == ["--here"]:
        room.main()
    else:
        sys.exit(main())
