"""MicroPython onto a bare board: by esptool against a boot loader on a pty, and by UF2 files; images are made here."""

import types

import pytest

from tests.kit.board import loader as kit
from tools.board.flash import firmware
from tools.board.flash.line import FlashError

ESP32 = types.SimpleNamespace(_CHIP="esp32", _FIRMWARE=("ESP32_GENERIC", "SPIRAM", 0x1000))
ESP32S3 = types.SimpleNamespace(_CHIP="esp32s3", _FIRMWARE=("ESP32_GENERIC_S3", "SPIRAM_OCT", 0))
PICO = types.SimpleNamespace(_CHIP="rp2040", _FIRMWARE=("RPI_PICO", "", None))
NOT_WRITTEN = "nothing was written"


class Screen:
    """Keeps what is printed."""

    def __init__(self):
        self.lines = []

    def print(self, line):
        self.lines.append(line)


def put(board, octets, folder, port="none"):
    """Put a firmware of these octets on: (octets, of) of each report of progress."""
    path = folder / "firmware"
    path.write_bytes(octets)
    told = []
    firmware.put(board, str(path), port, Screen(), lambda octets, of: told.append((octets, of)))
    return told


def refusal(*words):
    """The one line by which a firmware is refused."""
    with pytest.raises(FlashError) as error:
        put(*words)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("board, chip, number", [(ESP32, "esp32", 0), (ESP32S3, "esp32s3", 9)])
def test_a_firmware_is_written_at_the_offset_of_its_board_and_compared_by_md5(tmp_path, board, chip, number):
    octets, loader = kit.firmware(number, board._FIRMWARE[2]), kit.Loader(chip)
    with kit.served(loader, tmp_path) as port:
        told = put(board, octets, tmp_path, port)
    assert loader.flash == {board._FIRMWARE[2]: octets}
    assert kit.SPI_FLASH_MD5 in loader.asked and told[-1][0] == told[-1][1] > 0


def test_a_block_that_is_lost_is_sent_again(tmp_path):
    octets, loader = kit.firmware(0, 0x1000), kit.Loader(loses=[0])
    with kit.served(loader, tmp_path) as port:
        put(ESP32, octets, tmp_path, port)
    assert loader.flash == {0x1000: octets} and loader.asked.count(kit.FLASH_DEFL_DATA) > 1


def test_a_flash_that_does_not_hold_what_was_written_is_told(tmp_path):
    with kit.served(kit.Loader(flips=True), tmp_path) as port:
        assert "does not hold what was written" in refusal(ESP32, kit.firmware(0, 0x1000), tmp_path, port)


def test_another_chip_at_the_port_is_told_before_anything_is_written(tmp_path):
    loader = kit.Loader("esp32s3")
    with kit.served(loader, tmp_path) as port:
        told = refusal(ESP32, kit.firmware(0, 0x1000), tmp_path, port)
    assert "the chip is an esp32s3, and BOARD has an esp32" in told and NOT_WRITTEN in told and not loader.flash


@pytest.mark.parametrize("make, line", [
    (lambda: kit.firmware(9, 0x1000), "is for an esp32s3, and the board has an esp32: " + NOT_WRITTEN),
    (lambda: kit.firmware(0, 0x1000)[:-9000], "is no firmware, or cut"),
    (lambda: kit.firmware(0, 0x1000)[:0x6000], "is cut, or a program without its boot loader"),
    (lambda: kit.firmware(0, 0x1000)[:2000], "is no firmware, or cut"),
    (lambda: kit.firmware(0, 0x1000)[:100] + b"?" + kit.firmware(0, 0x1000)[101:], "is damaged"),
    (lambda: b"<html>not found</html>", "is no firmware, or cut"),
    (lambda: b"", "is no firmware, or cut"),
])  # fmt: skip
def test_a_wrong_image_is_refused_before_the_port_is_opened(tmp_path, make, line):
    assert line in refusal(ESP32, make(), tmp_path)


def test_a_port_without_a_boot_loader_is_told(tmp_path, monkeypatch):
    assert "none" in refusal(ESP32, kit.firmware(0, 0x1000), tmp_path, str(tmp_path / "none"))


def test_a_uf2_file_is_copied_to_the_drive_of_the_boot_loader(tmp_path, monkeypatch):
    (tmp_path / "drive").mkdir()
    shown = iter([[], [], *[[str(tmp_path / "drive")]] * 9])
    monkeypatch.setattr(firmware, "drives", lambda: next(shown))
    octets = kit.uf2(0xE48BFF56, bytes(range(256)) * 20)
    put(PICO, octets, tmp_path)
    assert (tmp_path / "drive/firmware.uf2").read_bytes() == octets
    monkeypatch.setattr(firmware, "drives", lambda: [])
    monkeypatch.setattr(firmware, "_DRIVE_SECONDS", 0)
    assert "no drive of a board in its boot loader" in refusal(PICO, octets, tmp_path)


@pytest.mark.parametrize("make, line", [
    (lambda: kit.uf2(0xE48BFF59, bytes(999)), "is for rp2350, and the board has an rp2040: " + NOT_WRITTEN),
    (lambda: kit.uf2(0x12345678, bytes(999)), "is for another chip (family 12345678)"),
    (lambda: kit.uf2(0xE48BFF56, bytes(999))[:-512], "is cut"),
    (lambda: kit.uf2(0xE48BFF56, bytes(999))[:-100], "is no UF2 file, or cut"),
    (lambda: kit.uf2(0xE48BFF56, bytes(999))[512:], "is cut"),
    (lambda: kit.uf2(0xE48BFF56, bytes(999)).replace(b"\x30\x6f\xb1\x0a", bytes(4)), "is damaged at octet 0"),
    (lambda: kit.firmware(0, 0x1000), "is no UF2 file"),
])  # fmt: skip
def test_a_wrong_uf2_file_is_refused(tmp_path, make, line):
    assert line in refusal(PICO, make(), tmp_path)
