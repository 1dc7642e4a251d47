"""The page of a whole handset, in virtual time: each request over a browser in memory, through microdot."""

import asyncio
import json
import socket

import pytest

from mms import clock
from mms.events import Events
from mms.handset.page import connection, page
from mms.handset.page.page import Page
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.phone import JPEG, Camera, Phone

HOST = "192.168.4.1"
PASSWORD = "open sesame"


class Browser:
    """Both streams of a connection; `open`: the browser stays, as one that hears events does."""

    def __init__(self, octets, open=False):
        self.octets, self.written, self._open = octets, b"", open
        self.gone = asyncio.Event()

    async def read(self, most):
        got, self.octets = self.octets[:most], self.octets[most:]
        if not got and self._open:
            await self.gone.wait()
        return got

    def write(self, octets):
        self.written += bytes(octets)

    async def drain(self):
        await asyncio.sleep(0)

    def close(self):
        pass

    async def wait_closed(self):
        pass


class Visitor:
    """Somebody who has signed in, or not, on the page of a `phone`."""

    def __init__(self, phone, **more):
        phone.settings["page"] = dict(more, port=80)
        self.page = Page(phone.handset)
        phone.events.listen(self.page._hear)
        self.cookie = self.token = ""

    def browser(self, method, path, content=b"", length=None, open=False, **more):
        headers = {"Host": HOST, "Origin": "http://" + HOST, "Cookie": self.cookie, "X-Token": self.token}
        headers["Content-Length"] = str(len(content) if length is None else length)
        headers.update(more)
        lines = ["%s %s HTTP/1.1" % (method, path)] + ["%s: %s" % (name, headers[name]) for name in headers]
        return Browser("\r\n".join(lines).encode() + b"\r\n\r\n" + content, open)

    async def ask(self, *request, **more):
        """(status, head, content) of the answer."""
        browser = self.browser(*request, **more)
        await self.page._connected(browser, browser)
        head, _, content = browser.written.partition(b"\r\n\r\n")
        return (int(head.split(b" ")[1]) if head else None), head.decode(), content

    async def sign_in(self, password=None):
        content = json.dumps({"password": password}).encode() if password else b""
        status, head, content = await self.ask("POST" if password else "GET", "/session", content)
        if status == 200 and "Set-Cookie" in head:
            self.cookie = head.partition("Set-Cookie: ")[2].partition(";")[0]
            self.token = json.loads(content)["token"]
        return status

    async def do(self, name, **arguments):
        return json.loads((await self.ask("POST", "/do", json.dumps(dict(arguments, do=name)).encode()))[2])


def visited(story, camera=None, **page):
    """The result of `story(visitor, phone)`, and the phone."""
    phone = Phone(camera)
    phone.settings["album"] = phone.folder + "/album"

    async def visit():
        visitor = Visitor(phone, **page)
        if not page:
            assert await visitor.sign_in() == 200
        return await story(visitor, phone)

    return phone.live(visit), phone


def test_a_file_goes_up_is_shown_and_leaves_with_its_message():
    async def story(visitor, phone):
        status, _, content = await visitor.ask("POST", "/upload/jpg", b"\xff\xd8\xff" + bytes(1000))
        name = json.loads(content)["file"]
        assert status == 200 and (await visitor.ask("GET", "/album/" + name))[2] == b"\xff\xd8\xff" + bytes(1000)
        for at in range(9):
            assert (await visitor.ask("POST", "/upload/txt", b"text %d" % at))[0] == 200
        assert (await visitor.ask("GET", "/album/" + name))[0] == 404, "only the last eight are kept"
        assert (await visitor.ask("GET", "/album/up-9.txt"))[0] == 404, "no picture"
        told = await visitor.do("send", to=[ALICE], files=["up-9.txt"], sound="up-8.txt")
        assert not told["ok"] and "a sound ends in" in told["error"]
        assert (await visitor.do("send", to=[ALICE], files=["up-9.txt"]))["ok"]
        assert "cannot be read" in (await visitor.do("send", to=[ALICE], files=["up-9.txt"]))["error"]
        for content, words in ((b"<html>", "it is no image/jpeg"), (b"\xff\xd8\xff", None)):
            status, _, content = await visitor.ask("POST", "/upload/jpg", content, length=9 if not words else None)
            assert status == (400 if words else None) and (words or "").encode() in content

    visited(story)


def test_a_message_is_shown_part_by_part_and_saved_as_it_came():
    async def story(visitor, phone):
        phone.modem.arrives(*notification())
        await clock.sleep(120000)
        (message,) = (await visitor.do("inbox"))["messages"]
        parts = (await visitor.do("read", id=message["id"]))["parts"]
        kinds = []
        for index in range(len(parts)):
            for way in ("part", "save"):
                status, head, content = await visitor.ask("GET", "/%s/%s/%d" % (way, message["id"], index))
                assert status == 200 and "nosniff" in head and "default-src 'none'" in head
                kinds.append((way, head.partition("Content-Type: ")[2].partition("\r")[0], "attachment" in head))
                assert content == (b"hello" if parts[index]["type"] == "text/plain" else b"\xff" * 2000)
        assert sorted(kinds) == [
            ("part", "image/jpeg", False), ("part", "text/plain; charset=utf-8", True),
            ("save", "application/octet-stream", True), ("save", "application/octet-stream", True),
        ]  # fmt: skip
        for path in ("/part/%s/9" % message["id"], "/part/%s/x" % message["id"], "/part/00000000/0", "/part/evil/0"):
            assert (await visitor.ask("GET", path))[0] in (400, 404)

    visited(story)


