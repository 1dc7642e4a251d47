"""The portal over HTTP: what a browser may do, and what it is told when it may not."""

import asyncio

from tests.kit.portal import ALICE, BOB, Site
from tools.lab.network.mmsc import contents
from tools.programs import ROOT

SAMPLE = (ROOT / "assets/sample.jpg").read_bytes()
HOSTILE = "<script>alert(1)</script>'; DROP TABLE pictures; --\"{{ 7 * 7 }}"


def story(work):
    """Run a test's coroutine function, with a portal and a folder of its own."""

    def run(tmp_path):
        async def whole():
            async with Site(tmp_path) as site:
                await work(site)

        asyncio.run(whole())

    run.__name__, run.__doc__ = work.__name__, work.__doc__
    return run


@story
async def test_a_picture_goes_from_a_file_to_a_recipient_and_its_reports_come_back(site):
    alice = await site.browser(ALICE)
    key = await alice.add(SAMPLE)
    await alice.post("/album/%s/caption" % key, version="1", caption="Grüße")
    status, page = await alice.get("/write?picture=" + key)
    assert status == 200 and "Grüße" in page
    form = page.partition('name="form" value="')[2].partition('"')[0]
    status, where = await alice.post(
        "/write", form=form, to="07700 900002, bob@mail.example", subject="Hello", album1=key, text1="Grüße",
        delivery="on", **{"seconds%d" % at: "5" for at in range(1, 5)},
    )  # fmt: skip
    assert (status, where) == (303, "/sent?said=sent")
    envelope, recipients, port, reply = site.centre.taken[0]
    assert (recipients, port, envelope.sender) == ([BOB, "bob@mail.example"], "portal", ALICE)
    found = contents.unpack(envelope.content)
    assert [part.media for part in found.parts] == ["application/smil", "image/jpeg", "text/plain"]
    assert found.parts[2].octets.decode() == "Grüße" and b'src="picture1.jpg"' in found.parts[0].octets
    site.portal.port.report(reply, BOB, "Retrieved", 0)
    site.portal.port.read_report(reply, BOB, "Read", 0)
    site.portal.port.report(reply, "bob@mail.example", "Expired", 0)
    await asyncio.sleep(0.2)
    _, page = await alice.get("/sent")
    assert ">read<" in page and "not fetched in time" in page and "27 January 2003, 09:00" in page
