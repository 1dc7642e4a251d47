"""How fast a message goes over each family of modems and each radio: whole journeys in virtual time.

`measure` plays one session of the soak without faults, on lines that are exact to the octet, and tells the seconds of
upload and download beside the bound of tools/bound.py.
"""

from mms.handset.sending.message import Message, Part
from tools import bound
from tools.lab import families
from tools.lab.camera.frame import AROUND, frame
from tools.lab.network import radio as air
from tools.soak import session, world
from tools.soak.core_network import MMSC
from tools.soak.lines import Line
from tools.soak.stations import ALICE, BOB, NUMBERS, Station

OPENS = b"+CIPSTART=", b"+CIPOPEN=", b"+QIOPEN=", b"+USOCO="
URL = "http://%s/" % MMSC
SHUTTER = 1.03  # times the bound, from the shutter to the confirmation
_REST = 1000  # octets of a message beside its picture, at most
_REST_MS = 5000  # between the context and the shutter
MOST = 1.05  # times the bound
SIZES = (30000, 100000, 300000)  # octets of a picture
LTE_BAUD = 460800  # LTE is faster than a line at the usual rate


MACHINES = {family: families.module("modem", family).MACHINE for family in families.names("modem")}


def _links():
    for family in MACHINES:
        for radio in bound.RADIOS:
            machine, lte = MACHINES[family], air.access(radio) == air.LTE
            if air.access(radio) in machine.ACCESS and (not lte or radio in machine.LTE_ROWS):
                yield family, radio, 115200, False
                if lte:
                    yield family, radio, LTE_BAUD, False
        yield family, "gprs-10-cs2", 115200, True


LINKS = tuple(_links())  # (family, radio, baud, whether by way of a WAP gateway)


def asked(sizes, links=LINKS):
    """The arguments of `measure` for pictures of such sizes on `links`, without those too large for a WAP gateway."""
    return [(size, *link) for size in sizes for link in links if not link[3] or size + _REST <= _most(link[0])]


def _most(family):
    return bound.WTP_SEGMENTS * bound.wtp_segment(family)


class Result:
    """Octets of the PDU, seconds of upload and download, and how many times the bound each of them is."""

    def __init__(self, octets, up, down, family, radio, uart, wap):
        self.octets, self.up, self.down = octets, up, down
        upload, download = (bound.wap_upload, bound.wap_download) if wap else (bound.upload, bound.download)
        self.up_ratio = up / upload(octets, radio, uart, family, URL)
        self.down_ratio = down / download(octets, radio, uart, family, URL)


class _Exact(Line):
    """A line whose octets take their time: on the camera's at the rate of its port, on the modem's at RATE."""

    RATE = 0  # bit/s

    def _ms(self, octets, port):
        return len(octets) * 10000 / (self.RATE if self.baud is None else port.baud)

    def write(self, octets, port):
        """Carry octets from the handset to the machine; the milliseconds until they have arrived."""
        if self.baud is not None and port.baud != self.baud:
            return 0
        world = self._world
        self._up = max(self._up, world.now) + self._ms(octets, port)
        world.agenda.after(self._up - world.agenda.now, lambda: self._receive(octets))
        return self._up - world.now

    def say(self, octets):
        """Carry octets from the machine to the handset."""
        world, port = self._world, self.port
        if port is not None:
            self._down = max(self._down, world.now) + self._ms(octets, port)
            world.agenda.after(self._down - world.agenda.now, lambda: self._reach(port, octets, len(octets)))


class _Measured(session.Session):
    """A session without faults, with a picture of `size` octets; `moments`: {(handset, event): ms}, the first."""

    size = 0

    def __init__(self, family, wap):
        self.moments = {}
        self.octets = 0
        super().__init__(1, "wap" if wap else "none", (family, family))
        self.text = None  # nothing else is on the line
        for station in self.stations:
            camera = dict(station.settings["camera"], size="VGA")  # its size at power-on
            station.settings = dict(station.settings, camera=camera)

    def date(self):
        return int(super().date())

    def say(self, what, octets):
        """No digest is wanted."""

    def next(self):
        """The moment when something is due in the world, to the fraction of a millisecond, or None."""
        dues = [self.agenda.next(), self.network.next()]
        dues += [due for station in self.stations for due in (station.modem.next(), station.eye.due)]
        return min((due for due in dues if due is not None), default=None)

    def frame(self, size, compression):
        octets = frame(size, self.dice.octets(self.size - AROUND))
        self.frames[octets] = self.now
        return octets

    async def _press(self):
        """Send a picture that is there already."""
        await self.send(self.frame("VGA", 0))

    async def send(self, picture):
        """Send a picture as alice, who takes it when it is None."""
        message = Message(NUMBERS[BOB], "A picture")
        message.parts.append(Part("image/jpeg", octets=picture))
        self.moments[ALICE, "pressed"] = self.now
        self.accepted.append(await self.stations[0].handset.send(message))

    def check_command(self, station, line):
        super().check_command(station, line)
        if any(name in line for name in OPENS):
            self.moments.setdefault((station.name, "asked"), self.now)

    def handle_event(self, station, life, event):
        super().handle_event(station, life, event)
        self.moments.setdefault((station.name, event["event"]), self.now)
        if event["event"] == "accepted":
            self.octets = event["octets"]


class _Shot(_Measured):
    """A session in which the picture is taken while the context is up."""

    async def _press(self):
        await self.stations[0].handset.bearer.up()
        await self.wait(_REST_MS)
        await self.send(None)


def prepare(size, family, radio, baud=115200, wap=False, kind=_Measured):
    """A session that `play` runs, for the arguments of `measure`; its `moments` are {(handset, event): ms}."""
    line = type("_Line", (_Exact,), {"RATE": baud})
    station = type("_Station", (Station,), {"LINE": line, "MACHINES": MACHINES, "ROWS": (radio,)})
    return type("_Played", (kind,), {"STATION": station, "size": size})(family, wap)


def play(played):
    """Run a session from power-on until bob has alice's picture; raises AssertionError for a broken promise."""
    world.run(played, played.story(), max(1, played.size // 10000))  # a radio in small pieces takes this machine long
    if played.broken:
        raise AssertionError(played.broken)


def measure(size, family, radio, baud=115200, wap=False):
    """The Result of a message with a picture of `size` octets, from alice to bob by modems of one family.

    wap: by way of a WAP gateway.
    """
    played = prepare(size, family, radio, baud, wap)
    play(played)
    moments = played.moments
    up = (moments["alice", "confirmed"] - moments["alice", "asked"]) / 1000
    down = (moments["bob", "retrieved"] - moments["bob", "asked"]) / 1000
    return Result(played.octets, up, down, family, radio, baud / 10, wap)


def shoot(size, family, radio, baud=115200):
    """(Seconds from the shutter to the confirmation on a registered handset, how many times the bound that is)."""
    played = prepare(size, family, radio, baud, kind=_Shot)
    play(played)
    seconds = (played.moments["alice", "confirmed"] - played.moments["alice", "pressed"]) / 1000
    bounds = bound.shutter_to_confirmation(size, played.octets, radio, bound.UART, baud / 10, family, URL)
    return seconds, seconds / bounds
