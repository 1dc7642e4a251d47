"""What the handset keeps of a board's heap when loaded, in 32-bit MicroPython, from .mpy files."""

import pathlib
import subprocess

import pytest

from tools.board import size

HERE = pathlib.Path(__file__).resolve().parent

# The most that may be kept once a module and all before it are imported. From ROMFS or frozen it is
# about a third less; the hard proof is a journey under `-X heapsize=`.
BUDGETS = (
    ("construct", 5 * 1024),
    ("mms.codec.mm1", 32 * 1024),  # with the table of names, which doubles at 300 of them, at 620, and at 1,260
    ("mms.codec.tpdu", 37 * 1024),
    ("mms.link.url", 39 * 1024),
    ("mms.handset.handset", 94 * 1024),
    ("mms.handset.console.console", 100 * 1024),
    ("drivers.modem.sim800", 116 * 1024),
    ("drivers.camera.serial_camera", 122 * 1024),
)


CODEC = 35 * 1024  # the engine and all declarations of it, beside the small rooms that everything needs
SMALL = ("mms.errors", "mms.limits")
DECLARATIONS = ("construct", "mms.codec.mm1", "mms.codec.multipart", "mms.codec.tpdu", "mms.codec.push")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The folder with the .mpy files."""
    folder = tmp_path_factory.mktemp("mpy")
    size.compile(folder)
    return folder


def measured(micropython, folder, names):
    """{module: octets kept once it and those before it are imported}."""
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


@pytest.fixture(scope="module")
def kept(micropython, compiled):
    """What `measured` tells of all in BUDGETS."""
    return measured(micropython, compiled, [name for name, _ in BUDGETS])


def test_the_engine_and_all_declarations_keep_at_most_35_kb(micropython, compiled):
    told = measured(micropython, compiled, SMALL + DECLARATIONS)
    print(told)
    assert told[DECLARATIONS[-1]] - told[SMALL[-1]] <= CODEC


@pytest.mark.parametrize("name, budget", BUDGETS)
def test_what_a_room_keeps_of_the_heap_stays_in_its_budget(kept, name, budget):
    assert kept[name] <= budget
