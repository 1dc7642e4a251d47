"""What the handset keeps of a board's heap when loaded, in 32-bit MicroPython, from .mpy files."""

import pathlib
import subprocess

import pytest

from tools import size

HERE = pathlib.Path(__file__).resolve().parent

# The most that may be kept once a module and all before it are imported. From ROMFS or frozen it is
# about a third less; the hard proof is a journey under `-X heapsize=`.
BUDGETS = (
    ("construct", 12 * 1024),
    ("mms.codec.mm1", 40 * 1024),
    ("mms.codec.tpdu", 50 * 1024),
    ("mms.link.http", 54 * 1024),
    ("mms.handset.handset", 94 * 1024),
    ("mms.handset.console", 100 * 1024),
    ("drivers.modem.sim800", 132 * 1024),
    ("drivers.camera.vc0706", 138 * 1024),
)


@pytest.fixture(scope="module")
def kept(micropython, tmp_path_factory):
    """{module: octets kept once it and those before it are imported}."""
    folder = tmp_path_factory.mktemp("mpy")
    size.compile(folder)
    names = [name for name, _ in BUDGETS]
    done = subprocess.run(
        ["node", str(HERE / "heap.mjs"), str(micropython), str(folder), *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: int(octets) for octets, name in rows}


@pytest.mark.parametrize("name, budget", BUDGETS)
def test_what_a_room_keeps_of_the_heap_stays_in_its_budget(kept, name, budget):
    assert kept[name] <= budget
