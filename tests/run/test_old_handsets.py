"""Real handsets in MicroPython that say they are Nokias, or are none of MMS, in a lab with adapter and page."""

import asyncio
import re

import aiohttp

from tests.kit import photos
from tests.kit.laboratory import SECONDS, Laboratory
from tools.programs import ROOT, interpreter

HEAP = "256k"  # 64-bit objects: a board of half as much
HELLO = ROOT / "assets/sounds/hello.amr"


def told(folder, story, *names):
    async def whole():
        async with Laboratory(folder, names=names, wide=True) as lab:
            await story(lab)

    asyncio.run(whole())


def test_a_handset_that_the_world_says_is_a_nokia_gets_pictures_for_its_screen_and_links_to_sounds(tmp_path):
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photos.photo(octets=150000))

    async def story(lab):
        alice, dave = [await lab.ready(name, interpreter(HEAP)) for name in ("alice", "dave")]
        files = [str(picture), str(HELLO)]
        await alice.ask("send", SECONDS, to=[lab.number("dave")], text="Listen!", files=files)
        here = (await dave.seen("acknowledged", SECONDS))["id"]
        shown = await dave.ask("read", SECONDS, id=here)
        assert re.search(r"1 sound, see it at http://127\.0\.0\.1:\d+/[0-9A-Z]{12} code \d{8}", shown["text"])
        assert "Listen!" in shown["text"]
        sizes = {part["type"]: part["octets"] for part in shown["parts"]}
        assert 2000 < sizes["image/jpeg"] < 46080 and "audio/amr" not in sizes
        (entry,) = lab.journal("adapted", "23430")
        assert entry["octets"] < 46080
        known = lab.network.operators["23430"].mmsc.machine.fit.profile(lab.number("dave"))
        assert known.key == "nokia7250"  # as its requests have said since

    told(tmp_path, story, "alice", "dave")


def test_a_page_that_was_shown_is_a_delivery_for_the_handset_that_sent_the_message(tmp_path):
    async def story(lab):
        alice, frank = [await lab.ready(name, interpreter(HEAP)) for name in ("alice", "frank")]
        id = (await alice.ask("send", SECONDS, to=[lab.number("frank")], text="hello frank", delivery_report=True))[
            "id"
        ]
        words = (await frank.seen("text", SECONDS))["text"].split()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.post(words[-3], data={"code": words[-1]}) as answer:
                assert "hello frank" in await answer.text()
        await alice.seen("delivered", SECONDS, id=id)

    told(tmp_path, story, "alice", "frank")
