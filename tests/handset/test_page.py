"""The page's guard, its connections and its feed, without microdot: which request is answered, and how much is kept."""

import asyncio
import json
import random

from mms import clock as real_clock
from mms import limits
from mms.handset.page import connection, guard
from mms.handset.page.connection import Connection, Denied
from mms.handset.page.feed import Feed
from tests.kit.checks import raises

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: a browser\r\nCookie: a=1; page-8080=2"


class Clock:
    """In place of mms.clock."""

    now = 0

    def ticks(self):
        return self.now

    def since(self, start):
        return self.now - start


class Browser:
    """Both streams of a connection: what a browser sends comes in pieces of so many octets."""

    def __init__(self, octets, piece=7):
        self.octets, self.piece = octets, piece
        self.written, self.steps = b"", []
        self.reads = 0

    async def read(self, most):
        self.reads += 1
        count = min(most, self.piece)
        got, self.octets = self.octets[:count], self.octets[count:]
        self.steps.append(len(got))
        return got

    def write(self, octets):
        self.steps.append(len(octets))
        self.written += bytes(octets)

    async def drain(self):
        await asyncio.sleep(0)


def status(function, *arguments):
    """The status of HTTP with which a request is refused."""
    return raises(Denied, function, *arguments).status


def made(octets, piece=7):
    browser = Browser(octets, piece)
    return Connection(browser, browser, None), browser


def test_a_head_is_read_at_any_size_of_its_pieces_and_only_what_the_guard_wants_is_kept():
    for piece in (1, 2, 7, 8, 64, 512):
        one, _ = made(HEAD + b"\r\n\r\ncontent", piece)
        method, path, headers = guard.parse(asyncio.run(one.head()))
        assert (method, path) == ("GET", "/")
        assert headers == {"host": "127.0.0.1:8080", "cookie": "a=1; page-8080=2"}
        one.skip(7)
        assert asyncio.run(one.content()) == b"content"


def test_a_head_without_an_end_is_refused_at_its_bound():
    for octets, fits in ((connection.HEAD, True), (connection.HEAD + 1, False)):
        head = HEAD + b"\r\nX: " + b"x" * (octets - len(HEAD) - 5)
        one, browser = made(head + b"\r\n\r\n", 512)
        if fits:
            assert asyncio.run(one.head()) == head
        else:
            assert status(asyncio.run, one.head()) == 431
    one, browser = made(b"x" * 100000, 512)
    assert status(asyncio.run, one.head()) == 431 and browser.reads < 12


def test_what_is_no_request_of_a_browser_is_refused():
    for head, expected in (
        (b"", 400),
        (b"\r\n", 400),
        (b"GET /", 400),
        (b"GET / HTTP/2", 400),
        (b"GET http://evil/ HTTP/1.1", 400),
        (b"PUT / HTTP/1.1", 405),
        (b"OPTIONS / HTTP/1.1", 405),
        (b"GET /%2e%2e HTTP/1.1", 404),
        (b"GET /../main.py HTTP/1.1", 404),
        (b"GET /?a=b HTTP/1.1", 404),
        (b"GET / HTTP/1.1\r\nno colon", 400),
        (b"GET / HTTP/1.1\r\nHost : a", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n more", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: b", 400),
    ):
        assert status(guard.parse, head) == expected, head
    method, path, headers = guard.parse("GET / HTTP/1.1\r\nX: ä\r\nHost: ä:8080".encode())
    assert status(guard.Guard({"port": 8080}).check, method, headers) == 403


def spoilt(dice, octets):
    """A head with some octets changed, taken away, doubled or put in."""
    octets = bytearray(octets)
    for _ in range(dice.randrange(4)):
        at, kind = dice.randrange(len(octets)), dice.randrange(4)
        if kind == 0:
            octets[at] = dice.randrange(256)
        elif kind == 1:
            octets = octets[:at] + octets[at + dice.randrange(1, 20) :]
        elif kind == 2:
            octets = octets[:at] + octets[dice.randrange(at + 1) :]
        else:
            more = (b"\r\n", b":", b" ", b"\x00", b"\xff\xfe", b"\r\nHost: evil.example", b"/../")
            octets = octets[:at] + more[dice.randrange(len(more))] + octets[at:]
        octets = octets or bytearray(1)
    return bytes(octets)


def test_a_spoilt_request_is_refused_or_ends_or_is_one_of_ours():
    one, passed, refused = guard.Guard({"port": 8080}), 0, 0
    cookie = one.cookie.split(";")[0]
    host = "Host: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:8080\r\nX-Token: %s\r\nCookie: %s\r\nAccept: */*\r\n\r\n"
    whole = ("POST /do HTTP/1.1\r\n" + host % (one.token, cookie)).encode()
    random.seed(7)

    async def story(octets):
        link, _ = made(octets, random.randrange(1, 200))
        method, path, headers = guard.parse(await link.head())
        one.check(method, headers)
        one.check_user(method, headers)
        return method, path, guard.content_length(path, headers)

    for _ in range(2000):
        try:
            method, path, octets = asyncio.run(story(spoilt(random, whole)))
            assert method in ("GET", "POST") and path[0] == "/" and octets <= 4096
            passed += 1
        except (Denied, OSError):
            refused += 1
    assert passed > 300 and refused > 300, (passed, refused)


