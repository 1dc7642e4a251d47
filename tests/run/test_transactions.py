"""What two handsets and the MMSC say to each other, beside sending and receiving: read from the MMSC's journal."""

import asyncio
import json

import pytest

from mms.codec import mm1, provisioning, push, segments
from mms.events import Events, masked
from mms.handset.receiving import intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store.store import Store
from tests.kit.laboratory import SECONDS, Laboratory
from tools.journey.phone import Failed
from tools.programs import interpreter

HEAP = "224k"  # 64-bit objects: a board of half as much; a report may come while the next message is built
MANUAL = {"home": "manual", "roaming": "manual"}
SETTINGS = bytes.fromhex(  # made with xml2wbxml: NAPDEF MMSNAP (wap.o2.co.uk), APPLICATION w4
    "030b6a00c54503312e310001c65501871106034d4d534e41500001871006ab01870706034f32204d4d530001870806"
    "037761702e6f322e636f2e756b0001870906890101c600015501873600000603773400018700013400000603687474"
    "703a2f2f6d6d73632e6d6d732e6f322e636f2e756b3a3830303200018700013900000603503100010101"
)


def told(folder, story, alice=None, bob=None):
    """Run a story with both handsets ready: `await story(lab, alice, bob)`."""

    async def whole():
        async with Laboratory(folder) as lab:
            command = interpreter(HEAP)
            settings = {"alice": alice or {}, "bob": bob or {}}
            return await story(lab, *[await lab.ready(name, command, **settings[name]) for name in settings])

    return asyncio.run(whole())


async def _send(lab, alice, **more):
    message = dict({"to": [lab.number("bob")], "subject": "News", "text": "hello"}, **more)
    return (await alice.ask("send", SECONDS, **message))["id"]


async def _journal(lab, event, count=1):
    """The MMSC's entries of that event, when there are so many."""
    for _ in range(SECONDS * 20):
        if len(lab.journal(event)) >= count:
            break
        await asyncio.sleep(0.05)
    return lab.journal(event)


def _answers(lab):
    """(event, status) of all that retrievals were answered with."""
    entries = [entry for event in ("notifyresp", "acknowledged", "stray") for entry in lab.journal(event)]
    return [(entry["event"], entry.get("status")) for entry in sorted(entries, key=lambda entry: entry["ms"])]


def test_what_is_fetched_at_once_is_answered_once_with_retrieved(tmp_path):
    async def story(lab, alice, bob):
        id = await _send(lab, alice)
        await bob.seen("acknowledged", SECONDS)
        delivered = await alice.seen("delivered", SECONDS, id=id)
        assert delivered["status"] == "retrieved" and delivered["recipient"] == masked(lab.number("bob"))
        assert _answers(lab) == [("notifyresp", mm1.RETRIEVED)]

    told(tmp_path, story)


def test_what_waits_is_deferred_once_and_acknowledged_once(tmp_path):
    async def story(lab, alice, bob):
        id = await _send(lab, alice)
        waits = await bob.seen("deferred", SECONDS)
        await _journal(lab, "notifyresp")
        assert lab.journal("retrieved") == []
        await bob.ask("fetch", SECONDS, id=waits["id"])
        await bob.seen("acknowledged", SECONDS)
        await alice.seen("delivered", SECONDS, id=id)
        assert _answers(lab) == [("notifyresp", mm1.DEFERRED), ("acknowledged", None)]

    told(tmp_path, story, bob={"retrieve": MANUAL})


def test_a_read_report_comes_where_it_is_wanted_and_allowed(tmp_path):
    async def story(lab, alice, bob):
        for wanted in (False, True):
            bob.events.clear()
            id = await _send(lab, alice, read_report=wanted)
            here = (await bob.seen("acknowledged", SECONDS))["id"]
            shown = await bob.ask("read", SECONDS, id=here)
            assert (shown["text"], shown["subject"], shown["sender"]) == ("hello", "News", lab.number("alice"))
            await bob.ask("read", SECONDS, id=here)
        heard = await alice.seen("read", SECONDS, id=id)
        assert (heard["recipient"], heard["status"]) == (masked(lab.number("bob")), "read")
        assert len(lab.journal("read")) == 1 and lab.journal("stray") == []
        (sent,) = [m for m in (await alice.ask("outbox", SECONDS))["messages"] if m["id"] == id]
        assert sent["readings"] == {lab.number("bob"): "read"} and sent["reports"] == {lab.number("bob"): "retrieved"}

    told(tmp_path, story, bob={"read_report_allowed": True})


def test_a_message_that_waits_is_forwarded_without_being_fetched(tmp_path):
    async def story(lab, alice, bob):
        id = await _send(lab, alice)
        waits = (await bob.seen("deferred", SECONDS))["id"]
        forwarded = await bob.ask("forward", SECONDS, id=waits, to=[lab.number("alice")])
        await bob.seen("confirmed", SECONDS, id=forwarded["id"])
        await alice.seen("acknowledged", SECONDS)
        assert (await alice.seen("delivered", SECONDS, id=id))["status"] == "forwarded"
        assert (await bob.seen("delivered", SECONDS, id=forwarded["id"]))["status"] == "retrieved"
        assert {entry["recipient"] for entry in lab.journal("retrieved")} == {lab.number("alice")}
        (message,) = (await bob.ask("inbox", SECONDS))["messages"]
        assert message["state"] == "forwarded"

    told(tmp_path, story, bob={"retrieve": MANUAL})


