"""A family of modems is small, and alone in memory."""

import subprocess
import sys

import pytest

from tools.board import size
from tools.programs import ROOT

MOST = 6144  # octets of .mpy that a family adds, with the room that reads its cells
SESSION = """
import sys
from tools.soak import session
played = session.play(1, "none", (%(family)r, %(family)r))
assert played["broken"] == [], played
print(" ".join(name[14:] for name in sys.modules if name.startswith("drivers.modem.")))
"""


def sources():
    """{family: text of its module} of all that there are."""
    texts = {path.stem: path.read_text("utf-8") for path in (ROOT / "drivers/modem").glob("*.py")}
    return {name: text for name, text in texts.items() if "\nopen = " in text and name != "auto"}


def cells(text):
    """The name of the room that reads a family's cells, or none."""
    rows = [line for line in text.splitlines() if line.strip().startswith("CELLS = ")]
    return [row.split('"')[1] for row in rows]


def test_no_family_adds_more_than_six_kilobytes(tmp_path):
    for name, text in sources().items():
        octets = 0
        for room in [name, *cells(text)]:
            compiled = tmp_path / (room + ".mpy")
            size.compile_one(ROOT / ("drivers/modem/%s.py" % room), compiled)
            octets += compiled.stat().st_size
        assert octets <= MOST, name


@pytest.mark.parametrize("family", ("bg95", "m66", "sara", "sim7600", "sim800"))
def test_only_the_family_that_is_found_is_loaded(family):
    command = [sys.executable, "-c", "import sys; sys.path.append('lib')\n" + SESSION % {"family": family}]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & set(sources()) == {family}
