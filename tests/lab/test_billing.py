"""An operator's billing as a part of the lab: its files, its texts, its bills at the terminal."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web

from mms.codec import mm1, tpdu
from tests.kit.lab.mmsc import Network
from tests.kit.lab.mmsc_machine import submission
from tools.lab.network.billing.shell import Billing, Bills
from tools.lab.places import HELP, Control
from tools.lab.shell import Server
from tools.lab.terminal import Terminal
from tools.lab.world import Table, World, WorldError

FEBRUARY = 1044266400  # 3 February 2003, 10:00
ALICE, BOB = "+447700900001", "+447700900002"


def row(name, number, **more):
    return Table({"name": name, "number": number, "home": "23410", "plan": "", "credit": None, **more})


O2 = Table({"mccmnc": "23410", "domain": "mms.mnc010.mcc234.gprs"})


class Nowhere:
    """A world of two subscribers, and its places, which know no line."""

    subscribers = [row("alice", ALICE), row("bob", BOB, home="23433")]
    subscriber = World.subscriber

    def perform(self, line):
        return HELP


def billing(folder, smsc="http://127.0.0.1:1", **more):
    return Billing(folder, O2, smsc, [row("alice", ALICE, **more)])


def test_every_record_is_one_line_of_the_file_also_after_a_kill(tmp_path):
    async def story():
        first = billing(tmp_path, credit=1000)
        for count in range(3):
            first.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "m%d" % count)
        await first.stop()
        path = tmp_path / "records.jsonl"
        lines = path.read_text().splitlines()
        assert [json.loads(line)["sequence"] for line in lines] == [1, 2, 3]
        path.write_text("\n".join([*lines[:2], lines[2][:20]]))  # it ends within the third one
        again = billing(tmp_path, credit=1000)
        again.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "m3")
        await again.stop()
        assert path.read_text().splitlines()[:3] == lines
        assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["m0", "m1", "m2", "m3"]
        assert [file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077] == []

    asyncio.run(story())


def test_a_text_about_a_refund_is_sent_until_the_sms_centre_takes_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.lab.network.billing.shell._RETRY_S", 0.05)
    taken, statuses = [], [503, 200]

    async def take(request):
        taken.append((dict(request.query), await request.text()))
        return web.Response(status=statuses.pop(0))

    async def story():
        server = Server([web.post("/text", take)])
        await server.start()
        one = billing(tmp_path, server.url, credit=40)
        await one.start()
        one.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "m1")
        one.charging.ended("m1", BOB, "Expired", FEBRUARY)
        while statuses:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        await one.stop()
        await server.stop()

    asyncio.run(asyncio.wait_for(story(), 20))
    sent = {"to": ALICE, "from": "21202", "id": "billing-23410-1"}
    assert taken == [(sent, "Refund GBP 0.40 for message m1. It reached no recipient.")] * 2


def test_a_bill_is_told_at_the_terminal_and_over_http(tmp_path):
    async def story():
        one = billing(tmp_path, plan="bolt10", credit=1000)
        desk = Bills(Nowhere(), {"23410": one}, tmp_path)
        terminal = Terminal(Nowhere(), [desk])
        one.charging.accept(ALICE, [BOB], 2000, FEBRUARY, "m1")
        lines = [
            "alice, +447700900001, pre-paid, plan bolt10",
            "    2003-02-03 10:00  message to +447700900002, 2,000 octets: GBP 0.00",
            "    2003-02-03 10:00  the month's fee: GBP 3.50",
            "sum: GBP 3.50",
            "credit left: 6.50",
            "the handset's own sum is 0.00: the difference is 3.50",
        ]
        assert terminal.perform("bill alice") == lines
        assert terminal.perform("bill carol") == ("no subscriber carol: there are alice, bob",)
        assert terminal.perform("bill bob") == ("no operator 23433 runs, of which bob is a subscriber",)
        assert terminal.perform("bill") == Bills.HELP
        control = Control(Nowhere(), desks=[desk])
        await control.start()
        async with aiohttp.ClientSession() as session:
            async with session.get(control.url + "/bills/alice") as answer:
                assert await answer.json() == {"lines": lines, "sums": {"GBP": 350}}
            async with session.get(control.url + "/bills/mallory") as answer:
                assert (answer.status, await answer.text()) == (404, "no subscriber mallory: there are alice, bob\n")
        await control.stop()
        spent = tmp_path / "alice" / "store" / "spent.r"
        spent.parent.mkdir(parents=True)
        spent.write_bytes(
            b'{"rows": {"23410 2003-02": [1, 0, 350, 0, 0], "26207 2003-02": [1, 9, 9, 9, 9]}}' + bytes(12)
        )
        assert terminal.perform("bill alice")[-2:] == [
            "the handset in 2003-02: 1 messages 0.00, fees 3.50, received 0.00, refunded 0.00",
            "the handset's own sum is the same",
        ]
        for octets in (b"", b"[]" + bytes(12), b'{"rows": {"23410 2003-02": 1}}' + bytes(12)):
            spent.write_bytes(octets)
            assert terminal.perform("bill alice")[-1] == "the handset's own sums in %s cannot be read" % spent.parent
        await one.stop()

    asyncio.run(story())


def test_a_refund_reaches_the_handset_as_a_text_of_the_operators_own_number(tmp_path):
    async def story():
        async with Network(tmp_path / "mmsc") as network:
            one = Billing(tmp_path, O2, network.smsc.url, [row("alice", ALICE, credit=100)])
            await one.start()
            network.mmsc.machine.charging = one.charging
            network.mmsc.machine.calendar.set(FEBRUARY)
            octets = submission(to=("+447700900999",))
            _, answer = await network.alice.http(network.gateway, "POST", network.url, octets)
            async with asyncio.timeout(10):
                while not network.alice.sms:
                    await asyncio.sleep(0.01)
            await one.stop()
            return mm1.parse(answer), tpdu.parse(network.alice.sms[0])

    confirmation, text = asyncio.run(story())
    assert confirmation.get(mm1.RESPONSE_STATUS) == mm1.OK and text.originator == "21202"
    key = confirmation.get(mm1.MESSAGE_ID)
    assert text.text == "Refund GBP 0.40 for message %s. It reached no recipient." % key


def test_a_plan_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    with pytest.raises(WorldError, match="subscriber alice: no plan 'bolt1000': there are bolt10, bolt25"):
        billing(tmp_path, plan="bolt1000")
