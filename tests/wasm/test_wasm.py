"""The codec and its engine pass inside 32-bit MicroPython (WebAssembly under node), too."""

import pathlib
import re
import subprocess

import pytest

from tests.kit import portable

HERE = pathlib.Path(__file__).resolve().parent


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
