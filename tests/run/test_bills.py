"""Handsets and their operators in the lab agree on prices, bills and refunds, in any month and abroad."""

import asyncio

from tests.kit.laboratory import SECONDS, Laboratory
from tools.lab.network.billing import bills

NOBODY = "+447700900999"


def agreed(lab, folder, name):
    """The lines in which the handset of a subscriber and his operator agree on what he spent."""
    row = lab.world.subscriber(name)
    billing = lab.network.billings[row.home]
    lines = bills.handset(folder / name / "store", row.home, sum(billing.sums(row.number).values()))
    assert lines[-1] == "the handset's own sum is the same", (lines, billing.bill(row))
    return lines[:-1]


async def confirmed(phone, **message):
    """The reply to a message that the MMSC confirms."""
    reply = await phone.ask("send", SECONDS, **message)
    await phone.seen("confirmed", SECONDS, id=reply["id"])
    return reply


async def acknowledged(phone, count):
    """Wait until the MMSC knows that a handset has so many messages."""
    async with asyncio.timeout(SECONDS):
        while [event["event"] for event in phone.events].count("acknowledged") < count:
            await asyncio.sleep(0.05)


def test_a_prepaid_handset_knows_prices_pays_and_gets_its_refund_as_a_text(tmp_path):
    async def story():
        async with Laboratory(tmp_path, date="2003-01-31 12:00", names=("alice",)) as lab:
            phone = await lab.ready("alice")
            own = [lab.number("alice")]
            assert (await confirmed(phone, to=own, text="no date yet"))["price"] is None
            assert (await confirmed(phone, to=own, text="free"))["price"] == 0
            lab.network.desks[0].set("2003-02-01 00:00")
            await confirmed(phone, to=own, text="the date comes with the answer")
            assert (await confirmed(phone, to=own, text="not free"))["price"] == 40
            await confirmed(phone, to=[NOBODY], text="hello?")
            refund = await phone.seen("refunded", SECONDS)
            assert (refund["minor"], refund["currency"]) == (40, "GBP")
            agreed(lab, tmp_path, "alice")
            assert lab.network.billings["23410"].bill(lab.world.subscriber("alice"))[-1] == "credit left: 19.20"

    asyncio.run(story())


def test_a_german_abroad_pays_by_the_kilobyte_both_ways_and_the_plan_of_the_settings_counts(tmp_path):
    async def story():
        async with Laboratory(tmp_path, date="2003-01-30 12:00", names=("greta", "heidi")) as lab:
            for name in ("greta", "heidi"):
                phone = await lab.ready(name, retrieve={"roaming": "now"})
                own = [lab.number(name)]
                await confirmed(phone, to=own, text="at home")
                await acknowledged(phone, 1)
                if name == "greta":
                    lab.network.places.change(name, {"country": "uk"})
                    while (await phone.ask("status", SECONDS))["network"]["status"] != "roaming":
                        await asyncio.sleep(0.1)
                reply = await confirmed(phone, to=own, text="there")
                assert reply["price"] == {"greta": 42, "heidi": 59}[name]
                await acknowledged(phone, 2)
            assert agreed(lab, tmp_path, "greta") == [
                "the handset in 2003-01: 2 messages 0.81, fees 0.00, received 0.03, refunded 0.00"
            ]
            agreed(lab, tmp_path, "heidi")

    asyncio.run(story())
