"""Drivers are found by their names, and a name that is not there is answered by those that are."""

import asyncio
import sys

import drivers
from drivers import board, listing
from drivers import camera as cameras
from drivers import modem as modems
from drivers.camera import picture
from mms import memory
from mms.advice import sentence
from mms.errors import SettingsError
from mms.events import Events
from mms.handset import settings
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard, Pin, Uart, quickly
from tests.kit.drivers.buses import PARALLEL
from tests.kit.drivers.more import More

SETTINGS = settings.check({})
KINDS = (  # package, the attribute of its drivers, the setting
    ("drivers.board", "PLATFORM", "board"),
    ("drivers.camera", "open", "camera.family"),
    ("drivers.modem", "open", "modem.family"),
)


def camera(name):
    return cameras.open({"family": name, "baud": 9600, "quality": 79}, None)


def test_a_name_that_is_not_there_is_answered_by_those_that_are():
    for key, names, call in (
        (
            "board",
            "pc, pico_sim800, picow_sim800",
            lambda: board.open("toaster", SETTINGS, Events()),
        ),
        ("camera.family", "arducam, esp32, file, vc0706", lambda: camera("toaster")),
        ("modem.family", "auto, bg95, m66, sara, sim7600, sim800", lambda: modems.driver("toaster")),
    ):
        error = raises(SettingsError, call)
        assert error.key == key and "%s: no " % key in str(error) and names in str(error)
        assert sentence(error).endswith("; correct the settings")


def test_a_module_that_is_no_driver_is_not_there():
    error = raises(SettingsError, camera, "picture")
    assert str(error) == "camera.family: no picture: there are arducam, esp32, file, vc0706"


def test_a_driver_that_lacks_a_module_is_not_missing_itself():
    with More("drivers.camera"):
        assert "nothing_of_that_name" in str(raises(ImportError, camera, "lacking"))
        assert "lacking" not in str(raises(SettingsError, camera, "toaster"))


def test_a_firmware_without_folders_knows_the_names_all_the_same():
    for package, entry, _ in KINDS:
        names, module = listing.names(package, entry), sys.modules[package]
        usual, module.__path__ = module.__path__, ".frozen/" + package
        try:
            assert listing.names(package, entry) == names
        finally:
            module.__path__ = usual


def test_a_board_is_one_file():
    usual, memory.BOARD = memory.BOARD, False
    try:
        from drivers.board import lines

        assert lines  # it stays: MicroPython finds only the test's boards from here on
        add_a_board()
    finally:
        memory.BOARD = usual


def add_a_board():
    with More("drivers.board"), AsOnABoard("esp32"):
        _, camera = board.open("breadboard", SETTINGS, Events())
        assert [(uart.id, uart.pins) for uart in Uart.made] == [(2, [32, 33]), (1, [12, 14])] and camera
        assert board.Watchdog({"watchdog": True, "board": "breadboard"})._wanted
        found = drivers.find("drivers.board", "breadboard", "PLATFORM", "board")
        asyncio.run(quickly(found.power))
        assert Pin.levels == [(15, 1), (15, 0)]
    with More("drivers.board"), AsOnABoard("rp2"):
        assert "no esp32" in str(raises(SettingsError, board.open, "breadboard", SETTINGS, Events()))


def test_a_camera_is_one_file_and_needs_no_line():
    async def shoot(camera, **asked):
        octets, buffer = 0, bytearray(1000)
        async with camera.capture("QVGA", **asked) as taken:
            count = await taken.readinto(buffer)
            while count:
                octets += count
                count = await taken.readinto(buffer)
            return octets, taken.octets, taken.width

    assert picture  # MicroPython finds only the test's modules from here on
    with More("drivers.camera"), AsOnABoard("esp32"):
        wanted = settings.check({"camera": {"family": "checkerboard", "quality": 50}})
        _, camera = board.open("", wanted, Events())
        assert len(Uart.made) == 1
        assert asyncio.run(shoot(camera)) == (5000, 5000, 320)
        assert asyncio.run(shoot(camera, quality=90)) == (9000, 9000, 320)


def test_the_board_names_the_family_of_its_camera_and_the_settings_its_pins():
    usual = settings.check({"camera": {}})["camera"]
    assert isinstance(cameras.open(usual, dict(PARALLEL)), cameras.Camera)
    with AsOnABoard("esp32"):
        cameras.open(usual, {"uart": 1, "tx": 5, "rx": 6, "family": "vc0706"})
        cameras.open(settings.check({"camera": {"pins": {"uart": 2, "tx": 7, "rx": 8}}})["camera"], {"uart": 1})
        assert [(uart.id, uart.pins) for uart in Uart.made] == [(1, [5, 6]), (2, [7, 8])]
    for family, line, told in (
        ("vc0706", PARALLEL, "and no uart"),
        ("arducam", {"uart": 1, "tx": 5, "rx": 6}, "names none for an ArduCAM"),
        ("arducam", None, "names none for an ArduCAM"),
    ):
        wanted = settings.check({"camera": {"family": family}})["camera"]
        assert told in str(raises(SettingsError, cameras.open, wanted, line))
