"""A second family beside SIM800: tables and hooks on the rooms that all families share.

The modem is scripted from the A76XX Series AT Command Manual V1.09, chapter 15; its clauses stand beside the answers.
"""

import asyncio

from drivers import modem as modems
from drivers.modem import family
from mms.errors import BearerError, SettingsError
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.more import More
from tests.kit.drivers.scripted import NEWS, Modem, Pipe, World, run

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
BODY = bytes(range(256)) * 11 + b"\r\nOK\r\n+IPCLOSE: 0,1\r\n" * 8 + b"." * 16  # lines in the middle of 3,000 octets
WAIT_MS = 300  # from the OK to a result that comes later
ANSWER_MS = 3000


class Profile:
    apn, user, password, auth = "mms.example", "web", "secret", "chap"


class A7670(Modem):
    """The modem, and a server that answers BODY to as many octets and closes. `pipe` is set by the test."""

    def __init__(self, world, takes=1500, opens=0, gap=b""):
        super().__init__({}, gap, echo=True)
        self.world, self.takes, self.opens = world, takes, opens
        self.net = self.login = self.by_hand = False
        self.links = [False] * 10
        self.received = self.waiting = b""

    def later(self, line):
        self.world.after(WAIT_MS, lambda: self.pipe.say(b"\r\n" + line + b"\r\n" + self.gap))

    def _answer(self, line):
        name, _, value = line.replace("\x1b", "").partition("=")
        values = value.split(",")
        known = getattr(self, "at_" + name.strip("?")[3:].lower(), None) if name[:3] == "AT+" else None
        if name == "ATE0":
            self.echo = False
        answer = known(name[-1] == "?", *values) if known else None
        self.answers = {} if answer is None else {line: answer}
        return super()._answer(line)

    def _spread(self, answer):
        whole = answer.startswith(b"\r\n+CIPRXGET: 2,")  # the octets in it may look like lines
        return self.gap + answer + self.gap if whole else super()._spread(answer)

    def at_cpin(self, asked, *_):
        return b"\r\n+CPIN: READY\r\n" + OK

    def at_cimi(self, asked, *_):
        return b"\r\n234100000000001\r\n" + OK

    def at_ciccid(self, asked, *_):
        return b"\r\n+ICCID: 8944100000000000007f\r\n" + OK

    def at_cgatt(self, asked, *_):
        return b"\r\n+CGATT: 1\r\n" + OK if asked else OK

    def at_cgauth(self, asked, cid, type="0", *login):  # 5.2.16: the password comes before the user
        self.login = type, login
        return OK

    def at_netopen(self, asked, *_):  # 15.2.1
        if asked:
            return b"\r\n+NETOPEN: %d\r\n" % self.net + OK
        if self.net:
            return b"\r\n+IPERROR: Network is already opened\r\n" + ERROR
        self.net = True
        self.later(b"+NETOPEN: 0")
        return OK

    def at_netclose(self, asked, *_):  # 15.2.2
        if not self.net:
            return b"\r\n+NETCLOSE: 2\r\n" + ERROR
        self.net, self.links = False, [False] * 10
        self.later(b"+NETCLOSE: 0")
        return OK

    def at_ipaddr(self, asked, *_):  # 15.2.7
        return b"\r\n+IPADDR: 10.84.17.161\r\n" + OK if self.net else b"\r\n+IPERROR: Network not opened\r\n" + ERROR

    def at_cipopen(self, asked, link, *_):  # 15.2.3
        link = int(link)
        if not self.net or self.links[link]:
            return b"\r\n+CIPOPEN: %d,%d\r\n" % (link, 4 if self.net else 2) + ERROR
        self.links[link] = not self.opens
        self.later(b"+CIPOPEN: %d,%d" % (link, self.opens))
        return OK

    def at_cipsend(self, asked, link, octets):  # 15.2.4
        if not self.links[int(link)] or not 1 <= int(octets) <= 1500:
            return b"\r\n+CIPERROR: %d\r\n" % (3 if self.links[int(link)] else 4) + ERROR
        return self.block(int(octets), lambda block: self.send(int(link), block))

    def send(self, link, block):
        taken = block[: self.takes]
        self.received += taken
        self.later(b"+CIPSEND: %d,%d,%d" % (link, len(block), len(taken)))
        if len(self.received) == len(BODY):
            self.world.after(ANSWER_MS, lambda: self.give(link))
        return OK

    def give(self, link):
        if not self.by_hand:
            return self.pipe.say(b"RECV FROM:10.1.1.1:8080\r\n+IPD%d\r\n" % len(BODY) + BODY)  # 15.2.5, mode 0
        self.waiting, self.links[link] = BODY, False
        return self.pipe.say(b"\r\n+CIPRXGET: 1,%d\r\n\r\n+IPCLOSE: %d,1\r\n" % (link, link))

    def at_ciprxget(self, asked, mode, link="0", octets="1500"):  # 15.2.5
        if mode == "1":
            self.by_hand = True
            return OK
        if mode == "4":
            return b"\r\n+CIPRXGET: 4,%d,%d\r\n" % (int(link), len(self.waiting)) + OK
        if not self.waiting or not 1 <= int(octets) <= 1500:
            return b"\r\n+IPERROR: No data\r\n" + ERROR
        piece, self.waiting = self.waiting[: int(octets)], self.waiting[int(octets) :]
        return b"\r\n+CIPRXGET: 2,%d,%d,%d\r\n" % (int(link), len(piece), len(self.waiting)) + piece + OK

    def at_cipclose(self, asked, link="0"):  # 15.2.6
        if asked:
            return b"\r\n+CIPCLOSE: " + b",".join([b"%d" % up for up in self.links]) + b"\r\n" + OK
        if not self.links[int(link)]:
            return b"\r\n+CIPCLOSE: %d,4\r\n" % int(link) + ERROR
        self.links[int(link)] = False
        self.later(b"+CIPCLOSE: %d,0" % int(link))
        return OK

    def at_cipack(self, asked, link):  # 15.2.16
        sent = len(self.received)
        return b"\r\n+CIPACK: %d,%d,%d\r\n" % (sent, sent, len(BODY) - len(self.waiting)) + OK


