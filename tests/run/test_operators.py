"""Messages between operators: real handsets in MicroPython, two MMSCs of the lab, and MM4 between them."""

import asyncio

from tests.kit.laboratory import SECONDS, Laboratory
from tools.lab.network.mmsc.contents import unpack
from tools.programs import interpreter

HEAP = "256k"  # 64-bit objects: a board of half as much


def told(folder, story, *names):
    async def whole():
        async with Laboratory(folder, names=names, wide=True) as lab:
            phones = [await lab.ready(name, interpreter(HEAP), read_report_allowed=True) for name in names]
            await story(lab, *phones)

    asyncio.run(whole())


def test_a_message_to_another_operator_is_delivered_and_read_and_both_are_reported(tmp_path):
    async def story(lab, alice, carol):
        reports = {"delivery_report": True, "read_report": True}
        id = (await alice.ask("send", SECONDS, to=[lab.number("carol")], text="over the border", **reports))["id"]
        here = (await carol.seen("acknowledged", SECONDS))["id"]
        await alice.seen("delivered", SECONDS, id=id)
        shown = await carol.ask("read", SECONDS, id=here)
        assert (shown["text"], shown["sender"]) == ("over the border", lab.number("alice"))
        read = await alice.seen("read", SECONDS, id=id)
        assert read["status"] == "read"
        (sent,), (arrived,) = lab.journal("submitted"), lab.journal("accepted", "23433")
        assert arrived["port"] == "mm4" and arrived["to"] == [lab.number("carol")]
        assert [part["sha256"] for part in arrived["parts"] if part["media"] == "text/plain"] == [
            part["sha256"] for part in sent["parts"] if part["media"] == "text/plain"
        ]
        assert len(lab.journal("handed")) == len(lab.journal("delivered")) == 1 == len(lab.journal("reported"))

    told(tmp_path, story, "alice", "carol")


def test_without_an_agreement_the_text_with_a_link_arrives_until_one_is_signed(tmp_path):
    async def story(lab, alice, erin):
        await alice.ask("send", SECONDS, to=[lab.number("erin")], text="one")
        text = await erin.seen("text", SECONDS)
        assert "Media message from %s" % lab.number("alice") in text["text"]
        lab.network.agreements.perform("agreement 23410 23415 on".split())
        await alice.ask("send", SECONDS, to=[lab.number("erin")], text="two")
        await erin.seen("acknowledged", SECONDS)
        assert [row["port"] for row in lab.journal("passed")] == ["page", "mm4"]
        (entry,) = lab.journal("accepted", "23415")
        kept = lab.network.operators["23415"].mmsc.machine.bodies[entry["message_id"]]
        assert b"two" in [part.octets for part in unpack(kept).parts]

    told(tmp_path, story, "alice", "erin")
