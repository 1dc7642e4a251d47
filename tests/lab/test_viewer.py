"""The page of a message as a browser meets it: the code, the message, and everything that finds out nothing."""

import asyncio
import io
import re
import time
import wave

import pytest
import yarl

from tests.kit import photos
from tests.kit.viewer import ERIN, Part, Relay, Running, envelope, slides
from tools.lab.network.viewer import shell
from tools.lab.world import WorldError
from tools.programs import ROOT

HELLO = (ROOT / "assets/sounds/hello.amr").read_bytes()
EVIL = "<script>alert(1)</script>'; DROP TABLE rows; -- \"><img src=x onerror=alert(2)>"
HTML = ("<html><body><script>alert(3)</script></body></html>").encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(4)"/>'


def visit(folder, story, **given):
    """Have a story of one visitor come true."""

    async def whole():
        async with Running(folder, **given) as running:
            return await story(running)

    return asyncio.run(whole())


def anonymous(octets, url):
    """The octets of a page without its id."""
    return octets.replace(url.rpartition("/")[2].encode(), b"ID")


def test_a_text_leads_to_the_message_slide_by_slide_and_its_sender_hears_that_it_was_shown(tmp_path):
    async def story(running):
        url, code = await running.text(slides(photos.photo(640, 480, 40000), photos.corners(), sound=HELLO))
        assert running.centre.texts[0][:2] == (ERIN, "O2")
        assert running.relay.told == [("handed", "d1")]
        status, headers, form = await running.get(url)
        assert status == 200 and b"Code, 8 digits" in form and b"fox" not in form and "Set-Cookie" not in headers
        status, headers, _ = await running.enter(url, code)
        assert (status, headers["Location"]) == (303, url.removeprefix(running.page.url))
        cookie = headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Max-Age=1800" in cookie
        assert running.relay.told == [("handed", "d1")]
        status, _, page = await running.get(url)
        shown = page.decode()
        assert status == 200 and re.findall("Slide [01]: Grüße", shown) == ["Slide 0: Grüße", "Slide 1: Grüße"]
        assert "<h1>The fox</h1>" in shown and "1 of 2" in shown and "smil" not in shown and "27 January 2003" in shown
        assert running.relay.told == [("handed", "d1"), ("Retrieved", "d1")]
        picture = re.search('<img src="([^"]+)"', shown)[1]
        status, headers, octets = await running.get(running.page.url + picture)
        assert (status, headers["Content-Type"], octets) == (200, "image/jpeg", photos.photo(640, 480, 40000))
        sound = re.search('src="([^"]+)" aria-label="Sound 1"', shown)[1]
        status, headers, octets = await running.get(running.page.url + sound)
        assert headers["Content-Type"] == "audio/wav" and wave.open(io.BytesIO(octets)).getnframes() > 8000

    visit(tmp_path, story)


def test_a_look_without_the_code_changes_nothing_and_finds_out_nothing(tmp_path):
    async def story(running):
        url, code = await running.text(envelope())
        before = running.relay.store.all("page")
        form = await running.get(url)
        for path in ("", "/0", "/0.wav", "/1"):
            known = await running.get(url + path)
            other = await running.get(running.page.url + "/0123456789AB" + path)
            assert known[0] == other[0] and dict(known[1], Date="") == dict(other[1], Date="")
            assert anonymous(known[2], url) == anonymous(other[2], "/0123456789AB")
        assert form[2].decode().count("<form") == 2
        assert running.relay.store.all("page") == before and len(running.relay.told) == 1
        assert (await running.enter(url, code))[0] == 303

    visit(tmp_path, story)


def test_unknown_wrong_locked_used_and_expired_have_one_answer_not_sooner_and_not_later(tmp_path):
    async def story(running):
        url, code = await running.text(envelope(subject="used"), "d1")
        assert (await running.enter(url, code))[0] == 303
        wrong, _ = await running.text(envelope(), "d2")
        locked, right = await running.text(envelope(), "d3")
        page = locked.rpartition("/")[2]
        for _ in range(5):
            running.page.machine.enter(page, "1", "10.0.0.1", 0)
        answers = {}
        for name, asked, tried in (
            ("used", url, code), ("wrong", wrong, "00000000"), ("locked", locked, right),
            ("unknown", running.page.url + "/0123456789AB", code), ("no id", running.page.url + "/nothing", code),
        ):  # fmt: skip
            start = time.monotonic()
            status, _, octets = await running.enter(asked, tried)
            assert time.monotonic() - start >= shell._ANSWER_S / 5
            answers[name] = status, anonymous(octets, asked)
        assert set(answers.values()) == {(403, answers["wrong"][1])}
        assert b"This code does not open a message" in answers["wrong"][1]

    visit(tmp_path, story, speed=5.0)


