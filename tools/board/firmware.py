"""Says which MicroPython a board wants, or builds one with the handset frozen in it. The building is untried."""

import argparse
import importlib.util
import pathlib
import shlex
import shutil
import subprocess
import sys

from tools.board.flash import sets
from tools.board.flash.line import FlashError
from tools.programs import ROOT

FOLDER = ROOT / "build" / "firmware"
OLDEST = ".".join(map(str, sets.OLDEST))
PORTS = {"esp32": ("esp32", "firmware.bin", "idf.py"), "rp2": ("rp2", "firmware.uf2", "arm-none-eabi-gcc")}


def stock(name):
    """Lines that say which image to fetch, and where it goes."""
    board = sets.find(name)
    image, variant, offset = board._FIRMWARE
    whole = "%s-%s" % (image, variant) if variant else image
    yield "%s wants MicroPython %s or newer, stock: %s, from https://micropython.org/download/%s/" % (
        name,
        OLDEST,
        whole,
        image,
    )
    if offset is None:
        yield "It is a .uf2 file: hold BOOTSEL while you plug the board in."
    else:
        yield "It is a .bin file for offset 0x%x; not the .app-bin file, which is for updates." % offset
    yield "Then: make flash BOARD=%s PORT=... FIRMWARE=FILE" % name
    if not (board._PSRAM and board._WIFI) and board._WIFI:
        yield "With the page, this board needs the handset frozen: make firmware BOARD=%s MICROPYTHON=CHECKOUT" % name


def manifest(board):
    """The manifest of a frozen firmware: the port's own, the handset's, and microdot where there is Wi-Fi."""
    rows = ['include("$(PORT_DIR)/boards/manifest.py")', "include(%r)" % str(ROOT / "manifest.py")]
    spec = importlib.util.find_spec("microdot")
    if board._WIFI and spec is not None:
        base = str(pathlib.Path(spec.origin).parent.parent)
        rows.append('package("microdot", files=("__init__.py", "microdot.py"), base_path=%r)' % base)
    return "# ruff: noqa: F821\n" + "\n".join(rows) + "\n"


def commands(board, checkout, manifest_file):
    """The commands that build the firmware in a checkout of MicroPython, and the path of the image."""
    port, image, _ = PORTS[board.PLATFORM]
    name, variant, _ = board._FIRMWARE
    words = ["BOARD=" + name, *(["BOARD_VARIANT=" + variant] if variant else [])]
    make = ["make", "-C", str(checkout / "ports" / port), *words]
    made = checkout / "ports" / port / ("build-" + "-".join([name, *([variant] if variant else [])])) / image
    frozen = [*make, "FROZEN_MANIFEST=" + str(manifest_file)]
    return [["make", "-C", str(checkout / "mpy-cross")], [*make, "submodules"], frozen], made


def build(name, checkout):
    """Print and run the commands; raises FlashError."""
    board = sets.find(name)
    port, _, needed = PORTS[board.PLATFORM]
    if not (checkout / "ports" / port / "Makefile").exists():
        raise FlashError("%s is no checkout of MicroPython: it has no ports/%s" % (checkout, port))
    if not shutil.which(needed):
        raise FlashError("%s is not on the path: install what ports/%s/README.md asks for" % (needed, port))
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / (name + "_manifest.py")
    file.write_text(manifest(board))
    lines, image = commands(board, checkout.resolve(), file)
    print("These commands are untried:")
    for line in lines:
        print("  " + shlex.join(line), flush=True)
        if subprocess.run(line).returncode:
            raise FlashError("the last command failed")
    print("Then: make flash BOARD=%s PORT=... FIRMWARE=%s" % (name, image))


def main(words=None):
    """Tell, or build; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.firmware", description=__doc__)
    parser.add_argument("board", help="a file in drivers/board: " + ", ".join(sets.boards()))
    parser.add_argument("--micropython", type=pathlib.Path, help="a checkout of MicroPython to build in")
    given = parser.parse_args(words)
    try:
        if given.micropython:
            build(given.board, given.micropython)
        else:
            print("\n".join(stock(given.board)))
    except FlashError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
