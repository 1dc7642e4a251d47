"""Standard input and output as a Stream, on both interpreters, in processes of their own."""

import pathlib
import subprocess

import pytest

from tests.drivers.test_serial import ECHO, interpreter

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
