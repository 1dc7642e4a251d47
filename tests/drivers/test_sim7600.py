"""SIM7600 and A7670: tables and hooks on the rooms that all families share.

The modem is scripted from the A76XX Series AT Command Manual V1.09, chapter 15; its clauses stand beside the answers.
"""

import asyncio

from drivers import modem as modems
from mms.errors import BearerError, SettingsError
from tests.kit.checks import raises
from tests.kit.drivers.families import (
    BODY,
    ERROR,
    OK,
    WAIT_MS,
    Profile,
    Scripted,
    datagrams,
    drive,
    exchange,
    failure,
)
from tests.kit.drivers.scripted import NEWS


class A7670(Scripted):
    """takes: octets of a block that the network takes; opens: the result of opening a connection (15.3.2)."""

    reading = b"\r\n+CIPRXGET: 2,"

    def __init__(self, takes=1500, opens=0, gap=b"", logins=("secret", "web"), already=False, early=False):
        super().__init__(gap)
        self.takes, self.opens, self.logins, self.already, self.early = takes, opens, logins, already, early
        self.net = self.login = self.by_hand = False
        self.tried, self.ports = [], []
        self.closing = False
        self.links = [False] * 10
        self.slow_ms = WAIT_MS

    def at_ciccid(self, asked, *_):
        return b"\r\n+ICCID: 8944100000000000007f\r\n" + OK

    def at_cgauth(self, asked, cid, type="0", *login):  # 5.2.16: the password comes before the user
        self.login = type, login
        self.tried.append(login)

    def at_netopen(self, asked, *_):  # 15.2.1
        if asked:
            return b"\r\n+NETOPEN: %d\r\n" % self.net + OK
        if self.net:
            return b"\r\n+IP ERROR: Network is already opened\r\n" + ERROR
        if self.login[1] and self.login[1] != tuple('"%s"' % text for text in self.logins):
            return self.later(b"+NETOPEN: 1")
        self.net = True
        if self.already:
            return b"\r\n+IP ERROR: Network is already opened\r\n" + ERROR
        self.later(b"+NETOPEN: 0")

    def at_netclose(self, asked, *_):  # 15.2.2
        if not self.net:
            return b"\r\n+NETCLOSE: 2\r\n" + ERROR
        self.net, self.links = False, [False] * 10
        self.later(b"+NETCLOSE: 0")

    def at_ipaddr(self, asked, *_):  # 15.2.7
        return b"\r\n+IPADDR: 10.84.17.161\r\n" + OK if self.net else b"\r\n+IPERROR: Network not opened\r\n" + ERROR

    def at_cipopen(self, asked, link, kind, host, port, own=0):  # 15.2.3
        link = int(link)
        if kind == '"UDP"':
            self.links[link] = not host and not port and 49152 <= int(own) < 65536
            self.ports.append(link)
            return b"\r\n+CIPOPEN: %d,0\r\n" % link + OK  # TCPIP Application Note, 3.3.1
        if not self.net or self.links[link] or self.closing:
            return b"\r\n+CIPOPEN: %d,%d\r\n" % (link, 4 if self.net else 2) + ERROR
        self.world.after(self.slow_ms, lambda: self.opened(link))

    def opened(self, link):
        self.links[link] = not self.opens
        self.pipe.say(b"\r\n+CIPOPEN: %d,%d\r\n" % (link, self.opens))

    def at_cdnsgip(self, asked, host):
        return b'\r\n+CDNSGIP: 1,%s,"10.1.1.9"\r\n' % host.encode() + OK

    def at_cipsend(self, asked, link, octets, *peer):  # 15.2.4
        if bool(peer) != (int(link) in self.ports):
            return b"\r\n+CIPERROR: 3\r\n" + ERROR
        self.peer = peer
        if not self.links[int(link)] or not 1 <= int(octets) <= 1500:
            return b"\r\n+CIPERROR: %d\r\n" % (3 if self.links[int(link)] else 4) + ERROR
        return self.block(int(octets), lambda block: self.send(int(link), block))

    def send(self, link, block):
        sent = block[: self.takes]
        self.later(b"+CIPSEND: %d,%d,%d" % (link, len(block), len(sent)))
        self.take(link, sent)
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
        piece = self.read_octets(int(octets))
        return b"\r\n+CIPRXGET: 2,%d,%d,%d\r\n" % (int(link), len(piece), len(self.waiting)) + piece + OK

    def at_cipclose(self, asked, link="0"):  # 15.2.6
        if asked:
            return b"\r\n+CIPCLOSE: " + b",".join([b"%d" % up for up in self.links]) + b"\r\n" + OK
        if not self.links[int(link)]:
            return b"\r\n+CIPCLOSE: %d,4\r\n" % int(link) + ERROR
        self.links[int(link)] = False
        if self.early:  # TCPIP Application Note, 3.3.1
            self.closing = True
            self.world.after(WAIT_MS, self.closed)
            return b"\r\n+CIPCLOSE: %d,0\r\n" % int(link)
        self.later(b"+CIPCLOSE: %d,0" % int(link))

    def closed(self):
        self.closing = False
        self.pipe.say(OK)

    def at_cipack(self, asked, link):  # 15.2.16
        sent = len(self.received)
        return b"\r\n+CIPACK: %d,%d,%d\r\n" % (sent, sent, self.read) + OK


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            modem = A7670(gap=gap)
            answer, said, acked = drive("sim7600", modem, exchange, size)
            assert len(BODY) == 3000 and modem.received == BODY and answer == BODY
            assert said == ["attached", "context_up", "connected"] and acked == 3000
            assert modem.login == ("2", ('"secret"', '"web"')) and not modem.net
            assert [len(block) for block in modem.blocks] == [1460, 1460, 80]