def drive(story, size=64, **peer):
    """(what `story(modem, peer, events)` gives on a driver that was found by its name, the scripted modem)."""
    world = World()
    scripted = A7670(world, **peer)

    async def whole():
        pipe = scripted.pipe = Pipe(scripted, size)
        said, events = [], Events()
        events.listen(said.append)
        with More("drivers.modem"):
            modem = modems.open("sim7600", pipe, events)
        try:
            assert await modem.start() == "ready"
            return await story(modem, scripted, said)
        finally:
            modem.close()

    return run(whole(), world), scripted


async def exchange(modem, peer, said):
    """Send BODY and read the answer to the end: what it is."""
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


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            (answer, said, acked), peer = drive(exchange, size, gap=gap)
            assert len(BODY) == 3000 and peer.received == BODY and answer == BODY
            assert said == ["attached", "context_up", "connected"] and acked == 3000
            assert peer.login == ("2", ('"secret"', '"web"')) and not peer.net
            assert [len(block) for block in peer.blocks] == [1460, 1460, 80]


def test_the_subscriber_is_read_as_from_any_family():
    async def story(modem, peer, said):
        sim = await modem.sim()
        return sim.home, sim.iccid

    assert drive(story)[0] == ("23410", "8944100000000000007f")


def test_a_connection_that_is_not_made_is_an_error_and_its_number_is_free():
    async def story(modem, peer, said):
        await modem.attach(Profile())
        error = await failure(modem.open("proxy.example", 8080))
        peer.opens = 0
        await asyncio.sleep(1)  # the driver tells the modem to close what it has not opened
        return error, (await modem.open("proxy.example", 8080)).number

    (error, number), _ = drive(story, opens=11)
    assert "refused" in str(error) and number == 0


def test_a_network_that_closes_unexpectedly_ends_the_connection_and_is_opened_anew():
    async def story(modem, peer, said):
        await modem.attach(Profile())
        stream = await modem.open("proxy.example", 8080)
        peer.net, peer.links = False, [False] * 10
        peer.pipe.say(b"\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n")
        await asyncio.sleep(1)
        error = await failure(stream.readinto(bytearray(1)))
        del said[:]
        return error, (await exchange(modem, peer, said))[0]

    (error, answer), _ = drive(story)
    assert "took the context down" in str(error) and answer == BODY


async def failure(call):
    try:
        await call
    except BearerError as error:
        return error


def test_a_family_without_a_file_is_answered_by_those_that_are_there():
    for name in ("toaster", "dialogue", "family"):
        error = raises(SettingsError, modems.open, name, None, Events())
        assert error.key == "modem.family" and str(error).endswith("there are sim800"), name
    assert not hasattr(family, "open")
