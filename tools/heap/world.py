"""The network around one board, in virtual time: its modem and camera, the MMSC and the SMS centre of the lab."""

from tools.lab.camera.vc0706 import Vc0706
from tools.lab.modem.agenda import Agenda
from tools.lab.modem.sim800 import Card, Cell, Profile, Sim800, World
from tools.soak.lines import Line, data, picture
from tools.soak.network import MMSC, PROXY, Network

NUMBER, OTHER = "+447700900001", "+447700900002"
_USER, _PASSWORD, _APN = "o2mms", "password", "mms.o2.example"
_SEED = 1

SETTINGS = {
    "number": NUMBER,
    "store": "store",
    "album": "album",
    "camera": {"family": "vc0706", "size": "QQVGA"},
    "operators": {
        "23410": {
            "name": "O2", "apn": _APN, "user": _USER, "password": _PASSWORD,
            "mmsc": "http://%s/" % MMSC, "proxy": "%s:%d" % PROXY,
        },
    },
    "press": {"to": [OTHER], "text": "Hello"},
}  # fmt: skip


class End:
    """The board's end of a serial line: octets wait in it until the board is turned."""

    def __init__(self):
        self.alive, self.baud = True, 0
        self.waiting = b""

    def arrived(self, octets):
        self.waiting += octets

    def take(self):
        """The octets that came since the last call."""
        octets, self.waiting = self.waiting, b""
        return octets


class Surroundings:
    """`now`: milliseconds; `modem`, `camera`: the machines; `ends`: the board's ends of their lines."""

    def __init__(self):
        self.now = 0
        self.world = self
        self.numbers = [NUMBER, OTHER]
        self.agenda = Agenda()
        self.network = Network(self, lambda entry: None, lambda fault: None, _SEED)
        around = World([Cell("23410", "O2 - UK", "O2")], [Profile(_APN, _USER, _PASSWORD)])
        self.modem = Sim800(Card(NUMBER, "234100000000001"), around)
        self.network.modems = {NUMBER: self.modem}
        self.picture = b"\xff\xd8\xff\xfe" + bytes(400) + b"\xff\xd9"
        self.lines = (
            Line(self, lambda octets: self.modem.receive(octets, self.now), self._nothing, data),
            Line(self, lambda octets: self.camera.receive(octets, self.now), self._nothing, picture),
        )
        self.camera = Vc0706(self.lines[1].say, self._set_rate, lambda size, compression: self.picture)
        self.ends = tuple(End() for _ in self.lines)
        for line, end in zip(self.lines, self.ends, strict=True):
            line.port = end
        self.modem.power_on()
        self.camera.power(self.now)

    def say(self, what, octets):
        """Something crossed a serial line."""

    def _nothing(self, fault):
        pass

    def _set_rate(self, baud):
        self.lines[1].baud = baud

    def next(self):
        """When something is due here, or None."""
        dues = (self.agenda.next(), self.modem.next(), self.camera.due, self.network.next())
        return min((due for due in dues if due is not None), default=None)

    def turn(self):
        """Do what is due."""
        self.agenda.advance(self.now)
        self.camera.advance(self.now)
        self.modem.advance(self.now)
        self.network.turn()
        for what, *words in self.modem.effects():
            if what == "open":
                self.network.open(NUMBER, *words[:3])
            elif what == "submit":
                self.modem.submitted(self.network.submit(NUMBER, *words))
            else:
                getattr(self.network, what)(NUMBER, *words)
        if self.modem.terminal.out:
            self.lines[0].say(self.modem.take())
