"""The codec and its engine pass inside 32-bit MicroPython (WebAssembly under node), too."""

import pathlib
import re
import shutil
import subprocess

import pytest

from tests import portable

HERE = pathlib.Path(__file__).resolve().parent
BUILD = portable.ROOT / "build" / "wasm"
PACKAGE = "@micropython/micropython-webassembly-pyscript/micropython.mjs"


@pytest.fixture(scope="session")
def micropython():
    """The path of MicroPython's JavaScript module, installed as package-lock.json says."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("needs nodejs and npm")
    lock = BUILD / "package-lock.json"
    if not lock.exists() or lock.read_bytes() != (HERE / lock.name).read_bytes():
        BUILD.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", BUILD)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(BUILD)]
        shutil.copy(HERE / lock.name, BUILD / "wanted.json")
        (BUILD / "wanted.json").rename(lock)
        try:
            subprocess.run(command, check=True, timeout=120)
        except subprocess.SubprocessError:
            lock.unlink()
            raise
    return BUILD / "node_modules" / PACKAGE


@pytest.mark.parametrize("path", portable.files(("construct", "codec")))
def test_passes_inside_32_bit_micropython(micropython, path):
    done = subprocess.run(
        ["node", str(HERE / "run.mjs"), str(micropython), str(portable.ROOT), path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^[1-9]\d* passed, 0 failed$", done.stdout, re.MULTILINE), done.stdout
