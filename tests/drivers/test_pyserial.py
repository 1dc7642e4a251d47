"""A tty under CPython, in the process of the test: what ends a line ends every wait on it."""

import asyncio
import contextlib
import fcntl
import os
import termios
import tty

import pytest

from drivers import serial


@pytest.fixture
def line():
    """(the Stream of a pty, the number of its other end)."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    stream = serial.open(os.ttyname(theirs), 115200)
    os.close(theirs)
    yield stream, ours
    stream.close()
    with contextlib.suppress(OSError):
        os.close(ours)


def test_who_waits_for_octets_of_a_line_that_is_unplugged_is_told_of_its_end(line):
    stream, ours = line

    async def story():
        reading = asyncio.create_task(stream.readinto(bytearray(8)))
        await asyncio.sleep(0.05)
        assert not reading.done()
        os.close(ours)
        return await asyncio.wait_for(reading, 5)

    assert asyncio.run(story()) == 0


def test_a_closed_line_gives_and_takes_nothing_more(line):
    stream, _ = line

    async def story():
        stream.close()
        stream.close()
        assert await stream.readinto(bytearray(8)) == 0
        with pytest.raises(OSError):
            await stream.write(b"AT\r")

    asyncio.run(story())


def test_a_line_that_is_closed_under_a_wait_can_be_waited_for_no_longer(line):
    stream, ours = line

    async def story():
        reading = asyncio.create_task(stream.readinto(bytearray(8)))
        await asyncio.sleep(0.05)
        stream.close()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        return reading.cancelled()

    assert asyncio.run(story())


def test_a_line_takes_a_new_speed_and_all_that_is_written(line, monkeypatch):
    stream, ours = line
    usual, busy = os.write, [True]

    def write(number, octets):
        if busy:
            busy.clear()
            raise BlockingIOError  # it was writable, and is not any more
        return usual(number, octets)

    async def story():
        monkeypatch.setattr(os, "write", write)
        stream.set_baud(9600)
        await stream.write(b"AT\r")
        await stream.drain()
        monkeypatch.undo()
        os.write(ours, b"OK")
        buffer = bytearray(8)
        return buffer[: await stream.readinto(buffer)]

    assert asyncio.run(story()) == b"OK" and os.read(ours, 8) == b"AT\r"


def test_a_line_can_be_closed_when_no_loop_runs(line):
    stream, _ = line
    stream.close()
    with pytest.raises(OSError):
        asyncio.run(stream.write(b"AT\r"))


def test_a_line_that_has_a_name_is_closed_to_others_and_a_pty_is_not(line, monkeypatch):
    stream, _ = line
    path, asked, usual = os.ttyname(stream._number), [], fcntl.ioctl
    stream.close()
    monkeypatch.setattr(fcntl, "ioctl", lambda number, what, *more: asked.append(what) or usual(number, what, *more))
    serial.open(path, 9600).close()
    assert termios.TIOCEXCL not in asked
    monkeypatch.setattr(os, "ttyname", lambda number: "/dev/ttyUSB0")
    stream = serial.open(path, 9600)
    assert termios.TIOCEXCL in asked
    usual(stream._number, termios.TIOCNXCL)
    stream.close()


def test_a_line_that_is_gone_takes_no_speed_and_wakes_who_waits_to_write(line):
    stream, ours = line

    async def story():
        writing = asyncio.create_task(stream.write(bytes(300000)))
        await asyncio.sleep(0.05)
        assert not writing.done()
        stream.close()
        with pytest.raises(OSError, match="closed"):  # and no TimeoutError, which is one, too
            await asyncio.wait_for(writing, 5)

    os.close(ours)
    with pytest.raises(OSError):
        stream.set_baud(19200)
    stream.close()
    mine, theirs = os.openpty()
    tty.setraw(theirs)
    stream = serial.open(os.ttyname(theirs), 9600)
    asyncio.run(story())
    os.close(mine)
    os.close(theirs)
