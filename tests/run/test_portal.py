"""Real handsets and the portal: a code by SMS, pictures to the album by short code, and messages from there."""

import asyncio
import re

from tests.kit.laboratory import SECONDS, Laboratory
from tests.kit.portal import Browser
from tools.lab.network.portal.shell import Portal

SHORT_CODE = "25286"


class Office:
    """The portal of the home operator of a running Laboratory."""

    def __init__(self, lab, folder):
        mmsc, smsc = lab.network.mmsc, lab.network.smsc
        numbers = [row.number for row in lab.world.subscribers]
        mmsc.machine.route = lambda sender, to, now, octets=0: (
            "album" if to == SHORT_CODE else None if to in numbers else ""
        )
        self.portal = Portal(
            folder, "O2", lab.world.home, numbers, mmsc.machine, mmsc.wall, smsc.url, short_code=SHORT_CODE
        )

    async def __aenter__(self):
        await self.portal.start()
        return self

    async def __aexit__(self, *error):
        await self.portal.stop()


def test_a_picture_goes_to_the_album_becomes_a_cartoon_and_reaches_another_handset(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab, Office(lab, tmp_path / "portal") as office:
            alice, bob = await lab.ready("alice"), await lab.ready("bob", read_report_allowed=True)
            browser = Browser(office.portal.url)
            await enters(alice, browser)
            key = await files(alice, lab, browser)
            await sends(bob, lab, browser, key)

    asyncio.run(story())


async def enters(alice, browser):
    await browser.post("/sign-in", number="07700 900001")
    text = (await alice.seen("text", SECONDS))["text"]
    assert text.startswith(re.match("[0-9]{6} is your code", text)[0])
    assert await browser.post("/code", code=text[:6]) == (303, "/album")


async def files(alice, lab, browser):
    """The id of the picture that a handset sends to the short code."""
    reply = await alice.ask("photo", SECONDS, to=[SHORT_CODE], subject="From the hill", delivery_report=True)
    delivered = await alice.seen("delivered", SECONDS, id=reply["id"])
    assert (delivered["recipient"], delivered["status"]) == (SHORT_CODE, "retrieved")
    _, page = await browser.get("/album")
    assert "From the hill" in page
    return re.search('id="p-([^"]+)"', page)[1]


async def sends(bob, lab, browser, key):
    assert (await browser.post("/album/%s/do" % key, version="1", do="cartoon"))[0] == 303
    _, page = await browser.get("/write?picture=" + key)
    form = re.search('name="form" value="([^"]+)"', page)[1]
    fields = {"seconds%d" % at: "5" for at in range(1, 5)} | {"text1": "Grüße", "delivery": "on", "read": "on"}
    status, where = await browser.post("/write", form=form, to=lab.number("bob"), subject="Drawn", album1=key, **fields)
    assert (status, where) == (303, "/sent?said=sent")
    known = await bob.seen("acknowledged", SECONDS)
    shown = await bob.ask("read", SECONDS, id=known["id"])
    assert (shown["sender"], shown["subject"], shown["text"]) == (lab.number("alice"), "Drawn", "Grüße")
    assert sorted(part["type"] for part in shown["parts"]) == ["application/smil", "image/png", "text/plain"]
    async with asyncio.timeout(SECONDS):
        while ">read<" not in (await browser.get("/sent"))[1]:
            await asyncio.sleep(0.1)
