"""The heap that pictures take on a board: 32-bit MicroPython, from .mpy files."""

import io
import pathlib
import random
import subprocess

import pytest
from PIL import Image

from tools.board import size

HERE = pathlib.Path(__file__).resolve().parent

BUFFERS = 1024 + 64  # of the display, which has it anyway, and of the file
# Octets in use while the job is done, without those of its modules, and with them.
JOBS = (
    ("thumbnail", "thumbnail.Preview(display, 128, 64)", 6000, 16000),
    ("requantise", "requantise.Requantiser(32)", 12000, 24000),
)
SCRIPT = """
display, block = memoryview(bytearray(1024)), memoryview(bytearray(64))
file, job = open("/picture.jpg", "rb"), %s
def step():
    octets = file.readinto(block)
    for _ in job.feed(block[:octets]):
        pass
    if not octets:
        job.close()
    return octets
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The .mpy files, and a picture of VGA."""
    folder = tmp_path_factory.mktemp("mpy")
    size.compile(folder)
    noise = Image.frombytes("RGB", (64, 48), random.Random(3).randbytes(9216)).resize((640, 480))
    octets = io.BytesIO()
    noise.save(octets, "JPEG", quality=60, restart_marker_rows=1, exif=bytes(3000))
    (folder / "picture.jpg").write_bytes(octets.getvalue())
    return folder


@pytest.mark.parametrize("module, job, data, whole", JOBS)
def test_what_a_picture_takes_of_the_heap_stays_in_its_budget(micropython, folder, tmp_path, module, job, data, whole):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT % job)
    words = [
        "node",
        str(HERE / "peak.mjs"),
        str(micropython),
        str(folder),
        str(script),
        "from mms.codec import " + module,
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    code, most = map(int, done.stdout.split())
    print(code, most - code - BUFFERS, most - BUFFERS)
    assert most - code - BUFFERS <= data and most - BUFFERS <= whole
