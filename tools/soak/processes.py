"""Processes that play sessions, each on one interpreter, as pieces of work for workers (tools/cluster.py)."""

import contextlib
import json
import os
import subprocess
import sys
import typing

from tools.programs import ROOT

HEAP = "8m"  # of the lab and the handsets together; a larger one takes longer to collect
MOST = 200  # sessions of one piece: a process takes a second to start
_living = set()


class Piece(typing.NamedTuple):
    """The sessions with the seeds `first`, `first` + `step` ...: `count` of them, on one interpreter."""

    interpreter: str
    first: int
    count: int
    step: int
    fault: str | None
    modems: tuple


def cut(interpreters, first, count, jobs, fault, modems):
    """The pieces of the sessions `first` to `first` + `count` - 1: at least `jobs` for each interpreter, if it can be.

    Each session is on the one of `interpreters` that its seed falls to.
    """
    found, step = [], len(interpreters)
    for begin in range(first, min(first + step, first + count)):
        seeds = range(begin, first + count, step)
        most = min(-(-len(seeds) // jobs), MOST)
        for at in range(0, len(seeds), most):
            some = seeds[at : at + most]
            found.append(Piece(interpreters[begin % step], some[0], len(some), step, fault, tuple(modems)))
    return found


def command(piece):
    """The command that plays a Piece and prints one line of JSON for each session."""
    words = [str(piece.first), str(piece.count), str(piece.step), ",".join(piece.modems)]
    words += [piece.fault] if piece.fault else []
    if piece.interpreter == "micropython":
        return [sys.executable, "-m", "tools.soak.board", "-X", "heapsize=" + HEAP, *words]
    return [sys.executable, "-m", "tools.soak.inside", *words]


def start(piece):
    """Start a process with that command; it prints its lines to its standard output."""
    path = os.pathsep.join([str(ROOT), *sys.path[1:], str(ROOT / "lib")])  # lib/ behind PyPI's construct
    around = dict(os.environ, PYTHONPATH=path, PYTHONUNBUFFERED="1", PYTHONHASHSEED="0")
    return subprocess.Popen(command(piece), cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True)


def play(piece):
    """The results of the sessions of a Piece, a list.

    Raises RuntimeError when the process ends early, or when MicroPython does not run the compiled handset.
    """
    process = start(piece)
    _living.add(process)
    try:
        head = json.loads(process.stdout.readline() or "{}")
        shipped = head.get("handset", "").endswith(".mpy")
        if head.get("interpreter") != piece.interpreter or shipped != (piece.interpreter == "micropython"):
            raise RuntimeError("not the handset as it is shipped: %s" % head)
        results = [json.loads(line) for line in process.stdout]
        if len(results) < piece.count:
            raise RuntimeError("the interpreter ended after %d of %d sessions" % (len(results), piece.count))
        return results
    finally:
        _end(process)


def stop():
    """End the processes of all pieces that are played in this process."""
    for process in list(_living):
        _end(process)


def _end(process):
    _living.discard(process)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
