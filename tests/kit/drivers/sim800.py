"""A scripted SIM800 with one connection, and stories that run on its driver."""

from drivers.modem import network, selection, startup, subscriber
from drivers.modem.sim800 import Sim800
from mms.errors import ModemError, UsageError
from mms.events import Events
from tests.kit.drivers.scripted import Modem, Pipe, run

COMMANDS = (startup.COMMANDS, subscriber.COMMANDS, network.COMMANDS, selection.COMMANDS) + Sim800.TABLES[
    0
]  # all that the driver asks
OK = b"\r\nOK\r\n"
OPEN = 'AT+CIPSTART=0,"TCP","proxy.example",8080'
ANSWERS = {
    "ATI": b"\r\nSIM800 R14.18\r\n\r\nOK\r\n",
    "AT+CPIN?": b"\r\n+CPIN: READY\r\n\r\nOK\r\n",
    "AT+CIMI": b"\r\n310260000000007\r\n\r\nOK\r\n",
    "AT+CRSM=176,28589,0,0,4": b'\r\n+CRSM: 144,0,"00000003"\r\n\r\nOK\r\n',
    "AT+CCID": b"\r\n8944100000000000007f\r\n\r\nOK\r\n",
    "AT+CNUM": b'\r\n+CNUM: "","447700900001",145,7,4\r\n\r\nOK\r\n',
    'AT+CPMS="ME","SM","SM"': b"\r\n+CMS ERROR: 302\r\n",  # as of some modules: there is none
    "AT+CREG?": b"\r\n+CREG: 0,5\r\n\r\nOK\r\n",
    "AT+COPS?": b'\r\n+COPS: 0,2,"23410"\r\n\r\nOK\r\n',
    "AT+CSQ": b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n",
    "AT+CGATT?": b"\r\n+CGATT: 0\r\n\r\nOK\r\n",
    "AT+CIPSHUT": b"\r\nSHUT OK\r\n",
    "AT+CIFSR": b"\r\n10.0.0.7\r\n",
    "AT+CIPSEND?": b"\r\n+CIPSEND: 0,1460\r\n\r\nOK\r\n",
    "AT+CIPCLOSE=0": b"\r\n0, CLOSE OK\r\n",
    OPEN: b"\r\nOK\r\n\r\n0, CONNECT OK\r\n",
}


class Profile:
    apn, user, password, auth = "mms.example", "web", "secret", "pap"


class Peer(Modem):
    """A SIM800 as far as one connection goes: takes blocks, acknowledges `acks` of them, gives `body`."""

    def __init__(self, answers=(), body=b"", takes=1460):
        known = {}
        known.update(ANSWERS)
        known.update(answers)
        super().__init__(known)
        self.body = body
        self.takes = takes
        self.received = b""
        self.acknowledges = True
        self.most_unacked = 0

    def _answer(self, line):
        if line in self.answers:
            return super()._answer(line)
        if line.startswith("AT+CIPSEND=0,"):
            self.lines.append(line)
            return self.block(int(line[13:]), self._accept)
        if line == "AT+CIPACK=0":
            self.lines.append(line)
            acked = len(self.received) if self.acknowledges else 0
            return b"\r\n+CIPACK: %d,%d,%d\r\n\r\nOK\r\n" % (len(self.received), acked, len(self.received) - acked)
        if line == "AT+CIPRXGET=4,0":
            return b"\r\n+CIPRXGET: 4,0,%d\r\n\r\nOK\r\n" % len(self.body)
        if line.startswith("AT+CIPRXGET=2,0,"):
            asked = int(line[16:])
            octets, self.body = self.body[:asked], self.body[asked:]
            assert len(octets) == asked
            return b"\r\n+CIPRXGET: 2,0,%d,%d\r\n" % (asked, len(self.body)) + octets + OK
        return super()._answer(line)

    def _accept(self, block):
        taken = min(self.takes, len(block))
        self.received += block[:taken]
        return b"\r\nDATA ACCEPT:0,%d\r\n" % taken


def drive(peer, story, size=64, make=Sim800):
    """Run `story(modem, pipe, events)` on a driver: what it returns."""

    async def whole():
        pipe = Pipe(peer, size)
        said = []
        events = Events()
        events.listen(said.append)
        modem = make(pipe, events)
        try:
            return await story(modem, pipe, said)
        finally:
            modem.close()

    return run(whole())


async def connected(modem):
    """A started modem's connection."""
    assert await modem.start() == "ready"
    await modem.attach(Profile())
    return await modem.open("proxy.example", 8080)


async def read_all(stream, size=300):
    """What a Stream gives until its end."""
    got, buffer = b"", bytearray(size)
    octets = await stream.readinto(buffer)
    while octets:
        got += buffer[:octets]
        octets = await stream.readinto(buffer)
    return got


def names(said):
    """The names of events, in their order."""
    return [event["event"] for event in said]


HELD = "\r\n+CMGR: 0,,4\r\n00040B91AA\r\n\r\nOK\r\n".encode()


def started(story, answers=(), peer=None, make=Sim800):
    """Run a story on a modem that has been started."""

    async def after(modem, pipe, said):
        await modem.start()
        return await story(modem, pipe, said)

    return drive(peer or Peer(answers), after, make=make)


async def failed(*calls):
    """The errors of coroutines that run one after the other, None where there is none."""
    errors = []
    for call in calls:
        try:
            await call
            errors.append(None)
        except (ModemError, UsageError) as error:
            errors.append(error)
    return errors


async def message(modem):
    """The next short message."""
    async for sms in modem.sms:
        if sms is not None:
            return sms
