"""The `machine` of a board with a camera on SPI and I2C, or a parallel one, each of them a machine of the lab."""

PINS = {"spi": 0, "sck": 18, "mosi": 19, "miso": 16, "cs": 17, "i2c": 1, "sda": 6, "scl": 7}
PARALLEL = {
    "data": (5, 18, 19, 21, 36, 39, 34, 35),
    "xclk": 0,
    "siod": 26,
    "sioc": 27,
    "vsync": 25,
    "href": 23,
    "pclk": 22,
    "pwdn": 32,
    "reset": None,
    "family": "esp32",
}


class Bus:
    """Stands in for the module. held: the milliseconds of the longest transfer, in which the loop stands still."""

    def __init__(self, world, camera=None, firmware=None):
        self.world, self.camera, self.firmware = world, camera, firmware
        self.held, self._part = 0, 0
        self.Pin = _Pins(self)

    def SPI(self, id, baudrate, polarity, phase, sck, mosi, miso):
        assert (id, sck.id, mosi.id, miso.id) == (0, 18, 19, 16) and polarity == phase == 0
        return _Spi(self, baudrate)

    def I2C(self, id, scl, sda, freq):
        assert (id, scl.id, sda.id) == (1, 7, 6)
        return _I2c(self, freq)

    def set(self, id, level):
        """A pin has another level."""
        if self.camera and id == PINS["cs"]:
            self.camera.select(level)
        if self.firmware and id == PARALLEL["pwdn"]:
            self.firmware.power_down(level)

    def spend(self, bits, rate):
        """Let the time of so many bits pass, and what a call takes."""
        ms = bits * 1000 / rate + 0.05
        self.held = max(self.held, ms)
        self._part += ms
        whole = int(self._part)
        self._part -= whole
        self.world.busy(whole)


class _Pins:
    OUT = 1

    def __init__(self, bus):
        self._bus = bus

    def __call__(self, id, mode=-1, value=None):
        return _Pin(self._bus, id, value)


class _Pin:
    def __init__(self, bus, id, level):
        self._bus, self.id = bus, id
        if level is not None:
            self.value(level)

    def value(self, level):
        self._bus.set(self.id, level)


class _Spi:
    def __init__(self, bus, rate):
        self._bus, self._rate = bus, rate

    def init(self, baudrate, polarity, phase):
        assert polarity == phase == 0
        self._rate = baudrate

    def write(self, octets):
        self._bus.spend(8 * len(octets), self._rate)
        self._bus.camera.transfer(octets, self._rate)

    def read(self, count):
        self._bus.spend(8 * count, self._rate)
        return self._bus.camera.transfer(bytes(count), self._rate)

    def readinto(self, buf):
        buf[:] = self.read(len(buf))


class _I2c:
    def __init__(self, bus, rate):
        self._bus, self._rate = bus, rate

    def writeto(self, address, octets):
        self._bus.spend(9 * (1 + len(octets)), self._rate)
        self._bus.camera.write(address, octets)

    def writeto_mem(self, address, register, octets):
        self.writeto(address, bytes([register]) + octets)

    def readfrom(self, address, count):
        self._bus.spend(9 * (1 + count), self._rate)
        return self._bus.camera.read(address, count)
