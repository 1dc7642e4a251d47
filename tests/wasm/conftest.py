"""32-bit MicroPython under node, installed as package-lock.json says."""

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
    lock = BUILD / "package-lock.json"
    if not lock.exists() or lock.read_bytes() != (HERE / lock.name).read_bytes():
        BUILD.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", BUILD)
        command = [npm, "ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(BUILD)]
        shutil.copy(HERE / lock.name, BUILD / "wanted.json")
        (BUILD / "wanted.json").rename(lock)
        try:
            subprocess.run(command, check=True, timeout=120)
        except subprocess.SubprocessError:
            lock.unlink()
            raise
    return BUILD / "node_modules" / PACKAGE
