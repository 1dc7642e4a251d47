"""`make flash` from its command line to the first line that the handset says, against MicroPython on a pty."""

import json
import os
import pty
import threading
import time
import tty
import types

import pytest

from tests.kit.board import versions
from tests.kit.board.unix_board import UnixBoard, start
from tools.board.flash import __main__ as command
from tools.board.flash import migration, sets
from tools.board.flash.line import Board, FlashError
from tools.board.flash.program import BLOCK, WATCHDOG_MS, Program

BOARD = types.SimpleNamespace(PLATFORM="linux", FAMILY="sim800", CAMERA=None)


@pytest.fixture
def ground(monkeypatch):
    """The unix port taken for a lilygo_tcall."""
    monkeypatch.setattr(command, "FIRST_LINE_SECONDS", 5)
    monkeypatch.setattr(sets, "find", lambda name: BOARD)
    monkeypatch.setattr(Board, "has_speed", True)  # as on an ESP32


def test_a_handset_is_flashed_and_says_its_first_line_and_a_second_flash_sends_nothing(tmp_path, ground, capsys):
    with UnixBoard(tmp_path) as board:
        words = ["lilygo_tcall", "--port", board.port]
        assert command.main(words) == 0, capsys.readouterr().err
        told = capsys.readouterr().out
        assert "are new; 0 old ones went" in told
        assert "It says: board: lilygo_tcall is a board for esp32, this is no esp32" in told  # a unix port, for once
        heard = board.heard
        assert command.main(words) == 0
        assert "Nothing has changed" in capsys.readouterr().out and board.heard - heard < heard / 20
    assert json.loads((tmp_path / "flash/settings.json").read_text()) == {"board": "lilygo_tcall"}
    assert (tmp_path / "flash/lib/assets/operators.bin").stat().st_size > 20000


def test_a_line_that_does_not_bear_the_fast_speed_is_used_at_its_own(tmp_path, ground):
    versions.write(tmp_path / "flash", 1)
    with UnixBoard(tmp_path, fastest=115200) as board, Board(board.port) as line:
        assert Program(line).update(versions.files(2), lambda octets: None)[0] > 19000
        assert line.baud == 115200
    assert start(tmp_path / "flash").strip() == versions.says(2)


@pytest.mark.parametrize("fault, speed", [("loses", 921600), ("flips", 921600), ("loses", 115200)])
def test_octets_that_are_lost_or_wrong_on_the_line_are_sent_again(tmp_path, fault, speed):
    with UnixBoard(tmp_path, speed=speed, **{fault: 9000}) as board, Board(board.port, speed) as line:
        Program(line).update(versions.files(1), lambda octets: None, None)
        assert getattr(board, fault) is None  # it happened
    assert start(tmp_path / "flash").strip() == versions.says(1)


def test_the_watchdog_is_given_time_and_unknown_files_stay_and_old_sources_go(tmp_path, monkeypatch):
    versions.write(tmp_path / "flash", 1)
    for name in ("notes.txt", "lib/mine.py", "lib/mms/forgotten.py", "lib/mms/m1.mpy.new"):
        (tmp_path / "flash" / name).write_text("text")
    monkeypatch.setitem(WATCHDOG_MS, "linux", 30000)
    with UnixBoard(tmp_path, speed=921600) as board, Board(board.port, 921600) as line:
        _, removed = Program(line).update(versions.files(2), lambda octets: None, None)
    assert sorted(removed) == ["lib/mms/forgotten.py", "lib/mms/m1.mpy.new"]
    found = [path for path in (tmp_path / "flash").rglob("*") if path.is_file()]
    left = {path.relative_to(tmp_path / "flash").as_posix() for path in found}
    assert left == {*versions.files(2), "notes.txt", "lib/mine.py", "watchdog"}
    assert (tmp_path / "flash/watchdog").read_text() == "30000"


