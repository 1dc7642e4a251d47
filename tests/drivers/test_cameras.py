"""The same promises of every family of cameras: whole pictures of the moment, or an error that says why not."""

import asyncio

from drivers import listing
from drivers.camera import esp32
from mms import clock
from mms.errors import CameraError
from mms.handset.sending import fitting
from tests.kit.drivers.camera import SETTINGS
from tests.kit.drivers.cameras import BENCHES, OCTETS, Parallel, Plus, Serial, Spi, at, shoot
from tests.kit.pictures import jpeg


async def fails(driver, **more):
    """The error of a picture."""
    try:
        await shoot(driver, **more)
    except CameraError as error:
        return error
    raise AssertionError("there is a picture")


def test_every_size_of_a_camera_comes_whole_whatever_the_buffer():
    async def story(bench):
        await clock.sleep(1000)
        for size in bench.driver.sizes:
            for room in (8, 200, 1460):
                bench.octets = 1000 + room % 7
                assert await shoot(bench.driver, size, room=room) == bench.frames[-1]
            assert bench.asked[-1][0] == size
        return len(bench.driver.sizes)

    assert [at(kind, story) for kind in BENCHES] == [3, 9, 9, 8]
    for chunk in (1, 7, 64):
        assert at(Serial, story, chunk=chunk) == 3


def test_quality_reaches_the_camera_in_its_own_numbers():
    async def story(bench):
        await clock.sleep(1000)
        for quality in (1, 40, 79, 100):
            await shoot(bench.driver, quality=quality)
        return [asked[1] for asked in bench.asked][-1], sorted(set(asked[1] for asked in bench.asked))

    assert at(Serial, story) == (0, [0, 54, 154, 255])
    assert at(Spi, story) == at(Plus, story) == (0, [0, 13, 37, 62])
    assert at(Parallel, story)[0] == 100  # the module takes percent


def test_a_picture_is_of_the_moment_after_it_was_asked_for_and_never_green():
    async def story(bench):
        for wait in (0, 5000, 33):
            await clock.sleep(wait)
            asked = bench.world.now
            got = await shoot(bench.driver)
            assert bench.times[bench.frames.index(got)] >= asked, bench

    for kind in BENCHES:
        at(kind, story)


def test_a_camera_that_is_not_there_is_one_clear_line_soon_and_found_when_it_comes():
    async def story(bench):
        bench.lose()
        start = clock.ticks()
        error = await fails(bench.driver)
        assert error.step == "camera" and "\n" not in str(error) and clock.since(start) < 10000
        if bench.__class__ is Serial:
            bench.machine.power(bench.world.now)
        bench.machine.absent = False
        return await shoot(bench.driver) == bench.frames[-1]

    for kind in BENCHES:
        assert at(kind, story)


