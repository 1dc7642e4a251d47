"""The pseudo-terminal: pace, binary octets, handsets that come, go and do not read."""

import asyncio
import os
import termios
import time

import pytest

from tests.kit.lab import patient
from tools.lab.line import Line


def on_a_line(tmp_path, story, baud=115200, speed=1.0):
    heard = bytearray()

    async def run():
        line = Line(tmp_path / "line", baud, heard.extend, speed)
        await line.start()
        try:
            return await story(line, heard)
        finally:
            await line.stop()

    return patient.run(run())


def handset(line):
    return os.open(line.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)


async def read(handle, count):
    octets = b""
    while len(octets) < count:
        octets += await patient.read(handle, 4096)
    return octets


@pytest.mark.parametrize("speed", (1.0, 10.0))
def test_octets_to_the_handset_take_as_long_as_on_a_uart(tmp_path, speed):
    async def story(line, heard):
        handle = handset(line)
        count = int(3000 * speed)
        start = patient.time()
        line.write(bytes(count))
        assert len(await read(handle, count)) == count
        os.close(handle)
        return patient.time() - start

    assert on_a_line(tmp_path, story, speed=speed) == pytest.approx(3000 / 11520, rel=0.1)


def test_octets_from_the_handset_take_as_long_as_on_a_uart(tmp_path):
    async def story(line, heard):
        handle = handset(line)
        start = patient.time()
        assert os.write(handle, bytes(3000)) == 3000
        while len(heard) < 3000:
            await asyncio.sleep(0.001)
        os.close(handle)
        return patient.time() - start

    assert on_a_line(tmp_path, story) == pytest.approx(3000 / 11520, rel=0.1)


def test_a_rate_may_change_while_the_line_runs(tmp_path):
    async def story(line, heard):
        handle = handset(line)
        line.baud = 460800
        start = patient.time()
        line.write(bytes(12000))
        await read(handle, 12000)
        os.close(handle)
        return patient.time() - start

    assert on_a_line(tmp_path, story, baud=9600) == pytest.approx(12000 / 46080, rel=0.1)


def test_a_board_whose_flash_works_keeps_what_its_uart_keeps(tmp_path):
    numbers = bytes(range(250)) * 4

    async def story(line, heard):
        handle = handset(line)
        line.write(numbers)
        said = await read(handle, 1)
        line.deafen()  # 45 ms are some 518 octets
        said += await read(handle, 400)
        with pytest.raises(asyncio.TimeoutError):
            while True:
                said += await patient.read(handle, 4096, 1)
        line.write(b"and all is well")
        assert await read(handle, 15) == b"and all is well"
        os.close(handle)
        return said

    said = on_a_line(tmp_path, story)
    lost = len(numbers) - len(said)
    assert 518 - 32 - 60 <= lost <= 518 - 32 + 60  # octets move in batches
    at = next(place for place in range(len(said)) if said[place] != numbers[place])
    assert said == numbers[:at] + numbers[at + lost :] and at >= 32


def test_every_octet_passes_unchanged_both_ways(tmp_path):
    every = bytes(range(256))

    async def story(line, heard):
        handle = handset(line)
        line.write(every)
        assert await read(handle, 256) == every
        os.write(handle, every)
        while len(heard) < 256:
            await asyncio.sleep(0.001)
        os.close(handle)
        return bytes(heard)

    assert on_a_line(tmp_path, story) == every


def test_a_handset_may_be_unplugged_and_plugged_in_again(tmp_path):
    async def story(line, heard):
        for _ in range(3):
            handle = handset(line)
            os.write(handle, b"AT\r")
            line.write(b"OK")
            assert await read(handle, 2) == b"OK"
            os.close(handle)
            await asyncio.sleep(0.02)
        return bytes(heard)

    assert on_a_line(tmp_path, story) == b"AT\r" * 3


def test_what_nobody_reads_is_lost_and_the_line_lives_on(tmp_path):
    async def story(line, heard):
        line.write(bytes(200000))
        await asyncio.sleep(1.6)
        handle = handset(line)
        line.write(b"fresh")
        said = await read(handle, 5)
        os.close(handle)
        return said

    assert on_a_line(tmp_path, story, speed=100.0) == b"fresh"


def test_the_link_goes_with_the_line_and_a_stale_one_is_replaced(tmp_path):
    os.symlink("/dev/null", tmp_path / "line")

    async def story(line, heard):
        assert os.readlink(line.link).startswith("/dev/pts/")

    on_a_line(tmp_path, story)
    assert not os.path.lexists(tmp_path / "line")


def test_a_file_in_the_links_place_is_left_alone(tmp_path):
    (tmp_path / "line").write_text("somebody's")

    async def run():
        line = Line(tmp_path / "line", 115200, None)
        with pytest.raises(FileExistsError):
            await line.start()
        await line.stop()

    patient.run(run())
    assert (tmp_path / "line").read_text() == "somebody's"


@pytest.mark.parametrize("obeys, asks, whole", ((True, True, True), (True, False, False), (False, True, False)))
def test_rts_stops_octets_where_both_sides_have_flow_control(tmp_path, obeys, asks, whole):
    numbers = bytes(range(250)) * 4

    async def story(line, heard):
        handle = handset(line)
        if asks:
            settings = termios.tcgetattr(handle)
            settings[2] |= termios.CRTSCTS
            termios.tcsetattr(handle, termios.TCSANOW, settings)
        line.obeys_rts = obeys
        line.write(numbers)
        said = await read(handle, 1)
        line.deafen()
        with pytest.raises(asyncio.TimeoutError):
            while True:
                said += await patient.read(handle, 4096, 1)
        os.close(handle)
        return said

    assert (on_a_line(tmp_path, story) == numbers) == whole


def test_a_line_counts_batches_that_the_machine_was_too_slow_for(tmp_path):
    async def story():  # by the real clock, which patient's is not
        line = Line(tmp_path / "line", 9600, None)
        await line.start()
        handle = handset(line)
        line.write(bytes(100))
        await asyncio.sleep(0.05)
        time.sleep(0.3)  # the whole lab stands still meanwhile
        while line.lateness.batches < 25:  # of 4 octets
            await asyncio.sleep(0.01)
        os.close(handle)
        await line.stop()
        return line.lateness

    lateness = asyncio.run(story())
    assert 25 > lateness.missed >= 1 and lateness.most > 0.2
