"""examples/serial_camera.py: a board with the module `camera` is a VC0706 to our driver."""

import asyncio

from drivers.camera import vc0706
from mms import clock
from mms.errors import CameraError
from tests.kit.drivers.camera import SETTINGS
from tests.kit.drivers.cameras import Bench, shoot
from tests.kit.drivers.scripted import Pipe, World, run
from tools.lab.camera.esp32 import Firmware


class Line:
    """Both ends of a serial line: the Stream of the driver, and the machine.UART of the example."""

    def __init__(self, chunk):
        self.stream = Pipe(self._hear, chunk)
        self.stream.set_baud = self._set_baud
        self._waiting, self._baud, self.baudrate = b"", 0, 38400

    def _set_baud(self, baud):
        self._baud = baud

    def _over(self, octets):
        return bytes(octets) if self._baud == self.baudrate else b"\xf0" * len(octets)

    def _hear(self, octets):
        self._waiting += self._over(octets)

    def any(self):
        return len(self._waiting)

    def read(self, count):
        octets, self._waiting = self._waiting[:count], self._waiting[count:]
        return octets

    def write(self, octets):
        taken = bytes(octets[:100])
        self.stream.say(self._over(taken))
        return len(taken)

    def init(self, baudrate):
        self.baudrate = baudrate


def at(story, chunk=61):
    """The result of `story(driver, bench, line)` in virtual time; `bench.machine` is the Firmware."""
    example, world = {"__name__": "example"}, World()
    with open("examples/serial_camera.py") as file:
        exec(file.read(), example)
    bench, line = Bench(world), Line(chunk)

    async def whole():
        bench.machine = Firmware(bench.make, lambda: world.now, world.busy)
        serving = asyncio.create_task(example["SerialCamera"](line, bench.machine).serve())
        try:
            return await story(vc0706.drive(line.stream, SETTINGS), bench, line)
        finally:
            serving.cancel()

    missing = not hasattr(asyncio, "sleep_ms")
    if missing:
        asyncio.sleep_ms = clock.sleep
    try:
        return run(whole(), world)
    finally:
        if missing:
            del asyncio.sleep_ms


def test_the_driver_gets_fresh_whole_pictures_at_each_size_and_a_higher_speed():
    async def story(driver, bench, line):
        for size in ("QQVGA", "QVGA", "VGA"):
            await clock.sleep(5000)
            asked = bench.world.now
            bench.octets = 3501
            assert await shoot(driver, size, 50) == bench.frames[-1]
            assert bench.machine.frames[-1][0] >= asked and bench.asked[-1] == (size, 50)
        return line.baudrate

    for chunk in (1, 61):
        assert at(story, chunk) == 115200


def test_frames_that_do_not_come_are_an_error_and_the_next_one_that_does_is_a_picture():
    async def story(driver, bench, line):
        await shoot(driver)
        for fault in ("stuck", "absent"):
            setattr(bench.machine, fault, True)
            try:
                await shoot(driver, "VGA")
            except CameraError as error:
                told.append(error.step)
            setattr(bench.machine, fault, False)
            assert await shoot(driver, "QVGA") == bench.frames[-1]

    told = []
    at(story)
    assert told == ["camera", "camera"]


def test_what_it_does_not_know_is_refused_with_the_manuals_numbers():
    async def story(driver, bench, line):
        async def ask(command):
            line.stream.written, got = b"", bytearray(64)
            await line.stream.write(bytes.fromhex(command))
            await clock.sleep(200)
            return bytes(got[: await line.stream.readinto(got)])

        line.stream.set_baud(38400)
        assert await ask("56003001 00") == b"\x76\x00\x30\x01\x00"
        assert await ask("5600340100") == b"\x76\x00\x34\x04\x00"
        assert await ask("560024030100 00") == b"\x76\x00\x24\x03\x00"
        assert await ask("5600310504010019 33") == b"\x76\x00\x31\x03\x00"
        assert await ask("5600360100") == b"\x76\x00\x36\x00\x00"
        assert await ask("5600320c000a00000004 00000008 000a") == b"\x76\x00\x32\x03\x00"
        return (await ask("aabb56001100"))[5:]

    assert at(story, 64) == b"VC0706 ESP32"
