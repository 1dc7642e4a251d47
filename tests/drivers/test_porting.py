"""A new family is one file of tables and three hooks: all else is in the rooms that families share."""

from drivers import modem as modems
from drivers.modem import family
from tests.kit.drivers.families import BODY, ERROR, OK, Scripted, drive, exchange
from tests.kit.drivers.more import More
from tests.kit.drivers.scripted import NEWS


class Machine(Scripted):
    """The modem that `textbook` is for."""

    reading = b"\r\n+XREAD: "
    up = False

    def at_cgpaddr(self, asked, *_):
        return b'\r\n+CGPADDR: 1,"10.7.157.1"\r\n' + OK

    def at_xopen(self, asked, number, *_):
        self.up = True
        self.later(b"+XOPENED: 0,0")

    def at_xsend(self, asked, number, octets):
        return self.block(int(octets), self.send) if self.up else ERROR

    def send(self, block):
        self.take("0", block[:1000])
        return b"\r\n+XSENT: %d\r\n" % len(block[:1000])

    def give(self, number):
        self.waiting, self.up = BODY, False
        self.later(b"+XOCTETS: 0", 0)
        self.later(b"+XCLOSED: 0")

    def at_xacked(self, asked, number):
        return b"\r\n+XACKED: %d\r\n" % len(self.received) + OK

    def at_xstate(self, asked, number):
        return b"\r\n+XSTATE: %d\r\n" % (2 * self.up) + OK

    def at_xwaiting(self, asked, number):
        return b"\r\n+XWAITING: %d\r\n" % len(self.waiting) + OK

    def at_xread(self, asked, number, octets):
        piece = self.read_octets(int(octets))
        return b"\r\n+XREAD: %d,%d\r\n" % (len(piece), len(self.waiting)) + piece + OK


def test_three_thousand_octets_go_and_come_at_any_read_size_with_news_in_the_gaps():
    assert family  # MicroPython finds only the test's modules from here on
    with More("drivers.modem"):
        found = modems.driver("textbook")
    for size in (1, 7, 64):
        for gap in (b"", NEWS):
            machine = Machine(gap)
            answer, said, acked = drive(found, machine, exchange, size)
            assert machine.received == BODY and answer == BODY and acked == 3000
            assert said == ["attached", "context_up", "connected"]
