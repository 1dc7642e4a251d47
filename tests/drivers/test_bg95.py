"""BG95 and EC25: one link is enough for a request and its answer.

The modem is scripted from Quectel's BG95&BG77 TCP/IP Application Note as drivers of others quote it.
"""

import asyncio

from drivers.modem import bg95
from mms.errors import ModemError
from tests.kit.checks import raises
from tests.kit.drivers.families import BODY, ERROR, OK, WAIT_MS, Profile, Scripted, datagrams, drive, exchange
from tests.kit.drivers.scripted import NEWS


class BG95(Scripted):
    """full: how often its send buffer is full; `silent`: it does not say that the peer closed."""

    def __init__(self, gap=b"", full=0, silent=False, trickle=False):
        super().__init__(gap)
        self.full, self.silent, self.trickle = full, silent, trickle
        self.rest, self.held = b"", []
        self.up = self.link = False
        self.slow_ms = WAIT_MS

    def at_qiact(self, asked, *_):
        if asked:
            return b'\r\n+QIACT: 1,1,1,"10.7.157.1"\r\n' + OK if self.up else OK
        self.up = True

    def at_qideact(self, asked, *_):
        self.up = self.link = False

    def at_qiopen(self, asked, cid, link, *_):
        if not self.up or self.link:
            return ERROR
        if link in self.held:
            self.later(b"+QIOPEN: %s,563" % link.encode())  # the socket identity is in use
            return OK
        self.held.append(link)
        self.link = True
        self.state = 1
        self.world.after(self.slow_ms, self.connected)
        self.later(b"+QIOPEN: %s,0" % link.encode(), self.slow_ms)

    def at_qiclose(self, asked, link):
        self.held.remove(link)

    def connected(self):
        self.state = 2

    def at_qisend(self, asked, link, octets):
        if octets == "0":
            return b"\r\n+QISEND: %d,%d,0\r\n" % (len(self.received), len(self.received)) + OK
        if not self.link or not 1 <= int(octets) <= 1460:
            return ERROR
        return self.block(int(octets), lambda block: self.send(link, block))

    def send(self, link, block):
        if self.full:
            self.full -= 1
            return b"\r\nSEND FAIL\r\n"
        self.take(link, block)
        return b"\r\nSEND OK\r\n"

    def give(self, link):
        if self.trickle:  # no more is announced while there are octets
            self.waiting, self.rest = BODY[:1000], BODY[1000:]
            self.later(b'+QIURC: "recv",%s' % link.encode(), 0)
            return
        self.waiting, self.link = BODY, False
        if not self.silent:
            self.later(b'+QIURC: "recv",%s' % link.encode(), 0)
            self.later(b'+QIURC: "closed",%s' % link.encode(), WAIT_MS)

    def at_qird(self, asked, link, octets):
        if octets == "0":
            return b"\r\n+QIRD: %d,%d,%d\r\n" % (self.read + len(self.waiting), self.read, len(self.waiting)) + OK
        piece = self.read_octets(min(1500, int(octets)))
        self.waiting, self.rest = self.waiting + self.rest[:1000], self.rest[1000:]
        if not piece and self.trickle:
            self.link = False
            self.later(b'+QIURC: "closed",%s' % link.encode())
        return self.gap + b"\r\n+QIRD: %d\r\n" % len(piece) + piece + OK

    def _spread(self, answer):
        return answer if b"+QIRD: " in answer else super()._spread(answer)  # octets in it may look like lines

    def at_qistate(self, asked, *_):
        line = b'\r\n+QISTATE: 0,"TCP","10.1.1.1",8080,0,%d,1,0,0,"uart1"\r\n'
        return line % self.state + OK if self.link else OK


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            modem = BG95(gap)
            answer, said, acked = drive("bg95", modem, exchange, size)
            assert modem.received == BODY and answer == BODY and acked == 3000
            assert said == ["attached", "context_up", "connected"] and not modem.up


def test_datagrams_go_and_come_one_by_one():
    async def story(modem, scripted, said):
        await modem.attach(Profile())
        stream = await modem.open("10.1.1.9", 9201, udp=True)
        return await datagrams(stream, scripted, b'\r\n+QIURC: "recv",0\r\n')

    modem = BG95()
    assert drive("bg95", modem, story) == [b"first", b"second"]
    assert modem.blocks == [b"one", b"three"] and 'AT+QIOPEN=1,0,"UDP","10.1.1.9",9201,0,0' in modem.lines


def test_a_block_that_finds_the_buffer_full_goes_later():
    modem = BG95(full=3)
    assert drive("bg95", modem, exchange)[0] == BODY and modem.received == BODY
    assert [len(block) for block in modem.blocks] == [1460] * 4 + [1460, 80]


def test_a_number_whose_peer_closed_is_used_again_when_it_is_closed_here_too():
    async def story(modem, scripted, said):
        first = await exchange(modem, scripted, said)
        scripted.received = b""
        return first[0] == (await exchange(modem, scripted, said))[0] == BODY

    modem = BG95()
    assert drive("bg95", modem, story) and modem.lines.count("AT+QICLOSE=0") == 2


def test_octets_that_come_while_others_wait_are_not_announced_and_read_at_once():
    async def story(modem, scripted, said):
        begun = scripted.world.now
        return (await exchange(modem, scripted, said))[0], scripted.world.now - begun

    answer, ms = drive("bg95", BG95(trickle=True), story)
    assert answer == BODY and ms < 6000


def test_an_answer_is_read_to_its_end_though_the_modem_says_nothing_of_it():
    assert drive("bg95", BG95(silent=True), exchange)[0] == BODY


def test_a_connection_that_takes_long_is_waited_for():
    modem = BG95()
    modem.slow_ms = 60000
    assert drive("bg95", modem, exchange)[0] == BODY


def test_a_context_that_the_network_ended_is_taken_down_and_may_be_refused():
    class Modem:
        def __init__(self, address):
            self.address, self.asked = address, []

        async def ask(self, name):
            self.asked.append(name)
            if name == "down":
                raise ModemError("modem", None, "ERROR")
            return self.address

    ended, up = Modem([]), Modem(['1,1,1,"10.7.157.1"'])
    asyncio.run(bg95.Bg95.deactivate(ended))
    assert ended.asked == ["address", "down"]
    raises(ModemError, asyncio.run, bg95.Bg95.deactivate(up))
