"""Whole handsets in the lab without settings for their operator: the file, the SIM, and an operator nobody knows."""

import asyncio
import json

import pytest

from mms.codec import provisioning, push
from mms.handset import states
from tests.kit.laboratory import SECONDS, Laboratory


def tlv(tag, value):
    """A TLV object of TS 31.102, of less than 128 octets."""
    return bytes((tag, len(value))) + value


def mmsicp(operator, port, service):
    """EF_MMSICP with the settings of an operator of the lab's world (TS 31.102, annex J.2)."""
    host = operator.gateway.partition(":")[0]
    login = b"\x0c\x9a\x0d%s\0\x0e%s\0" % (operator.user.encode(), operator.password.encode())
    bearer = b"\x10\xab\x08%s\0\x09\x89" % operator.apn.encode() + login
    gateway = b"\x20%s\0\x21\x85\x23%s\0" % (host.encode(), port) + service
    server = tlv(0x81, operator.mmsc.encode())
    value = tlv(0x80, b"\1") + server + tlv(0x82, bearer) + tlv(0x83, gateway)
    return b"\xab\x81" + bytes((len(value),)) + value + b"\xff" * 40


@pytest.mark.parametrize(
    "port, service, proxy", [(b"8080", b"", "10.1.1.1:8080"), (b"9201", b"\x24\xcb", "wsp://10.1.1.1:9201")]
)
def test_a_message_goes_and_comes_by_the_file_and_by_the_sim(tmp_path, port, service, proxy):
    async def story():
        async with Laboratory(tmp_path) as lab:
            operator = lab.world.operator(lab.world.home)
            lab.network.modems["bob"].machine.sim.card.files[28624] = mmsicp(operator, port, service)
            alice = await lab.ready("alice", operators={})
            bob = await lab.ready("bob", operators={})
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="no settings"))["id"]
            await alice.seen("confirmed", SECONDS, id=id)
            await bob.seen("retrieved", SECONDS)
            told = [await phone.ask("operators", SECONDS) for phone in (alice, bob)]
            used = [[one for one in answer["candidates"] if one["used"]] for answer in told]
            assert [one["apn"] for (one,) in used] == [operator.apn] * 2
            assert used[0][0]["source"] in ("file", "kept") and used[1][0]["source"] in ("sim", "kept")
            assert used[1][0]["proxy"] == proxy

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


NOBODYS = "999990000000001"


def document(operator, port):
    """A provisioning document in XML with the settings of an operator of the lab, its proxy at that port."""

    def characteristic(kind, inner="", **values):
        values = "".join('<parm name="%s" value="%s"/>' % (name.replace("_", "-"), values[name]) for name in values)
        return '<characteristic type="%s">%s%s</characteristic>' % (kind, values, inner)

    login = characteristic(
        "NAPAUTHINFO", AUTHTYPE=operator.auth.upper(), AUTHNAME=operator.user, AUTHSECRET=operator.password
    )
    physical = characteristic(
        "PXPHYSICAL", characteristic("PORT", PORTNBR=port), PXADDR=operator.gateway.partition(":")[0], TO_NAPID="N"
    )
    inner = characteristic("NAPDEF", login, NAPID="N", NAP_ADDRESS=operator.apn, NAME="Example")
    inner += characteristic("PXLOGICAL", physical, PROXY_ID="P")
    inner += characteristic("APPLICATION", APPID="w4", TO_PROXY="P", ADDR=operator.mmsc)
    return ("<wap-provisioningdoc>%s</wap-provisioningdoc>" % inner).encode()


@pytest.mark.parametrize("port, proxy", [("8080", "10.1.1.1:8080"), ("9201", "wsp://10.1.1.1:9201")])
def test_the_settings_that_an_unknown_operator_sends_are_applied_and_what_waits_goes_out(tmp_path, port, proxy):
    async def story():
        async with Laboratory(tmp_path) as lab:
            lab.network.modems["alice"].machine.sim.card.imsi = NOBODYS
            alice = await lab.ready("alice", operators={})
            bob = await lab.ready("bob")
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="waits"))["id"]
            await alice.seen("failed", SECONDS, step="operators")
            body = document(lab.world.operator(lab.world.home), port)
            mac = provisioning.mac("NETWPIN", body, imsi=NOBODYS)
            await lab.push("alice", push.build(1, provisioning.TEXTUAL, body, None, mac))
            proposed = await alice.seen("proposed", SECONDS)
            assert proposed["settings"]["proxy"] == proxy
            await alice.ask("apply", SECONDS, id=proposed["id"])
            await alice.seen("confirmed", SECONDS, id=id)
            await bob.seen("retrieved", SECONDS)
            told = await alice.ask("operators", SECONDS)
            assert [(one["source"], one["proxy"], one["used"]) for one in told["candidates"]] == [
                ("settings", proxy, True)
            ]
            written = json.loads((tmp_path / "alice.json").read_text())["operators"]["99999"]
            assert written["proxy"] == proxy and len(lab.journal("submitted")) == 1

    asyncio.run(story())
