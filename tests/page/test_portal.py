"""A subscriber at the portal with a real browser, Chromium: the whole way, without script, and in spite of others."""

import pathlib

import pytest

from tests.kit.portal import ALICE, DATE, Running, codes
from tools.lab.network.portal import album
from tools.phone import browser
from tools.programs import ROOT

pytestmark = pytest.mark.usefixtures("chromium")

STORIES = pathlib.Path(__file__).with_name("portal.mjs")
SAMPLE = ROOT / "assets/sample.jpg"


@pytest.fixture
def running(tmp_path):
    """A portal, and `texts`, the address of a page with the code that came last."""
    with Running(tmp_path) as site:
        yield site


@pytest.fixture
def texts(running):
    """The address of a page with the code of the last SMS, which is another site for the browser."""

    with codes(running) as url:
        yield url


def tell(name, *words):
    """Have a story come true."""
    status, said = browser.run(STORIES, name, *map(str, words), seconds=120)
    assert status == 0, said


def test_a_cartoon_with_a_bubble_is_made_and_a_strip_of_it_sent(running, texts):
    tell("journey", running.site.portal.url, texts + "/code", SAMPLE, "07700 900002, bob@mail.example")
    (accepted,) = (entry for entry in running.site.journal if entry["event"] == "accepted")
    assert accepted["to"] == ["+447700900002", "bob@mail.example"]
    assert [part["media"] for part in accepted["parts"]] == ["application/smil", "image/png"]


def test_it_works_without_script_and_by_keyboard(running, texts):
    tell("plain", running.site.portal.url, texts + "/code", SAMPLE)


def test_texts_of_others_are_never_run_and_other_sites_can_do_nothing(running, texts):
    caption = "<script>alert(1)</script>\"'; DROP TABLE pictures; --"
    database = running.site.portal.site.database
    running.do(database.do(album.add, ALICE, SAMPLE.read_bytes(), caption, DATE, DATE))
    tell("strangers", running.site.portal.url, texts + "/code", texts + "/")