def test_a_firmware_that_has_the_handset_gets_settings_and_operators_alone(tmp_path, ground, capsys):
    (tmp_path / "modules/mms").mkdir(parents=True)
    (tmp_path / "modules/mms/__init__.py").write_text("")  # outside of lib, as a frozen module is
    with UnixBoard(tmp_path) as board:
        assert command.main(["lilygo_tcall", "--port", board.port]) == 0
    assert "frozen in this firmware" in capsys.readouterr().out
    found = {path.name for path in (tmp_path / "flash").rglob("*") if path.is_file()}
    assert found == {"operators.bin", "tariffs.bin", "profiles.bin", "settings.json"}


def test_a_main_of_the_makers_own_is_kept_aside(tmp_path):
    (tmp_path / "flash").mkdir()
    (tmp_path / "flash/main.py").write_text("print('my own')\n")
    with UnixBoard(tmp_path, speed=921600) as board, Board(board.port, 921600) as line:
        Program(line).update(versions.files(1), lambda octets: None, None)
    assert (tmp_path / "flash/main.before.py").read_text() == "print('my own')\n"
    assert start(tmp_path / "flash").strip() == versions.says(1)


def test_a_flash_without_room_is_refused_before_anything_is_written(tmp_path):
    versions.write(tmp_path / "flash", 1)
    with UnixBoard(tmp_path, speed=921600) as board, Board(board.port, 921600) as line:
        program = Program(line)
        line.ask("def room(): print(20000, 4096)")
        with pytest.raises(FlashError, match="no space: 57 kB are needed and 20 kB free"):
            program.update(versions.files(2), lambda octets: None, None)
        line.ask("def room(): print(1000000, 4096)\ndef open(*_): raise OSError(28)")
        with pytest.raises(FlashError, match="no space is left on its flash"):
            program.update(versions.files(2), lambda octets: None, None)
    assert start(tmp_path / "flash").strip() == versions.says(1)


def test_a_handset_that_runs_is_interrupted_and_leaves_the_repl(tmp_path):
    versions.write(tmp_path / "flash", 1)
    (tmp_path / "flash/lib/mms_program.py").write_text(RUNNING)
    with UnixBoard(tmp_path, speed=921600) as board:
        while b"running" not in board.said:
            time.sleep(0.05)
        with Board(board.port, 921600) as line:
            assert line.ask("print(6 * 7)") == "42"


RUNNING = """
import time
def main():
    print("running")
    try:
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        return 130
"""


def refused(capsys, *words):
    """The one line of a flash that is refused."""
    assert command.main(list(words)) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "Traceback" not in error
    return error


@pytest.mark.parametrize("words, line", [
    (("pico_sim800",), "PORT is missing"),
    (("nokia", "--port", "/dev/none"), "no board nokia: BOARD is one of esp32cam_sim800, "),
    (("pico_sim800", "--port", "/dev/none"), "/dev/none: no such port; `make flash` lists those there are"),
    (("pico_sim800", "--port", "/dev/null"), "/dev/null"),
    (("pico_sim800", "--port", "/dev/null", "--firmware", "/dev/none"), "/dev/none: No such file"),
    (("pico_sim800", "--port", "/dev/null", "--firmware", "README.md"), "README.md is no UF2 file"),
    (("lilygo_tcall", "--port", "/dev/null", "--firmware", "README.md"), "README.md is no firmware"),
])  # fmt: skip
def test_a_wrong_board_or_port_is_told_in_one_line(capsys, words, line):
    assert line in refused(capsys, *words)


def test_a_board_whose_file_names_a_pin_that_cannot_work_is_not_flashed(capsys, monkeypatch):
    monkeypatch.setattr(sets.find("lilygo_tcall"), "CAMERA", {"uart": 2, "tx": 18, "rx": 16})
    told = refused(capsys, "lilygo_tcall", "--port", "/dev/none")
    assert "drivers/board/lilygo_tcall.py: pin 16 cannot be CAMERA rx: the PSRAM is on it" in told


def test_another_board_is_told(tmp_path, capsys):
    with UnixBoard(tmp_path) as board:
        told = refused(capsys, "pico_sim800", "--port", board.port)
    assert "pico_sim800 is a board for rp2, and this one says linux" in told


