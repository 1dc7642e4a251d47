"""A VC0706 that is slow, rude or half dead, in virtual time: a whole picture, or one clear reason."""

import asyncio

from drivers.camera.file import File
from drivers.camera.picture import Picture
from drivers.camera.vc0706 import drive
from mms import clock
from mms.errors import CameraError
from tests.kit.checks import raises
from tests.kit.drivers.camera import SETTINGS, Camera
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.pictures import jpeg, sized

SMALL = jpeg("QVGA", 2002)
VERSION, BAUD, RESET, FRAME, LENGTH, CONTROL = 0x11, 0x24, 0x26, 0x32, 0x34, 0x36


class Line(Pipe):
    """A line to a camera, whose speed both know."""

    def set_baud(self, baud):
        self._peer.heard_at = baud


def taking(story, camera):
    """Run `story(driver, pipe)` on a driver in virtual time: what it returns."""

    async def whole():
        pipe = Line(camera)
        return await story(drive(pipe, SETTINGS), pipe)

    return run(whole())


async def shoot(driver, pipe=None, size="QVGA"):
    got, buffer = b"", bytearray(1460)
    async with driver.capture(size) as picture:
        octets = await picture.readinto(buffer)
        while octets:
            got += buffer[:octets]
            octets = await picture.readinto(buffer)
    return got


def instead(camera, number, *answers):
    """The camera answers the command `number` with these in turn, None and all that follows as it should."""
    usual, left = camera.answer, list(answers)

    def answer(asked, arguments):
        told = left.pop(0) if asked == number and left else None
        return usual(asked, arguments) if told is None else told

    camera.answer = answer
    return camera


def head(number, status=0, length=0):
    return bytes([0x76, 0, number, status, length])


def test_the_second_picture_needs_no_search_and_no_settings():
    async def story(driver, pipe):
        first = await shoot(driver)
        before = len(camera.commands)
        return first, await shoot(driver), camera.commands[before:]

    camera = Camera(SMALL)
    first, second, commands = taking(story, camera)
    assert first == second == SMALL
    assert commands == bytes([CONTROL, LENGTH, FRAME, FRAME, CONTROL])


def test_a_size_that_no_camera_has_is_refused_before_it_is_asked():
    camera = Camera(SMALL)
    error = raises(CameraError, taking, lambda driver, pipe: shoot(driver, size="HUGE"), camera)
    assert "no size HUGE" in str(error) and camera.commands == b""


def test_what_the_camera_refuses_has_its_number_and_its_name():
    for status, text in ((1, "unknown command"), (4, "cannot do that now"), (5, "failed"), (0x77, "failed")):
        error = raises(CameraError, taking, shoot, instead(Camera(SMALL), LENGTH, head(LENGTH, status)))
        assert error.code == status and text in str(error)


def test_answers_that_do_not_fit_are_errors_and_not_pictures():
    for number, answer, text in (
        (LENGTH, b"\x76\x00\x11\x00\x00", "does not fit"),
        (LENGTH, head(LENGTH, 0, 3) + b"abc", "an answer of 3 octets"),
        (LENGTH, head(LENGTH, 0, 4) + b"\0\0\0\2", "has no picture"),
        (LENGTH, b"", "no answer"),
    ):
        error = raises(CameraError, taking, shoot, instead(Camera(SMALL), number, answer))
        assert text in str(error)


def test_a_camera_that_failed_once_is_looked_for_again():
    async def story(driver, pipe):
        try:
            await shoot(driver)
        except CameraError:
            pass
        before = len(camera.commands)
        return await shoot(driver), camera.commands[before]

    camera = instead(Camera(SMALL), LENGTH, b"")
    assert taking(story, camera) == (SMALL, VERSION)


def test_a_block_that_never_comes_whole_is_given_up_after_three_attempts():
    camera = instead(Camera(SMALL), FRAME, *[head(FRAME)] * 3)
    assert "no answer" in str(raises(CameraError, taking, shoot, camera))
    camera = instead(Camera(SMALL), FRAME, *[head(FRAME)] * 2)
    assert taking(shoot, camera) == SMALL


def test_a_camera_that_answers_rudely_is_reset_and_asked_again():
    camera = instead(Camera(SMALL), VERSION, head(VERSION, 3))
    assert taking(shoot, camera) == SMALL and RESET in camera.commands
    camera = instead(instead(Camera(SMALL), VERSION, head(VERSION, 3)), RESET, b"")
    assert taking(shoot, camera) == SMALL


def test_a_camera_that_does_not_follow_to_the_higher_speed_is_an_error():
    camera = Camera(SMALL)
    usual = camera.answer
    camera.answer = lambda number, arguments: head(BAUD) if number == BAUD else usual(number, arguments)
    assert "no answer at 115200 baud" in str(raises(CameraError, taking, shoot, camera))


def test_a_picture_that_is_given_up_leaves_the_camera_to_the_next():
    async def story(driver, pipe):
        async with driver.capture("VGA") as picture:
            await picture.readinto(bytearray(512))
        return camera.held, await shoot(driver)

    camera = instead(Camera(SMALL), CONTROL, None, None, b"")  # the first attempt to resume is lost
    assert taking(story, camera) == (False, SMALL)
    camera = instead(Camera(SMALL), CONTROL, None, None, b"", b"")
    assert taking(story, camera) == (True, SMALL)


class Seeing(Camera):
    """Before it is a number that changes: a picture has it, once the camera has been resumed for as long as a frame."""

    before, resumed = 0, None

    def answer(self, number, arguments):
        if number == CONTROL and arguments == b"\x03":
            self.resumed = clock.ticks()
        elif number == CONTROL and not self.held and (self.resumed is None or clock.since(self.resumed) >= 300):
            self.picture = SMALL[:1000] + bytes([self.before]) + SMALL[1000:]
        return super().answer(number, arguments)


