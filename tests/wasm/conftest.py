"""32-bit MicroPython under node, installed as package-lock.json says."""

import fcntl
import pathlib
import shutil
import subprocess

import pytest

from tests.peers.programs import need
from tools.phone import ROOT

HERE = pathlib.Path(__file__).resolve().parent
BUILD = ROOT / "build" / "wasm"
PACKAGE = "@micropython/micropython-webassembly-pyscript/micropython.mjs"


@pytest.fixture(scope="session")
def micropython():
    """The path of MicroPython's JavaScript module, installed as package-lock.json says."""
    need("node")
    npm = need("npm")
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "busy", "w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)  # tests run side by side
        _install(npm)
    return BUILD / "node_modules" / PACKAGE


def _install(npm):
    ready = BUILD / "ready"
    wanted = (HERE / "package-lock.json").read_bytes()
    if ready.exists() and ready.read_bytes() == wanted:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, BUILD)
    command = [npm, "ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(BUILD)]
    subprocess.run(command, check=True, timeout=120)
    ready.write_bytes(wanted)
