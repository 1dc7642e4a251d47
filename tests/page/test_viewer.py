"""A recipient at the page of a message with a real browser, Chromium; PICTURES=FOLDER keeps what it looks like."""

import asyncio
import os
import pathlib

import pytest
from aiohttp import web

from tests.kit.viewer import Part, Running, envelope, slides
from tools.lab.shell import Server
from tools.phone import browser
from tools.programs import ROOT

pytestmark = pytest.mark.usefixtures("chromium")

STORIES = pathlib.Path(__file__).with_name("viewer.mjs")
SAMPLE = (ROOT / "assets/sample.jpg").read_bytes()
HELLO = (ROOT / "assets/sounds/hello.amr").read_bytes()
EVIL = "<script>window.hacked = 1; alert(1)</script><img src=http://evil.example/x onerror=alert(2)>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)"><script>window.hacked = 2</script></svg>'


def tell(folder, name, message, *words, **given):
    """Have a story of the message come true; `words` may be coroutine functions of the page's URL, which give words."""

    async def whole():
        async with Running(folder, **given) as running:
            url, code = await running.text(message)
            more = [await word(url) if callable(word) else word for word in words]
            status, said = await asyncio.to_thread(browser.run, STORIES, name, url, code, *more, seconds=120)
            return status, said, running.relay.told

    status, said, told = asyncio.run(whole())
    assert status == 0, said
    assert told == [("handed", "d1"), ("Retrieved", "d1")]


def message():
    return slides(
        SAMPLE, SAMPLE, sound=HELLO, subject="On the hill",
        texts=("The fox is back. Schöne Grüße!", "This is how it sounds up there."),
    )  # fmt: skip


def test_the_message_is_shown_and_heard_and_everybody_can_read_it(tmp_path):
    tell(tmp_path, "journey", message(), os.environ.get("PICTURES", ""))


def test_it_works_without_script_and_by_keyboard_at_the_name_of_the_operator(tmp_path):
    port = 8391
    tell(tmp_path, "plain", message(), port=port, url="http://v.o2.example:%d" % port)


def test_a_message_of_scripts_runs_nothing_and_forms_of_other_sites_are_refused(tmp_path):
    parts = (
        Part("text/plain", EVIL.encode()), Part("text/html", EVIL.encode(), name=EVIL[:30]),
        *(Part(media, SVG.encode()) for media in ("image/svg+xml", "image/png", "application/xhtml+xml")),
    )  # fmt: skip

    async def other(url):
        """The address of a site whose page has a form for the URL."""
        html = '<!doctype html><title>other</title><form method="post" action="%s"><button>Win</button></form>' % url

        async def answer(request):
            return web.Response(text=html, content_type="text/html", headers={"Referrer-Policy": "no-referrer"})

        site = Server([web.get("/", answer)])
        await site.start()
        return site.url.replace("127.0.0.1", "localhost")

    tell(tmp_path, "hostile", envelope(*parts, subject=EVIL, sender=EVIL), other)