def test_only_an_address_localhost_or_a_name_of_the_settings_is_our_host():
    one = guard.Guard({"port": 8080, "names": ["Phone.lan"]})
    for host in ("127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "192.168.4.1:8080", "phone.lan:8080"):
        one.check("GET", {"host": host})
    for host in ("", "127.0.0.1", "127.0.0.1:80", "evil.example:8080", "127.0.0.1.evil.example:8080", "1.2.3:8080",
                 "1.2.3.256:8080", "phone.lan.:8080", "[::1]:8080", "localhost:8080:8080"):  # fmt: skip
        assert status(one.check, "GET", {"host": host}) == 403, host
    guard.Guard({"port": 80}).check("GET", {"host": "192.168.4.1"})


def test_a_change_wants_our_origin_and_the_token_beside_the_cookie():
    one = guard.Guard({"port": 8080})
    host = "127.0.0.1:8080"
    one.check("POST", {"host": host, "origin": "http://" + host})
    for origin in (
        None,
        "null",
        "http://evil.example",
        "https://" + host,
        "http://127.0.0.1:8081",
        "http://localhost:8080",
    ):
        headers = {"host": host}
        if origin is not None:
            headers["origin"] = origin
        assert status(one.check, "POST", headers) == 403, origin
    cookie = "a=1; " + one.cookie.split(";")[0]
    assert "SameSite=Strict" in one.cookie and "HttpOnly" in one.cookie
    assert status(one.check_user, "GET", {}) == 401
    assert status(one.check_user, "GET", {"cookie": "page-8080=" + one.token}) == 401
    one.check_user("GET", {"cookie": cookie})
    assert status(one.check_user, "POST", {"cookie": cookie}) == 403
    one.check_user("POST", {"cookie": cookie, "x-token": one.token})
    one.renew()
    assert status(one.check_user, "GET", {"cookie": cookie}) == 401


def test_from_the_fifth_wrong_password_on_the_next_has_to_wait_ever_longer():
    clock = guard.clock = Clock()
    one = guard.Guard({"port": 8080, "password": "opensesame"})
    for _ in range(4):
        assert status(one.sign_in, "wrong") == 403 and one.wait() == 0
    waits = []
    for _ in range(8):
        assert "wait" in str(raises(Denied, one.sign_in, "wrong"))
        waits.append(one.wait())
        assert status(one.sign_in, "opensesame") == 429, "the right one is not looked at while there is a wait"
        clock.now += waits[-1] * 1000
    assert waits == [30, 60, 120, 240, 480, 960, 960, 960]
    for odd in (None, "", 7, ["opensesame"], {}):
        raises(Denied, one.sign_in, odd)
        clock.now += 960000
    one.sign_in("opensesame")
    assert one.wait() == 0
    assert status(one.sign_in, "wrong") == 403 and one.wait() == 0
    guard.clock = real_clock


def test_contents_have_bounds_and_tell_their_length():
    most = {"content-length": str(limits.MESSAGE)}
    assert guard.content_length("/upload/jpg", most) == limits.MESSAGE
    assert guard.content_length("/do", {"content-length": "4096"}) == 4096 and guard.content_length("/", {}) == 0
    for path, headers, expected in (
        ("/upload/jpg", {"content-length": str(limits.MESSAGE + 1)}, 413),
        ("/upload/jpg", {"content-length": "2000000"}, 413),
        ("/do", {"content-length": "4097"}, 413),
        ("/do", {"content-length": "-1"}, 411),
        ("/do", {"content-length": "1e3"}, 411),
        ("/do", {"content-length": "9" * 40}, 411),
        ("/do", {"transfer-encoding": "chunked"}, 411),
    ):
        assert status(guard.content_length, path, headers) == expected, headers


def test_no_step_reads_or_writes_more_than_half_a_kilobyte():
    one, browser = made(b"x" * 20000, 20000)
    one.skip(20000)

    async def story():
        await one.awrite(b"y" * 20000)
        await one.awrite(b"end")
        await one.aclose()  # reads what nobody wanted

    asyncio.run(story())
    assert browser.written == b"y" * 20000 + b"end" and not browser.octets
    assert max(browser.steps) == 512 and len(browser.steps) == 80


def test_a_browser_that_lets_us_wait_is_late():
    connection.clock = Clock()
    one, _ = made(HEAD + b"\r\n\r\n")
    for now, late in ((5000, False), (5001, True)):
        connection.clock.now = now
        assert one.late() is late
    connection.clock.now = 0
    asyncio.run(one.head())
    connection.clock.now = 900000
    assert not one.late(), "a command may take as long as it wants"
    one.skip(1000)
    connection.clock.now += 11000
    assert not one.late()
    connection.clock.now += 1
    assert one.late(), "a content has to come at a kilobyte a second"
    connection.clock = real_clock


def texts(feed, count):
    async def story():
        told = []
        for _ in range(count):
            told.append(await feed.__anext__())
        return told

    return asyncio.run(story())


def test_a_feed_keeps_the_newest_progress_and_tells_what_it_had_to_drop():
    feed = Feed()
    for octets in range(1000):
        feed.hear({"event": "sent", "id": "1", "octets": octets})
    first, progress = texts(feed, 2)
    assert first == "retry: 2000\n\n" and json.loads(progress[6:])["octets"] == 999
    feed.hear({"event": "sent", "id": "1", "octets": 1000})
    feed.hear({"event": "confirmed", "id": "1", "text": "a\nb"})
    sent, confirmed = texts(feed, 2)
    assert '"sent"' in sent and json.loads(confirmed[6:])["text"] == "a\nb", "in the order in which they were"
    for id in range(40):
        feed.hear({"event": "retrieved", "id": id})
    told = [json.loads(text[6:]) for text in texts(feed, 16)]
    assert told[0] == {"event": "missed"} and [one["id"] for one in told[1:]] == list(range(25, 40))
