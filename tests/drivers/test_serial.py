"""Real ptys: the Stream of CPython, and the one of MicroPython's unix port in a process of its own."""

import errno
import os
import pathlib
import select
import subprocess
import termios
import threading
import tty

import pytest

from drivers.serial import open as open_serial
from drivers.serial import tty as micropython_tty
from drivers.serial.paths import returns
from mms.handset import settings
from tests.kit.drivers.interpreters import ECHO, interpreter

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OCTETS = bytes(range(256)) * 40


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
        speeds = [int(speed) for speed in settings.rule(key)[1:]]
        assert 9600 in speeds and 115200 in speeds
        for speed in speeds:
            assert micropython_tty._SPEEDS[speed] == getattr(termios, "B%d" % speed)


# Tells the end of its line, waits for the next one at the same path, and answers there.
RETURNING = (
    ECHO[: ECHO.index("async def")]
    + """
async def story(line):
    buffer = bytearray(8)
    for _ in range(2):
        await line.write(b"?")
        octets = await line.readinto(buffer)
        while octets:
            print("HEARD", octets)
            octets = await line.readinto(buffer)
        print("GONE")
        await line.reopen()
        print("BACK")
    await line.write(b"!")
    print("END")

asyncio.run(story(serial.open(sys.argv[1], 9600)))
"""
)


def plugged(link):
    """A new pty that `link` leads to: the number of the lab's end."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(theirs))
    return ours, theirs


def pull(ours, theirs, link):
    link.unlink()
    os.close(ours)
    os.close(theirs)


def read(number, seconds=10):
    """The next octets from the lab's end of a pty."""
    assert select.select([number], [], [], seconds)[0], "nothing came"
    return os.read(number, 8)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_line_that_is_plugged_in_again_goes_on_as_another_pty_at_the_same_path(name, tmp_path):
    link = tmp_path / "line"
    ours, theirs = plugged(link)
    command = [*interpreter(name), *UNBUFFERED[name], "-c", RETURNING, str(link)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(2):
            assert read(ours) == b"?"
            os.write(ours, b"RDY")
            assert process.stdout.readline() == "HEARD 3\n"
            pull(ours, theirs, link)
            assert process.stdout.readline() == "GONE\n"
            ours, theirs = plugged(link)
            assert process.stdout.readline() == "BACK\n"
        assert read(ours) == b"!"
        assert process.stdout.readline() == "END\n"
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def test_a_terminal_without_a_name_of_its_own_is_not_waited_for(line_of_mine):
    assert not line_of_mine.returns and returns("/dev/ttyUSB0") and returns("build/alice/modem")


@pytest.fixture
def line_of_mine():
    ours, theirs = os.openpty()
    stream = open_serial(os.ttyname(theirs), 115200)
    yield stream
    stream.close()
    os.close(ours)
    os.close(theirs)


# Opens its line and says whether it could; keeps it until its input ends.
HOLDING = (
    ECHO[: ECHO.index("async def")]
    + """
try:
    line = serial.open(sys.argv[1], 9600)
    print("OPEN")
    sys.stdin.readline()
except OSError as error:
    print("REFUSED", error.args[0])
"""
)


@pytest.mark.parametrize("second", ["CPython", "MicroPython"])
@pytest.mark.parametrize("first", ["CPython", "MicroPython"])
def test_a_line_has_one_program_and_is_free_again_when_that_is_killed(first, second, tmp_path):
    link = tmp_path / "line"
    ours, theirs = plugged(link)

    def begin(name):
        command = [*interpreter(name), *UNBUFFERED[name], "-c", HOLDING, str(link)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
        return process, process.stdout.readline()

    holder, said = begin(first)
    assert said == "OPEN\n"
    refused, said = begin(second)
    refused.communicate()
    assert said in ("REFUSED %d\n" % errno.EBUSY, "REFUSED %d\n" % errno.EAGAIN)
    holder.kill()
    holder.communicate()
    next_one, said = begin(second)
    next_one.communicate("\n")
    assert said == "OPEN\n"
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_what_is_no_serial_line_is_refused_at_once(name, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").write_text("AT")
    for path in (tmp_path / "fifo", tmp_path / "file", tmp_path, "/dev/zero", tmp_path / "none"):
        command = [*interpreter(name), "-c", HOLDING, str(path)]
        done = subprocess.run(command, cwd=ROOT, input="", stdout=subprocess.PIPE, text=True, timeout=10)
        assert done.stdout.startswith("REFUSED "), path
        assert int(done.stdout.split()[1]), path


# Has flow control, changes the speed with it, and leaves it.
FLOW = (
    ECHO[: ECHO.index("async def")]
    + """
line = serial.open(sys.argv[1], 115200)
assert line.flow is None
for on, baud in ((True, 115200), (True, 38400), (False, 38400)):
    line.set_flow(on)
    line.set_baud(baud)
    assert line.flow is on
    print(on)
    sys.stdin.readline()
"""
)


@pytest.mark.parametrize("name", ["CPython", "MicroPython"])
def test_a_tty_has_flow_control_while_it_is_wanted(name):
    _, theirs = os.openpty()
    tty.setraw(theirs)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    process = subprocess.Popen(
        [*interpreter(name), *UNBUFFERED[name], "-c", FLOW, os.ttyname(theirs)], cwd=ROOT, **pipes
    )
    for expected, speed in (("True", termios.B115200), ("True", termios.B38400), ("False", termios.B38400)):
        assert process.stdout.readline().strip() == expected
        mode = termios.tcgetattr(theirs)
        assert bool(mode[2] & termios.CRTSCTS) == (expected == "True") and mode[5] == speed
        process.stdin.write("\n")
    assert process.wait(10) == 0
    os.close(theirs)
