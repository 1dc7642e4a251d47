"""Real handsets and the portal: a code by SMS, pictures to the album by short code, messages to others and to mail."""

import asyncio
import re

from tests.kit.laboratory import SECONDS, Laboratory
from tests.kit.portal import Browser

SHORT_CODE = "25286"
MAIL = "you@mail.example"


def test_a_picture_goes_to_the_album_becomes_a_cartoon_and_reaches_another_operator_and_mail(tmp_path):
    async def story():
        async with Laboratory(tmp_path, names=("alice", "carol"), wide=True) as lab:
            alice, carol = await lab.ready("alice"), await lab.ready("carol", read_report_allowed=True)
            browser = Browser(lab.network.ways.portals["23410"].url)
            await enters(alice, browser)
            key = await files(alice, browser)
            await sends(carol, lab, browser, key)

    asyncio.run(story())


async def enters(alice, browser):
    await browser.post("/sign-in", number="07700 900001")
    text = (await alice.seen("text", SECONDS))["text"]
    assert text.startswith(re.match("[0-9]{6} is your code", text)[0])
    assert await browser.post("/code", code=text[:6]) == (303, "/album")


async def files(alice, browser):
    """The id of the picture that a handset sends to the short code."""
    reply = await alice.ask("photo", SECONDS, to=[SHORT_CODE], subject="From the hill", delivery_report=True)
    delivered = await alice.seen("delivered", SECONDS, id=reply["id"])
    assert (delivered["recipient"], delivered["status"]) == (SHORT_CODE, "retrieved")
    _, page = await browser.get("/album")
    assert "From the hill" in page
    return re.search('id="p-([^"]+)"', page)[1]


async def sends(carol, lab, browser, key):
    assert (await browser.post("/album/%s/do" % key, version="1", do="cartoon"))[0] == 303
    _, page = await browser.get("/write?picture=" + key)
    form = re.search('name="form" value="([^"]+)"', page)[1]
    fields = {"seconds%d" % at: "5" for at in range(1, 5)} | {"text1": "Grüße", "delivery": "on", "read": "on"}
    to = "%s, %s" % (lab.number("carol"), MAIL)
    status, where = await browser.post("/write", form=form, to=to, subject="Drawn", album1=key, **fields)
    assert (status, where) == (303, "/sent?said=sent"), re.findall("role=.alert.>([^<]*)", where)
    known = await carol.seen("acknowledged", SECONDS)
    shown = await carol.ask("read", SECONDS, id=known["id"])
    assert (shown["sender"], shown["subject"], shown["text"]) == (lab.number("alice"), "Drawn", "Grüße")
    assert sorted(part["type"] for part in shown["parts"]) == ["application/smil", "image/png", "text/plain"]
    async with asyncio.timeout(SECONDS):
        page = ""
        while not (">read<" in page and ">delivered<" in page):
            _, page = await browser.get("/sent")
            await asyncio.sleep(0.1)
    (mail,) = lab.network.ways.mailbox.mails[MAIL]
    assert mail["Subject"] == "Drawn" and mail.get_body(("plain",)).get_content().strip() == "Grüße"
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["image/png"]
