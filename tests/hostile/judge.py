"""What came of hostile inputs, the same on every interpreter: one line a door, for tests to compare."""

import gc
import hashlib
import time

from tests.codec.mutants import plain

SLOW_MS = 50


def milliseconds():
    """A clock that only runs on."""
    return time.ticks_ms() if hasattr(time, "ticks_ms") else time.monotonic() * 1000


def as_a_board():
    """Collect as early as main.py does, so that the heap stays in large pieces."""
    if hasattr(gc, "mem_free"):
        gc.threshold(16384)


def judge(name, door, inputs, slow_ms=SLOW_MS):
    """Put each input through a door; print: inputs, values, refusals, how deep refused ones were read, a digest.

    `door(octets)` gives (None, value), or (quarter from 0 to 3 in which it was refused, what is said of that).
    Whatever it raises is a fault, and so is more than `slow_ms`: a line that begins with "crash" or "slow".
    """
    digest = hashlib.sha256()
    values = refused = 0
    depths = [0, 0, 0, 0]
    for octets in inputs:
        began = milliseconds()
        try:
            depth, result = door(octets)
        except Exception as error:
            print("crash", name, type(error).__name__, error, octets.hex())
            depth, result = 0, "crash"
        if depth is None:
            values += 1
        else:
            refused += 1
            depths[depth] += 1
        if milliseconds() - began > slow_ms and _slow(door, octets, slow_ms):
            print("slow", name, octets.hex())
        digest.update(plain(result) + b"\n")
        octets = result = None
        gc.collect()  # the next one begins in a heap that is in order
    quarters = "/".join([str(depth) for depth in depths])
    print(name, values + refused, values, refused, quarters, digest.digest().hex()[:16])


def _slow(door, octets, slow_ms):
    """Whether it is slow again and again: the first times, something else may have run."""
    for _ in range(10):
        gc.collect()
        began = milliseconds()
        try:
            door(octets)
        except Exception:  # it was told already
            pass
        if milliseconds() - began <= slow_ms:
            return False
    return True
