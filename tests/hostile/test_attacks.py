"""Whatever comes from the air: a value with warnings or PduError, the same on CPython and on MicroPython, at once."""

import subprocess
import sys

import pytest

from tests import portable

PROGRAM = "tests/hostile/attacks.py"
INPUTS = 200000
SECONDS = 400


def rows(*arguments):
    """{decoder: what is told of it} as CPython with PyPI's construct and as MicroPython with our engine tell it."""
    commands = [[sys.executable, PROGRAM, "pypi", *arguments]]
    interpreter = portable.micropython()
    if not interpreter:
        pytest.skip("PyPI has no MicroPython for this machine")
    commands.append([interpreter, "-X", "heapsize=2m", PROGRAM, "board", *arguments])
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


def test_every_prefix_special_octet_and_wrong_length_is_a_value_or_a_pdu_error():
    cpython, board = rows("every")
    assert board == cpython
    assert sum(int(row[0]) for row in cpython.values()) > 50000


def test_the_known_attacks_are_refused_or_harmless():
    cpython, board = rows("known")
    assert board == cpython
    assert {"mm1", "multipart", "nested", "push", "sms", "smil"} <= set(cpython)
    assert int(cpython["push"][1]) == 0  # none of them shows anything


def test_many_damaged_pdus_give_the_same_everywhere_and_get_past_the_first_field():
    cpython, board = rows("random", str(INPUTS))
    assert board == cpython
    assert sum(int(row[0]) for row in cpython.values()) >= INPUTS - len(cpython)
    for name, (inputs, values, refused, depths, _) in cpython.items():
        deep = [int(number) for number in depths.split("/")]
        print("%-10s %6s inputs, %6s values, %6s refused, by quarter %s" % (name, inputs, values, refused, depths))
        assert int(values) > int(inputs) // 20, name
        assert name == "smil" or sum(deep[1:]) > int(refused) // 4, name
