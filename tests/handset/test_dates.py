"""The date that the network tells: stamps of texts, Date of answers, and never the board's own clock."""

import asyncio

from mms import clock
from mms.link import http
from tests.kit.handset.phone import Phone


class Stream:
    """A connection that answers with these header lines."""

    def __init__(self, lines):
        self._octets = b"HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 0\r\n\r\n" % lines

    async def readinto(self, view):
        count = min(len(view), len(self._octets))
        view[:count], self._octets = self._octets[:count], self._octets[count:]
        return count

    async def write(self, octets):
        pass


def told(lines):
    """The date after an answer with these lines."""
    from mms.link.url import parse_url

    clock._told = None
    asyncio.run(http.exchange(Stream(lines), bytearray(100), "GET", parse_url("http://mmsc.example/")))
    return clock.told()


def test_the_date_of_an_answer_is_taken_as_the_standard_has_it_and_no_other():
    for lines, date in (
        (b"Date: Mon, 27 Jan 2003 09:00:00 GMT", 1043658000),
        (b"date: Sat, 29 Feb 2020 23:59:59 GMT", 1583020799),
        (b"DATE:Sun, 01 Mar 2020 00:00:00 GMT", 1583020800),
        (b"Date: Fri, 31 Dec 1999 23:59:59 GMT", 946684799),
        (b"Date: Mon, 27 Jan 2003 09:00 GMT", None),
        (b"Date: Monday, 27-Jan-03 09:00:00 GMT", None),
        (b"Date: Mon, 27 anF 2003 09:00:00 GMT", None),
        (b"Date: Mon, 27 Jan 20030 09:00:00 GMT", None),
        (b"Date: yesterday", None),
        (b"Server: x", None),
    ):
        assert told(lines) == date, lines


def test_the_date_goes_on_with_the_ticks_and_a_stamp_sets_it_forwards_only():
    async def story():
        clock._told = None
        clock.tell(1000000)
        await clock.sleep(3 * 86400000)  # ticks of a board wrap
        days = clock.told()
        clock.tell(1000500)  # a text that has waited
        late = clock.told()
        clock.tell(2000000)
        stamp = clock.told()
        clock.tell(1500000, True)
        return days, late, stamp, clock.told()

    days, late, stamp, answer = Phone().live(story)
    assert (late, stamp, answer) == (days, 2000000, 1500000) and abs(days - 1000000 - 3 * 86400) <= 2
