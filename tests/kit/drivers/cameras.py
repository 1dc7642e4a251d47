"""The lab's cameras in virtual time, each with the driver of its family.

A Bench has the `driver`, the `sizes` of the camera, the `frames` that it took, and ways to spoil them.
"""

from drivers.camera import vc0706
from tests.kit.drivers.camera import SETTINGS
from tests.kit.drivers.scripted import Pipe, World
from tests.kit.pictures import jpeg
from tools.lab.camera.vc0706 import Vc0706

OCTETS = 20001  # of a picture


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


class Serial(Pipe):
    """The line to a VC0706 of the lab. chunk: octets of a read at most; glitch: (number of a block, octets late)."""

    def __init__(self, world, chunk=64, octets=OCTETS, glitch=None):
        super().__init__(self._hear, chunk)
        self._world, self._octets, self._glitch = world, octets, glitch
        self.frames, self.blocks = [], 0
        self._baud = self._rate = 0
        self.machine = world.machine = Vc0706(self._speak, self._change, self._expose)
        self.machine.power(world.now)

    def set_baud(self, baud):
        self._baud = baud

    def _hear(self, octets):
        if self._baud == self._rate:
            if octets[2] == 0x32:
                self.blocks += 1
                if self._glitch and self._glitch[0] == self.blocks:
                    self.machine.hold_back(self._glitch[1])
            self.machine.receive(octets, self._world.now)

    def _speak(self, octets):
        self.say(octets if self._baud == self._rate else b"\xf0" * len(octets))

    def _change(self, rate):
        self._rate = rate

    def _expose(self, size, compression):
        self.frames.append(jpeg(size, self._octets, len(self.frames)))
        return self.frames[-1]


def serial(world, chunk=64, octets=OCTETS, glitch=None):
    """(driver, line) of a VC0706."""
    line = Serial(world, chunk, octets, glitch)
    return vc0706.drive(line, SETTINGS), line
