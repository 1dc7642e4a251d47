"""A handset in the lab's Germany: it sees the networks there, chooses one, and does what the settings allow."""

import asyncio

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools.journey.phone import Failed

GERMAN = {"26201", "26202", "26207"}


async def carried(lab, **settings):
    """Alice's handset, on a German network."""
    phone = await lab.ready("alice", **settings)
    await phone.seen("registered", SECONDS)
    lab.network.places.change("alice", {"country": "germany"})
    while (await phone.ask("status", SECONDS))["network"]["status"] != "roaming":
        await asyncio.sleep(0.1)
    return phone


def test_a_user_sees_the_networks_abroad_and_chooses_one_and_the_modem_chooses_again_when_told(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            phone = await carried(lab)
            registration = lab.network.modems["alice"].machine.registration
            found = await phone.ask("scan", SECONDS)
            rows = {row["mccmnc"]: row["status"] for row in found["networks"]}
            assert set(rows) == GERMAN and sorted(rows.values()) == ["available", "available", "current"]
            assert found["cells"][0]["mccmnc"] in GERMAN
            other = [mccmnc for mccmnc in sorted(rows) if rows[mccmnc] == "available"][-1]
            chosen = await phone.ask("register", SECONDS, network=other)
            assert chosen["network"]["mccmnc"] == registration.cell.mccmnc == other
            assert registration._mode == 1
            with pytest.raises(Failed, match="register"):
                await phone.ask("register", SECONDS, network="26203")
            assert registration._mode == 0
            await phone.ask("register", SECONDS, network=other)
            chosen = await phone.ask("register", SECONDS, network="auto")
            assert chosen["network"]["mccmnc"] in GERMAN and registration._mode == 0
            assert (await phone.ask("check", SECONDS))["network"]["roaming"]

    asyncio.run(story())


def test_a_message_abroad_goes_when_the_user_is_asked_and_says_so(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            bob = await lab.ready("bob")
            phone = await carried(lab, roaming={"send": "ask"})
            id = (await phone.ask("send", SECONDS, to=[lab.number("bob")], text="from Germany"))["id"]
            held = await phone.seen("held", SECONDS, id=id)
            assert "roaming.send is ask" in held["why"] and not lab.journal("submitted")
            await phone.ask("retry", SECONDS, id=id)
            await phone.seen("confirmed", SECONDS, id=id)
            await bob.seen("retrieved", SECONDS)
            assert len(lab.journal("submitted")) == 1

    asyncio.run(story())


def test_a_message_that_comes_abroad_waits_for_the_user_and_says_why(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            bob = await lab.ready("bob")
            phone = await carried(lab)
            await bob.ask("send", SECONDS, to=[lab.number("alice")], text="to Germany")
            deferred = await phone.seen("deferred", SECONDS)
            assert "retrieve.roaming is manual" in deferred["why"]
            await phone.ask("fetch", SECONDS, id=deferred["id"])
            await phone.seen("retrieved", SECONDS, id=deferred["id"])
            await phone.seen("acknowledged", SECONDS, id=deferred["id"])

    asyncio.run(story())
