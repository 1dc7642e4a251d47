"""M66 and M95: the request and its answer of every family, and what is only theirs.

The modem is scripted from Quectel's GSM TCPIP Application Notes as drivers of others quote them, and from logs.
"""

from mms.errors import BearerError
from tests.kit.checks import raises
from tests.kit.drivers.families import BODY, ERROR, OK, WAIT_MS, Profile, Scripted, datagrams, drive, exchange
from tests.kit.drivers.scripted import NEWS


class M66(Scripted):
    """refuses: it does not open; forgets: a connection that its peer has closed cannot be read any more; `mute`: it
    announces no octets.
    """

    reading = b"\r\n+QIRD: "

    def __init__(self, gap=b"", refuses=False, forgets=False, mute=False):
        super().__init__(gap)
        self.refuses, self.forgets, self.mute = refuses, forgets, mute
        self.up = self.link = self.named = self.sizes = False
        self.set = {}

    def at_qimux(self, asked, value):
        return self.configure("mux", value)

    def at_qindi(self, asked, value):
        return self.configure("read", value)

    def at_qisde(self, asked, value):
        return self.configure("echo", value)

    def configure(self, name, value):
        if self.up:
            return ERROR
        self.set[name] = value

    def at_qiact(self, asked, *_):
        self.up = True

    def at_qilocip(self, asked, *_):
        return b"\r\n10.7.157.1\r\n" if self.up else ERROR

    def at_qideact(self, asked, *_):
        was, self.up, self.link = self.up, False, False
        return b"\r\nDEACT OK\r\n" if was else ERROR

    def at_qidnsip(self, asked, value):
        self.named = value == "1"

    def at_qiopen(self, asked, link, protocol, host, port):
        if not self.up or self.named != ("example" in host):
            return ERROR
        self.link, self.protocol = not self.refuses, protocol.strip('"').encode()
        self.later(link.encode() + (b", CONNECT FAIL" if self.refuses else b", CONNECT OK"))

    def at_qisend(self, asked, link, octets):
        if not self.link or not 1 <= int(octets) <= 1460:
            return ERROR
        return self.block(int(octets), lambda block: self.send(link, block))

    def send(self, link, block):
        self.take(link, block)
        echo = b"" if self.set["echo"] == "0" else block
        return echo + b"\r\n" + link.encode() + b", SEND OK\r\n"

    def give(self, link):
        self.waiting = BODY
        self.announce(link)
        self.later(link.encode() + b", CLOSED")
        if self.forgets:
            self.world.after(60000, self.drop)

    def announce(self, link):
        if not self.mute:
            self.later(b"+QIRDI: 0,1," + link.encode(), 0)

    def drop(self):
        self.link = False

    def at_qird(self, asked, scene, role, link, octets):
        if not self.link or not 1 <= int(octets) <= 1500:
            return ERROR
        piece = self.read_octets(int(octets))
        header = b"\r\n+QIRD: 10.1.1.1:8080,%s,%d\r\n" % (self.protocol, len(piece))
        return header + piece + OK if piece else OK

    def at_qisack(self, asked, link):
        return b"\r\n+QISACK: %d, %d, 0\r\n" % (len(self.received), len(self.received)) + OK

    def at_qistate(self, asked, *_):
        row = b'"TCP", "10.1.1.1", 8080, "CONNECTED"' if self.link else b'"", "", , "INITIAL"'
        head = OK + b'\r\nSTATE: IP PROCESSING\r\n\r\n+QISTATE: 1, "", "", , "INITIAL"\r\n'
        return head + b"\r\n+QISTATE: 0, " + row + b"\r\n" + OK

    def at_qiclose(self, asked, link):
        self.link = False
        return b"\r\n" + link.encode() + b", CLOSE OK\r\n"


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            modem = M66(gap)
            answer, said, acked = drive("m66", modem, exchange, size)
            assert modem.received == BODY and answer == BODY and acked == 3000
            assert said == ["attached", "context_up", "connected"] and not modem.up
            assert modem.set == {"mux": "1", "read": "1", "echo": "0"}


def test_datagrams_go_and_come_one_by_one():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        stream = await modem.open("10.1.1.9", 9201, udp=True)
        return await datagrams(stream, scripted, b"\r\n+QIRDI: 0,1,0\r\n")

    modem = M66()
    assert drive("m66", modem, story) == [b"first", b"second"]
    assert modem.blocks == [b"one", b"three"] and 'AT+QIOPEN=0,"UDP","10.1.1.9",9201' in modem.lines


def test_an_address_and_a_name_are_told_apart():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        for host in ("proxy.example", "10.1.1.9"):
            (await modem.open(host, 8080)).close()

    modem = M66()
    drive("m66", modem, story)
    assert [line for line in modem.lines if "QIDNSIP" in line] == ["AT+QIDNSIP=1", "AT+QIDNSIP=0"]


def test_a_connection_that_is_refused_is_one_line():
    assert "refused" in str(raises(BearerError, drive, "m66", M66(refuses=True), exchange))


def test_a_modem_that_forgets_a_closed_connection_ends_it():
    for mute in (False, True):
        modem = M66(forgets=True, mute=mute)
        assert drive("m66", modem, exchange)[0] == BODY


def test_octets_that_were_not_announced_are_found_by_reading():
    async def story(modem, scripted, said):
        begun = scripted.world.now
        return (await exchange(modem, scripted, said))[0], scripted.world.now - begun

    answer, ms = drive("m66", M66(mute=True), story)
    assert answer == BODY and ms < 20000


def test_the_peers_end_is_found_though_no_line_says_so():
    class Silent(M66):
        def give(self, link):
            self.waiting = BODY
            self.announce(link)
            self.world.after(3 * WAIT_MS, self.drop_after_reading)

        def drop_after_reading(self):
            self.closes = True

        def at_qistate(self, asked, *_):
            self.link = not self.closes
            return super().at_qistate(asked)

    assert drive("m66", Silent(), exchange)[0] == BODY


def test_a_context_that_is_not_up_may_be_refused_its_end_and_a_dead_modem_is_an_error():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        await modem.release()
        await modem.attach(Profile())
        scripted.at_qideact = lambda asked, *_: b""
        await modem.release()

    error = raises(Exception, drive, "m66", M66(), story)
    assert error.step == "modem" and "no answer" in str(error)