def test_what_is_no_whole_picture_of_that_size_is_none_and_the_next_one_is():
    async def story(bench):
        await shoot(bench.driver)
        for spoil, words in (
            (lambda octets: b"\x80\x10" * 3000, ("not a picture",)),
            (lambda octets: octets[: len(octets) * 2 // 3], ("no end", "ends after")),
            (lambda octets: jpeg("QQVGA", 3000), ("160 x 120, not 320 x 240",)),
        ):
            bench.spoil = spoil
            error = await fails(bench.driver)
            assert error.step == "picture" and any(word in str(error) for word in words), str(error)
            bench.spoil = None
            assert await shoot(bench.driver) == bench.frames[-1]
        return True

    for kind in BENCHES:
        assert at(kind, story)


def test_a_size_that_the_camera_lacks_is_refused_and_those_that_it_has_are_named():
    async def story(bench):
        error = await fails(bench.driver, size="QHD")
        assert str(error).endswith("no size QHD: there are " + ", ".join(bench.driver.sizes)) and not bench.frames
        return True

    for kind in BENCHES:
        assert at(kind, story)


def test_pictures_come_one_after_the_other_and_one_that_is_given_up_leaves_the_next():
    async def story(bench):
        await clock.sleep(1000)
        both = [asyncio.create_task(shoot(bench.driver)) for _ in range(2)]
        assert len({await both[0], await both[1]}) == 2
        async with bench.driver.capture("QVGA") as picture:
            await picture.readinto(bytearray(200))
        cut = asyncio.create_task(shoot(bench.driver))
        await clock.sleep(20)
        cut.cancel()
        await clock.sleep(5000)
        return await shoot(bench.driver) == bench.frames[-1]

    for kind in BENCHES:
        assert at(kind, story)


def test_no_transfer_over_spi_and_i2c_holds_the_loop_for_20_ms():
    async def story(bench):
        bench.octets = 40000
        await shoot(bench.driver, "UXGA", room=4096)
        bench.spoil = lambda octets: b"nothing"
        await fails(bench.driver)  # and more slowly
        bench.spoil = None
        await shoot(bench.driver, "UXGA", room=4096)
        return bench.bus.held

    assert 5 < at(Spi, story) <= 20


def test_wires_that_are_too_long_for_the_first_speed_get_a_lower_one():
    async def story(bench):
        errors = 0
        while True:
            try:
                return await shoot(bench.driver) == bench.frames[-1], errors
            except CameraError as error:
                assert "SPI at" in str(error)
                errors += 1

    for rate, errors in ((5000000, 0), (3000000, 1), (1500000, 2)):
        for kind in (Spi, Plus):
            assert at(kind, story, rate=rate) == (True, errors)


def test_a_sensor_without_its_bus_is_told_from_a_chip_without_its_own():
    async def story(bench):
        bench.machine.sensorless = True
        return str(await fails(bench.driver))

    assert "I2C" in at(Spi, story)


def test_the_end_of_a_frame_is_found_wherever_it_lies():
    async def story(bench):
        for bench.octets in list(range(509, 520)) + list(range(1021, 1032)):
            assert await shoot(bench.driver) == bench.frames[-1]
        return True

    assert at(Spi, story) and at(Plus, story)


def test_a_chip_whose_sensor_is_another_or_gives_no_frame_says_so():
    async def story(bench):
        told = []
        bench.machine.model = b"\x56\x42"
        told.append(str(await fails(bench.driver)))
        bench.machine.model = b"\x26\x41"
        await shoot(bench.driver)
        bench.spoil = lambda octets: b""
        told.append(str(await fails(bench.driver)))
        bench.spoil, bench.machine.frozen = None, True
        start = clock.ticks()
        told.append(str(await fails(bench.driver)))
        assert clock.since(start) < 8000
        bench.machine.frozen = False
        assert await shoot(bench.driver) == bench.frames[-1]
        return told

    for told, words in zip(at(Spi, story), ("no OV2640: 5642", "a frame of 0 octets", "gives no frame")):  # noqa: B905
        assert words in told


def test_the_firmware_holds_the_loop_only_to_start_the_camera_or_another_size():
    async def story(bench):
        await shoot(bench.driver)
        await shoot(bench.driver, "VGA")
        held = len(bench.held)
        for quality in (50, 60):
            await shoot(bench.driver, "VGA", quality)
        return len(bench.held) - held

    assert at(Parallel, story) == 0


def test_a_frame_that_is_too_large_for_the_buffer_is_taken_again_with_less_quality():
    async def story(bench):
        make = bench.machine.make
        bench.machine.make = lambda size, quality, dull: (
            jpeg(size, 30000) if quality > 70 else make(size, quality, dull)
        )
        assert await shoot(bench.driver, "QVGA", 79) == bench.frames[-1]
        return bench.asked[-1]

    assert at(Parallel, story) == ("QVGA", 59)


def test_a_camera_that_gives_no_frames_starts_again_once_it_had_no_power():
    async def story(bench):
        await shoot(bench.driver)
        bench.machine.stuck = bench.machine.needs_power = True
        assert "no frame" in str(await fails(bench.driver))
        bench.machine.stuck = False
        assert await shoot(bench.driver) == bench.frames[-1]
        return (
            bench.machine.given["data_pins"][:2],
            bench.machine.given["powerdown_pin"],
            "reset_pin" in bench.machine.given,
        )

    assert at(Parallel, story) == ([5, 18], 32, False)


def test_a_firmware_without_the_module_says_where_one_is():
    import sys

    async def story(bench):
        del sys.modules["camera"]
        return str(await fails(bench.driver))

    assert "docs/cameras.md" in at(Parallel, story)


def test_what_the_firmware_refuses_is_one_clear_line():
    async def story(bench):
        def refuse():
            raise OSError(0x103, "it was stopped already")

        await shoot(bench.driver)
        camera = bench.driver._camera
        camera.deinit, camera._alive = refuse, False
        error = await fails(bench.driver)
        assert "the firmware says" in str(error) and error.step == "camera"
        return await shoot(bench.driver) == bench.frames[-1]

    assert at(Parallel, story)


def test_the_handset_keeps_whole_pictures_that_fit_though_one_frame_in_ten_is_cut():
    async def story(bench):
        kept, bench.octets = [], {"VGA": 15000, "CIF": 9000, "QVGA": 8000}
        bench.spoil = lambda octets: octets[: len(octets) // 2] if len(bench.frames) % 10 == 9 else octets
        shelf = Shelf(bench.driver)
        for _ in range(15):
            count = await fitting.take(shelf, lambda: Kept(kept), "VGA", None, 10000)
            assert count in (8000, 9000) and kept[-1] in bench.frames[-2:] and kept[-1][-2:] == b"\xff\xd9"
        assert len(kept) == 15
        return shelf.again

    for kind in BENCHES:
        assert 2 <= at(kind, story) <= 5


class Shelf:
    """As much of a handset as a picture wants; again: how often one was taken again."""

    def __init__(self, camera):
        self.camera, self.settings, self.events = camera, {"camera": {"quality": 79}}, self
        self.inbox = self.store = self
        self.again, self._record = 0, None

    def say(self, name, **fields):
        self.again += name == "retaken"

    def has(self, name):
        return self._record is not None

    def read(self, name):
        return self._record

    def write(self, name, record):
        self._record = record


class Kept:
    """The writer of a picture, which `kept` gets when it is whole."""

    def __init__(self, kept):
        self._kept, self._octets, self.octets = kept, b"", 0

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        if kind is None:
            self._kept.append(self._octets)

    async def add(self, view):
        self._octets += bytes(view)
        self.octets += len(view)


def test_octets_that_come_with_the_next_reply_only_cost_no_picture():
    async def story(bench):
        await clock.sleep(1000)
        for _ in range(2):
            assert await shoot(bench.driver, "VGA") == bench.frames[-1]
        return len(bench.frames)

    for late in range(1, 6):
        for block in (1, 3):
            assert at(Serial, story, glitch=(block, late)) == 2


def test_a_size_that_needs_a_reset_gets_one():
    async def story(bench):
        bench.machine.sizes_at_boot = True
        await clock.sleep(1000)
        assert "640 x 480, not 320 x 240" in str(await fails(bench.driver))
        return await shoot(bench.driver) == bench.frames[-1]

    assert at(Serial, story) and OCTETS > 1460


def test_each_board_with_a_parallel_camera_names_the_pins_that_the_module_wants():
    async def story(bench):
        bench.driver = esp32.drive(board.CAMERA, SETTINGS)
        assert await shoot(bench.driver) == bench.frames[-1]
        return bench.machine.given

    count = 0
    for name in listing.FROZEN["drivers.board"].split():
        board = __import__("drivers.board." + name, None, None, ("*",))
        if isinstance(board.CAMERA, dict) and board.CAMERA.get("family") == "esp32":
            given, count = at(Parallel, story), count + 1
            wires = given["data_pins"] + [given[key] for key in sorted(given) if key[-4:] == "_pin"]
            assert len(set(wires)) == len(wires) >= 14
    assert count >= 2
