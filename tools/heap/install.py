"""MicroPython for node, installed as package-lock.json says."""

import pathlib

from tools import npm

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = "@micropython/micropython-webassembly-pyscript/micropython.mjs"


def micropython():
    """The path of MicroPython's JavaScript module, installed if it is not there; raises npm.Missing."""
    return npm.install(HERE, "wasm") / "node_modules" / PACKAGE
