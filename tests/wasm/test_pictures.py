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

BUFFERS = 1024 + 64  # of the display, which has it anyway, and of the file
# Octets in use while the job is done, without those of its modules, and with them.
JOBS = (
    ("thumbnail", "thumbnail.Preview(display, 128, 64)", 6000, 16000),
    ("requantise", "requantise.Requantiser(32)", 12000, 24000),
)
SCRIPT = """
import hashlib
display, block = memoryview(bytearray(1024)), memoryview(bytearray(64))
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
def folder(tmp_path_factory):
    """The .mpy files, and a picture of VGA."""
    folder = tmp_path_factory.mktemp("mpy")
    size.compile(folder)
    noise = Image.frombytes("RGB", (64, 48), random.Random(3).randbytes(9216)).resize((640, 480))
    octets = io.BytesIO()
    noise.save(octets, "JPEG", quality=60, restart_marker_rows=1, exif=bytes(3000))
    (folder / "picture.jpg").write_bytes(octets.getvalue())
    return folder


def expected(path, module):
    """The digest of what CPython makes of the picture, and of a display that shows it."""
    if module == "requantise":
        return hashlib.sha256(pictures.smaller(path.read_bytes(), 32) + bytes(1024)).hexdigest()
    return hashlib.sha256(pictures.preview(path.read_bytes())).hexdigest()


@pytest.mark.parametrize("module, job, data, whole", JOBS)
def test_a_picture_is_the_same_on_32_bits_and_takes_no_more_heap_than_it_may(
    micropython, folder, tmp_path, module, job, data, whole
):
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
    digest, code, most = done.stdout.split()
    code, most = int(code), int(most)
    print(code, most - code - BUFFERS, most - BUFFERS)
    assert digest == expected(folder / "picture.jpg", module)
    assert most - code - BUFFERS <= data and most - BUFFERS <= whole
