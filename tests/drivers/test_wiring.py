"""Boards: each finds its modem and its camera on pins of its own, and what is not there is said in one line."""

import asyncio
import os

from drivers import board, serial
from drivers import camera as cameras
from drivers import modem as modems
from mms import clock, flash
from mms.advice import sentence
from mms.errors import CameraError, ModemError, SettingsError, UsageError
from mms.events import Events
from mms.handset import settings
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard, Pin, Uart, number
from tests.kit.drivers.camera import JPEG, Camera
from tests.kit.drivers.scripted import Modem
from tests.kit.drivers.sim800 import ANSWERS

SETTINGS = settings.check({})
BOARDS = ("esp32", "rp2")


class Heard(Camera):
    """A camera that the UART's speed decides for."""

    def __init__(self, line):
        super().__init__(JPEG[:3000] + b"\xff\xd9")
        self._line = line

    def __call__(self, octets):
        self.heard_at = self._line().baudrate
        return super().__call__(octets)


def opened(name, **more):
    """The modem and the camera of a board, and their UARTs."""
    modem, camera = board.open(name, settings.check(more), Events())
    return modem, camera, Uart.made[0], Uart.made[1]


def test_a_board_starts_its_modem_and_takes_a_picture_over_its_uarts():
    async def story(name):
        modem, camera, modem_line, camera_line = opened(name)
        Uart.peers[modem_line.id] = Modem(dict(ANSWERS))
        Uart.peers[camera_line.id] = Heard(lambda: camera_line)
        state, got, buffer = await modem.start(), b"", bytearray(1460)
        async with camera.capture("QVGA") as picture:
            octets = await picture.readinto(buffer)
            while octets:
                got += buffer[:octets]
                octets = await picture.readinto(buffer)
        modem.close()
        return state, got, modem_line, camera_line

    for name in BOARDS:
        with AsOnABoard(name):
            state, got, modem_line, camera_line = asyncio.run(story(name))
            assert Uart.held == []  # a read never asks for more than there is
        assert state == "ready" and got == JPEG[:3000] + b"\xff\xd9"
        assert modem_line.gone and camera_line.baudrate == 115200
        assert modem_line.frame == camera_line.frame == (8, None, 1)


def test_a_board_says_whether_its_flash_deafens_its_lines():
    for name, deafens in (("rp2", True), ("esp32", False)):
        with AsOnABoard(name):
            opened(name)
            assert flash.deafens == deafens
    assert not flash.deafens  # of a PC


def test_no_pin_and_no_uart_of_a_board_serves_two_purposes():
    for name in BOARDS:
        with AsOnABoard(name):
            _, _, modem_line, camera_line = opened(name)
            room = __import__("drivers.board." + name, None, None, ("*",))
            asyncio.run(quickly(room.power))
            used = {pin for pin, level in Pin.levels}
        lines = [number(pin) for pin in modem_line.pins + camera_line.pins]
        assert len(set(lines)) == 4 and not used & set(lines) and used
        assert modem_line.id != camera_line.id


def test_a_uart_holds_what_comes_during_a_garbage_collection():
    with AsOnABoard("esp32"):
        _, _, modem_line, _ = opened("esp32", modem={"baud": 9600})
        assert modem_line.baudrate == 9600
        assert modem_line.rxbuf >= 115200 // 10 * 300 // 1000  # 300 ms at the highest speed


async def quickly(verb, waits=None):
    """Run `verb` without waiting; `waits` gets how long it would have, each with the number of levels set before."""

    async def sleep(ms):
        if waits is not None:
            waits.append((len(Pin.levels), ms))

    usual, clock.sleep = clock.sleep, sleep
    try:
        await verb()
    finally:
        clock.sleep = usual


