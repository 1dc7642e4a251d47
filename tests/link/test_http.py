"""HTTP as MM1 needs it: what goes out is exact, what comes in is bounded."""

import asyncio

from mms import clock, limits
from mms.errors import BearerError, LinkError
from mms.link import http
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.stream import Content, Peer


def fetch(answer, step=1460):
    async def story():
        buffer = bytearray(64)
        response = await http.exchange(Peer(answer, step), buffer, "GET", parse_url("http://mmsc.example/m"))
        block = bytearray(10)
        body = b""
        while True:
            count = await response.readinto(block)
            if not count:
                return response, body
            body += bytes(block[:count])

    return asyncio.run(story())


def refused(answer):
    return raises(LinkError, fetch, answer)


def test_a_request_through_a_proxy_has_the_absolute_form_and_fills_its_segments():
    peer = Peer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async def story():
        url = parse_url("http://mmsc.example:8002")
        headers = [("User-Agent", "t")]
        await http.exchange(peer, bytearray(100), "POST", url, headers, True, Content(b"x" * 250))

    asyncio.run(story())
    head, body = b"".join(peer.written).split(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST http://mmsc.example:8002/ HTTP/1.1",
        b"Host: mmsc.example:8002",
        b"User-Agent: t",
        b"Content-Length: 250",
        b"Connection: close",
    ]
    assert body == b"x" * 250
    assert [len(piece) for piece in peer.written[:-1]] == [100] * (len(peer.written) - 1)


def test_all_but_the_last_octets_are_acknowledged_before_a_request_is_completed():
    peer = Peer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    content = Content(b"x" * 250, lambda: (peer.drained, len(peer.written)))

    async def story():
        await http.exchange(peer, bytearray(100), "POST", parse_url("http://h/"), (), True, content)

    asyncio.run(story())
    assert content.completed == [(len(peer.written) - 1, len(peer.written) - 1)]


