"""The portal over HTTP, on a real relay: messages out and pictures in, and what a browser is told that may not."""

import asyncio
import functools
import inspect

import pytest

from mms.codec import mm1
from tests.kit.bombs import gif
from tests.kit.portal import ALICE, BOB, DATE, STRANGER, Clock, Site
from tools.lab.network.billing import tariffs
from tools.lab.network.billing.accounts import PREPAID, Accounts
from tools.lab.network.billing.charging import Charging
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import Content, Part
from tools.lab.network.mmsc.envelope import Envelope
from tools.programs import ROOT

SAMPLE = (ROOT / "assets/sample.jpg").read_bytes()
HOSTILE = "<script>alert(1)</script>'; DROP TABLE pictures; --\"{{ 7 * 7 }}"
SECONDS = {"seconds%d" % at: "5" for at in range(1, 5)}


def story(work):
    """A test out of a coroutine function of a running portal."""

    @functools.wraps(work)
    def run(tmp_path, **more):
        async def whole():
            async with Site(tmp_path) as site:
                await work(site, **more)

        asyncio.run(whole())

    names = [name for name in inspect.signature(work).parameters if name != "site"]
    kind = inspect.Parameter.KEYWORD_ONLY
    run.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in ("tmp_path", *names)])
    return run


async def form_of(browser, path="/write"):
    """The id of the form of a page."""
    _, page = await browser.get(path)
    return page.partition('name="form" value="')[2].partition('"')[0]


async def until(browser, path, words):
    """The page at `path`, as soon as it has the words."""
    async with asyncio.timeout(10):
        while True:
            _, page = await browser.get(path)
            if words in page:
                return page
            await asyncio.sleep(0.02)


def to_album(sender, *parts, subject=""):
    """A message to the short code, as the relay's Envelope."""
    content = contents.pack(Content(contents.MIXED, parts))
    return Envelope(sender=sender, to=["25286"], subject=subject, date=DATE, content=content)


@story
async def test_a_message_goes_to_handset_and_mail_and_its_reports_come_back(site):
    alice = await site.browser(ALICE)
    key = await alice.add(SAMPLE)
    await alice.post("/album/%s/caption" % key, version="1", caption="Grüße")
    status, page = await alice.get("/write?picture=" + key)
    assert status == 200 and "Grüße" in page
    form = await form_of(alice)
    status, where = await alice.post(
        "/write", form=form, to="07700 900002, bob@mail.example", subject="Hello", album1=key, text1="Grüße",
        delivery="on", read="on", **SECONDS,
    )  # fmt: skip
    assert (status, where) == (303, "/sent?said=sent")
    (accepted,) = (entry for entry in site.journal if entry["event"] == "accepted")
    assert (accepted["sender"], accepted["to"], accepted["port"]) == (ALICE, [BOB, "bob@mail.example"], "portal")
    found = contents.unpack(site.bodies[accepted["message_id"]])
    assert [part.media for part in found.parts] == ["application/smil", "image/jpeg", "text/plain"]
    assert found.parts[2].octets.decode() == "Grüße" and b'src="picture1.jpg"' in found.parts[0].octets
    site.due()
    (notified,) = (entry for entry in site.journal if entry["event"] == "notified")
    fields = [(mm1.TRANSACTION_ID, notified["tid"]), (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)]
    site.relay.post(BOB, mm1.build(mm1.NOTIFYRESP_IND, fields), Clock.now)
    site.relay.answered(site.mail[0][0], "Expired", Clock.now)
    page = await until(alice, "/sent", "not fetched in time")
    assert ">delivered<" in page and "27 January 2003, 09:00" in page
    site.relay.read_by(accepted["message_id"], BOB, "Read", Clock.now)
    await until(alice, "/sent", ">read<")


