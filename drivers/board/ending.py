"""The end of the program. It is imported only then."""

import sys

from mms import clock
from mms.advice import sentence
from mms.errors import SettingsError, SimError, UsageError
from mms.limits import const

_REST_SECONDS = const(300)


def ended(error, timer):
    """Print what ended the program and what to do; returns its exit status. timer: the board's watchdog, or None.

    After an error that only a person can correct the board rests before its watchdog restarts it.
    """
    print(sentence(error), file=sys.stderr)
    if timer is not None and isinstance(error, (SimError, SettingsError, UsageError)):
        for _ in range(_REST_SECONDS):
            timer.feed()
            clock.pause(1000)
    return 1