def test_a_request_without_a_proxy_has_the_origin_form():
    peer = Peer(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")

    async def story():
        return await http.exchange(peer, bytearray(64), "GET", parse_url("http://h.example/a?b=c"), (), False)

    assert asyncio.run(story()).status == 204
    assert b"".join(peer.written).startswith(b"GET /a?b=c HTTP/1.1\r\nHost: h.example\r\n")


def test_a_body_comes_by_length_by_chunks_and_by_the_end_of_the_connection():
    by_length = b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\nContent-Length: 11\r\n\r\nhello world!!"
    by_chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    by_end = b"HTTP/1.0 200\r\n\r\nhello world"
    for answer in (by_length, by_chunks, by_end):
        for step in (1, 2, 7, 1460):
            response, body = fetch(answer, step)
            assert body == b"hello world"
    assert fetch(by_length)[0].media == "text/html"
    assert fetch(by_length)[0].octets == 11


def test_answers_that_only_say_that_one_will_come_are_read_past_but_not_for_ever():
    interim, final = b"HTTP/1.1 10%d Soon\r\nLink: x\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    for count in range(limits.HTTP_INTERIM + 1):
        response, body = fetch(b"".join([interim % (at % 4 and 2) for at in range(count)]) + final)
        assert (response.status, body) == (200, b"hi")
    assert "answers that are none" in str(refused(interim % 0 * (limits.HTTP_INTERIM + 1) + final))
    assert fetch(interim % 1 + final)[0].status == 101


def test_a_body_that_ends_early_is_an_error():
    refused(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world")
    refused(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
    refused(b"HTTP/1.1 200 OK\r\nContent-Le")


def test_an_answer_that_contradicts_itself_is_refused():
    ok = b"HTTP/1.1 200 OK\r\n"
    refused(ok + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    refused(ok + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")
    refused(ok + b"Content-Length: -1\r\n\r\n")
    refused(ok + b"Transfer-Encoding: gzip\r\n\r\n")
    refused(ok + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n")
    refused(ok + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n")
    refused(b"220 smtp.example ESMTP\r\n\r\n")
    refused(b"HTTP/1.1 20x OK\r\n\r\n")


def test_an_answer_is_bounded_in_lines_and_octets():
    ok = b"HTTP/1.1 200 OK\r\n"
    line = b"X: " + b"y" * (limits.HTTP_LINE - 3)
    assert fetch(ok + line + b"\r\n\r\n")[1] == b""
    refused(ok + line + b"y\r\n\r\n")
    fits = b"a: b\r\n" * (limits.HTTP_LINES - 1)
    assert fetch(ok + fits + b"\r\n")[1] == b""
    refused(ok + fits + b"a: b\r\n\r\n")
    most = limits.HTTP_HEADER // limits.HTTP_LINE
    assert fetch(ok + (line + b"\r\n") * most + b"\r\n")[1] == b""
    refused(ok + (line + b"\r\n") * most + b"a: b\r\n\r\n")


def test_a_chunk_has_a_short_length_and_few_lines_follow_the_last():
    ok = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for digits in (limits.HTTP_CHUNK - 1, limits.HTTP_CHUNK):
        assert fetch(ok + b"0" * (digits - 1) + b"5\r\nhello\r\n0\r\n\r\n")[1] == b"hello"
    refused(ok + b"0" * limits.HTTP_CHUNK + b"5\r\nhello\r\n0\r\n\r\n")
    for lines in (limits.HTTP_TRAILERS - 2, limits.HTTP_TRAILERS - 1):  # the empty line is one of them
        assert fetch(ok + b"0\r\n" + b"a: b\r\n" * lines + b"\r\n")[1] == b""
    refused(ok + b"0\r\n" + b"a: b\r\n" * limits.HTTP_TRAILERS + b"\r\n")


def test_an_answer_that_comes_too_slowly_is_given_up():
    ticks, since = clock.ticks, clock.since
    now = [0]
    clock.ticks, clock.since = lambda: now[0], lambda start: now[0] - start

    class Slow(Peer):
        """Silent at first, then so many octets in each `ms`."""

        async def readinto(self, buf):
            now[0] += self.ms if self.silent is None else self.silent
            self.silent = None
            return await Peer.readinto(self, buf)

    async def story(octets, ms, silent=0, step=1):
        peer = Slow(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * octets, step)
        peer.ms, peer.silent = ms, silent
        response = await http.exchange(peer, bytearray(4000), "GET", parse_url("http://h/"))
        body = 0
        while True:
            count = await response.readinto(bytearray(4000))
            if not count:
                return body
            body += count

    try:
        # an octet in 20 ms is just enough, however long it thinks before; one in 21 is not, if it goes on for a minute
        assert limits.HTTP_PACE * 20 == limits.HTTP_PACE_MS
        for ms, octets in ((19, 9000), (20, 9000), (21, 2000)):
            assert asyncio.run(story(octets, ms, 300000)) == octets
        raises(LinkError, asyncio.run, story(9000, 21))
        raises(LinkError, asyncio.run, story(9000, limits.HTTP_PACE_MS // 4))
        # a long silence counts as what it is
        assert asyncio.run(story(9000, limits.HTTP_PACE_MS - 1, 0, limits.HTTP_PACE)) == 9000
        raises(LinkError, asyncio.run, story(9000, limits.HTTP_PACE_MS + 10000, 0, 64))
    finally:
        clock.ticks, clock.since = ticks, since


def test_only_a_plain_http_url_is_one():
    good = parse_url("http://10.1.1.1:8002/a")
    assert (good.host, good.port, good.path, good.authority) == ("10.1.1.1", 8002, "/a", "10.1.1.1:8002")
    assert parse_url("http://mms").text == "http://mms/"
    longest = "http://h/" + "a" * (limits.URL - 9)
    assert parse_url(longest).path == longest[8:]
    for bad in (
        "https://h/",
        "ftp://h/",
        "http://",
        "http:///x",
        "http://u@h/",
        "http://h:/",
        "http://h:0/",
        "http://h:65536/",
        "http://h:8a/",
        "http://h/a b",
        "http://h/\r\nX: y",
        "http://h/\u00e9",
        longest + "a",
    ):
        raises(LinkError, parse_url, bad)


def test_a_header_with_a_line_break_is_refused():
    async def story(name, value):
        await http.exchange(Peer(b""), bytearray(64), "GET", parse_url("http://h/"), [(name, value)])

    for name, value in (("X", "a\r\nEvil: b"), ("X\n", "a"), ("X", "\0")):
        raises(LinkError, asyncio.run, story(name, value))


def test_an_answer_before_the_end_of_the_request_says_why_the_peer_closed():
    class Closing(Peer):
        async def write(self, buf):
            raise BearerError("send", None, "the peer closed the connection")

    async def story(answer):
        url = parse_url("http://h/")
        return await http.exchange(Closing(answer), bytearray(64), "POST", url, (), True, Content(b"x" * 99))

    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    for before in (b"", interim):
        assert asyncio.run(story(before + b"HTTP/1.1 403 Forbidden\r\n\r\n")).status == 403
        assert raises(BearerError, asyncio.run, story(before)).step == "send"


def test_chunks_that_make_no_sense_are_refused():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert fetch(head + b"3\r\nabc\r\n0\r\nX-Trailer: a\r\n\r\n")[1] == b"abc"
    for wrong in (b"\r\nabc\r\n", b"x3\r\nabc\r\n", b"-3\r\nabc\r\n", b"3\r\nabcd\r\n", b"0\r\n" + b"X: a\r\n" * 9):
        raises(LinkError, fetch, head + wrong)


def test_a_content_that_is_shorter_than_its_length_is_not_sent_as_whole():
    async def story():
        peer, content = Peer(b"HTTP/1.1 200 OK\r\n\r\n"), Content(b"short")
        content.octets = 6
        await http.exchange(peer, bytearray(64), "POST", parse_url("http://m/"), content=content)

    assert "1 octets are missing" in str(raises(LinkError, asyncio.run, story()))


def test_a_request_head_is_bounded():
    async def story(octets):
        headers = [("X", "x" * octets)]
        peer = Peer(b"HTTP/1.1 204 No Content\r\n\r\n")
        response = await http.exchange(peer, bytearray(64), "GET", parse_url("http://m/"), headers)
        return response.status, sum(len(piece) for piece in peer.written)

    status, octets = asyncio.run(story(0))
    room = limits.HTTP_HEADER - octets
    assert asyncio.run(story(room)) == (204, limits.HTTP_HEADER)
    assert raises(LinkError, asyncio.run, story(room + 1)).step == "header"
