"""The lab's cameras in virtual time, each with the driver of its family: a Bench for each."""

import sys

from drivers.camera import arducam, esp32, vc0706
from tests.kit.drivers.buses import PARALLEL, PINS, Bus
from tests.kit.drivers.camera import SETTINGS
from tests.kit.drivers.scripted import Pipe, World, run
from tests.kit.pictures import SIZES, jpeg
from tools.lab.camera.arducam import ArduCam
from tools.lab.camera.esp32 import Firmware
from tools.lab.camera.vc0706 import Vc0706

OCTETS = 9001  # of a picture


class CameraWorld(World):
    """A World with a machine, which has `due` and `advance(now)`."""

    machine = None

    def __init__(self):
        super().__init__()
        self._others = self.next
        self.next = self._next

    def _next(self):
        dues = [self._others(), self.machine.due if self.machine else None]
        dues = [due for due in dues if due is not None]
        return min(dues) if dues else None

    def turn(self):
        super().turn()
        if self.machine:
            self.machine.advance(self.now)


class Bench:
    """driver; frames: the pictures that are neither green nor dark, begun at `times`; asked: size and quality of each.

    spoil: makes of a picture what comes in its place. octets: those of a picture, or of one of each size.
    """

    octets, spoil = OCTETS, None

    def __init__(self, world):
        self.world = world
        self.frames, self.times, self.asked = [], [], []

    def make(self, size, quality, dull=False, begun=None):
        """A frame of the camera."""
        if dull:
            return jpeg(size, 2000)
        octets = self.octets[size] if isinstance(self.octets, dict) else self.octets
        self.frames.append(jpeg(size, octets, len(self.frames)))
        self.times.append(self.world.now if begun is None else begun)
        self.asked.append((size, quality))
        return self.spoil(self.frames[-1]) if self.spoil else self.frames[-1]

    def lose(self):
        """Take the camera away."""
        self.machine.absent = True


class Serial(Bench):
    """A VC0706. chunk: octets of a read at most; glitch: (number of a block, octets that are late from there on)."""

    def __init__(self, world, chunk=61, glitch=None):
        super().__init__(world)
        self.line = Pipe(self._hear, chunk)
        self.line.set_baud = self._set_baud
        self._glitch, self.blocks = glitch, 0
        self._baud = self._rate = 0
        self.machine = world.machine = Vc0706(self._speak, self._change, self.make)
        self.machine.power(world.now)
        self.driver = vc0706.drive(self.line, SETTINGS)

    def lose(self):
        self.machine.hang()

    def _set_baud(self, baud):
        self._baud = baud

    def _hear(self, octets):
        if self._baud != self._rate:
            return
        if octets[2] == 0x32:
            self.blocks += 1
            if self._glitch and self._glitch[0] == self.blocks:
                self.machine.hold_back(self._glitch[1])
        self.machine.receive(octets, self.world.now)

    def _speak(self, octets):
        self.line.say(octets if self._baud == self._rate else b"\xf0" * len(octets))

    def _change(self, rate):
        self._rate = rate


class Spi(Bench):
    """An ArduCAM. plus: the newer one; rate: bit/s that its wires bear."""

    plus = False

    def __init__(self, world, rate=8000000):
        super().__init__(world)
        self.machine = ArduCam(self._expose, lambda: world.now, self.plus, rate)
        sys.modules["machine"] = self.bus = Bus(world, self.machine)
        self.driver = arducam.drive(PINS, SETTINGS)

    def _expose(self, width, height, scale, dull):
        (size,) = [name for name in SIZES if SIZES[name] == (width, height)]
        return self.make(size, scale, dull, self.world.now - 133)


class Plus(Spi):
    """An ArduCAM Plus."""

    plus = True


class Parallel(Bench):
    """The parallel camera of an ESP32. held: milliseconds for which the firmware held the loop."""

    def __init__(self, world):
        super().__init__(world)
        self.held = []
        self.machine = sys.modules["camera"] = Firmware(self.make, lambda: world.now, self._hold)
        sys.modules["machine"] = self.bus = Bus(world, firmware=self.machine)
        self.driver = esp32.drive(PARALLEL, SETTINGS)

    def _hold(self, ms):
        self.held.append(ms)
        self.world.busy(ms)


BENCHES = (Serial, Spi, Plus, Parallel)


async def shoot(driver, size="QVGA", quality=None, room=1460):
    """The octets of a picture."""
    got, buffer = b"", bytearray(room)
    async with driver.capture(size, quality) as picture:
        octets = await picture.readinto(buffer)
        while octets:
            got += buffer[:octets]
            octets = await picture.readinto(buffer)
        assert picture.octets == len(got) and (picture.width, picture.height) == SIZES[size]
    return got


def at(kind, story, **more):
    """The result of `story(bench)` at a Bench of that kind, in virtual time."""
    world = CameraWorld()

    async def whole():
        return await story(kind(world, **more))

    known = {name: sys.modules.get(name) for name in ("machine", "camera")}
    try:
        return run(whole(), world)
    finally:
        for name in known:
            sys.modules.pop(name, None)
            if known[name] is not None:
                sys.modules[name] = known[name]
