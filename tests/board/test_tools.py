"""The tools around a flashed board: its prompt, its lines, its settings, and which firmware it wants."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import types

import pytest

from mms.handset.settings import check
from tests.kit.board import versions
from tests.kit.board.unix_board import UnixBoard
from tools.board import firmware, logs
from tools.board import settings as questionnaire
from tools.board.flash import __main__ as command
from tools.board.flash import ports, sets
from tools.programs import ROOT

TALKS = """
import time
def main():
    for number in range(1000):
        print("line", number)
        time.sleep(0.05)
"""


class Screen:
    """Keeps what is printed."""

    def __init__(self):
        self.lines = []

    def print(self, line):
        self.lines.append(line)


def test_the_prompt_of_a_board_can_be_talked_to(tmp_path):
    master, slave = pty.openpty()
    with UnixBoard(tmp_path) as board:
        command = [sys.executable, "-m", "tools.board.repl", "--port", board.port]
        with subprocess.Popen(command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave) as program:
            said, until = b"", time.monotonic() + 30
            os.write(master, b"print(6 * 7)\r")
            while b"\n42" not in said and time.monotonic() < until:
                if select.select([master], [], [], 0.2)[0]:
                    said += os.read(master, 1000)
            os.write(master, b"\x1d")
            assert program.wait(10) == 0 and b"\n42" in said, said
    os.close(master)
    os.close(slave)


def test_a_prompt_needs_a_terminal():
    command = [sys.executable, "-m", "tools.board.repl", "--port", "none"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (1, "a board's console needs a terminal\n")


def test_the_lines_of_a_handset_are_shown_with_the_time_and_nothing_interrupts_it(tmp_path, capsys):
    versions.write(tmp_path / "flash", 1)
    (tmp_path / "flash/lib/mms_program.py").write_text(TALKS)
    with UnixBoard(tmp_path) as board:
        assert logs.main(["--port", board.port, "--seconds", "1.5"]) == 0
        assert board.heard == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) > 2 and all(row[8:14] == " line " and row[2] == ":" for row in rows[1:])
    assert logs.main(["--port", str(tmp_path / "none")]) == 1
    assert "no such port" in capsys.readouterr().err


def test_flash_alone_lists_boards_and_what_answers_on_each_port(tmp_path, capsys, monkeypatch):
    master, slave = pty.openpty()
    monkeypatch.setattr(ports, "_SECONDS", 0.5)
    with UnixBoard(tmp_path) as board:
        devices = (
            (board.port, 0x10C4, 0xEA60),
            (os.ttyname(slave), None, None),
            (str(tmp_path / "gone"), 0x303A, 0x1001),
        )
        found = [types.SimpleNamespace(device=name, vid=vid, pid=pid, description="n/a") for name, vid, pid in devices]
        monkeypatch.setattr(ports.list_ports, "comports", lambda: found)
        assert command.main([]) == 0
    told = capsys.readouterr().out
    assert all("  %s " % name in told for name in sets.boards())
    assert re.search(r"/line +CP210x, as on a T-Call: MicroPython \S+, linux", told)
    assert re.search(r"/pts/\d+ +n/a: nothing answers at 115200 bit/s", told)
    assert re.search(r"/gone +an ESP32-S3's own USB: cannot be opened", told)
    monkeypatch.setattr(ports.list_ports, "comports", lambda: [])
    assert command.main([]) == 0 and "Ports: none" in capsys.readouterr().out
    os.close(master)
    os.close(slave)


def answering(*answers):
    """A function that gives these answers, one after the other, and "" when there is none left."""
    left = list(answers)
    return lambda question, old: left.pop(0) if left else ""


def test_answers_become_checked_settings_and_old_ones_stay():
    told = []
    answers = (
        "+447700900001",
        "12x4",
        "1234",
        "+447700900002, ann@example.org",
        "Look",
        "TINY",
        "QVGA",
        "no",
        "234",
        "23410",
    )
    operator = ("mms.example", "ftp://no", "http://mmsc.example/", "10.1.1.1:8080", "", "secret")
    made = questionnaire.ask_all({"in_doubt": "hold"}, answering(*answers, *operator), told.append)
    assert made == {
        "in_doubt": "hold",
        "number": "+447700900001",
        "pin": "1234",
        "press": {"to": ["+447700900002", "ann@example.org"], "text": "Look"},
        "camera": {"size": "QVGA"},
        "watchdog": False,
        "operators": {
            "23410": {
                "apn": "mms.example",
                "mmsc": "http://mmsc.example/",
                "proxy": "10.1.1.1:8080",
                "password": "secret",
            }
        },
    }
    assert [line.split(":")[0] for line in told[:2]] == ["pin", "camera.size"] and len(told) == 4
    check(made)
    assert questionnaire.ask_all(made, answering(), told.append) == made
    assert "pin" not in questionnaire.ask_all(made, answering("", "-"), told.append)


def test_the_settings_on_a_board_are_replaced_whole_and_the_program_stays(tmp_path):
    versions.write(tmp_path / "flash", 1)
    (tmp_path / "flash/settings.json").write_text('{"watchdog": 5}')
    screen = Screen()
    with UnixBoard(tmp_path) as board:
        questionnaire.put(board.port, screen, answering("+447700900001"))
    assert json.loads((tmp_path / "flash/settings.json").read_text()) == {"number": "+447700900001"}
    assert "left aside: watchdog: true or false, please" in screen.lines[0]
    assert screen.lines[-1] == "It says: " + versions.says(1)


@pytest.mark.parametrize("name", sets.boards())
def test_a_board_says_which_firmware_it_wants(name, capsys):
    assert firmware.main([name]) == 0
    told = capsys.readouterr().out
    image, variant, offset = sets.find(name)._FIRMWARE
    assert image in told and variant in told and ("offset 0x%x" % offset if offset is not None else "BOOTSEL") in told


def test_a_firmware_is_built_by_the_commands_that_are_printed(tmp_path, capfd, monkeypatch):
    for folder in ("mpy-cross", "ports/esp32"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "Makefile").write_text("all submodules:\n\t@echo made $@ $(BOARD) $(BOARD_VARIANT)\n")
    assert firmware.main(["lilygo_tcall", "--micropython", str(tmp_path)]) == 1
    assert "idf.py is not on the path" in capfd.readouterr().err
    monkeypatch.setattr(shutil, "which", lambda name: name)
    assert firmware.main(["lilygo_tcall", "--micropython", str(tmp_path)]) == 0
    told = capfd.readouterr().out
    assert "These commands are untried" in told and told.count("made all ESP32_GENERIC SPIRAM") == 1
    assert "build-ESP32_GENERIC-SPIRAM/firmware.bin" in told
    manifest = (firmware.FOLDER / "lilygo_tcall_manifest.py").read_text()
    assert "$(PORT_DIR)/boards/manifest.py" in manifest and str(ROOT / "manifest.py") in manifest
    assert firmware.main(["pico_sim800", "--micropython", str(tmp_path)]) == 1
    assert "it has no ports/rp2" in capfd.readouterr().err
