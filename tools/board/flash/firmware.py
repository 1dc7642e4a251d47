"""MicroPython onto a bare board: by esptool on an ESP32, by a UF2 file on an RP2040. Not tried on hardware."""

import contextlib
import functools
import pathlib
import re
import shutil
import struct
import time

from tools.board.flash.line import USUAL, FlashError

_UF2_BLOCK = 512
_UF2_MAGIC, _UF2_END = (0x0A324655, 0x9E5D5157), 0x0AB16F30
_UF2_HAS_FAMILY = 0x2000
FAMILIES = {"rp2040": 0xE48BFF56, "rp2350": 0xE48BFF59}  # of chips (Microsoft's uf2families.json)
_PARTITIONS = 0x8000  # the offset of the table of partitions in an ESP32's flash
_PARTITION = "<HBBII"  # magic, type, subtype, offset, octets
_PARTITION_MAGIC, _APP = 0x50AA, 0
_BAUD = 460800
_LOST = ("No more data", "No serial data", "timed out", "Timed out")  # in esptool's errors: worth a second try
_DRIVE_SECONDS = 60


def put(board, path, port, console, progress):
    """Put the firmware in the file `path` on a board; raises FlashError, for a wrong file before anything is written.

    progress(octets, of) is called as it goes.
    """
    try:
        octets = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise FlashError("%s: %s" % (path, error.strerror)) from None
    chip = getattr(board, "_CHIP", None)
    if chip in FAMILIES:
        check_uf2(octets, path, chip)
        _copy(path, console)
    else:
        offset = board._FIRMWARE[2]
        check_image(octets, path, chip, offset)
        _write(octets, chip, offset, port, progress)


class _Logger:
    """esptool's messages, which are kept, and its progress, which is passed on; its seven methods are esptool's."""

    lines, _progress = [], None

    def print(self, *words, **_):
        self.lines.append(" ".join(map(str, words)))

    note = warning = error = warn = err = debug = print

    def stage(self, finish=False):
        pass

    def set_verbosity(self, verbosity):
        pass

    def progress_bar(self, cur_iter, total_iters, prefix="", suffix="", bar_length=30):
        if self._progress:
            self._progress(cur_iter, total_iters)


def _listen(progress=None):
    """esptool's logger with nothing in it yet."""
    logger = _logger()
    logger.lines, logger._progress = [], progress
    return logger


@functools.cache
def _logger():
    from esptool.logger import TemplateLogger, log

    logger = type("Logger", (_Logger, TemplateLogger), {})()
    log.set_logger(logger)  # it takes one, once
    return logger


def check_image(octets, path, chip, offset):
    """Raises FlashError when a file is no whole firmware for an Espressif chip, to be written at `offset`.

    Checked are the boot loader, with which the file begins, and the programs that its table of partitions names.
    """
    told = _image_chip(octets, path)
    if told != chip:
        raise FlashError("%s is for an %s, and the board has an %s: nothing was written" % (path, told, chip))
    programs = []
    for at in range(_PARTITIONS - offset, min(_PARTITIONS + 0xC00 - offset, len(octets) - 31), 32):
        magic, kind, _, start, _ = struct.unpack_from(_PARTITION, octets, at)
        if magic == _PARTITION_MAGIC and kind == _APP:
            programs.append(start - offset)
    if not programs:
        raise FlashError("%s is cut, or a program without its boot loader: fetch the whole .bin file" % path)
    for start in programs[:1]:  # a second one is empty until an update over the air
        if _image_chip(octets[start:], path) != chip:
            raise FlashError("%s holds programs for two chips: fetch it anew" % path)


def _image_chip(octets, path):
    """The chip that an image is for, by esptool's image_info, which also tells its checksum."""
    from esptool.cmds import image_info
    from esptool.util import FatalError

    logger = _listen()
    try:
        image_info(octets)
    except (FatalError, ValueError, struct.error, IndexError) as error:
        raise FlashError("%s is no firmware, or cut: %s" % (path, str(error).splitlines()[0])) from None
    text = "\n".join(logger.lines)
    if re.search(r"\(invalid", text):
        raise FlashError("%s is damaged: its checksum is wrong; fetch it anew" % path)
    return re.search(r"Detected image type: (\S+)", text)[1].lower().replace("-", "")