@story
async def test_pictures_sent_to_the_short_code_lie_in_the_album_once_with_their_texts(site):
    parts = (
        Part("image/jpeg", SAMPLE),
        Part("text/plain", "Grüße".encode(), charset="utf-8"),
        Part("image/jpeg", SAMPLE),
    )
    site.relay.accept(to_album(ALICE, *parts, subject="From the hill"), ["25286"], "mm1", {}, Clock.now)
    site.due()
    alice = await site.browser(ALICE)
    page = await until(alice, "/album", "From the hill")
    assert page.count('<li class="tile"') == 2 and "Grüße" in page
    delivery = next(entry["tid"] for entry in site.journal if entry["event"] == "passed")
    site.relay.ports["album"].forward(delivery, to_album(ALICE, *parts), "25286", Clock.now)
    await asyncio.sleep(0.2)
    assert (await alice.get("/album"))[1].count('<li class="tile"') == 2
    assert [entry["event"] for entry in site.journal if entry.get("tid") == delivery][-1] == "stray"


@story
async def test_a_message_to_the_album_without_a_picture_is_rejected_and_its_sender_gets_a_text(site):
    for parts in (
        [Part("text/plain", b"Hello")],
        [Part("image/jpeg", SAMPLE[:900])],
        [Part("image/gif", gif(60000, 60000))],
    ):
        site.relay.accept(to_album(ALICE, *parts), ["25286"], "mm1", {}, Clock.now)
    site.relay.accept(to_album("+4917204069000", Part("image/jpeg", SAMPLE)), ["25286"], "mm1", {}, Clock.now)
    site.due()
    async with asyncio.timeout(10):
        while sum(entry["event"] == "undelivered" for entry in site.journal) < 4 or len(site.texts) < 3:
            await asyncio.sleep(0.02)
    assert {number for number, _ in site.texts} == {ALICE}
    assert sorted(words.partition("album. ")[2] for _, words in site.texts) == [
        "The message has none.", "This picture has more than 12 million pixels.", "This picture is damaged."
    ]  # fmt: skip


@story
async def test_strangers_and_subscribers_see_the_same_pages_when_they_ask_for_a_code(site):
    answers = []
    for number in (ALICE, STRANGER):
        browser = await site.browser()
        asked = await browser.post("/sign-in", number=number)
        page = await browser.get("/code")
        wrong = await browser.post("/code", code="000000")
        answers.append((asked, page, wrong, sorted(browser.headers)))
    assert answers[0] == answers[1] and answers[0][2][0] == 400
    await site.code()
    assert [number for number, _ in site.texts] == [ALICE]


@story
async def test_a_code_is_for_the_browser_that_asked_for_it(site):
    alice, other = await site.browser(), await site.browser()
    await alice.post("/sign-in", number="07700900001")
    code = await site.code()
    await other.post("/sign-in", number=STRANGER)
    assert (await other.post("/code", code=code))[0] == 400
    assert (await alice.post("/code", code=code[:3] + " " + code[3:]))[:2] == (303, "/album")


@story
async def test_forms_of_other_sites_old_forms_and_other_names_change_nothing(site):
    alice = await site.browser(ALICE)
    key = await alice.add(SAMPLE)
    path = "/album/%s/delete" % key
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""}):
        assert (await alice.post(path, headers))[0] == 403
    token, alice.token = alice.token, "guessed"
    assert (await alice.post(path))[0] == 403
    alice.token = token
    assert (await alice.get("/album", Host="evil.example"))[0] == 421
    assert (await alice.get("/album", Host="127.0.0.1:1"))[0] == 421
    port = site.portal.url.rpartition(":")[2]
    assert (await alice.get("/album", Host="evil.example:" + port))[0] == 421
    site.portal.site.names = ("portal.o2.example",)
    assert (await alice.get("/sign-in", Host="portal.o2.example:" + port))[0] == 303
    bob = await site.browser(BOB)
    await bob.get("/album")
    assert (await bob.post(path))[0] == 404
    assert "tile" in (await alice.get("/album"))[1]


