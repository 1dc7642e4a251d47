"""The hostile corpus inside MicroPython's unix port, compiled and in ROMFS, as the handset is: see tools/rom.py.

`python -m tests.hostile.board [-X heapsize=192k] PROGRAM KIND...` prints what tests/hostile/PROGRAM.py prints: attacks
or doors.
"""

import sys

from tools import rom

_CODEC = ("tests/codec/every.py", "tests/codec/golden.py", "tests/codec/mutants.py")
_BESIDE = (*_CODEC, "tests/hostile/effort.py", "tests/hostile/judge.py", "tests/tools.py")
_DOORS = (
    "tests/hostile/answers.py",
    "tests/hostile/driver.py",
    "tests/hostile/messages.py",
    "tests/hostile/talk.py",
    "tests/drivers/scripted.py",
    "tests/drivers/test_sim800.py",
    "tests/hostile/memory.py",
    "tools/lab/sim800/agenda.py",
    "tools/soak/ticks.py",
)
PROGRAMS = {
    "attacks": ("tests/hostile/attacks.py", *_BESIDE, "tools/pdu/segments.py"),
    "doors": ("tests/hostile/doors.py", *_BESIDE, *_DOORS),
}


def main(words):
    """Become MicroPython; `words` as above."""
    options = 2 * (words[:1] == ["-X"])
    return rom.main(words[:options] + words[options + 1 :], PROGRAMS[words[options]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
