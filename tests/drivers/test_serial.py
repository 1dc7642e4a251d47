"""Real ptys: the Stream of CPython, and the one of MicroPython's unix port in a process of its own."""

import os
import pathlib
import subprocess
import sys
import termios
import threading
import tty

import pytest

from drivers.serial import open as open_serial
from drivers.serial import tty as micropython_tty
from mms.handset import settings
from tests.portable import micropython

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OCTETS = bytes(range(256)) * 40

# Sends back as many octets as the first four digits say, in tens, and then tells how the line ended.
ECHO = """
import asyncio, sys
if sys.implementation.name == "micropython":
    sys.path[:] = ["lib", "", ".frozen"]
else:
    sys.path[:0] = [""]
    sys.path.append("lib")
from drivers import serial

async def echo(line):
    buffer = bytearray(512)
    got = b""
    await line.write(b"?")
    while len(got) < 4 or len(got) - 4 < int(got[:4].decode()) * 10:
        octets = await line.readinto(buffer)
        got += buffer[:octets]
    line.set_baud(38400)
    await line.write(got[4:])
    print("READY")
    print("END", await line.readinto(buffer))

asyncio.run(echo(serial.open(sys.argv[1], 115200)))
"""


def interpreter(name):
    """The words that start an interpreter, or a skip."""
    command = [sys.executable] if name == "CPython" else micropython()
    if command is None:
        pytest.skip("PyPI has no MicroPython for this machine")
    return command


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_every_octet_passes_both_ways_and_a_closed_end_is_the_end(name):
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    command = [*interpreter(name), "-c", ECHO, os.ttyname(theirs)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    message = b"%04d" % (len(OCTETS) // 10) + OCTETS
    assert os.read(ours, 1) == b"?"
    threading.Thread(target=os.write, args=(ours, message), daemon=True).start()
    back = b""
    while len(back) < len(OCTETS):
        back += os.read(ours, 4096)
    os.close(theirs)
    assert process.stdout.readline().startswith("READY")
    os.close(ours)
    assert process.communicate(timeout=10)[0] == "END 0\n"
    assert back == OCTETS


# Writes more than a pty holds, and lives on meanwhile.
STUCK = (
    ECHO[: ECHO.index("async def")]
    + """
async def story(line):
    writing = asyncio.create_task(line.write(bytes(300000)))
    for _ in range(5):
        await asyncio.sleep(0.1)
    print("ALIVE")

asyncio.run(story(serial.open(sys.argv[1], 115200)))
"""
)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_full_line_does_not_hold_the_loop(name):
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    command = [*interpreter(name), "-c", STUCK, os.ttyname(theirs)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=10)
    os.close(ours)
    os.close(theirs)
    assert done.stdout == "ALIVE\n"


# Gives up writing to a full line, and then reads from it.
GIVING_UP = (
    ECHO[: ECHO.index("async def")]
    + """
async def story(line):
    buffer = bytearray(8)
    reading = asyncio.create_task(line.readinto(buffer))
    await asyncio.sleep(0.05)
    try:
        await asyncio.wait_for(line.write(bytes(300000)), 0.3)
    except asyncio.TimeoutError:
        print("FULL")
    print("HEARD", await asyncio.wait_for(reading, 5))

asyncio.run(story(serial.open(sys.argv[1], 115200)))
"""
)


UNBUFFERED = {"CPython": ["-u"], "MicroPython": []}


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_write_that_is_given_up_leaves_the_line_to_who_reads_it(name):
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    command = [*interpreter(name), *UNBUFFERED[name], "-c", GIVING_UP, os.ttyname(theirs)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout.readline() == "FULL\n"
    os.write(ours, b"RDY")
    assert process.communicate(timeout=10)[0] == "HEARD 3\n"
    os.close(ours)
    os.close(theirs)


def test_a_line_that_is_not_there_is_an_os_error():
    with pytest.raises(OSError):
        open_serial("/dev/no-such-line", 115200)


def test_every_speed_that_the_settings_allow_is_one_that_a_tty_has():
    for key in ("modem.baud", "camera.baud"):
        speeds = [int(speed) for speed in settings._rule(key)[1:]]
        assert 9600 in speeds and 115200 in speeds
        for speed in speeds:
            assert micropython_tty._SPEEDS[speed] == getattr(termios, "B%d" % speed)
