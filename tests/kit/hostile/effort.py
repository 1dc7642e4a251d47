"""How much work a call is, in rounds of a plain loop: the same on a fast, a slow and a busy machine.

The clock is the processor's for this process, where the interpreter has one; the loop runs just before the call.
"""

import gc
import time

_STEPS = range(100000)
TRIES = 5  # what interrupts one of them hardly interrupts all


def _clock():
    """The function that gives seconds: CPython's, that of MicroPython's unix port, that of any other port."""
    for name in ("process_time", "clock"):
        if hasattr(time, name):
            return getattr(time, name)
    return lambda: time.ticks_ms() / 1000


now = _clock()


def a_round():
    """The seconds of one round."""
    began, total = now(), 0
    for step in _STEPS:
        total += step & 0xFF
    return max(now() - began, 0.001)


def rounds(function, *arguments):
    """How many rounds of the loop the call takes, the least of some tries; what it raises is its own affair."""
    least = None
    for _ in range(TRIES):
        gc.collect()
        one, began = a_round(), now()
        try:
            function(*arguments)
        except Exception:
            pass
        taken = (now() - began) / one
        least = taken if least is None else min(least, taken)
    return least
