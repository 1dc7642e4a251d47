"""Pictures on a board: what comes of them, and the heap that they take; 32-bit MicroPython, from .mpy files."""

import hashlib
import io
import pathlib
import random
import subprocess

import pytest
from PIL import Image

from tests.kit.codec import pictures
from tools.board import size

HERE = pathlib.Path(__file__).resolve().parent

VGA, UXGA = (640, 480), (1600, 1200)
# A module, its job, the sides of the picture, the octets of the display's buffer, and the octets that may be in use
# while the job is done: without the job's modules, and with them. Both count the buffers of display and file.
JOBS = (
    ("thumbnail", "thumbnail.Preview(display, 128, 64)", VGA, 1024, 6000, 16000),
    ("thumbnail", "thumbnail.Preview(display, 128, 64)", UXGA, 1024, 6000, 16000),
    ("requantise", "requantise.Requantiser(32)", VGA, 0, 12000, 24000),
)
SCRIPT = """
import hashlib
display, block = bytearray(%d), memoryview(bytearray(64))
file, digest, job = open("/picture.jpg", "rb"), hashlib.sha256(), %s
def step():
    octets = file.readinto(block)
    for view in job.feed(block[:octets]):
        if view is not None:
            digest.update(view)
    if not octets:
        job.close()
        digest.update(display)
        print(digest.digest().hex())
    return octets
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The .mpy files."""
    folder = tmp_path_factory.mktemp("mpy")
    size.compile(folder)
    return folder


def photograph(sides):
    """A picture with restarts and a long segment of an application."""
    noise = Image.frombytes("RGB", (64, 48), random.Random(3).randbytes(9216)).resize(sides)
    octets = io.BytesIO()
    noise.save(octets, "JPEG", quality=60, restart_marker_rows=1, exif=bytes(3000))
    return octets.getvalue()


def expected(octets, module):
    """The digest of what CPython makes of the picture, or of a display that shows it."""
    made = pictures.smaller(octets, 32) if module == "requantise" else pictures.preview(octets)
    return hashlib.sha256(made).hexdigest()


@pytest.mark.parametrize("module, job, sides, display, data, whole", JOBS)
def test_a_picture_is_the_same_on_32_bits_and_takes_no_more_heap_than_it_may(
    micropython, compiled, tmp_path, module, job, sides, display, data, whole
):
    octets = photograph(sides)
    (compiled / "picture.jpg").write_bytes(octets)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT % (display, job))
    words = [
        "node",
        str(HERE / "peak.mjs"),
        str(micropython),
        str(compiled),
        str(script),
        "from mms.codec import " + module,
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    digest, code, most = done.stdout.split()
    code, most = int(code), int(most)
    print(code, most - code, most)
    assert digest == expected(octets, module)
    assert most - code <= data and most <= whole
