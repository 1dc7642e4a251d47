"""The codec fits on a board: octets of .mpy, octets of heap, whatever the size of the message."""

import subprocess

import pytest

from tests.kit import portable
from tools.board import size

DECLARATIONS = ("wsp", "content", "fields", "mm1", "multipart", "entries", "push", "tpdu", "segments")
MPY = 24 * 1024  # the engine and the declarations
KEPT = 80 * 1024  # on the unix port, whose objects are twice a board's
HEAP = "128k"
BODY = 10_000_000

PROGRAM = """
import gc, sys
sys.path[:] = [%r, ".frozen"]
gc.collect()
before = gc.mem_alloc()
from mms.codec import mm1, multipart, push, smil, tpdu
gc.collect()
print(gc.mem_alloc() - before)
header = mm1.build(mm1.RETRIEVE_CONF, [
    (mm1.DATE, 1700000000),
    (mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.mixed", [])),
])
block = bytearray(1460)
left = %d
parser = multipart.Parser()
received = 0
for view in (multipart.count(1), multipart.entry("video/3gpp", left)):
    for told in parser.feed(view):
        pass
while left:
    view = memoryview(block)[:min(left, len(block))]
    left -= len(view)
    for what, value in parser.feed(view):
        if what == multipart.DATA:
            received += len(value)
parser.close()
assert mm1.parse(header).body == len(header)
print(received)
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """(folder, {file: octets of its .mpy})."""
    folder = tmp_path_factory.mktemp("mpy")
    return folder, size.compile(folder)


def test_engine_and_declarations_fit_in_24_kb(compiled):
    sizes = compiled[1]
    rooms = ["lib/construct/__init__.py"] + ["lib/mms/codec/%s.py" % name for name in DECLARATIONS]
    assert sum(sizes[room] for room in rooms) <= MPY


def test_a_body_of_10_mb_passes_through_a_small_heap(compiled):
    interpreter = portable.micropython()
    if not interpreter:
        pytest.skip("needs MicroPython, which PyPI does not have for this machine")
    done = subprocess.run(
        [*interpreter, "-X", "heapsize=" + HEAP, "-c", PROGRAM % (str(compiled[0]), BODY)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    kept, received = map(int, done.stdout.split())
    assert received == BODY
    assert kept <= KEPT
