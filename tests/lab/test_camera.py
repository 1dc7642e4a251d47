"""The lab's camera on its serial line: real JPEGs, each different, over a pseudo-terminal."""

import asyncio
import hashlib
import io
import os
import subprocess
import sys
import termios

import pytest
from PIL import Image

from tests.kit.lab import patient
from tools.lab.camera.scene import SIZES, Scene
from tools.lab.camera.shell import Camera


class Client:
    """A handset's end of the line, as plain as can be."""

    def __init__(self, link):
        self._line = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    async def ask(self, text, octets):
        os.write(self._line, bytes.fromhex(text))
        return await self.read(octets)

    async def read(self, octets):
        said = b""
        while len(said) < octets:
            said += await patient.read(self._line, octets - len(said))
        return said

    def waiting(self):
        """What came and was not read."""
        try:
            return os.read(self._line, 1000)
        except BlockingIOError:
            return b""

    def set_baud(self, code):
        mode = termios.tcgetattr(self._line)
        mode[4] = mode[5] = code
        termios.tcsetattr(self._line, termios.TCSANOW, mode)

    def close(self):
        os.close(self._line)


def session(tmp_path, story, speed=20):
    async def whole():
        camera = Camera(tmp_path / "line", name="alice", speed=speed, folder=tmp_path / "frames")
        await camera.start()
        client = Client(tmp_path / "line")
        try:
            await client.read(11)
            await asyncio.sleep(0.1)
            client.waiting()
            return await story(camera, client)
        finally:
            await camera.stop()
            client.close()

    return patient.run(whole())


def test_a_frame_read_over_the_line_is_the_frame_that_was_taken(tmp_path):
    async def story(camera, client):
        assert await client.ask("5600360100", 5) == b"\x76\x00\x36\x00\x00"
        length = int.from_bytes((await client.ask("5600340100", 9))[5:], "big")
        words = (length + 3) // 4 * 4
        read = "5600320c000a00000000%08x000a" % words
        said = await client.ask(read, words + 10)
        frame = camera.frames[-1]
        assert said[5 : 5 + length] == frame.jpeg
        assert hashlib.sha256(said[5 : 5 + length]).hexdigest() == frame.sha256
        assert (tmp_path / "frames" / "0001.jpg").read_bytes() == frame.jpeg

    session(tmp_path, story)


def test_the_line_is_faster_after_the_rate_was_raised(tmp_path):
    async def story(camera, client):
        async def seconds():
            start = patient.time()
            await client.ask("5600320c000a00000000%08x000a" % 6000, 6010)
            return patient.time() - start

        await client.ask("5600360100", 5)
        slow = await seconds()
        await client.ask("56002403010da6", 5)
        client.set_baud(termios.B115200)
        await asyncio.sleep(0.1)
        fast = await seconds()
        assert 0.7 < slow / (6010 / 3840 / 4) < 1.5
        assert slow > 1.8 * fast

    session(tmp_path, story, speed=4)


def test_at_another_rate_than_the_cameras_there_is_only_noise(tmp_path):
    async def story(camera, client):
        client.set_baud(termios.B115200)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await client.ask("56001100", 16)
        camera.power()
        await asyncio.sleep(0.3)
        assert b"VC0703" not in client.waiting()
        client.set_baud(termios.B38400)
        assert (await client.ask("56001100", 16)).endswith(b"VC0703 1.00")

    session(tmp_path, story)


@pytest.mark.parametrize(
    ("size", "least", "most"),
    [("VGA", 23000, 28000), ("QVGA", 10000, 13000), ("QQVGA", 4000, 5000)],
)
def test_pictures_are_real_and_as_large_as_those_of_a_camera(size, least, most):
    scene = Scene("alice")
    for _ in range(3):
        octets = scene.picture(size, 0x36)
        assert least <= len(octets) <= most
        image = Image.open(io.BytesIO(octets))
        image.load()
        assert image.format == "JPEG" and image.size == SIZES[size]


def test_no_two_pictures_are_the_same_and_compression_makes_them_smaller():
    scene = Scene()
    assert len({scene.picture("QVGA", 0x36) for _ in range(20)}) == 20
    octets = [len(scene.picture("VGA", compression)) for compression in range(0, 256, 15)]
    assert octets == sorted(octets, reverse=True)


def test_it_starts_alone_and_says_what_is_wrong(tmp_path):
    command = [sys.executable, "-m", "tools.lab.camera"]
    done = subprocess.run(command + ["--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "--pty LINK" in done.stdout
    wrong = ["--pty", str(tmp_path / "line"), "--world", str(tmp_path / "none")]
    done = subprocess.run(command + wrong, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "none" in done.stderr
