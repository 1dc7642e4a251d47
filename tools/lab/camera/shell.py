"""A simulated camera on a pseudo-terminal, with pictures drawn by tools/lab/camera/scene.py.

Both ends of a serial line must agree on its rate. A pseudo-terminal carries octets at any, but it
knows which one the handset has set: whatever passes while that is not the camera's is noise.
"""

import datetime
import hashlib
import os
import pathlib
import termios

from tools.lab import families
from tools.lab import world as worlds
from tools.lab.camera.scene import Scene
from tools.lab.line import Line
from tools.lab.shell import Wall

_OUTPUT_SPEED = 5  # of the list that tcgetattr gives


class Frame:
    """A frame that was taken: `jpeg` its bytes, `octets` how many, `sha256` in hex."""

    def __init__(self, jpeg, size, compression):
        self.jpeg, self.size, self.compression = jpeg, size, compression
        self.octets = len(jpeg)
        self.sha256 = hashlib.sha256(jpeg).hexdigest()


class Camera:
    """A camera whose serial line is the pseudo-terminal at the path `link`.

    `frames` holds every frame taken, the last one last; `machine` is the camera without its line. The clock in its
    pictures is `now`, see Scene.
    """

    def __init__(self, link, world=None, name="", speed=1.0, folder=None, family="vc0706", now=datetime.datetime.now):
        delays = (world or worlds.load()).delays
        self.frames = []
        self.address = str(link)
        self._scene = Scene(name, now)
        self._folder = pathlib.Path(folder) if folder else None
        self._tty = None
        kind = families.module("camera", family)
        self._codes = {rate: getattr(termios, "B%d" % rate) for rate in kind.RATES.values()}
        self.line = Line(link, kind.POWER_ON_BAUD, self._receive, speed)
        self.machine = kind.MACHINE(
            self._write,
            self._set_baud,
            self._expose,
            boot_ms=int(delays.camera_boot * 1000),
            exposure_ms=int(delays.exposure * 1000),
            rate_ms=int(delays.camera_rate * 1000),
        )
        self._wall = Wall(self.machine, speed)

    async def start(self):
        """Make the pseudo-terminal and switch the camera on."""
        await self.line.start()
        self._tty = os.open(self.address, os.O_RDWR | os.O_NOCTTY)
        self._wall.start()
        self.power()

    async def stop(self):
        """Take the pseudo-terminal away."""
        self._wall.stop()
        await self.line.stop()
        if self._tty is not None:
            os.close(self._tty)
            self._tty = None

    def power(self):
        """Switch the camera on, or off and on."""
        self.machine.power(self._wall.now)
        self._wall.wake()

    def _receive(self, octets):
        self.machine.receive(self._over_the_line(octets), self._wall.now)
        self._wall.wake()

    def _write(self, octets):
        self.line.write(self._over_the_line(octets))

    def _over_the_line(self, octets):
        """The octets as the other end reads them: noise, unless both have the same rate."""
        if termios.tcgetattr(self._tty)[_OUTPUT_SPEED] == self._codes[self.line.baud]:
            return octets
        return bytes(octet | 0x80 for octet in octets)

    def _set_baud(self, rate):
        self.line.baud = rate

    def _expose(self, size, compression):
        jpeg = self._scene.picture(size, compression)
        self.frames.append(Frame(jpeg, size, compression))
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ("%04d.jpg" % len(self.frames))).write_bytes(jpeg)
        return jpeg