def test_a_picture_shows_what_is_before_the_camera_however_the_one_before_ended():
    async def refused(driver, pipe):
        instead(camera, LENGTH, head(LENGTH, 4))
        await shoot(driver)

    async def given_up(driver, pipe):
        instead(camera, LENGTH, b"")
        await clock.within(shoot(driver), 500)

    async def empty(driver, pipe):
        instead(camera, LENGTH, head(LENGTH, 0, 4) + bytes(4))
        await shoot(driver)

    async def not_resumed(driver, pipe):
        instead(camera, CONTROL, None, b"", b"")
        await shoot(driver)

    async def program_ended(driver, pipe):
        await driver.freeze("QVGA", None)
        return drive(pipe, SETTINGS)

    async def story(driver, pipe):
        await shoot(driver)
        try:
            driver = await end(driver, pipe) or driver
        except (CameraError, asyncio.TimeoutError):
            pass
        assert camera.held
        camera.before = 7
        start = clock.ticks()
        return (await shoot(driver))[1000], clock.since(start) < 3000

    for way in (refused, given_up, empty, not_resumed, program_ended):
        camera, end = Seeing(SMALL), way
        assert taking(story, camera) == (7, True)


def test_one_picture_at_a_time():
    async def story(driver, pipe):
        shots = [asyncio.create_task(shoot(driver)) for _ in range(2)]
        return [await shots[0], await shots[1]]

    assert taking(story, Camera(SMALL)) == [SMALL, SMALL]


def test_a_line_that_breaks_is_said_so():
    async def unplugged(driver, pipe):
        unplug(pipe)
        await shoot(driver)

    async def broken(driver, pipe):
        async def write(buf):
            raise OSError(5)

        pipe.write = write
        await shoot(driver)

    async def later(driver, pipe, pull=None):
        async with driver.capture() as picture:
            await picture.readinto(bytearray(512))
            (pull or unplug)(pipe)
            await picture.readinto(bytearray(512))

    async def unreadable(driver, pipe):
        await later(driver, pipe, spoil)

    async def gone(driver, pipe):
        pipe.set_baud = failing
        await shoot(driver)

    def unplug(pipe):
        camera.answer = lambda number, arguments: b""
        pipe.close()

    def failing(baud):
        raise OSError(5)

    def spoil(pipe):
        async def readinto(buf):
            raise OSError(5)

        pipe.readinto = readinto

    for story, text in (
        (unplugged, "the line is closed"),
        (broken, "the line is closed"),
        (later, "the line is closed"),
        (unreadable, "the line is closed"),
        (gone, "the line is closed"),
    ):
        camera = Camera(SMALL)
        assert text in str(raises(CameraError, taking, story, camera))


def test_a_camera_that_never_stops_talking_does_not_hold_the_handset():
    class Babbler(Line):
        async def readinto(self, buf):
            await clock.sleep(1)
            buf[0] = 0xF0
            return 1

    async def story():
        start = clock.ticks()
        try:
            await shoot(drive(Babbler(Camera(SMALL)), SETTINGS))
        except CameraError:
            return clock.since(start)

    assert run(story()) < 120000


def pieces(octets, length):
    return [octets[at : at + length] for at in range(0, len(octets), length)]


def reading(pieces, octets=None, width=160, height=120):
    """The Picture whose octets came in these pieces, when it was read."""

    async def read():
        left = list(pieces)

        async def give(buf, first):
            piece = left.pop(0) if left else b""
            buf[: len(piece)] = piece
            return len(piece)

        picture = Picture(octets or sum(len(piece) for piece in pieces), width, height, give)
        buffer = bytearray(500)
        while await picture.readinto(buffer):
            pass
        return picture

    return run(read())


def test_a_picture_has_a_beginning_a_frame_and_an_end_wherever_it_is_cut():
    whole = jpeg("QQVGA", 250)
    filled = whole[:20] + b"\xff\xff" + whole[20:]  # fill octets before a marker
    for length in range(2, 60):
        reading(pieces(whole, length))
        picture = reading(pieces(filled, length), width=0)
        assert (picture.width, picture.height) == (160, 120)
        assert "320 x 240, not 160 x 120" in str(raises(CameraError, reading, pieces(sized(whole, "QVGA"), length)))
        for cut in (whole[:-2] + b"ab", whole[:-1] + b"\xff"):
            assert "no end" in str(raises(CameraError, reading, pieces(cut, length)))
        for cut in (whole[:20] + b"\xff\xd9", whole[:89] + whole[108:], whole[:2] + whole[4:]):
            assert "no frame" in str(raises(CameraError, reading, pieces(cut, length)))
    assert "ends after 200 of 250" in str(raises(CameraError, reading, [whole[:200]], 250))
    assert "not a picture" in str(raises(CameraError, reading, [b"\xff", b"\xd8\xff\xd9"]))


def test_a_file_that_is_no_picture_has_no_measures_and_is_no_picture():
    async def story():
        async with File("main.py").capture() as picture:
            assert (picture.width, picture.height) == (0, 0)
            await picture.readinto(bytearray(64))

    assert "not a picture" in str(raises(CameraError, run, story()))


def test_a_file_without_octets_is_no_picture():
    async def story():
        with open("build/empty.jpg", "wb"):
            pass
        async with File("build/empty.jpg").capture() as picture:
            await picture.readinto(bytearray(64))

    assert "the picture is empty" in str(raises(CameraError, run, story()))
