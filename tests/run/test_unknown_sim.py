"""Whole handsets in the lab without settings for their operator: the file, the SIM, and an operator nobody knows."""

import asyncio

from mms.handset import states
from tests.kit.laboratory import SECONDS, Laboratory


def tlv(tag, value):
    """A TLV object of TS 31.102, of less than 128 octets."""
    return bytes((tag, len(value))) + value


def mmsicp(operator):
    """EF_MMSICP with the settings of an operator of the lab's world (TS 31.102, annex J.2)."""
    host, _, port = operator.gateway.partition(":")
    login = b"\x0c\x9a\x0d%s\0\x0e%s\0" % (operator.user.encode(), operator.password.encode())
    bearer = b"\x10\xab\x08%s\0\x09\x89" % operator.apn.encode() + login
    gateway = b"\x20%s\0\x21\x85\x23%s\0" % (host.encode(), port.encode())
    server = tlv(0x81, operator.mmsc.encode())
    value = tlv(0x80, b"\1") + server + tlv(0x82, bearer) + tlv(0x83, gateway)
    return b"\xab\x81" + bytes((len(value),)) + value + b"\xff" * 40


def test_a_message_goes_and_comes_by_the_file_and_by_the_sim(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            operator = lab.world.operator(lab.world.home)
            lab.network.modems["bob"].machine.sim.card.files[28624] = mmsicp(operator)
            alice = await lab.ready("alice", operators={})
            bob = await lab.ready("bob", operators={})
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="no settings"))["id"]
            await alice.seen("confirmed", SECONDS, id=id)
            await bob.seen("retrieved", SECONDS)
            told = [await phone.ask("operators", SECONDS) for phone in (alice, bob)]
            used = [[one for one in answer["candidates"] if one["used"]] for answer in told]
            assert [one["apn"] for (one,) in used] == [operator.apn] * 2
            assert used[0][0]["source"] in ("file", "kept") and used[1][0]["source"] in ("sim", "kept")

    asyncio.run(story())


def test_a_sim_of_an_unknown_operator_receives_texts(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            card = lab.network.modems["alice"].machine.sim.card
            card.imsi = "999990000000001"
            alice = await lab.ready("alice", operators={})
            bob = await lab.ready("bob")
            await bob.ask("sms", SECONDS, to=lab.number("alice"), text="hello")
            assert (await alice.seen("text", SECONDS))["text"] == "hello"
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="waits"))["id"]
            failed = await alice.seen("failed", SECONDS, step="operators")
            assert "99999" in failed["text"] and not failed["final"]
            (item,) = (await alice.ask("outbox", SECONDS))["messages"]
            assert item["id"] == id and item["state"] == states.QUEUED

    asyncio.run(story())
