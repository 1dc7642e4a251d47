"""SARA-G3, U2 and R4: the request and its answer of every family, and what is only theirs.

The modem is scripted from the SARA-R4/N4 AT Commands Manual (UBX-17003787 R09), chapters 13 and 18, and logs.
"""

import asyncio

from mms.errors import BearerError
from tests.kit.checks import raises
from tests.kit.drivers.families import BODY, ERROR, OK, Profile, Scripted, datagrams, drive, exchange, failure
from tests.kit.drivers.scripted import NEWS


class Sara(Scripted):
    """model: of CGMM; refuses: it does not connect; late: ms from the OK to UPSDA until the context is up; short: it
    takes no more of a block; left: sockets of another program.
    """

    def __init__(self, gap=b"", model="SARA-U201", refuses=False, late=0, short=1024, left=(), unquoted=False):
        super().__init__(gap)
        self.model, self.refuses, self.late, self.short = model, refuses, late, short
        self.unquoted = unquoted
        self.lte = "-R4" in model
        self.sockets = list(left)
        self.up = self.attached = self.lte
        self.point, self.logins, self.closing, self.accepted = "other.example", [], False, True

    def at_cereg(self, asked, *_):
        return None if self.lte else b"\r\n+CME ERROR: 100\r\n"

    def at_cgmm(self, asked, *_):
        return b"\r\n" + self.model.encode() + b"\r\n" + OK

    def at_cgatt(self, asked, *values):
        if asked:
            return b"\r\n+CGATT: 1\r\n" + OK
        self.attached = values == ("1",)
        self.up = self.attached and (self.up or self.lte)
        if self.attached and not self.accepted:
            return b"\r\n+CME ERROR: 149\r\n"

    def at_upsd(self, asked, profile, tag, value):
        if self.lte:
            return ERROR
        self.logins.append((tag, value.strip('"')))

    def at_upsda(self, asked, profile, action):
        if self.lte or (action == "4") != self.up:
            return b"\r\n+CME ERROR: 3\r\n"
        if action == "4":
            self.up = False
        else:
            self.world.after(self.late, self.come_up)

    def come_up(self):
        self.up = True

    def at_upsnd(self, asked, profile, what):
        if self.lte:
            return ERROR
        value = b"%d" % self.up if what == "8" else b'"10.7.157.1"' if self.up else b'""'
        return b"\r\n+UPSND: 0,%s,%s\r\n" % (what.encode(), value) + OK

    def at_cgdcont(self, asked, *values):
        if asked:
            return b'\r\n+CGDCONT: 1,"IP","%s","10.7.157.1",0,0,0,0\r\n' % self.point.encode() + OK
        if self.up:
            return ERROR
        self.point = values[2].strip('"')

    def at_uauthreq(self, asked, *values):
        if self.up:
            return ERROR
        self.logins.append(values)
        self.accepted = values in (("1", "0"), ("1", "2", '"secret"', '"web"'))

    def at_cgpaddr(self, asked, *_):
        return b"\r\n+CGPADDR: 1,10.7.157.1\r\n" + OK

    def at_usocr(self, asked, protocol):
        free = [number for number in range(7) if number not in self.sockets]
        if not self.up or not free:
            return ERROR
        self.sockets.append(free[0])
        return b"\r\n+USOCR: %d\r\n" % free[0] + OK

    def at_usoco(self, asked, number, host, port):
        return b"\r\n+CME ERROR: 3\r\n" if self.refuses or int(number) not in self.sockets else OK

    def at_usocl(self, asked, number):
        if int(number) not in self.sockets:
            return ERROR
        self.sockets.remove(int(number))

    def at_usowr(self, asked, number, octets):
        if int(number) not in self.sockets or not 1 <= int(octets) <= 1024:
            return ERROR
        self.since = self.world.now
        return self.block(int(octets), lambda block: self.send(number, block))[:2] + b"@"

    def _take(self, octet):
        if self.world.now - self.since < 50:
            return b""  # octets before the pause is over are lost
        return super()._take(octet)

    def send(self, number, block):
        self.take(number, block[: self.short])
        return b"\r\n+USOWR: %s,%d\r\n" % (number.encode(), len(block[: self.short])) + OK

    def give(self, number):
        self.waiting, self.closing = BODY, True
        self.later(b"+UUSORD: %s,%d" % (number.encode(), len(self.waiting)), 0)

    def at_usord(self, asked, number, octets):
        if int(number) not in self.sockets or not 0 <= int(octets) <= 1024:
            return b"\r\n+CME ERROR: 3\r\n"
        if octets == "0":
            return b"\r\n+USORD: %s,%d\r\n" % (number.encode(), len(self.waiting)) + OK
        piece = self.read_octets(int(octets))
        if not self.waiting and self.closing:  # told when all is read
            self.closing = False
            self.sockets.remove(int(number))
            self.later(b"+UUSOCL: " + number.encode(), 50)
        if not piece and self.unquoted:
            return b"\r\n+USORD: %s,0\r\n" % number.encode() + OK
        return b'\r\n+USORD: %s,%d,"' % (number.encode(), len(piece)) + piece + b'"\r\n' + OK

    def _spread(self, answer):
        whole = answer.startswith(b"\r\n+USORD:") and b'"' in answer  # the octets in it may look like lines
        return self.gap + answer + self.gap if whole else super()._spread(answer)

    def at_usoctl(self, asked, number, what):
        if int(number) not in self.sockets:
            return ERROR
        return b"\r\n+USOCTL: %s,%s,%d\r\n" % (number.encode(), what.encode(), 4 if what == "10" else 0) + OK


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            modem = Sara(gap)
            answer, said, acked = drive("sara", modem, exchange, size)
            assert modem.received == BODY and answer == BODY and acked == 3000
            assert said == ["attached", "context_up", "connected"] and not modem.up
            assert modem.logins == [("1", "mms.example"), ("6", "2"), ("2", "web"), ("3", "secret"), ("7", "0.0.0.0")]