def test_what_is_cancelled_unread_is_gone_and_the_mmsc_is_told(tmp_path):
    async def story(lab, alice, bob):
        await _send(lab, alice)
        await bob.seen("acknowledged", SECONDS)
        lab.network.mmsc.machine.cancel(lab.journal("submitted")[0]["message_id"], 0)
        await bob.seen("cancelled", SECONDS)
        (answer,) = await _journal(lab, "cancelled")
        assert answer["status"] == 0x80 and answer["sender"] == lab.number("bob")
        assert (await bob.ask("inbox", SECONDS))["messages"] == []

    told(tmp_path, story)


def test_a_reply_goes_to_the_sender_and_a_reply_to_all_not_to_oneself(tmp_path):
    async def story(lab, alice, bob):
        await _send(lab, alice, cc=["carol@mail.example", "07700900002"])
        here = (await bob.seen("acknowledged", SECONDS))["id"]
        first = (await bob.ask("reply", SECONDS, id=here, text="thanks"))["id"]
        second = (await bob.ask("replyall", SECONDS, id=here, text="thanks, all"))["id"]
        sent = {m["id"]: m for m in (await bob.ask("outbox", SECONDS))["messages"]}
        assert sent[first]["to"] == [lab.number("alice")] and sent[first]["subject"] == "Re: News"
        assert sent[second]["to"] == [lab.number("alice"), "carol@mail.example"]
        await alice.seen("acknowledged", SECONDS)

    told(tmp_path, story)


def test_what_the_sender_wishes_stands_in_the_submission(tmp_path):
    async def story(lab, alice, bob):
        wishes = {"priority": "high", "class": "informational", "hide": True, "validity": 3600, "delay": 60}
        await _send(lab, alice, **wishes)
        notified = await bob.seen("notified", SECONDS)
        assert notified["sender"] == ""
        here = (await bob.seen("acknowledged", SECONDS))["id"]
        octets = (tmp_path / "bob" / "store" / (here + ".m")).read_bytes()
        pdu = mm1.parse(octets)
        assert (pdu.get(mm1.PRIORITY), pdu.get(mm1.MESSAGE_CLASS), pdu.has(mm1.FROM)) == (0x82, 0x82, False)
        (submitted,), (announced,) = lab.journal("submitted"), lab.journal("notified")
        assert announced["ms"] - submitted["ms"] >= 60000
        for wrong in ({"priority": "urgent"}, {"validity": -1}, {"hide": 1}, {"cc": "x"}):
            message = dict({"to": [lab.number("bob")], "text": "x"}, **wrong)
            with pytest.raises(Failed):
                await alice.ask("send", SECONDS, **message)

    told(tmp_path, story)


def test_a_plain_text_crosses_in_parts_and_its_arrival_is_told(tmp_path):
    text = "\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439, Bob! " * 8

    async def story(lab, alice, bob):
        for words in (text, "see you at 8 {or 9}"):
            id = (await alice.ask("sms", SECONDS, to=lab.number("bob"), text=words))["id"]
            came = await bob.seen("text", SECONDS, text=words)
            shown = await bob.ask("read", SECONDS, id=came["id"])
            assert (shown["sender"], shown["text"]) == (lab.number("alice"), words)
            arrived = await alice.seen("delivered", SECONDS, id=id)
            assert arrived["status"] == "delivered"
        answer = (await bob.ask("reply", SECONDS, id=came["id"], text="yes"))["id"]
        await alice.seen("text", SECONDS, text="yes")
        await bob.seen("delivered", SECONDS, id=answer)

    told(tmp_path, story)


def test_settings_from_the_air_wait_for_the_user_and_want_the_right_pin(tmp_path):
    async def story(lab, alice, bob):
        for pin in ("1234", None):
            params = provisioning.mac("USERPIN", SETTINGS, pin=pin) if pin else ()
            octets = push.build(1, provisioning.BINARY, SETTINGS, None, params)
            bob.events.clear()
            await lab.push("bob", octets)
            id = (await bob.seen("proposed", SECONDS))["id"]
            for wrong in ({}, {"pin": "4321"}):
                with pytest.raises(Failed):
                    await bob.ask("apply", SECONDS, id=id, **wrong)
            before = (tmp_path / "bob.json").read_text()
            if pin:
                assert "wap.o2.co.uk" not in before
                await bob.ask("apply", SECONDS, id=id, pin=pin)
                operator = json.loads((tmp_path / "bob.json").read_text())["operators"][lab.world.home]
                assert operator["apn"] == "wap.o2.co.uk"
                assert operator["mmsc"] == "http://mmsc.mms.o2.co.uk:8002"
            else:
                assert (tmp_path / "bob.json").read_text() == before

    told(tmp_path, story)


def test_an_inbox_of_a_hundred_messages_does_not_fill_a_boards_heap(tmp_path):
    store, events = Store(str(tmp_path / "bob" / "store")), Events()
    box = Inbox(store, events, Outbox(store, events))
    for number in range(100):
        for part in segments.deliver("+4477009%05d" % number, "Text number %d " % number * 9, reference=number):
            intake.handle(box, box.keep(part))

    async def story(lab, alice, bob):
        id = await _send(lab, alice)
        await bob.seen("acknowledged", SECONDS)
        await alice.seen("delivered", SECONDS, id=id)
        messages = (await bob.ask("inbox", SECONDS))["messages"]
        assert len(messages) == 101

    told(tmp_path, story)