def test_after_twenty_wrong_codes_an_address_waits_and_other_visitors_do_not_notice(tmp_path):
    async def story(running):
        url, code = await running.text(envelope())
        statuses = [(await running.enter(running.page.url + "/%012d" % n, "1"))[0] for n in range(25)]
        assert statuses == [403] * 20 + [429] * 5
        assert (await running.enter(url, code))[0] == 429
        assert (await running.enter(url + "/code", ""))[0] == 429
        assert running.page.machine.enter(url.rpartition("/")[2], code, "127.0.0.9", 0)

    visit(tmp_path, story, speed=50.0)


def test_a_new_code_comes_by_text_and_the_old_one_is_void(tmp_path):
    async def story(running):
        url, code = await running.text(envelope())
        known = await running.enter(url + "/code", "")
        again, new = await running.centre.next()
        unknown = await running.enter(running.page.url + "/0123456789AB/code", "")
        assert again == url and new != code
        assert known[0] == unknown[0] == 200
        assert anonymous(known[2], url) == anonymous(unknown[2], "/0123456789AB")
        assert (await running.enter(url, code))[0] == 403 and (await running.enter(url, new))[0] == 303
        assert len(running.centre.texts) == 2

    visit(tmp_path, story)


def test_every_answer_forbids_scripts_frames_guesses_of_types_copies_and_searches(tmp_path):
    async def story(running):
        url = await running.open(slides(photos.corners(), sound=HELLO))
        answers = [await running.get(url + path) for path in ("", "/1", "/2", "/3.wav", "/99")]
        answers += [await running.get(running.page.url + "/style.css"), await running.enter(url, "1")]
        for _, headers, _ in answers:
            policy = headers["Content-Security-Policy"].split("; ")
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
            assert not any("script" in rule or "unsafe" in rule for rule in policy)
            assert headers["Referrer-Policy"] == "no-referrer" and headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store" and headers["X-Robots-Tag"] == "noindex"

    visit(tmp_path, story)


def test_html_and_svg_are_saved_and_html_and_sql_in_fields_are_words(tmp_path):
    parts = (
        Part("text/html", HTML, location='"><script>.html'), Part("image/svg+xml", SVG), Part("image/jpeg", HTML),
        Part("text/plain", EVIL.encode(), charset="utf-8"), Part("application/xhtml+xml", HTML, name="../../etc/x.sh"),
        Part("text/javascript", b"alert(5)"),
    )  # fmt: skip

    async def story(running):
        url = await running.open(envelope(*parts, subject=EVIL, sender=EVIL + "@mail.example"))
        _, _, page = await running.get(url)
        assert page.count(b"&lt;script&gt;alert(1)") == 4 and b"<script" not in page and b"<img" not in page
        for number in (0, 1, 2, 4, 5):
            status, headers, octets = await running.get("%s/%d" % (url, number))
            assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_.-]+"', headers["Content-Disposition"])
            assert octets == parts[number].octets
        assert len(running.relay.store.all("page")) == 1

    visit(tmp_path, story)


