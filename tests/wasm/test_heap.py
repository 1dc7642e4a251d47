"""What the handset keeps of a board's heap when loaded, in 32-bit MicroPython, from .mpy files."""

import pathlib
import subprocess

import pytest

from tools import size

HERE = pathlib.Path(__file__).resolve().parent

# A board has 100 to 200 KB. Each line: a module, and the most that may be kept once it and all
# lines above it are imported.
BUDGETS = (
    ("construct", 16 * 1024),
    ("mms.codec.mm1", 42 * 1024),
    ("mms.codec.tpdu", 52 * 1024),
    ("mms.link.http", 56 * 1024),
    ("mms.handset.handset", 80 * 1024),
    ("mms.handset.console", 88 * 1024),
    ("drivers.modem.sim800", 130 * 1024),
    ("drivers.camera.vc0706", 140 * 1024),
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
