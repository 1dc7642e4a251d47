"""The cameras of the lab that have no serial line: what they give, refuse and need time for."""

from tests.kit.checks import raises
from tests.kit.pictures import jpeg
from tools.lab.camera.arducam import SENSOR, ArduCam
from tools.lab.camera.esp32 import Firmware

SPEED = 4000000
PINS = {name + "_pin": 5 for name in ("pclk", "vsync", "href", "sda", "scl", "xclk")}


class Chip:
    """An ArduCam, and its clock."""

    def __init__(self, **more):
        self.now, self.made = 0, []
        self.camera = ArduCam(self._make, lambda: self.now, **more)

    def _make(self, width, height, scale, dull):
        self.made.append((width, height, scale, dull))
        return jpeg("QVGA", 500)

    def ask(self, *octets, speed=SPEED):
        self.camera.select(0)
        answer = self.camera.transfer(bytes(octets), speed)
        self.camera.select(1)
        return answer[1:]

    def sensor(self, *pairs):
        for register, value in pairs:
            self.camera.write(SENSOR, bytes([register, value]))

    def shoot(self):
        """The octets that are kept of a frame."""
        self.ask(0x84, 0x01)
        self.ask(0x84, 0x02)
        self.now += 1000
        assert self.ask(0x41, 0) == b"\x08"
        count = self.ask(0x42, 0)[0] | self.ask(0x43, 0)[0] << 8 | self.ask(0x44, 0)[0] << 16
        return self.ask(0x3C, *bytes(count + 1)), count


def registers(width=80, height=60, control=0x89):
    """Pairs that make a frame of 4 x `width` and 4 x `height` from one of 800 x 600."""
    array = [(0xFF, 1), (0x12, 0x40), (0xFF, 0), (0xC0, 100), (0xC1, 75), (0x50, control), (0x51, 200), (0x52, 150)]
    return array + [(0x5A, width), (0x5B, height), (0x5C, 0), (0xDA, 0x10), (0x44, 13)]


def test_an_arduchip_gives_one_octet_before_the_frame_and_some_behind_it_but_the_plus_none_before():
    for plus in (False, True):
        chip = Chip(plus=plus)
        chip.now = 1000
        chip.sensor(*registers())
        kept, count = chip.shoot()
        assert kept[1 - plus :].startswith(jpeg("QVGA", 500)) and count > 500
        assert chip.made == [(320, 240, 13, False)]


def test_a_frame_takes_its_time_and_begins_after_it_was_asked_for():
    chip = Chip()
    chip.sensor(*registers())
    chip.now = 10
    chip.ask(0x84, 0x02)
    chip.now = 260
    assert chip.ask(0x41, 0) == b"\x00"
    chip.now = 266
    assert chip.ask(0x41, 0) == b"\x08" and chip.made[0][3]  # the first frames are green


def test_registers_that_do_not_fit_each_other_make_no_jpeg():
    for wrong in (registers(201), registers(80, 60, 0x92), registers() + [(0xDA, 0)], registers() + [(0x05, 1)]):
        chip = Chip()
        chip.sensor(*wrong)
        assert b"\xff\xd8" not in chip.shoot()[0] and chip.made == []


def test_a_clock_that_is_too_fast_garbles_what_comes_and_goes():
    chip = Chip(rate=2000000)
    chip.ask(0x80, 0x55, speed=1000000)
    assert chip.ask(0x00, 0, speed=1000000) == b"\x55"
    assert chip.ask(0x00, 0, speed=SPEED) != b"\x55"


def test_a_sensor_tells_its_model_in_one_bank_only_and_forgets_its_registers_with_a_reset():
    chip = Chip()
    chip.sensor((0xFF, 1), (0x0A, 0))
    chip.camera.write(SENSOR, b"\x0a")
    assert chip.camera.read(SENSOR, 1) == b"\x26"
    chip.sensor((0xFF, 0), (0x44, 9), (0xFF, 1), (0x12, 0x80), (0xFF, 0))
    chip.camera.write(SENSOR, b"\x44")
    assert chip.camera.read(SENSOR, 1) == b"\x00"
    raises(OSError, chip.camera.write, 0x31, b"\x00")


class Parts:
    """A Firmware, and its clock."""

    def __init__(self, octets=3000):
        self.now, self.octets = 0, octets
        self.firmware = Firmware(self._make, lambda: self.now, self._hold)

    def _make(self, size, quality, dull):
        return jpeg(size, self.octets, 1 if dull else 0)

    def _hold(self, ms):
        self.now += ms

    def camera(self, **more):
        return self.firmware.Camera(data_pins=[1] * 8, pixel_format=4, **PINS, **more)


def test_the_buffer_keeps_the_first_frame_however_old_it_gets():
    parts = Parts()
    camera = parts.camera()
    parts.now += 10000
    assert camera.frame_available() and parts.firmware.frames == [(400, jpeg("QVGA", 3000, 1))]
    frame = camera.capture()
    assert frame[0] == -1 and len(frame) == 3000  # its elements have a sign
    assert not camera.frame_available()
    camera.free_buffer()
    parts.now += 200
    assert camera.frame_available() and parts.firmware.frames[1] == (10400, jpeg("QVGA", 3000))


def test_a_frame_larger_than_the_buffer_never_comes():
    parts = Parts(octets=320 * 240 // 5 + 1)
    camera = parts.camera()
    assert camera.capture() is None and parts.now >= 4000


def test_what_the_module_refuses_is_refused():
    parts = Parts()
    raises(ValueError, parts.camera, jpeg_quality=101)
    raises(TypeError, parts.firmware.Camera, data_pins=(1,) * 8, pixel_format=4, **PINS)
    camera = parts.camera()
    camera.deinit()
    raises(OSError, camera.capture)
    parts.firmware.absent = True
    raises(OSError, parts.camera)
