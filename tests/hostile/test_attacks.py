"""Whatever comes from the air or from a modem: a value or an error of ours, the same everywhere, at once, in 192 KB.

More than 200,000 inputs in `make long`, each on CPython and on MicroPython as a board has it (board.py).
"""

import subprocess
import sys

import pytest

from tests.kit import portable
from tests.kit.tier import amount

HEAP = "192k"
EVERY = 65000
RANDOM = amount(12000, 60000)
DOORS = {
    "digest": amount(3000, 12000),
    "http": amount(8000, 56000),
    "sms": amount(1500, 8000),
    "modem": amount(120, 600),
}
SECONDS = 400


def rows(program, *arguments):
    """{decoder or door: what is told of it} as CPython (with PyPI's construct) and as MicroPython tell it."""
    interpreter = portable.micropython()
    if not interpreter:
        pytest.skip("PyPI has no MicroPython for this machine")
    here = [sys.executable, "tests/kit/hostile/%s.py" % program]
    board = [sys.executable, "-m", "tests.kit.hostile.board", "-X", "heapsize=" + HEAP, program]
    commands = [here + ["pypi"] * (program == "attacks") + list(arguments), board + list(arguments)]
    running = [subprocess.Popen(command, cwd=portable.ROOT, stdout=subprocess.PIPE, text=True) for command in commands]
    try:
        told = [process.communicate(timeout=SECONDS)[0] for process in running]
    finally:
        for process in running:
            process.kill()
    for text in told:
        print(text)
        assert not [line for line in text.splitlines() if line.startswith(("crash", "slow"))]
    assert [process.returncode for process in running] == [0, 0]
    return [{line.split()[0]: line.split()[1:] for line in text.splitlines()} for text in told]


def deep(name, row):
    """How many refused inputs were read beyond their first quarter; prints the depths."""
    inputs, values, refused, depths, _ = row
    print("%-10s %6s inputs, %6s values, %6s refused, by quarter %s" % (name, inputs, values, refused, depths))
    return sum(int(number) for number in depths.split("/")[1:])


def test_every_prefix_special_octet_and_wrong_length_is_a_value_or_a_pdu_error():
    cpython, board = rows("attacks", "every")
    assert board == cpython
    assert sum(int(row[0]) for row in cpython.values()) > EVERY


def test_the_known_attacks_are_refused_or_harmless():
    cpython, board = rows("attacks", "known")
    assert board == cpython
    assert {"mm1", "multipart", "nested", "push", "sms", "smil"} <= set(cpython)
    assert int(cpython["push"][1]) == 0  # none of them shows anything


@pytest.mark.long
def test_many_damaged_pdus_give_the_same_everywhere_and_get_past_the_first_field():
    cpython, board = rows("attacks", "random", str(RANDOM))
    assert board == cpython
    assert sum(int(row[0]) for row in cpython.values()) >= RANDOM - len(cpython)
    for name, row in cpython.items():
        assert int(row[1]) > int(row[0]) // 20, name
        # a layout may be broken anywhere, and a sound is measured as far as it goes
        assert deep(name, row) > int(row[2]) // 4 or name in ("smil", "sound"), name


@pytest.mark.long
@pytest.mark.parametrize("name", DOORS)
def test_a_door_lets_in_values_or_errors_of_ours_and_is_well_again_afterwards(name):
    cpython, board = rows("doors", name, str(DOORS[name]))
    assert board == cpython
    row = cpython[name]
    assert int(row[0]) == DOORS[name] and int(row[1]) > DOORS[name] // 20
    assert deep(name, row) > int(row[2]) // 2
