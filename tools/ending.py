"""The end of a program by a signal: what it has started and laid aside goes with it."""

import contextlib
import os
import signal
import sys
import threading

CLOSED = 141  # the exit status of a program that SIGPIPE ends


def closed():
    """End standard output, whose reader has gone, since Python flushes it once more at its end; CLOSED."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED


@contextlib.contextmanager
def by_sigterm():
    """Let SIGTERM do what Ctrl-C does meanwhile, in the main thread; other threads change nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