@story
async def test_ids_that_are_guessed_and_pictures_of_others_are_not_there(site):
    alice, bob = await site.browser(ALICE), await site.browser(BOB)
    key = await alice.add(SAMPLE)
    for path in ("/album/" + key, "/album/%s/1.jpg" % key, "/album/none", "/write?picture=" + key,
                 "/strip?picture=" + key, "/static/..%2fshell.py", "/stamps/none.png", "/nothing"):  # fmt: skip
        status, page = await bob.get(path)
        assert status == 404 and "is not there, or is not yours" in page
    await bob.get("/album")
    for path in ("do", "undo", "caption", "move", "restore"):
        fields = {"do": "cartoon", "which": {"undo": "undo", "move": "later"}.get(path, ""), "version": "1"}
        assert (await bob.post("/album/%s/%s" % (key, path), **fields))[0] == 404
    assert (await alice.get("/album/%s/1.jpg" % key))[0] == 200


@story
async def test_a_second_window_does_not_undo_what_the_first_one_did(site):
    alice = await site.browser(ALICE)
    path = "/album/" + await alice.add(SAMPLE)
    assert (await alice.post(path + "/do", version="1", do="rotate", turn="90"))[0] == 303
    status, page = await alice.post(path + "/do", version="1", do="cartoon")
    assert status == 409 and "another window" in page
    assert (await alice.post(path + "/undo", version="1", which="undo"))[0] == 409
    assert "turned by 90°" in (await alice.get(path))[1]