def test_the_view_finder_passes_a_picture_on_and_keeps_none():
    async def story(visitor, phone):
        status, head, content = await visitor.ask("POST", "/view")
        assert status == 200 and "image/jpeg" in head and content == JPEG
        told = await visitor.do("snap", size="VGA")
        assert (await visitor.ask("GET", "/album/" + told["path"].split("/")[-1]))[2] == JPEG

    visited(story, Camera())

    async def broken(visitor, phone):
        status, _, content = await visitor.ask("POST", "/view")
        assert content != JPEG + b"}" and b"error" not in content, "what has begun breaks off"

    visited(broken, Camera(more=1))

    async def none(visitor, phone):
        status, _, content = await visitor.ask("POST", "/view")
        assert status == 400 and b"no camera" in content

    visited(none)


def test_events_come_as_they_happen_until_the_browser_goes_and_only_for_some_windows():
    async def story(visitor, phone):
        windows = [visitor.browser("GET", "/events", open=True) for _ in range(3)]
        tasks = [asyncio.create_task(visitor.page._connected(one, one)) for one in windows]
        await clock.sleep(100)
        assert (await visitor.ask("GET", "/events"))[0] == 503
        await visitor.do("sms", to=ALICE, text="Hi")
        await clock.sleep(20000)
        assert all(b'"confirmed"' in one.written and b": still here" in one.written for one in windows)
        windows[0].gone.set()
        await clock.sleep(1000)
        assert tasks[0].done() and len(visitor.page._feeds) == 2
        for task in tasks[1:]:
            task.cancel()

    visited(story)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_commands_want_a_sign_in(password):
    async def story(visitor, phone):
        if password:
            assert json.loads((await visitor.ask("GET", "/session"))[2]) == {"open": False, "wait": 0}
            assert (await visitor.ask("POST", "/do", b"{}"))[0] == 401
            assert (await visitor.ask("POST", "/session", b"no JSON"))[0] == 400
            assert await visitor.sign_in("wrong") == 403 and await visitor.sign_in(password) == 200
        assert (await visitor.do("status"))["network"]["rat"] == "GSM"
        for name in ("quit", "mode", "more", "export", "nothing"):
            assert not (await visitor.do(name))["ok"]
        for content in (
            b"",
            b"nonsense",
            b"[]",
            b'{"do": 7}',
            b'{"do": "send", "files": 7}',
            b'{"do": "send", "files": [7]}',
        ):
            assert not json.loads((await visitor.ask("POST", "/do", content))[2])["ok"], content
        assert (await visitor.ask("GET", "/"))[0] == 200 and (await visitor.ask("GET", "/none.js"))[0] == 404
        assert (await visitor.ask("POST", "/leave"))[0] == 200 and (await visitor.ask("GET", "/events"))[0] == 401

    visited(story, **({"password": password} if password else {}))


def test_a_connection_too_many_takes_the_place_of_the_oldest_stranger_and_of_no_user():
    async def story(visitor, phone):
        strangers = [Browser(b"GET", open=True) for _ in range(10)]
        tasks = [asyncio.create_task(visitor.page._connected(one, one)) for one in strangers]
        await clock.sleep(100)
        assert (await visitor.do("inbox"))["ok"]
        await clock.sleep(100)
        assert [task.done() for task in tasks] == [True] + [False] * 9
        one = Browser(b"GET", open=True)
        tasks.append(asyncio.create_task(visitor.page._connected(one, one)))
        await clock.sleep(100)
        for other in visitor.page._open:
            other.known = True
        assert (await visitor.ask("GET", "/"))[0] == 503
        for task in tasks:
            task.cancel()

    visited(story)


class Handset:
    """As much of a handset as a page needs to begin with; `told` are its events."""

    def __init__(self, folder, port):
        self.settings = {"page": {"port": port}, "album": str(folder)}
        self.told, self.events = [], Events()
        self.events.listen(lambda event: self.told.append(dict(event)))


def test_a_handset_without_microdot_or_with_a_port_that_is_taken_says_what_to_do(tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        phone = Handset(tmp_path, taken.getsockname()[1])
        asyncio.run(page.serve(phone))
        monkeypatch.setattr(page, "microdot", None)
        asyncio.run(page.serve(phone))
    busy, missing = phone.told
    assert busy["event"] == "failed" and "cannot be had" in busy["text"] and "name another page.port" in busy["advice"]
    assert "microdot is not installed" in missing["text"] and "install microdot" in missing["advice"]
    assert not busy["final"] and not missing["final"]


def test_a_page_listens_until_it_is_cancelled_and_leaves_a_browser_that_is_late(tmp_path, monkeypatch):
    async def story():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        phone = Handset(tmp_path, port)
        serving = asyncio.create_task(page.serve(phone))
        await asyncio.sleep(0.2)
        assert phone.told[0]["event"] == "page" and phone.told[0]["port"] == port
        late, _ = await asyncio.open_connection("127.0.0.1", port)
        monkeypatch.setattr(connection.Connection, "late", lambda self: True)
        assert await late.read() == b""
        held, _ = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.1)
        serving.cancel()
        assert await held.read() == b""

    asyncio.run(story())