def test_the_power_key_of_the_esp32_is_held_for_more_than_a_second():
    with AsOnABoard("esp32"):
        from drivers.board import esp32

        waits = []
        asyncio.run(quickly(esp32.power, waits))
        supply = [(at, level) for at, (pin, level) in enumerate(Pin.levels) if pin == esp32.SUPPLY]
        key = [(at, level) for at, (pin, level) in enumerate(Pin.levels) if pin == esp32.POWER_KEY]
    assert [level for _, level in supply] == [0, 1] and [level for _, level in key] == [0, 1]
    (_, _), (down, _), (up, _) = supply[0], key[0], key[1]
    assert supply[1][0] < down and sum(ms for at, ms in waits if down < at <= up) > 1000


def test_a_pico_lets_the_reset_line_go_again():
    with AsOnABoard("rp2"):
        from drivers.board import rp2

        asyncio.run(quickly(rp2.power))
        assert Pin.levels == [(rp2.RESET, 0), (rp2.RESET, 1)]


def test_a_closed_uart_is_the_end_and_takes_nothing_more():
    async def story():
        line = serial.open(1, 9600, tx=0, rx=1)
        await line.drain()
        line.close()
        line.close()
        assert await line.readinto(bytearray(1)) == 0
        try:
            await line.write(b"AT\r")
        except OSError:
            return Uart.made[0].gone

    with AsOnABoard("esp32"):
        assert asyncio.run(story())


def test_a_line_that_cannot_be_read_is_the_end():
    async def story():
        line = serial.open(1, 9600, tx=0, rx=1)
        uart = Uart.made[0]
        uart.any, uart.readinto = lambda: 1, failing
        uart.ioctl = lambda request, flags: flags
        return await line.readinto(bytearray(1))

    def failing(buf):
        raise OSError(5)

    with AsOnABoard("esp32"):
        assert asyncio.run(story()) == 0


def test_the_platform_suggests_the_board():
    with AsOnABoard("rp2"):
        _, _, modem_line, _ = opened("")
        assert modem_line.id == 0
    with AsOnABoard("linux"):
        assert "--modem" in str(raises(UsageError, board.open, "", SETTINGS, Events()))


def test_a_board_that_this_is_not_is_an_error_of_the_settings():
    for platform, name in (("linux", "esp32"), ("rp2", "esp32"), ("esp32", "rp2")):
        with AsOnABoard(platform):
            error = raises(SettingsError, board.open, name, SETTINGS, Events())
        assert error.key == "board" and "no %s" % name in sentence(error)


def test_what_nobody_has_a_driver_for_is_named_by_its_setting():
    wrong = settings.check({})
    wrong["modem"], wrong["camera"] = {"family": "m95", "baud": 9600}, {"family": "ov2640"}
    for key, call in (
        ("board", lambda: board.open("toaster", SETTINGS, Events())),
        ("modem.family", lambda: modems.open("m95", None, Events())),
        ("camera.family", lambda: cameras.open(wrong["camera"])),
    ):
        error = raises(SettingsError, call)
        assert error.key == key and sentence(error).endswith("; correct the settings")


def test_a_line_of_a_pc_that_is_not_there_is_one_clear_line():
    from drivers.board import pc

    error = raises(ModemError, pc.open_modem, SETTINGS["modem"], Events(), "build/no-such-line")
    assert "cannot open build/no-such-line" in str(error) and "whether the path is right" in sentence(error)
    error = raises(CameraError, pc.open_camera, SETTINGS["camera"], "build/no-such-line")
    assert "cannot open build/no-such-line" in str(error) and "whether the path is right" in sentence(error)


def test_a_pc_has_a_camera_only_where_somebody_says_so():
    async def taken(camera):
        async with camera.capture() as picture:
            return picture.octets

    from drivers.board import pc

    assert pc.open_camera(SETTINGS["camera"], None) is None
    path = "build-test-board.jpg"
    try:
        with open(path, "wb") as file:
            file.write(JPEG)
        for told, given in (({"family": "file", "path": path}, None), ({"family": "file", "path": "other"}, path)):
            assert asyncio.run(taken(pc.open_camera(told, given))) == len(JPEG)
    finally:
        os.remove(path)
