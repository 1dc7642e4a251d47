"""What came of hostile inputs, the same on every interpreter: one line a door, for tests to compare."""

import gc
import hashlib

from tests.kit.codec.mutants import plain
from tests.kit.hostile import effort

_IN_A_HEAP = hasattr(gc, "mem_free")  # CPython has no heap of a fixed size, and a collection takes it a millisecond
SLOW = 12  # rounds of a plain loop (effort.py): some 50 ms on a PC


def as_a_board():
    """Collect as early as main.py does, so that the heap stays in large pieces."""
    if _IN_A_HEAP:
        gc.threshold(16384)


def judge(name, door, inputs, slow=SLOW):
    """Put each input through a door; print: inputs, values, refusals, how deep refused ones were read, a digest.

    `door(octets)` gives (None, value), or (quarter from 0 to 3 in which it was refused, what is said of that).
    Whatever it raises is a fault ("crash" begins the line), and so is work of more than `slow` rounds ("slow").
    """
    digest = hashlib.sha256()
    values = refused = 0
    depths = [0, 0, 0, 0]
    most = slow * effort.a_round()
    for octets in inputs:
        began = effort.now()
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
        if effort.now() - began > most and effort.rounds(door, octets) > slow:
            print("slow", name, octets.hex())
        digest.update(plain(result) + b"\n")
        octets = result = None
        if _IN_A_HEAP:
            gc.collect()  # the next one begins in a heap that is in order
    quarters = "/".join([str(depth) for depth in depths])
    print(name, values + refused, values, refused, quarters, digest.digest().hex()[:16])