def test_an_old_micropython_is_told(tmp_path, ground, capsys, monkeypatch):
    monkeypatch.setattr(sets, "MPY", 7)
    with UnixBoard(tmp_path) as board:
        words = ("lilygo_tcall", "--port", board.port)
        assert "runs .mpy files of format 6, and these are of format 7" in refused(capsys, *words)
        monkeypatch.setattr(sets, "MPY", 6)
        monkeypatch.setattr(sets, "OLDEST", (2, 0))
        assert "MicroPython 1.29.0 is too old, 2.0 is wanted" in refused(capsys, *words)


@pytest.mark.parametrize("says, line", [(b"", "no answer at 115200 bit/s"), (b"ERROR\r\n", "but not as MicroPython")])
def test_a_device_that_is_not_micropython_is_told(tmp_path, capsys, monkeypatch, says, line):
    monkeypatch.setattr("tools.board.flash.line._ENTER_SECONDS", 1)
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), tmp_path / "line")

    def answer():
        while b"end" not in os.read(master, 100):
            os.write(master, says)

    thread = threading.Thread(target=answer)
    thread.start()
    assert line in refused(capsys, "pico_sim800", "--port", str(tmp_path / "line"))
    os.write(slave, b"end")
    thread.join()
    os.close(master)
    os.close(slave)


def test_settings_of_an_older_version_are_rewritten_and_the_rest_is_kept():
    told = {"board": "esp32", "camera": {"compression": 54}, "number": "+447700900001"}
    whole, octets, notes = migration.settings("lilygo_tcall", None, json.dumps(told).encode())
    assert json.loads(octets) == {"board": "lilygo_tcall", "camera": {"quality": 79}, "number": "+447700900001"}
    assert len(notes) == 1 and "camera.quality 79" in notes[0] and whole["camera"]["quality"] == 79
    assert migration.settings("lilygo_tcall", None, octets) == (whole, octets, [])


def test_settings_of_another_board_are_told_and_wrong_ones_refused(tmp_path):
    _, octets, notes = migration.settings("lilygo_tcall", None, b'{"board": "pico_sim800"}')
    assert json.loads(octets) == {"board": "lilygo_tcall"} and "pico_sim800" in notes[0]
    for wrong in (b"{", b'{"watchdog": 3}'):
        with pytest.raises(FlashError, match="settings.json on the board"):
            migration.settings("lilygo_tcall", None, wrong)
    with pytest.raises(FlashError, match="No such file"):
        migration.settings("lilygo_tcall", str(tmp_path / "none"), None)


def test_the_page_and_its_server_are_found_whole_on_the_board_and_not_sent_again(tmp_path):
    files = sets.Plan("lilygo_tcall", {"page": {"port": 80}}).files()
    wanted = {path: octets for path, octets in files.items() if "microdot" in path or "/page/" in path}
    assert len(wanted) > 10
    with UnixBoard(tmp_path, speed=921600) as board, Board(board.port, 921600) as line:
        assert Program(line).update(wanted, lambda octets: None, None) == (sum(map(len, wanted.values())), [])
        assert Program(line).update(wanted, lambda octets: None, None) == (0, [])


def test_a_flash_takes_little_longer_than_its_octets_on_the_wire(tmp_path):
    wanted = versions.files(1)
    with UnixBoard(tmp_path) as board, Board(board.port) as line:
        blocks = sum(len(octets) // BLOCK + 1 for octets in wanted.values())
        line.begin(ECHO % (BLOCK, blocks))
        began = time.monotonic()
        for _ in range(blocks):
            line.write(bytes(BLOCK))
            assert line.read(1) == b"!"
        plain = time.monotonic() - began
        line.end()
        began = time.monotonic()
        Program(line).update(wanted, lambda octets: None, None)
        assert time.monotonic() - began < 1.5 * plain + 6
        began = time.monotonic()
        assert Program(line).update(wanted, lambda octets: None, None) == (0, [])
        assert time.monotonic() - began < plain + 6


ECHO = """
import sys
room = bytearray(%d)
for _ in range(%d):
    sys.stdin.buffer.readinto(room)
    sys.stdout.buffer.write(b"!")
"""
