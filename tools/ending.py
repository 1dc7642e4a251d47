"""The end of a program by a signal: what it has started and laid aside goes with it."""

import contextlib
import signal
import threading


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