def test_an_lte_model_is_attached_anew_for_another_access_point_and_login_only():
    async def twice(modem, scripted, said):
        profile = Profile()
        profile.user = None
        await modem.attach(profile)
        await modem.release()
        return await modem.attach(profile)

    modem = Sara(model="SARA-R410M-02B")
    assert drive("sara", modem, exchange)[0] == BODY and modem.point == "mms.example"
    assert [login[2:] for login in modem.logins] == [('"web"', '"secret"'), ('"secret"', '"web"')]
    modem = Sara(model="SARA-R410M-02B")
    drive("sara", modem, twice)
    assert modem.lines.count("AT+CGATT=0") == 1 and modem.logins == [("1", "0")]


def test_datagrams_go_and_come_one_by_one():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        stream = await modem.open("10.1.1.9", 9201, udp=True)
        return await datagrams(stream, scripted, b"\r\n+UUSORF: 0,5\r\n")

    modem = Sara()
    assert drive("sara", modem, story) == [b"first", b"second"]
    assert modem.blocks == [b"one", b"three"] and "AT+USOCR=17" in modem.lines


def test_a_datagram_of_more_than_a_block_is_put_together():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        stream = await modem.open("10.1.1.9", 9201, udp=True)
        got, buffer = [], bytearray(1460)
        for octets in (b"." * 1404, b"-" * 1024, b"!"):
            scripted.waiting = octets
            scripted.pipe.say(b"\r\n+UUSORF: 0,%d\r\n" % len(octets))
            got.append(bytes(buffer[: await stream.readinto(buffer)]))
        return got, stream.most

    assert drive("sara", Sara(), story) == ([b"." * 1404, b"-" * 1024, b"!"], 1024)


def test_a_short_count_is_sent_on_and_a_read_of_nothing_needs_no_quotation_marks():
    modem = Sara(short=700, unquoted=True)
    assert drive("sara", modem, exchange)[0] == BODY and modem.received == BODY


def test_the_context_is_waited_for_behind_the_ok():
    assert drive("sara", Sara(late=4000), exchange)[0] == BODY
    error = raises(BearerError, drive, "sara", Sara(late=40000), exchange)
    assert error.step == "context" and "did not come up" in str(error)


def test_sockets_that_another_program_left_are_freed():
    modem = Sara(left=range(7))
    assert drive("sara", modem, exchange)[0] == BODY and modem.sockets == []


def test_a_connection_that_is_refused_is_one_line_and_frees_its_socket():
    async def story(modem, scripted, said):
        error = await failure(exchange(modem, scripted, said))
        await asyncio.sleep(1)
        return str(error), scripted.sockets

    assert drive("sara", Sara(refuses=True), story) == ("connect: the connection was refused", [])


def test_the_modem_chooses_the_numbers_of_connections():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        scripted.sockets = [0, 1]
        first = await modem.open("proxy.example", 8080)
        return first.number, (await modem.open("proxy.example", 8080)).number

    assert drive("sara", Sara(), story) == (2, 3)


def test_a_number_that_the_modem_gives_again_is_that_of_the_new_connection():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        old = await modem.open("proxy.example", 8080)
        scripted.sockets.clear()  # its peer closed it, and nothing was left to read
        scripted.pipe.say(b"\r\n+UUSOCL: 0\r\n")
        await asyncio.sleep(0.1)
        new = await modem.open("proxy.example", 8080)
        old.close()
        await new.write(BODY)
        await new.drain()
        return old.number, new.number, scripted.received == BODY, scripted.sockets

    assert drive("sara", Sara(), story) == (0, 0, True, [0])


def test_a_modem_without_a_registration_is_asked_for_the_others():
    async def story(modem, scripted, said):
        scripted.at_cgreg = lambda asked, *_: b"\r\n+CGREG: 0,5\r\n" + OK if asked else None
        return (await modem.network()).status

    assert drive("sara", Sara(), story) == "roaming"


def test_a_modem_that_falls_silent_is_an_error_of_the_command_at_hand():
    for command, step in (
        ("at_usocl", "connect"),
        ("at_upsnd", "context"),
        ("at_usocr", "connect"),
        ("at_usoco", "connect"),
    ):
        modem = Sara()
        setattr(modem, command, lambda asked, *_: b"")
        error = raises(BearerError, drive, "sara", modem, exchange)
        assert error.step == step and "no answer" in str(error), command


def test_a_socket_without_a_number_is_no_connection():
    for answer in (b"\r\n+USOCR: 9\r\n" + OK, OK):
        modem = Sara()
        modem.at_usocr = lambda asked, *_, answer=answer: answer
        assert "without its number" in str(raises(BearerError, drive, "sara", modem, exchange))
