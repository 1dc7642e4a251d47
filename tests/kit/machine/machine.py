"""machine of a board whose pins are files: what a test writes into pins/NUMBER is read, and the other way round."""


class Pin:
    IN, OUT, PULL_UP = 0, 1, 2

    def __init__(self, number, mode=IN, pull=None):
        self._path = "pins/%d" % number
        if mode == self.OUT:
            self.value(0)

    def value(self, level=None):
        if level is None:
            with open(self._path) as file:
                return int(file.read() or 0)
        with open(self._path, "w") as file:
            file.write(str(int(level)))


class ADC:
    def __init__(self, pin):
        self._pin = Pin(pin)

    def read_u16(self):
        return self._pin.value()
