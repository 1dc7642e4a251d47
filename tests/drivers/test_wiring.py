"""Boards: each finds its modem and its camera on pins of its own, and what is not there is said in one line."""

import asyncio
import os

from drivers import board, serial
from drivers import camera as cameras
from mms import flash
from mms.advice import sentence
from mms.errors import CameraError, ModemError, SettingsError, UsageError
from mms.events import Events
from mms.handset import settings
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard, Uart
from tests.kit.drivers.camera import JPEG, Camera
from tests.kit.drivers.scripted import Modem, Pipe
from tests.kit.drivers.sim800 import ANSWERS
from tests.kit.pictures import jpeg

SETTINGS = settings.check({})
PICTURE = jpeg("QVGA", 3002)
BOARDS = (("lilygo_tcall", "esp32"), ("pico_sim800", "rp2"))  # and their platforms


class Heard(Camera):
    """A camera that the UART's speed decides for."""

    def __init__(self, line):
        super().__init__(PICTURE)
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

    for name, platform in BOARDS:
        with AsOnABoard(platform):
            state, got, modem_line, camera_line = asyncio.run(story(name))
            assert Uart.held == []  # a read never asks for more than there is
        assert state == "ready" and got == PICTURE
        assert modem_line.gone and camera_line.baudrate == 115200
        assert modem_line.frame == camera_line.frame == (8, None, 1)


def test_a_modem_whose_board_names_the_pins_of_rts_and_cts_uses_them():
    async def story():
        modem, _, line, _ = opened("lilygo_tcall")
        peer = Uart.peers[line.id] = Modem(dict(ANSWERS))
        assert await modem.start() == "ready"
        modem.close()
        return peer.lines.count("AT+IFC=2,2"), line.wires

    from drivers.board import lilygo_tcall

    usual = lilygo_tcall.MODEM
    wired = dict(usual, rts=22, cts=21)
    try:
        for lilygo_tcall.MODEM, expected in (
            (usual, (0, (None, None, 0))),
            (wired, (1, (22, 21, Uart.RTS | Uart.CTS))),
        ):
            with AsOnABoard("esp32"):
                assert asyncio.run(story()) == expected
    finally:
        lilygo_tcall.MODEM = usual


def test_a_speed_that_the_family_does_not_have_is_refused_in_one_line():
    with AsOnABoard("esp32"):
        for family, baud in (("sim800", 921600), ("m66", 230400)):
            error = raises(SettingsError, opened, "lilygo_tcall", modem={"family": family, "baud": baud})
            assert "modem.baud: a %s has at most" % family in str(error)
        assert opened("lilygo_tcall", modem={"family": "sim7600", "baud": 921600})[2].baudrate == 921600


def test_a_board_says_whether_its_flash_deafens_its_lines():
    for name, platform in BOARDS:
        with AsOnABoard(platform):
            opened(name)
            assert flash.deafens == (platform == "rp2")
    assert not flash.deafens  # of a PC


def test_a_uart_holds_what_comes_during_a_garbage_collection():
    with AsOnABoard("esp32"):
        _, _, modem_line, camera_line = opened("lilygo_tcall", modem={"baud": 9600})
        assert modem_line.baudrate == 9600
        assert modem_line.rxbuf >= 115200 // 10 * 300 // 1000  # 300 ms at the highest speed
        assert camera_line.rxbuf >= 115200 // 10 * 150 // 1000  # a camera sends a block that is lost once more


def test_a_closed_uart_is_the_end_and_takes_nothing_more():
    async def story():
        line = serial.open({"uart": 1, "tx": 0, "rx": 1}, 9600)
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
        line = serial.open({"uart": 1, "tx": 0, "rx": 1}, 9600)
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
    for platform, (name, other) in (("linux", BOARDS[0]), ("rp2", BOARDS[0]), ("esp32", BOARDS[1])):
        with AsOnABoard(platform):
            error = raises(SettingsError, board.open, name, SETTINGS, Events())
        assert error.key == "board" and "%s is a board for %s, this is no %s" % (name, other, other) in sentence(error)


def test_each_platform_suggests_a_board_of_its_own():
    assert sorted(board.SUGGESTED.values()) == sorted(name for name, _ in BOARDS)
    for platform in board.SUGGESTED:
        name = board.SUGGESTED[platform]
        assert __import__("drivers.board." + name, None, None, ("*",)).PLATFORM == platform


def test_a_family_is_found_before_its_line_is_opened():
    wanted = settings.check({"modem": {"family": "sim9000"}})
    error = raises(SettingsError, board.open, "pc", wanted, Events(), "/no/such/line", None)
    assert "there are auto, bg95" in str(error)


def test_a_line_of_a_pc_that_is_not_there_is_one_clear_line():
    error = raises(ModemError, on_a_pc, {}, "build/no-such-line", None)
    assert "cannot open build/no-such-line for the modem" in str(error)
    assert "whether the path is right" in sentence(error)
    error = raises(CameraError, cameras.open, SETTINGS["camera"], "build/no-such-line")
    assert "cannot open build/no-such-line for the camera" in str(error)
    assert "whether the path is right" in sentence(error)


def on_a_pc(camera, modem_line, camera_line):
    """The camera of a PC."""
    return board.open("pc", settings.check({"camera": camera}), Events(), modem_line, camera_line)[1]


def test_a_pc_has_a_camera_only_where_somebody_says_so():
    async def shoot(camera):
        async with camera.capture() as picture:
            return picture.octets

    usual, serial.open = serial.open, lambda line, baud: Pipe(None)
    path = "build-test-board.jpg"
    try:
        assert on_a_pc({}, "modem", None) is None
        with open(path, "wb") as file:
            file.write(JPEG)
        for told, given in (({"family": "file", "path": path}, None), ({"family": "file", "path": "other"}, path)):
            assert asyncio.run(shoot(on_a_pc(told, "modem", given))) == len(JPEG)
        assert raises(SettingsError, on_a_pc, {"family": "file"}, "modem", None).key == "camera.path"
    finally:
        serial.open = usual
        os.remove(path)


def test_a_file_is_the_camera_of_a_board_without_opening_a_line():
    with AsOnABoard("esp32"):
        wanted = settings.check({"camera": {"family": "file", "path": "picture.jpg"}})
        assert board.open("", wanted, Events())[1]._path == "picture.jpg"
        assert len(Uart.made) == 1
