"""Hostile octets through the doors of a handset: its modem's line, short messages, and answers to HTTP.

`python tests/kit/hostile/doors.py DOOR NUMBER` runs on CPython, `micropython tests/kit/hostile/doors.py DOOR NUMBER`
too, and board.py as on a board: all print the same (judge.py). The doors:
digest  what a modem says, as the dialogue takes it apart; then a modem that is well again has to be understood
modem   the whole driver, with one answer of a modem damaged; then it has to start again and do its work
sms     lines that bring short messages, from the serial line into the inbox
http    answers of an MMSC or a proxy
"""

import gc
import sys

if hasattr(gc, "mem_free"):
    gc.threshold(16384)  # as main.py has it: the heap stays in large pieces
if __name__ == "__main__":
    sys.path.insert(len(sys.path) if sys.implementation.name == "cpython" else 0, "lib")
    sys.path.insert(1, ".")

from mms.codec import charset  # noqa: E402
from tests.kit.codec.mutants import Chance  # noqa: E402
from tests.kit.hostile.judge import (
    SLOW,  # noqa: E402
    judge,  # noqa: E402
)

_JOURNEY = 500  # rounds: dozens of commands, and not one input


def main(words=None):
    """Attack one door."""
    name, number = words or sys.argv[1:]
    charset.PYTHON = False  # all as on a board
    chance, slow = Chance(2463534242), SLOW
    if name == "http":
        from tests.kit.hostile.answers import door, hostile
    elif name == "sms":
        from tests.kit.hostile.messages import door, hostile
    elif name == "digest":
        from tests.kit.hostile.talk import digest as door
        from tests.kit.hostile.talk import talk as hostile
    else:
        from tests.kit.hostile.driver import damages as hostile
        from tests.kit.hostile.driver import modem as door

        slow = _JOURNEY
    judge(name, door, (hostile(chance) for _ in range(int(number))), slow)


if __name__ == "__main__":
    main()
