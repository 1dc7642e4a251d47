"""A request and an answer of 3,000 octets by any family of modems, and a scripted modem with one connection."""

from drivers import modem as modems
from mms.errors import BearerError
from mms.events import Events
from tests.kit.drivers.scripted import Modem, Pipe, World, run

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
LINES = b"\r\nOK\r\n+IPCLOSE: 0,1\r\n" * 4 + b'\r\nSEND OK\r\n+QIURC: "closed",0\r\n' * 2
BODY = bytes(range(256)) * 11 + LINES  # lines in the middle of the octets
BODY += b"." * (3000 - len(BODY))
WAIT_MS = 300  # from the OK to a result that comes later
ANSWER_MS = 3000  # the server thinks


class Profile:
    apn, user, password, auth = "mms.example", "web", "secret", "chap"


class Scripted(Modem):
    """A modem whose commands are methods: AT+CIPOPEN=0,... is `at_cipopen(asked, "0", ...)`, None for a plain OK.

    asked: whether the line ends in "?". reading: how the answer begins that has counted octets. The server answers BODY
    to as many octets: `give(link)` says so. `pipe` and `world` are set by `drive`.
    """

    reading = b""

    def __init__(self, gap=b""):
        super().__init__({}, gap, echo=True)
        self.received = self.waiting = b""
        self.read = 0

    def later(self, line, ms=WAIT_MS):
        self.world.after(ms, lambda: self.pipe.say(b"\r\n" + line + b"\r\n" + self.gap))

    def take(self, link, octets):
        """The modem has sent octets."""
        self.received += octets
        if len(self.received) == len(BODY):
            self.world.after(ANSWER_MS, lambda: self.give(link))

    def read_octets(self, most):
        piece, self.waiting = self.waiting[:most], self.waiting[most:]
        self.read += len(piece)
        return piece

    def _answer(self, line):
        name, _, value = line.replace("\x1b", "").partition("=")
        known = getattr(self, "at_" + name.strip("?")[3:].lower(), None) if name[:3] == "AT+" else None
        if name == "ATE0":
            self.echo = False
        answer = known(name[-1] == "?", *value.split(",")) if known else None
        self.answers = {} if answer is None else {line: answer}
        return super()._answer(line)

    def _spread(self, answer):
        whole = answer.startswith(self.reading)  # the octets in it may look like lines
        return self.gap + answer + self.gap if whole else super()._spread(answer)

    def at_cpin(self, asked, *_):
        return b"\r\n+CPIN: READY\r\n" + OK

    def at_cimi(self, asked, *_):
        return b"\r\n234100000000001\r\n" + OK

    def at_cgatt(self, asked, *_):
        return b"\r\n+CGATT: 1\r\n" + OK if asked else OK


def drive(name, scripted, story, size=64):
    """What `story(modem, scripted, events)` gives on a driver, which is found by its name unless it is one itself."""
    world = scripted.world = World()

    async def whole():
        pipe = scripted.pipe = Pipe(scripted, size)
        said, events = [], Events()
        events.listen(said.append)
        modem = (modems.driver(name) if isinstance(name, str) else name)(pipe, events)
        try:
            assert await modem.start() == "ready"
            return await story(modem, scripted, said)
        finally:
            modem.close()

    return run(whole(), world)


async def exchange(modem, scripted, said):
    """Send BODY and read the answer to the end: (the answer, names of events, octets acknowledged)."""
    await modem.attach(Profile())
    stream = await modem.open("proxy.example", 8080)
    await stream.write(BODY)
    await stream.drain()
    answer, buffer = b"", bytearray(700)
    octets = await stream.readinto(buffer)
    while octets:
        answer += buffer[:octets]
        octets = await stream.readinto(buffer)
    stream.close()
    await modem.release()
    return answer, [event["event"] for event in said], stream.acked


async def datagrams(stream, scripted, announcement):
    """Send two datagrams, and get two that come one after the other; one that is too large is refused."""
    for octets in (b"one", b"three"):
        await stream.write(octets)
    await stream.drain()
    assert "datagram" in str(await failure(stream.write(bytes(1461))))
    got = []
    for octets in (b"first", b"second"):
        scripted.waiting += octets
        scripted.pipe.say(announcement)
        buffer = bytearray(100)
        got.append(bytes(buffer[: await stream.readinto(buffer)]))
    scripted.waiting = b"too large"
    scripted.pipe.say(announcement)
    assert await stream.readinto(bytearray(3)) == 3  # and the rest of it is dropped
    scripted.waiting = b"small"
    scripted.pipe.say(announcement)
    assert await stream.readinto(bytearray(9)) == 5
    return got


async def failure(call):
    """The BearerError that a coroutine raises, or None."""
    try:
        await call
    except BearerError as error:
        return error
