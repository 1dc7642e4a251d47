"""The hostile corpus inside MicroPython's unix port, compiled and in ROMFS, as the handset is: see tools/board/rom.py.

`python -m tests.kit.hostile.board [-X heapsize=192k] PROGRAM KIND...` prints what
tests/kit/hostile/PROGRAM.py prints: attacks or doors.
"""

import sys

from tools.board import rom

_CODEC = ("tests/kit/codec/every.py", "tests/kit/codec/golden.py", "tests/kit/codec/mutants.py")
_BESIDE = (*_CODEC, "tests/kit/hostile/effort.py", "tests/kit/hostile/judge.py", "tests/kit/checks.py")
_DOORS = (
    "tests/kit/hostile/answers.py",
    "tests/kit/hostile/driver.py",
    "tests/kit/hostile/messages.py",
    "tests/kit/hostile/talk.py",
    "tests/kit/drivers/scripted.py",
    "tests/kit/drivers/sim800.py",
    "tests/kit/files.py",
    "tools/lab/modem/agenda.py",
    "tools/sim/files.py",
    "tools/sim/ticks.py",
)
PROGRAMS = {
    "attacks": ("tests/kit/hostile/attacks.py", *_BESIDE, "tools/pdu/segments.py"),
    "doors": ("tests/kit/hostile/doors.py", *_BESIDE, *_DOORS),
}


def main(words):
    """Become MicroPython; `words` as above."""
    options = 2 * (words[:1] == ["-X"])
    return rom.main(words[:options] + words[options + 1 :], PROGRAMS[words[options]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
