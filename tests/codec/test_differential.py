"""PyPI's construct and the engine, on CPython and on MicroPython, agree on thousands of damaged PDUs."""

import subprocess
import sys

import pytest

import construct
from tests.kit import portable

PROGRAM = "tests/kit/codec/mutants.py"
AT_LEAST = 4000


def told(*command):
    """{class of PDU: (mutants, those that were parsed, digest)} as one interpreter tells it."""
    done = subprocess.run(command, cwd=portable.ROOT, stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "crash" not in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows}


@pytest.fixture(scope="module")
def pypi():
    return told(sys.executable, PROGRAM, "pypi")


def without_engine(rows):
    return {name: row for name, row in rows.items() if name != "construct"}


def test_on_cpython_construct_is_pypis(pypi):
    assert pypi["construct"] == [construct.__version__]
    assert "site-packages" in construct.__file__


def test_the_engine_on_cpython_gives_the_same_octets_and_errors(pypi):
    engine = told(sys.executable, PROGRAM, "engine")
    assert engine["construct"] == ["engine"]
    assert without_engine(engine) == without_engine(pypi)


def test_the_engine_on_micropython_gives_the_same_octets_and_errors(pypi):
    interpreter = portable.micropython()
    if not interpreter:
        pytest.skip("needs MicroPython, which PyPI does not have for this machine")
    engine = told(*interpreter, "-X", "heapsize=1m", PROGRAM)
    assert engine["construct"] == ["engine"]
    assert without_engine(engine) == without_engine(pypi)


def test_damaged_pdus_are_many_and_get_past_the_first_field(pypi):
    pdus = {name: row for name, row in pypi.items() if name.startswith("M-")}
    assert sum(int(row[0]) for row in pypi.values() if len(row) == 3) >= AT_LEAST
    for name, (mutants, parsed, _) in pdus.items():
        assert int(parsed) >= int(mutants) // 4, name
        assert int(parsed) < int(mutants), name
