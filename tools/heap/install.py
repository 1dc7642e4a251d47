"""MicroPython for node, installed as package-lock.json says."""

import fcntl
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build" / "wasm"
PACKAGE = "@micropython/micropython-webassembly-pyscript/micropython.mjs"


class Missing(Exception):
    """A program that has to be installed first: its name."""


def micropython():
    """The path of MicroPython's JavaScript module, installed if it is not there; raises Missing."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise Missing(program)
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "busy", "w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)  # tests run side by side
        _install()
    return BUILD / "node_modules" / PACKAGE


def _install():
    ready = BUILD / "ready"
    wanted = (HERE / "package-lock.json").read_bytes()
    if ready.exists() and ready.read_bytes() == wanted:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, BUILD)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(BUILD)]
    subprocess.run(command, check=True, timeout=120)
    ready.write_bytes(wanted)