@story
async def test_large_forms_bombs_and_files_that_are_no_pictures_get_one_clear_answer(site):
    alice = await site.browser(ALICE)
    await alice.get("/new")
    for octets, status, words in (
        (bytes(100_000_000), 413, "8 MB"),
        (gif(60000, 60000), 400, "more than 12 million pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "no JPEG, PNG or GIF"),
        (SAMPLE[:2000], 400, "damaged"),
        (b"", 400, "Choose a picture"),
    ):
        said = await alice.post("/new", files=[("file", "a.jpg", octets)], what="file")
        assert said[0] == status and words in said[1] and "Traceback" not in said[1]


@story
async def test_hostile_texts_are_texts_in_every_field(site):
    alice = await site.browser(ALICE)
    path = "/album/" + await alice.add(SAMPLE)
    assert (await alice.post(path + "/caption", version="1", caption=HOSTILE))[0] == 303
    status, page = await alice.post(path + "/do", version="2", do="text", text=HOSTILE, size=HOSTILE, x="0", y="0")
    assert status == 400 and "<script>alert" not in page
    form = await form_of(alice)
    status, page = await alice.post("/write", form=form, to=HOSTILE, subject=HOSTILE[:40], text1=HOSTILE, **SECONDS)
    assert status == 400 and "<script>alert" not in page and page.count("&lt;script&gt;") > 2
    assert (await alice.post("/write", form=form, to=BOB, subject=HOSTILE[:40], text1=HOSTILE, **SECONDS))[0] == 303
    for shown in ("/album", "/sent", path, "/sign-in?said=<script>alert", "/album?said=<script>alert"):
        _, page = await alice.get(shown)
        assert "<script>alert" not in str(page)
    assert (await alice.post("/sign-in", number=HOSTILE))[0] == 400


@pytest.mark.parametrize("path", ("/sign-in", "/code", "/new", "/write", "/album/none/do"))
@story
async def test_forms_that_cannot_be_read_get_a_page_of_ours(site, path):
    alice = await site.browser(ALICE)
    await alice.get("/album")
    token = alice.token.encode()
    part = b'--x\r\nContent-Disposition: form-data; name="token"'
    for media, octets in (
        ("multipart/form-data", b"abc"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("multipart/form-data; boundary=x", part + b"\r\n\r\n" + token + b"\r\n--x\r\nContent-Dis"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", part + b"\r\nContent-Transfer-Encoding: none\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", part + b"; filename=a\r\n\r\n" + token + b"\r\n--x--\r\n"),
        ("application/x-www-form-urlencoded; charset=none", b"token=" + token),
        ("application/x-www-form-urlencoded", b"token=\xff"),
        ("application/x-www-form-urlencoded", b"token=%ED%A0%80"),
        ("application/json", b"{}"),
    ):
        status, page = await alice.ask("POST", path, octets, {"Origin": alice.url, "Content-Type": media})
        assert status in (400, 403) and "<h1>" in page, (media, octets)
        assert "Content-Security-Policy" in alice.headers
    names = ["number", "code", "to", "subject", "text1", "seconds1", "album1", "kept_picture1", "what", "background"]
    names += ["do", "version", "x", "text", "picture"]
    files = [(name, "a.txt", b"words") for name in names]
    status, page = await alice.post(path, files=files, form=await form_of(alice))
    assert status in (400, 404) and "<h1>" in page


@story
async def test_cookies_that_are_no_text_sign_nobody_in(site):
    host = site.portal.url.removeprefix("http://")
    for name in (b"session", b"challenge"):
        reader, writer = await asyncio.open_connection(*host.split(":"))
        head = b"POST /code HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s-23410=\xff\r\n"
        writer.write(head % (host.encode(), host.encode(), name) + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()


@story
async def test_a_form_that_is_sent_twice_sends_one_message(site):
    alice = await site.browser(ALICE)
    form = await form_of(alice)
    words = [await alice.post("/write", form=form, to=BOB, text1="Hi", **SECONDS) for _ in range(2)]
    assert words == [(303, "/sent?said=sent"), (303, "/sent?said=twice")]
    assert sum(entry["event"] == "accepted" for entry in site.journal) == 1


@story
async def test_files_of_a_form_that_was_wrong_are_kept_for_its_next_try(site):
    alice, bob = await site.browser(ALICE), await site.browser(BOB)
    form = await form_of(alice)
    files = [("picture1", "hill.jpg", SAMPLE)]
    status, page = await alice.post("/write", form=form, to="nobody", files=files, **SECONDS)
    assert status == 400 and "neither a telephone number nor" in page and "<b>hill.jpg</b>" in page
    kept = page.partition('name="kept_picture1" value="')[2].partition('"')[0]
    status, page = await bob.post("/write", form=await form_of(bob), to=ALICE, kept_picture1=kept, **SECONDS)
    assert status == 400 and "The message is empty" in page
    assert (await alice.post("/write", form=form, to=BOB, kept_picture1=kept, **SECONDS))[0] == 303
    (body,) = site.bodies.values()
    assert SAMPLE in body


@story
async def test_the_words_of_the_message_centre_are_shown_and_the_message_is_not_listed(site):
    alice = await site.browser(ALICE)
    status, page = await alice.post("/write", form=await form_of(alice), to="+4915112345678", text1="Hi", **SECONDS)
    assert status == 400 and "0xE3: Nobody here has +4915112345678" in page
    assert "Nothing sent yet" in (await alice.get("/sent"))[1]


@story
async def test_a_number_that_shall_not_be_shown_is_in_no_message(site):
    alice = await site.browser(ALICE)
    fields = {"form": await form_of(alice), "to": BOB + ", bob@mail.example", "text1": "Hi", "hidden": "on", **SECONDS}
    assert (await alice.post("/write", **fields))[0] == 303
    site.due()
    (notified,) = (entry for entry in site.journal if entry["event"] == "notified")
    got = site.relay.get(BOB, "/m/" + notified["tid"], Clock.now).octets
    assert b"Hi" in got and ALICE[1:].encode() not in got
    assert site.mail[0][1].hidden


@story
async def test_pages_tell_what_a_message_will_cost_and_what_it_cost(site):
    site.relay.charging = Charging(Accounts(), tariffs.load(), "23410", "mmsc")
    alice, told = await site.browser(ALICE), []
    for date, to in ((DATE, BOB), (DATE + 7 * 86400, BOB + ", bob@mail.example")):
        site.relay.calendar.set(date, Clock.now)
        told.append((await alice.get("/write"))[1].partition("For each recipient: ")[2].partition("<")[0])
        await alice.post("/write", form=await form_of(alice), to=to, text1="Hi", **SECONDS)
        told.append((await alice.get("/sent"))[1].partition(" kB · ")[2].partition("<")[0])
    assert told == ["free.", "free", "GBP 0.40.", "GBP 0.80"]
    site.due()
    site.relay.answered(site.mail[0][0], "Rejected", Clock.now)
    site.relay.advance(Clock.now + 10**9)  # bob's expires
    assert "refunded" in (await alice.get("/sent"))[1]


@story
async def test_a_prepaid_account_with_too_little_is_told_so(site):
    accounts = Accounts()
    accounts.open(ALICE, PREPAID, "", 39)
    site.relay.charging = Charging(accounts, tariffs.load(), "23410", "mmsc")
    site.relay.calendar.set(DATE + 7 * 86400, Clock.now)
    alice = await site.browser(ALICE)
    status, page = await alice.post("/write", form=await form_of(alice), to=BOB, text1="Hi", **SECONDS)
    assert status == 400 and "0xEB" in page and not site.bodies


@story
async def test_an_expired_session_is_asked_to_sign_in_and_nothing_is_sent(site):
    alice = await site.browser(ALICE)
    form = await form_of(alice)
    site.portal.site.seconds = lambda: 10**11
    assert await alice.post("/write", form=form, to=BOB, text1="Hi", **SECONDS) == (303, "/sign-in?said=expired")
    assert (await alice.get("/album"))[0] == 303 and not site.bodies
    assert "signed out after twelve hours" in (await alice.get("/sign-in?said=expired"))[1]


@story
async def test_headers_forbid_all_that_pages_do_not_need(site):
    alice = await site.browser(ALICE)
    key = await alice.add(SAMPLE)
    for path in ("/album", "/album/%s/1.jpg" % key, "/none", "/stamps/heart.png", "/static/portal.css", "/"):
        await alice.get(path)
        assert alice.headers["Content-Security-Policy"].startswith("default-src 'none'; img-src 'self'"), path
        assert alice.headers["X-Content-Type-Options"] == "nosniff"
        assert path.startswith("/sta") or alice.headers["Cache-Control"] == "no-store"
    cookie = (await alice.post("/sign-out"), alice.headers["Set-Cookie"])[1]
    assert "Max-Age=0" in cookie
    assert (await alice.get("/album"))[0] == 303


def test_what_the_relay_knows_reaches_the_file_after_a_restart(tmp_path):
    async def run():
        async with Site(tmp_path) as site:
            alice = await site.browser(ALICE)
            form = await form_of(alice)
            assert (await alice.post("/write", form=form, to=BOB, text1="Hi", delivery="on", **SECONDS))[0] == 303
            store, cookies = site.relay.store, alice.cookies
            await site.portal.site.database.do(lambda file: file.execute("UPDATE sent SET message_id = ''"))
            for what, value, address in (("accepted", "m1", ""), ("report", "Retrieved", BOB)):
                store.put("portal", what, {"what": what, "key": form, "value": value, "address": address})
            await site.portal.site.database.do(
                lambda file: file.execute("INSERT INTO sent VALUES ('torn', ?, '', 0, 'torn', '', 0, 0)", (ALICE,))
            )
        async with Site(tmp_path, store=store) as site:
            alice = await site.browser()
            alice.cookies = cookies
            page = (await alice.get("/sent"))[1]
            assert ">delivered<" in page and "torn" not in page
            assert store.all("portal") == {}

    asyncio.run(run())
