"""Standard input and output as a Stream, on both interpreters, in processes of their own."""

import os
import pathlib
import re
import select
import subprocess
import termios
import time
import types

import pytest

from drivers.serial import stdio
from tests.kit.drivers.interpreters import ECHO, interpreter

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BACK = (
    ECHO[: ECHO.index("from drivers")]
    + """
from drivers.serial.stdio import Stdio

async def back():
    stream, buffer, got = Stdio(), bytearray(5), b""
    count = await stream.readinto(buffer)
    while count:
        got += buffer[:count]
        count = await stream.readinto(buffer)
    await stream.write(got)
    await stream.drain()
    stream.close()
    await stream.write("still open: ☺".encode())

asyncio.run(back())
"""
)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_every_octet_comes_through_in_small_pieces_and_the_end_is_the_end(name):
    lines = "".join("%d ☺ line\n" % number for number in range(200))
    done = subprocess.run(
        [*interpreter(name), "-c", BACK], cwd=ROOT, input=lines.encode(), capture_output=True, timeout=20
    )
    assert (done.stdout.decode(), done.stderr) == (lines + "still open: ☺", b"")


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_handset_that_cannot_start_says_why_in_one_line(name, tmp_path):
    settings = tmp_path / "settings.json"
    for text, said in (
        ("{}", "no modem: say where it is with --modem PATH\n"),
        ('{"colour": 7}', "colour: no such setting; correct the settings\n"),
    ):
        settings.write_text(text)
        command = [*interpreter(name), "main.py", "--settings", str(settings)]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


PIECES = (
    ECHO[: ECHO.index("from drivers")]
    + """
from drivers.serial.stdio import Stdio

async def count():
    stream, buffer, counts = Stdio(), bytearray(64), []
    await asyncio.sleep(1)
    while True:
        octets = await stream.readinto(buffer)
        if not octets:
            break
        counts.append(octets)
    print(counts)

asyncio.run(count())
"""
)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_what_is_there_is_read_at_once(name):
    done = subprocess.run(
        [*interpreter(name), "-c", PIECES], cwd=ROOT, input=b"x" * 160, capture_output=True, timeout=20
    )
    assert (done.stdout.decode(), done.stderr) == ("[64, 64, 32]\n", b"")


def test_a_board_says_how_long_a_line_may_be_and_that_nobody_shows_it(monkeypatch):
    monkeypatch.setattr(stdio, "Input", lambda: None)
    monkeypatch.setattr(stdio.sys, "implementation", types.SimpleNamespace(name="micropython"))
    for platform, line, raw in (("esp32", 256, True), ("rp2", None, True), ("linux", None, False)):
        monkeypatch.setattr(stdio.sys, "platform", platform)
        assert (getattr(stdio.Stdio(), "line", None), stdio.Stdio().raw) == (line, raw)


TALK = (
    ECHO[: ECHO.index("from drivers")]
    + """
from drivers.serial import stdio

async def talk():
    stream, buffer, line = stdio.open(), bytearray(64), b""
    stream.bottom("> ")
    while True:
        count = await stream.readinto(buffer)
        line += buffer[:count]
        if line == b"more\\n":
            await asyncio.sleep(0.5)
            await stream.write(b"above\\n")
            stream.bottom("50 % > ")
        elif line[-1:] == b"\\n" or not count:
            await stream.write(b"got " + line.strip() + b"\\n")
            if not count or line == b"quit\\n":
                break
        line = b"" if line[-1:] == b"\\n" else line
    stream.bottom(None)

asyncio.run(talk())
"""
)


class Screen:
    """What a terminal shows of what a program writes to it: as much of ECMA-48 as is used here."""

    def __init__(self, columns):
        self._columns, self.rows, self._row, self._column = columns, [""], 0, 0

    def feed(self, text):
        for what, number, kind, character in re.findall(r"(\x1b\[\??(\d*)([A-Za-z]))|(.|\n|\r)", text):
            if what:
                self._command(kind, int(number or 1))
            elif character == "\n":
                self._row += 1
                self.rows += [""] * (self._row + 1 - len(self.rows))
            elif character == "\r":
                self._column = 0
            elif character == "\b":
                self._column -= 1
            elif character >= " ":
                if self._column == self._columns:
                    self.feed("\r\n")
                row = self.rows[self._row].ljust(self._column)
                self.rows[self._row] = row[: self._column] + character + row[self._column + 1 :]
                self._column += 1

    def _command(self, kind, number):
        if kind == "A":
            self._row -= number
        elif kind == "C":
            self._column += number
        elif kind in "JK":
            self.rows[self._row] = self.rows[self._row][: self._column]
            if kind == "J":
                del self.rows[self._row + 1 :]


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_prompt_stays_below_what_is_written(name):
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 40))
    mode = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [*interpreter(name), "-c", TALK], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "vt100", "INPUTRC": "/dev/null"}, start_new_session=True,
    )  # fmt: skip
    screen, history = Screen(40), name == "CPython"

    def until(*rows):
        end = time.monotonic() + 10
        while screen.rows[-len(rows) :] != list(rows):
            assert time.monotonic() < end and select.select([ours], [], [], 10)[0], screen.rows[-4:]
            screen.feed(os.read(ours, 1000).decode())

    until("> ")
    os.write(ours, b"hello\n")
    until("> hello", "got hello", "> ")
    os.write(ours, b"more\n")
    until("> more", "above", "50 % > ")
    if history:
        os.write(ours, b"\x1b[A\x1b[A")
        until("above", "50 % > hello")
        os.write(ours, b" " + b"x" * 40)
        os.write(ours, b"\n")
        until("50 % > hello " + "x" * 27, "x" * 13, "got hello " + "x" * 30, "x" * 10, "50 % > ")
    os.write(ours, b"\x04")
    until("got ", "")
    assert process.wait(10) == 0
    assert termios.tcgetattr(theirs) == mode
    os.close(ours)
    os.close(theirs)
