"""How fast the codec is, beside others, and how fast a message goes: `make bench`, or `python -m tools.bench`.

The codec is measured in one run on one machine; messages go by each family of modems and each radio in virtual time,
measured against the bound of tools/bound.py. Exit code 1 when a target is missed.
"""

import argparse
import array
import concurrent.futures
import contextlib
import logging
import os
import subprocess
import sys

from rich.console import Console
from rich.table import Table

from tools.bench import inside as room
from tools.bench import links
from tools.board import rom
from tools.pdu import board
from tools.programs import ROOT, micropython

PROGRAM = ("tools/bench/inside.py", "tools/bench/declaration.py", *board.PROGRAM[1:])
HEAP = "2m"
FASTER = 20  # times python-messaging, at least
RATIO = 0.8  # of the time of PyPI's construct on CPython, at most
ROUNDS = 4  # the best one counts, since other programs on the machine can only make a round slower


def _rows(where):
    """{name: (microseconds, octets)}, `--here` on CPython or `--inside` MicroPython."""
    command = [sys.executable, "-m", "tools.bench", where]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: (float(time), int(octets)) for name, time, octets in rows}


def messaging():
    """The large PDU by python-messaging, as a row; nothing where it is not installed."""
    try:
        from messaging.mms.message import MMSMessage
    except ImportError:
        return {}
    logging.disable()
    octets = array.array("B", room.retrieval())
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        return {"parse-retrieval": (room.microseconds(lambda: MMSMessage.from_data(octets), 1), len(octets))}


def measure():
    """{implementation: {name: (microseconds, octets)}}, the best of ROUNDS rounds."""
    verbs = {
        "CPython": lambda: _rows("--here"),
        "MicroPython": lambda: _rows("--inside") if micropython() else {},
        "python-messaging": messaging,
    }
    best = {who: {} for who in verbs}
    for _ in range(ROUNDS):
        for who, verb in verbs.items():
            for name, row in verb().items():
                best[who][name] = min(row, best[who].get(name, row))
    return best


def _table(best):
    table = Table(title="MM1 and its body")
    for column in ("what", "by", "µs", "MB/s"):
        table.add_column(column, justify="left" if column in ("what", "by") else "right")
    for name in best["CPython"]:
        for who, rows in best.items():
            if name in rows:
                time, octets = rows[name]
                table.add_row(name.replace("-", " "), who, "%.1f" % time, "%.1f" % (octets / time))
    return table


def _judged(best):
    """Yield (a sentence, whether the target is met)."""
    ours, inside = best["CPython"], best["MicroPython"]
    if best["python-messaging"]:
        times = best["python-messaging"]["parse-retrieval"][0] / ours["parse-retrieval"][0]
        yield "A PDU of 100 KB: %.0f times as fast as python-messaging (at least %d)" % (times, FASTER), times >= FASTER
    if inside:
        theirs = ours["declared-notification"][0]
        for name, who in (("declared-notification", "the engine"), ("parse-notification", "the codec")):
            ratio = inside[name][0] / theirs
            sentence = "M-Notification.ind: %s on MicroPython takes %.2f of the time that PyPI's construct takes"
            yield (sentence + " on CPython (at most %.1f)") % (who, ratio, RATIO), ratio <= RATIO


def _messages(sizes):
    """(table of messages of so many octets on all links, [(a sentence, whether the target is met)])."""
    table = Table(title="Messages in virtual time, and how many times the bound they take")
    for column in ("octets", "modem", "radio", "baud", "proxy", "up s", "bound", "down s", "bound"):
        table.add_column(column, justify="left" if column in ("modem", "radio", "proxy") else "right")
    most, asked = 0.0, links.asked(sizes)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for link, result in zip(asked, pool.map(links.measure, *zip(*asked, strict=True)), strict=True):
            times = "%.2f" % result.up, "%.3f" % result.up_ratio, "%.2f" % result.down, "%.3f" % result.down_ratio
            table.add_row(*map(str, link[:-1]), "wsp" if link[-1] else "http", *times)
            most = max(most, result.up_ratio, result.down_ratio)
    return table, [
        ("The slowest message takes %.3f of its bound (at most %.2f)" % (most, links.MOST), most <= links.MOST)
    ]


def main(sizes):
    """Measure, print, and judge by the targets."""
    best = measure()
    console = Console()
    console.print(_table(best))
    messages, met = _messages(sizes)
    console.print(messages)
    judged = list(_judged(best)) + met
    for sentence, _ in judged:
        console.print(sentence)
    return 0 if judged and all(met for _, met in judged) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--here", action="store_true", help="only the codec's rows, on this Python")
    one.add_argument("--inside", action="store_true", help="only the codec's rows, inside MicroPython")
    parser.add_argument("--sizes", type=int, nargs="+", default=links.SIZES, help="octets of the messages' picture")
    given = parser.parse_args()
    if given.inside:
        sys.exit(rom.main(["-X", "heapsize=" + HEAP], PROGRAM))
    elif given.here:
        room.main()
    else:
        sys.exit(main(given.sizes))