def test_user_and_password_go_in_the_order_that_the_network_accepts():
    for logins, tried in ((("secret", "web"), 1), (("web", "secret"), 2)):

        async def twice(modem, scripted, said):
            first = len((await exchange(modem, scripted, said))[0]), len(scripted.tried)
            await modem.attach(Profile())
            return first, len(scripted.tried)

        assert drive("sim7600", A7670(logins=logins), twice) == ((3000, tried), tried + 1)

    async def refused(modem, scripted, said):
        return await failure(modem.attach(Profile()))

    modem = A7670(logins=("a", "b"))
    error = drive("sim7600", modem, refused)
    assert (error.step, error.code) == ("context", 1) and len(modem.tried) == 2


def test_a_network_that_is_open_already_is_as_good_as_one_that_was_just_opened():
    assert drive("sim7600", A7670(already=True), exchange)[0] == BODY


def test_a_result_before_its_ok_ends_no_other_command():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        (await modem.open("proxy.example", 8080)).close()
        await asyncio.sleep(0)
        return await failure(modem.open("proxy.example", 8080)), scripted.lines[-2:]

    error, lines = drive("sim7600", A7670(early=True), story)
    assert error is None and lines[0] == "AT+CIPCLOSE=0"


def test_the_subscriber_is_read_as_from_any_family():
    async def story(modem, scripted, said):
        sim = await modem.sim()
        return sim.home, sim.iccid

    assert drive("sim7600", A7670(), story) == ("23410", "8944100000000000007f")


def test_a_connection_that_is_not_made_is_an_error_and_its_number_is_free():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        error = await failure(modem.open("proxy.example", 8080))
        scripted.opens = 0
        await asyncio.sleep(1)  # the driver tells the modem to close what it has not opened
        return error, (await modem.open("proxy.example", 8080)).number

    error, number = drive("sim7600", A7670(opens=11), story)
    assert "refused" in str(error) and error.code == 11 and number == 0


def test_datagrams_go_to_their_peer_and_come_one_by_one():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        for host in ("10.1.1.9", "wap.example"):
            stream = await modem.open(host, 9201, udp=True)
            got = await datagrams(stream, scripted, b"\r\n+CIPRXGET: 1,%d\r\n" % stream.number)
            assert scripted.peer == ('"10.1.1.9"', "9201") and got == [b"first", b"second"], host
        stream.close()
        await asyncio.sleep(1)
        assert (await modem.open("10.1.1.9", 8080)).number == 1  # and TCP again

    modem = A7670()
    drive("sim7600", modem, story)
    assert modem.blocks == [b"one", b"three"] * 2


def test_a_connection_that_takes_long_is_waited_for():
    modem = A7670()
    modem.slow_ms = 60000
    assert drive("sim7600", modem, exchange)[0] == BODY


def test_a_network_that_closes_unexpectedly_ends_the_connection_and_is_opened_anew():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        stream = await modem.open("proxy.example", 8080)
        scripted.net, scripted.links = False, [False] * 10
        scripted.pipe.say(b"\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n")
        await asyncio.sleep(1)
        error = await failure(stream.readinto(bytearray(1)))
        return error, (await exchange(modem, scripted, said))[0]

    error, answer = drive("sim7600", A7670(), story)
    assert "took the context down" in str(error) and answer == BODY


def test_a_room_that_all_families_share_is_no_family():
    for name in ("dialogue", "family"):
        error = raises(SettingsError, modems.driver, name)
        assert str(error).endswith("there are auto, bg95, m66, sara, sim7600, sim800"), name


def test_a_message_in_a_line_is_acknowledged_once_it_is_durable_though_the_modem_may_not_wait_for_it():
    given = [OK, b"\r\n+CMS ERROR: 340\r\n"]

    async def story(modem, scripted, said):
        scripted.at_cnma = lambda asked, *_: given.pop()
        scripted.pipe.say(b"\r\n+CDS: 4\r\n00040B91AA\r\n")
        async for sms in modem.sms:
            if sms is not None:
                before = "AT+CNMA" in scripted.lines
                await modem.done(sms)
                return before, scripted.lines.count("AT+CNMA")

    while given:
        assert drive("sim7600", A7670(), story) == (False, 1)


def test_a_login_that_is_refused_in_the_order_of_the_manual_is_told_in_the_other_one():
    modem = A7670(logins=("web", "secret"))
    usual = modem.at_cgauth
    modem.at_cgauth = lambda asked, *values: ERROR if values[2:3] == ('"secret"',) else usual(asked, *values)
    assert drive("sim7600", modem, exchange)[0] == BODY and modem.tried == [('"web"', '"secret"')]


def test_a_context_that_is_refused_and_not_open_is_an_error_of_the_context():
    modem = A7670()
    modem.at_netopen = lambda asked, *_: b"\r\n+NETOPEN: 0\r\n" + OK if asked else ERROR
    assert raises(BearerError, drive, "sim7600", modem, exchange).step == "context"