def test_forms_of_other_sites_are_refused_and_those_of_the_page_are_not(tmp_path):
    async def story(running):
        url, code = await running.text(envelope())
        assert url.startswith("https://v.o2.example/")
        page = running.page.url + url.removeprefix("https://v.o2.example")
        for headers in (
            {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:1"},
            {"Origin": "null", "Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
        ):  # fmt: skip
            assert (await running.enter(page, code, **headers))[0] == 403
            assert (await running.enter(page + "/code", "", **headers))[0] == 403
        assert len(running.centre.texts) == 1
        named = {"Origin": "https://v.o2.example", "Host": "v.o2.example", "Sec_Fetch_Site": "same-origin"}
        assert (await running.enter(page, code, **named))[0] == 303

    visit(tmp_path, story, url="https://v.o2.example")


def test_the_address_in_the_text_is_never_taken_from_a_request(tmp_path):
    async def story(running):
        url, _ = await running.text(envelope())
        await running.enter(url + "/code", "", Host="evil.example")
        assert await running.centre.next() != url
        assert "evil" not in str(running.centre.texts)

    visit(tmp_path, story)


def test_a_session_opens_its_own_message_only(tmp_path):
    async def story(running):
        first = await running.open(envelope(), "d1")
        second, _ = await running.text(envelope(Part("text/plain", b"another")), "d2")
        cookies = running.visitor.cookie_jar.filter_cookies(yarl.URL(first))
        value = {name: morsel.value for name, morsel in cookies.items()}
        async with running.visitor.get(second, cookies=value) as answer:
            assert "another" not in await answer.text()
        async with running.visitor.get(second + "/0", cookies=value) as answer:
            assert answer.status == 404
        assert b"hello" in (await running.get(first))[2]

    visit(tmp_path, story)


def test_odd_requests_end_in_one_clear_answer(tmp_path):
    async def story(running):
        url = await running.open(envelope(Part("audio/amr", b"#!AMR\n" + bytes([0x4C]) * 50)))
        assert (await running.get(url + "/0.wav"))[::2] == (415, b"a frame of no known type\n")
        assert (await running.get(url + "/" + "9" * 400))[0] == 404
        for path in ("/..%2f..%2fpage.key", "/../page.key", "/pages", "/x/../style.css", "/favicon.ico"):
            assert b"secret" not in (await running.get(running.page.url + path))[2]
        assert (await running.enter(url, "1" * 100000))[0] == 413
        async with running.visitor.post(url, data=b"\xff\xfe{", headers={"Content-Type": "text/x"}) as answer:
            assert answer.status == 403
        async with running.visitor.head(url) as answer:
            assert answer.status == 405

    visit(tmp_path, story)


def test_a_text_is_sent_again_until_the_sms_centre_takes_it_or_knows_no_such_number(tmp_path):
    async def story(running):
        running.centre.statuses = [503, 503]
        await running.text(envelope())
        assert len(running.centre.texts) == 1
        running.centre.statuses = [404]
        running.page.machine.forward("d2", envelope(), ERIN, 0)
        running.page.machine.forward("d3", envelope(), "+447700900999", 0)
        for _ in range(100):
            if len(running.relay.told) == 3:
                break
            await asyncio.sleep(0.02)
        assert sorted(running.relay.told) == [("Unrecognised", "d2"), ("Unrecognised", "d3"), ("handed", "d1")]

    visit(tmp_path, story, speed=100.0)


def test_a_link_is_made_for_another_thread(tmp_path):
    async def story(running):
        link = await asyncio.to_thread(running.page.link, ERIN, envelope())
        url, _, code = link.split()
        assert (await running.enter(url, code))[0] == 303 and running.centre.texts == []

    visit(tmp_path, story)


def test_a_message_of_300_kb_begins_within_50_ms_and_needs_20_kb_of_ours(tmp_path):
    async def story(running):
        url = await running.open(slides(photos.photo(), photos.corners(), sound=HELLO))
        taken = []
        for _ in range(10):
            start = time.perf_counter()
            async with running.visitor.get(url) as answer:
                await answer.content.readany()
                taken.append(time.perf_counter() - start)
        _, _, page = await running.get(url)
        _, _, style = await running.get(running.page.url + "/style.css")
        assert len(page) + len(style) < 20000
        assert min(taken) < 0.05
        print("first octet of a page of 300 kB: %.1f ms; %d octets" % (min(taken) * 1000, len(page) + len(style)))

    visit(tmp_path, story)


def test_content_without_a_page_is_gone_after_a_restart_and_content_of_pages_is_not(tmp_path):
    async def first(running):
        url, _ = await running.text(envelope())
        (tmp_path / "pages" / "0123456789AB").write_bytes(b"left by a process that was killed")
        return url.rpartition("/")[2], running.relay

    page, relay = visit(tmp_path, first)
    again = shell.Page(relay, tmp_path, lambda number: None, "O2")
    assert [file.name for file in (tmp_path / "pages").iterdir()] == [page] == list(again.machine.pages)
    assert (tmp_path / "page.key").stat().st_mode & 0o777 == 0o600


def test_an_address_that_leaves_no_room_in_a_text_is_told_at_the_start(tmp_path):
    async def story():
        page = shell.Page(Relay(), tmp_path, lambda number: None, "O2", url="https://%s.example" % ("x" * 120))
        with pytest.raises(WorldError, match="a URL of 149 characters leaves no room in a short message"):
            await page.start()
        await page.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("GET", b"Cookie: session=\xff\xfe; session=\xed\xa0\x80", b"", 200),
        ("POST", b"Content-Type: multipart/form-data", b"x", 403),
        ("POST", b"Content-Type: multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data", 403),
        ("POST", b"Content-Type: application/x-www-form-urlencoded; charset=klingon", b"code=1", 403),
        ("POST", b"Content-Type: application/x-www-form-urlencoded", b"code=%ff%fe%ed%a0%80", 403),
    ],
)
def test_cookies_and_forms_that_are_none_get_the_form(tmp_path, method, headers, body, status):
    async def story(running):
        url, _ = await running.text(envelope())
        reader, writer = await asyncio.open_connection(*running.page.address.split(":"))
        line = "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % (method, url.removeprefix(running.page.url))
        writer.write(line.encode() + headers + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 %d " % status) and b"Code, 8 digits" in answer

    visit(tmp_path, story)