def _write(octets, chip, offset, port, progress):
    """Write a checked image, at a slower speed once more where blocks get lost."""
    from esptool.util import FatalError

    for baud in (_BAUD, USUAL):
        try:
            return _write_once(octets, chip, offset, port, progress, baud)
        except FatalError as error:
            if baud == USUAL or not any(word in str(error) for word in _LOST):
                raise FlashError("%s: %s" % (port, _advice(str(error)))) from None
        except OSError:
            raise FlashError("%s: the line broke: begin again, for the boot loader in ROM stays" % port) from None


def _write_once(octets, chip, offset, port, progress, baud):
    from esptool.cmds import attach_flash, detect_chip, reset_chip, run_stub, write_flash
    from esptool.util import FatalError

    _listen(progress)
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):  # it prints past its logger
        loader = detect_chip(port)
    try:
        found = loader.CHIP_NAME.lower().replace("-", "")
        if found != chip:
            raise FlashError("%s: the chip is an %s, and BOARD has an %s: nothing was written" % (port, found, chip))
        loader = run_stub(loader)
        attach_flash(loader)
        if baud != USUAL:
            with contextlib.suppress(FatalError):
                loader.change_baud(baud)
        write_flash(loader, [(offset, octets)])
        reset_chip(loader, "hard-reset")
    finally:
        loader._port.close()


def _advice(text):
    first = text.strip().splitlines()[0]
    if "No serial data" in text or "Failed to connect" in text:
        return "no boot loader answers: hold BOOT (or IO0 to ground) while you press reset, and begin again"
    if "MD5" in text:
        return "the flash does not hold what was written: begin again, at a slower BAUD"
    if "Could not open" in text or "could not open" in text:
        return "cannot be opened; `make flash` lists the ports"
    return first


def check_uf2(octets, path, chip):
    """Raises FlashError when a file is no whole UF2 file for a chip of FAMILIES (Microsoft's UF2 specification)."""
    from adafruit_uf2 import uf2conv

    if not uf2conv.is_uf2(octets) or len(octets) % _UF2_BLOCK:
        raise FlashError("%s is no UF2 file, or cut" % path)
    count = len(octets) // _UF2_BLOCK
    for number in range(count):
        at = number * _UF2_BLOCK
        first, second, flags, _, _, block, blocks, family = struct.unpack_from("<8I", octets, at)
        (end,) = struct.unpack_from("<I", octets, at + _UF2_BLOCK - 4)
        if (first, second, end) != (*_UF2_MAGIC, _UF2_END):
            raise FlashError("%s is damaged at octet %d: fetch it anew" % (path, at))
        if flags & _UF2_HAS_FAMILY and family != FAMILIES[chip]:
            names = [name for name, code in FAMILIES.items() if code == family]
            other = names[0] if names else "another chip (family %08x)" % family
            raise FlashError("%s is for %s, and the board has an %s: nothing was written" % (path, other, chip))
        if block != number or blocks != count:
            raise FlashError("%s is cut: block %d of %d is where %d belongs" % (path, block, blocks, number))


def drives():
    """The drives that a Pico shows while its boot loader runs."""
    from adafruit_uf2 import uf2conv

    return uf2conv.get_drives()


def _copy(path, console):
    until = time.monotonic() + _DRIVE_SECONDS
    if not drives():
        console.print("Hold BOOTSEL while you plug the board in: its drive is waited for.")
    while not drives():
        if time.monotonic() > until:
            raise FlashError("no drive of a board in its boot loader within %d s" % _DRIVE_SECONDS)
        time.sleep(0.5)
    try:
        shutil.copy(path, pathlib.Path(drives()[0], "firmware.uf2"))
    except OSError as error:
        raise FlashError("%s: %s" % (drives()[:1] or "the drive", error.strerror)) from None
