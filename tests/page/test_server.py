"""The page as MicroPython serves it: floods, stalls, large files, passwords, and how fast it is."""

import asyncio
import contextlib
import gzip
import json
import re
import time

import pytest

from tests.kit.page import SECONDS, Caller, Running
from tools.board import page as files

PASSWORD = "open sesame"
WHOLE = 60000  # octets of all files of the page
VIEW_MS = 300  # from the first octet asked for to the last that the first view needs
LARGE = 300000


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Two phones; bob's page has a password. What they say by themselves is kept in `heard`."""
    with Running(tmp_path_factory.mktemp("phones"), 8221, bob={"password": PASSWORD}) as phones:
        yield phones


def caller(running, name):
    return Caller(int(running.phones.urls[name].rpartition(":")[2]))


def test_all_of_it_is_small_and_comes_from_nowhere_else():
    found = files.assets()
    assert sum(path.stat().st_size for path in found) <= WHOLE
    for path in found:
        text = path.read_text()
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[\w.]+", text) == [], path.name
        assert "innerHTML" not in text and "eval(" not in text and "style=" not in text and " onclick=" not in text


def test_the_first_view_takes_less_than_a_third_of_a_second(running):
    """The median of some views: each file once, and what the script asks for first."""

    async def view():
        alice = caller(running, "alice")
        began = time.monotonic()
        assert await alice.sign_in() == 200
        found = await asyncio.gather(*(alice.ask("GET", "/" + path.name) for path in files.assets()))
        assert [status for status, _, _ in found] == [200] * len(found)
        for (_, headers, body), path in zip(found, files.assets(), strict=True):
            assert headers["content-length"] == str(len(body)) and headers["content-encoding"] == "gzip"
            assert gzip.decompress(body) == path.read_bytes()
        assert (await alice.do("inbox"))["ok"] and (await alice.do("status"))["ok"]
        return (time.monotonic() - began) * 1000

    taken = sorted(running.do(view()) for _ in range(7))
    print(taken)
    assert taken[3] <= VIEW_MS


def test_a_hundred_open_connections_keep_no_user_away(running):
    async def story():
        alice = caller(running, "alice")
        assert await alice.sign_in() == 200
        held = []
        for at in range(100):
            reader, writer = await asyncio.open_connection("127.0.0.1", alice.port)
            writer.write((b"", b"GET / HT", b"POST /do HTTP/1.1\r\nHost: 127.0.0.1:8221\r\n")[at % 3])
            held.append((reader, writer))
            if at % 20 == 19:
                assert (await alice.ask("GET", "/"))[0] == 200
                assert (await alice.do("inbox"))["ok"]
        ended = 0
        for reader, writer in held:
            with contextlib.suppress(asyncio.TimeoutError, ConnectionError):
                ended += await asyncio.wait_for(reader.read(), 0.01) == b""
            writer.close()
        assert ended >= 90, "all but the last ten have ended"
        assert await running.phones.phones["alice"].ask("status", SECONDS)

    running.do(story())


def test_a_browser_that_stalls_is_left_after_some_seconds(running):
    async def story():
        reader, writer = await asyncio.open_connection("127.0.0.1", caller(running, "alice").port)
        for _ in range(30):
            with contextlib.suppress(ConnectionError):
                writer.write(b"G")
                await writer.drain()
            await asyncio.sleep(0.25)
            if reader.at_eof():
                break
        assert reader.at_eof()
        writer.close()

    running.do(story())


def test_what_is_too_large_is_refused_with_one_line_and_nothing_is_kept(running):
    async def story():
        alice = caller(running, "alice")
        await alice.sign_in()
        status, _, body = await alice.ask("POST", "/upload/jpg", b"\xff\xd8\xff" + bytes(2000000))
        assert status == 413 and "the largest message has 1100000" in json.loads(body)["error"]
        status, _, body = await alice.ask("POST", "/upload/exe", b"MZ")
        assert status == 400 and "no idea what kind of file" in json.loads(body)["error"]
        status, _, body = await alice.ask("POST", "/upload/jpg", b"\xff\xd8\xff" + bytes(1000))
        assert status == 200
        kept = json.loads(body)["file"]
        assert (await alice.ask("GET", "/album/" + kept))[2] == b"\xff\xd8\xff" + bytes(1000)
        answer = await alice.do("send", to=["+447700900002"], files=["../store/x.jpg"])
        assert not answer["ok"] and "those of the album" in answer["error"]
        for name in ("quit", "mode", "more", "export"):
            assert "the page has no command" in (await alice.do(name))["error"]
        assert (await alice.ask("POST", "/do", b"\xff"))[0] == 200 and (await alice.ask("POST", "/do", b"{" * 4000))[
            0
        ] == 200
        assert "Traceback" not in running.phones.phones["alice"].log.read_text()

    running.do(story())


