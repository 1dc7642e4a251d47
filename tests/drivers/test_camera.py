"""Cameras: a whole picture, or an error that says why not."""

import os

from drivers import camera as cameras
from drivers.camera.file import File
from drivers.camera.vc0706 import Vc0706, drive
from mms.errors import CameraError
from tests.kit.checks import raises
from tests.kit.drivers.camera import JPEG, SETTINGS, Camera
from tests.kit.drivers.scripted import Pipe, World, run
from tests.kit.pictures import jpeg, sized


def shoot(camera, size="QVGA", quality=None, buffer_octets=1460, chunk=64, world=None):
    """What the driver makes of a scripted camera: (picture, its octets)."""

    async def story():
        pipe = Pipe(camera, chunk)

        def set_baud(baud):
            camera.heard_at = baud

        pipe.set_baud = set_baud
        driver = drive(pipe, SETTINGS)
        got, buffer = b"", bytearray(buffer_octets)
        async with driver.capture(size, quality) as picture:
            octets = await picture.readinto(buffer)
            while octets:
                got += buffer[:octets]
                octets = await picture.readinto(buffer)
        return picture, got

    return run(story(), world)


def test_a_picture_comes_whole_whatever_the_buffer():
    for buffer_octets, chunk in ((1460, 7), (4096, 64), (1460, 512)):
        camera = Camera()
        picture, got = shoot(camera, "VGA", buffer_octets=buffer_octets, chunk=chunk)
        assert got == JPEG
        assert (picture.octets, picture.width, picture.height) == (len(JPEG), 640, 480)
        assert (camera.size, camera.compression, camera.held) == ("VGA", 54, False)
    odd = jpeg("QVGA", 203)
    assert shoot(Camera(odd), buffer_octets=8)[1] == odd


def test_a_driver_leaves_between_pictures_but_not_while_one_is_read_or_after_one_that_was_none():
    scripted = Camera()

    async def story():
        pipe = Pipe(scripted, 64)
        pipe.set_baud = lambda baud: setattr(scripted, "heard_at", baud)
        camera = cameras.Camera("drivers.camera.vc0706", pipe, SETTINGS)
        camera.rest()  # no driver is there yet
        buffer, seen = bytearray(1460), []
        for whole in (True, True, False, True):
            try:
                async with camera.capture("QVGA") as picture:
                    if not whole:
                        scripted.picture = b"\0" * len(scripted.picture)
                    octets = 0
                    while octets < picture.octets:
                        octets += await picture.readinto(buffer)
                        camera.rest()
            except CameraError as error:
                octets = error.step
            camera.rest()
            seen.append((octets, scripted.commands.count(b"\x24"), scripted.commands.count(b"\x26")))
            scripted.picture = sized(JPEG, "QVGA")
        return seen

    octets = len(sized(JPEG, "QVGA"))
    # its speed is set once (24h), and it is reset (26h) before the picture after the one that was none
    assert run(story()) == [(octets, 1, 0), (octets, 1, 0), ("picture", 1, 0), (octets, 1, 1)]


def test_the_speed_is_raised_from_wherever_it_is():
    for baud in (38400, 115200):
        camera = Camera(baud=baud)
        shoot(camera)
        assert camera.baud == 115200
        assert camera.commands.count(b"\x24") == (baud != 115200)


def test_size_and_quality_reach_the_camera():
    camera = Camera()
    shoot(camera, "QQVGA", 69)
    assert (camera.size, camera.compression) == ("QQVGA", 79)


def test_quality_is_compression_the_other_way_round():
    ratios = [Vc0706.compression(quality) for quality in range(1, 101)]
    assert (ratios[0], ratios[-1], Vc0706.compression(79)) == (255, 0, 54)  # 54 is the camera's own
    assert ratios == sorted(set(ratios), reverse=True)


def test_a_block_that_lost_octets_is_asked_for_again():
    camera = Camera(JPEG[:6000] + b"\xff\xd9", garbles=2)
    assert shoot(camera)[1] == camera.picture


def test_what_is_no_whole_picture_is_an_error():
    for picture, step in ((JPEG[:-2] + b"\0\0", "picture"), (b"\0\0" + JPEG[2:], "picture"), (b"", "camera")):
        assert raises(CameraError, shoot, Camera(picture)).step == step


def test_a_dead_camera_is_an_error_soon():
    camera, world = Camera(), World()
    camera.answer = lambda number, arguments: b""
    raises(CameraError, shoot, camera, world=world)
    assert world.now < 10000


def test_a_camera_that_hangs_in_the_middle_of_a_picture_is_an_error_soon():
    camera, world = Camera(), World()
    usual = camera.block
    camera.block = lambda head, arguments: usual(head, arguments) if camera.blocks < 2 else b""
    assert raises(CameraError, shoot, camera, world=world).step == "camera"
    assert world.now < 20000


def test_a_file_is_a_picture():
    async def story(path):
        got, buffer = b"", bytearray(1000)
        async with File(path).capture("VGA") as picture:
            octets = await picture.readinto(buffer)
            while octets:
                got += buffer[:octets]
                octets = await picture.readinto(buffer)
            return got, picture.octets, picture.width, picture.height

    frame = jpeg("QVGA", 2000)
    path = "build-test-picture.jpg"
    try:
        with open(path, "wb") as file:
            file.write(frame)
        assert run(story(path)) == (frame, len(frame), 320, 240)
        for octets in (9, 12, 16):  # the frame's header is not whole: it tells no measures
            with open(path, "wb") as file:
                file.write(frame[:octets])
            assert "no end" in str(raises(CameraError, run, story(path)))
    finally:
        os.remove(path)
    raises(CameraError, run, story("no-such-picture.jpg"))
