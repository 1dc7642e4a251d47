"""Real handsets and mail: a picture from a handset to a mailbox, and one from there, with delivery and read reports."""

import asyncio

from tests.kit.laboratory import SECONDS, Laboratory
from tests.kit.mm3.messages import PICTURE, YOU, mail
from tests.kit.peers.postfix import Postfix
from tests.kit.programs import until
from tools.lab.network import smtp
from tools.lab.network.mm3 import reports

DOMAIN = "mms.o2.example"


def test_a_picture_goes_into_a_mailbox_and_one_comes_from_there(tmp_path):
    async def story():
        async with Laboratory(tmp_path, names=["alice"], wide=True) as lab:
            alice = await lab.ready("alice", read_report_allowed=True)
            await sends(alice, lab, lab.network.ways.mailbox)
            await gets(alice, lab, lab.network.ways.mailbox)
            await hides(alice, lab, lab.network.ways.mailbox)

    asyncio.run(story())


async def sends(alice, lab, box):
    reply = await alice.ask(
        "photo", SECONDS, to=[YOU], text="from the hill", subject="A hill", delivery_report=True, read_report=True
    )
    await until(lambda: box.mails[YOU], SECONDS)
    (got,) = box.mails[YOU]
    (picture,) = got.iter_attachments()
    assert got["From"] == "%s@%s" % (lab.number("alice"), DOMAIN) and got["Subject"] == "A hill"
    assert got.get_body(("plain",)).get_content().strip() == "from the hill"
    (submitted,) = lab.journal("submitted")
    assert len(picture.get_content()) in [part["octets"] for part in submitted["parts"]]
    assert picture.get_content_type() == "image/jpeg" and picture.get_content()[:2] == b"\xff\xd8"
    delivered = await alice.seen("delivered", SECONDS, id=reply["id"])
    assert (delivered["recipient"], delivered["status"]) == (YOU, "retrieved")
    box.read(YOU, got)
    read = await alice.seen("read", SECONDS, id=reply["id"])
    assert (read["recipient"], read["status"]) == (YOU, "read")


async def gets(alice, lab, box):
    address = "%s@%s" % (lab.number("alice"), DOMAIN)
    octets = mail(("image/jpeg", PICTURE, "sea.jpg"), Subject="The sea", Disposition_Notification_To=YOU)
    await box.send(YOU, address, octets, "SUCCESS,FAILURE", "e1")
    known = await alice.seen("acknowledged", SECONDS)
    shown = await alice.ask("read", SECONDS, id=known["id"])
    assert (shown["sender"], shown["subject"], shown["text"]) == (YOU, "The sea", "Hello from the sea")
    assert ("image/jpeg", len(PICTURE)) in [(part["type"], part["octets"]) for part in shown["parts"]]
    await until(lambda: len(box.mails[YOU]) == 2, SECONDS)
    told = [reports.read(row)[0] for row in box.mails[YOU]]
    assert [(row.status, row.read, row.envid) for row in told] == [("Retrieved", False, "e1"), ("Read", True, "")]
    assert told[1].message_id == "<1@mail.example>"


async def hides(alice, lab, box):
    box.mails.clear()
    await alice.ask("send", SECONDS, to=[YOU], text="guess my name", hide=True)
    await until(lambda: box.mails[YOU], SECONDS)
    octets = box.mails[YOU][0].as_bytes()
    assert b"guess my name" in octets and lab.number("alice")[1:].encode() not in octets


def test_any_mail_server_can_be_the_other_side_of_a_handset(tmp_path):
    async def story():
        lab = Laboratory(tmp_path, names=["alice"], wide=True)
        async with lab:
            place = lab.network.ways.mail["23410"].address
            async with Postfix("mail.example", ["you"], {DOMAIN: place}) as postfix:
                lab.network.world.operator("23410").smarthost = postfix.address
                alice = await lab.ready("alice")
                id = (await alice.ask("send", SECONDS, to=[YOU], text="by Postfix", delivery_report=True))["id"]
                delivered = await alice.seen("delivered", SECONDS, id=id)
                assert (delivered["status"], b"by Postfix" in postfix.mails("you")[0]) == ("retrieved", True)
                to = "%s@%s" % (lab.number("alice"), DOMAIN)
                await smtp.deliver(postfix.address, "mail.example", YOU, to, mail(), "SUCCESS")
                await alice.seen("acknowledged", SECONDS)
                await until(lambda: len(postfix.mails("you")) == 2, SECONDS)
                assert b"Action: delivered" in postfix.mails("you")[1]

    asyncio.run(story())


def test_mail_reaches_a_subscriber_of_another_operator_and_a_phone_without_mms(tmp_path):
    async def story():
        async with Laboratory(tmp_path, names=["alice", "carol", "frank"], wide=True) as lab:
            alice, carol, frank = [await lab.ready(name) for name in ("alice", "carol", "frank")]
            await alice.ask("send", SECONDS, to=[lab.number("carol") + "@mms.orange.example"], text="by mail")
            here = (await carol.seen("acknowledged", SECONDS))["id"]
            shown = await carol.ask("read", SECONDS, id=here)
            assert (shown["sender"], shown["text"]) == ("%s@%s" % (lab.number("alice"), DOMAIN), "by mail")
            await lab.network.ways.mailbox.send(YOU, "%s@%s" % (lab.number("frank"), DOMAIN), mail())
            text = await frank.seen("text", SECONDS)
            assert "Media message from " + YOU in text["text"] and "sea" not in text["text"]

    asyncio.run(story())
