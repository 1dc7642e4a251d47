"""The promises of littlefs.py, inside MicroPython."""

import re
import subprocess

import pytest

from tools.programs import ROOT, micropython

SECONDS = 60


@pytest.mark.skipif(not micropython(), reason="PyPI has no MicroPython for this machine")
def test_a_full_store_on_littlefs():
    command = [*micropython(), "-X", "heapsize=2m", "tests/kit/inside.py", "lib", "tests/power/full_store.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* passed, 0 failed$", done.stdout, re.MULTILINE), done.stdout