def test_without_cookie_token_or_origin_nothing_is_told_and_nothing_changes(running):
    async def story():
        alice = caller(running, "alice")
        for method, path in (("GET", "/events"), ("GET", "/album/a.jpg"), ("GET", "/part/1/1"), ("POST", "/do")):
            assert (await alice.ask(method, path))[0] == 401
        await alice.sign_in()
        command = json.dumps({"do": "send", "to": ["+447700900002"], "text": "spam"}).encode()
        before = (await alice.do("outbox"))["messages"]
        for wrong in ({"Origin": None}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}, {"X-Token": "0" * 32},
                      {"X-Token": None}, {"Host": "evil.example"}, {"Host": None}):  # fmt: skip
            assert (await alice.ask("POST", "/do", command, **wrong))[0] == 403, wrong
        assert (await alice.do("outbox"))["messages"] == before

    running.do(story())


def test_a_password_signs_in_and_signing_out_ends_it_for_all(running):
    async def story():
        bob = caller(running, "bob")
        assert await bob.sign_in() == 200 and not bob.token, "it only says that there is a password"
        assert (await bob.ask("POST", "/do", b"{}"))[0] == 401
        assert await bob.sign_in("wrong") == 403 and await bob.sign_in(PASSWORD) == 200
        settings = json.dumps(await bob.do("settings"))
        assert PASSWORD not in settings and '"password": "**"' in settings
        assert (await bob.ask("POST", "/leave"))[0] == 200
        assert (await bob.ask("POST", "/do", b"{}"))[0] == 401

    running.do(story())


def test_a_damaged_message_is_told_in_one_line_and_the_console_has_no_traceback(running):
    async def story():
        alice, bob = (running.phones.phones[name] for name in ("alice", "bob"))
        seen, caller_ = len(bob.events), caller(running, "bob")
        await alice.ask("send", SECONDS, to=["+447700900002"], text="soon damaged")
        while not (found := [event for event in bob.events[seen:] if event["event"] == "acknowledged"]):
            await asyncio.sleep(0.05)
        id = found[0]["id"]
        assert await caller_.sign_in(PASSWORD) == 200
        assert (await caller_.ask("GET", "/part/%s/0" % id))[2] == b"soon damaged"
        (path,) = bob.log.parent.glob("bob/store/%s.m" % id)
        path.write_bytes(path.read_bytes()[:-20])
        for wanted in ("/part/%s/0" % id, "/save/%s/1" % id):
            status, _, body = await caller_.ask("GET", wanted)
            assert status == 400 and "not whole" in json.loads(body)["error"]
        assert (await caller_.ask("GET", "/part/%s/99" % id))[0] == 400
        assert (await caller_.do("delete", id=id))["ok"] and "Traceback" not in bob.log.read_text()

    running.do(story())


async def events(port, cookie, until):
    """[(seconds, event)] of the page's feed, up to one named `until`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(("GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n" % (port, cookie)).encode())
    found = []
    while not found or found[-1][1]["event"] != until:
        line = await asyncio.wait_for(reader.readline(), SECONDS)
        if line.startswith(b"data: "):
            found.append((time.monotonic(), json.loads(line[6:])))
    writer.close()
    return found


def test_progress_comes_twice_a_second_while_300_kb_are_sent(running):
    async def story():
        alice = caller(running, "alice")
        await alice.sign_in()
        feed = asyncio.create_task(events(alice.port, alice.cookie, "confirmed"))
        await asyncio.sleep(0.2)
        status, _, body = await alice.ask("POST", "/upload/jpg", b"\xff\xd8\xff" + bytes(LARGE))
        assert status == 200
        assert (await alice.do("send", to=["+447700900002"], files=[json.loads(body)["file"]]))["ok"]
        found = await feed
        moved = [at for at, event in found if event["event"] == "sent"]
        octets = [event["octets"] for _, event in found if event["event"] == "sent"]
        assert octets == sorted(octets) and LARGE * 0.9 < octets[-1] < LARGE * 1.1
        mean = (moved[-1] - moved[0]) / (len(moved) - 1)
        print("%d pieces of progress in %.1f s, %.2f s between them" % (len(moved), moved[-1] - moved[0], mean))
        assert mean <= 0.5 and len(moved) > 5

    running.do(story(), 120)


def test_more_windows_than_the_handset_has_events_for_are_told_so_and_a_closed_one_makes_room(running):
    async def story():
        alice = caller(running, "alice")
        await alice.sign_in()
        held = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", alice.port)
            writer.write(
                (
                    "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n" % (alice.port, alice.cookie)
                ).encode()
            )
            assert b"200" in await reader.readline()
            held.append(writer)
        status, _, body = await alice.ask("GET", "/events")
        assert status == 503 and "close one" in json.loads(body)["error"]
        held.pop().close()
        await asyncio.sleep(0.3)
        reader, writer = await asyncio.open_connection("127.0.0.1", alice.port)
        writer.write(
            ("GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n" % (alice.port, alice.cookie)).encode()
        )
        assert b"200" in await reader.readline()
        for one in (*held, writer):
            one.close()

    running.do(story())
