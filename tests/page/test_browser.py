"""People at two phones, each in a window of a real browser, Chromium; and what other sites and strangers try there."""

import asyncio
import http.server
import json
import pathlib
import threading

import aiohttp
import pytest

from mms.codec import mm1, multipart
from tests.kit.page import SECONDS, Running
from tools.phone import browser
from tools.programs import ROOT

pytestmark = pytest.mark.usefixtures("chromium")

STORIES = pathlib.Path(__file__).with_name("stories.mjs")
PASSWORD = "open sesame"
MIXED = "application/vnd.wap.multipart.mixed"
EVIL = '<script>window.hacked = 1; alert(1)</script><img src="http://evil.example/x" onerror="alert(2)">'
PARTS = (
    ("text/plain", EVIL + " http://evil.example/"),
    ("text/html", "<html><body>%s</body></html>" % EVIL),
    ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)"><script>alert(4)</script></svg>'),
    ("application/xhtml+xml", EVIL),
    ("text/javascript", "window.hacked = 2"),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Two phones; alice's page has a name."""
    with Running(tmp_path_factory.mktemp("phones"), 8201, alice={"names": ["phone.lan"]}) as phones:
        yield phones


def tell(name, *words):
    """Have a story come true."""
    status, said = browser.run(STORIES, name, *map(str, words))
    assert status == 0, said


def test_two_people_send_pictures_to_each_other_and_see_the_marks(running):
    phones = running.phones
    bob = phones.network.world.subscriber("bob").number
    tell("journey", phones.urls["alice"], phones.urls["bob"], bob, ROOT / "assets/sample.jpg")


def test_a_sound_that_a_modem_records_plays_in_the_browser(running):
    phones = running.phones
    assert phones.decoder, "make installs PyAV for tests"
    tell("sound", phones.urls["alice"], phones.urls["bob"], phones.network.world.subscriber("bob").number)


def test_everybody_can_use_it_narrow_and_wide_light_and_dark_by_keyboard_and_with_a_reader(running):
    phones = running.phones

    async def story():
        await phones.phones["bob"].ask("sms", SECONDS, to=phones.network.world.subscriber("alice").number, text="Hi")
        await phones.phones["alice"].seen("text", SECONDS)

    running.do(story())
    tell("reach", phones.urls["alice"])


def test_settings_are_changed_on_the_page_and_their_secrets_stay_in_the_handset(running):
    url = running.phones.urls["alice"]
    tell("settings", url)
    settings = running.do(running.phones.phones["alice"].ask("settings", SECONDS))["settings"]
    assert settings["register_seconds"] == 90 and settings["press"]["to"] == ["+447700900002", "25286"]
    told = json.loads(pathlib.Path(settings["file"]).read_text())
    assert told["pin"] == "4321" and "size" not in told["camera"]


def test_files_that_cannot_go_are_refused_with_one_clear_line(running, tmp_path):
    large, wrong = tmp_path / "large.jpg", tmp_path / "wrong.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(2000000))
    wrong.write_bytes(b"<html>")
    tell("large", running.phones.urls["alice"], large, wrong)


def test_other_sites_and_other_names_for_our_address_get_nothing(running):
    site = http.server.HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    url = running.phones.urls["alice"]
    sent = running.do(running.phones.phones["alice"].ask("outbox", SECONDS))["messages"]
    try:
        tell("strangers", url, "http://127.0.0.1:%d/" % site.server_port, url.rpartition(":")[2])
    finally:
        site.shutdown()
        site.server_close()
    assert running.do(running.phones.phones["alice"].ask("outbox", SECONDS))["messages"] == sent


class Site(http.server.BaseHTTPRequestHandler):
    """Another site: an empty page."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>other</title>")

    def log_message(self, *words):
        pass


def test_a_message_of_scripts_is_shown_and_never_run(running):
    network = running.phones.network
    alice, bob = (network.world.subscriber(name) for name in ("alice", "bob"))

    async def send():
        fields = [(mm1.TRANSACTION_ID, "evil"), (mm1.VERSION, mm1.VERSION_1_2), (mm1.FROM, mm1.address(alice.number))]
        fields += [(mm1.TO, mm1.address(bob.number)), (mm1.SUBJECT, EVIL[:40])]
        fields += [(mm1.CONTENT_TYPE, mm1.ContentType(MIXED, []))]
        octets = mm1.build(mm1.SEND_REQ, fields) + multipart.count(len(PARTS))
        for media, part in PARTS:
            octets += multipart.entry(media, len(part), location='"><script>alert(5)</script>.html') + part.encode()
        seen = len(running.phones.phones["bob"].events)
        local = aiohttp.TCPConnector(local_addr=(alice.address, 0))
        async with aiohttp.ClientSession(connector=local) as session:
            async with session.post(network.mmsc.url, data=octets, headers={"Content-Type": mm1.MEDIA}) as answer:
                assert answer.ok
        while not [e for e in running.phones.phones["bob"].events[seen:] if e["event"] == "acknowledged"]:
            await asyncio.sleep(0.05)

    running.do(send())
    tell("hostile", running.phones.urls["bob"])


def test_five_wrong_passwords_keep_the_next_waiting(tmp_path):
    with Running(tmp_path, 8211, alice={"password": PASSWORD}) as running:
        tell("password", running.phones.urls["alice"])
