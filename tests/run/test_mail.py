"""Real handsets and mail: a picture from a handset to a mailbox, and one from there, with delivery and read reports."""

import asyncio

from tests.kit.laboratory import SECONDS, SPEED, Laboratory
from tests.kit.mm3.messages import PICTURE, YOU, mail
from tests.kit.programs import until
from tools.lab.network.mm3 import reports
from tools.lab.network.mm3.mailbox import Mailbox
from tools.lab.network.mm3.shell import MailService

DOMAIN = "mms.o2.example"


class Office:
    """The mail of the home operator of a running Laboratory, and a mailbox server."""

    def __init__(self, lab):
        mmsc = lab.network.mmsc
        numbers = [row.number for row in lab.world.subscribers]
        mmsc.machine.route = lambda sender, to, now, octets=0: "mm3" if "@" in to else None if to in numbers else ""
        self.box = Mailbox("mail.example", speed=SPEED)
        self.mail = MailService(
            mmsc.machine, mmsc.wall, DOMAIN, numbers.__contains__, lambda: self.box.address, speed=SPEED
        )
        self.box.routes[DOMAIN] = lambda: self.mail.address

    async def __aenter__(self):
        await self.box.start()
        await self.mail.start()
        return self

    async def __aexit__(self, *error):
        await self.mail.stop()
        await self.box.stop()


def test_a_picture_goes_into_a_mailbox_and_one_comes_from_there(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab, Office(lab) as office:
            alice = await lab.ready("alice", read_report_allowed=True)
            await sends(alice, lab, office)
            await gets(alice, lab, office)

    asyncio.run(story())


async def sends(alice, lab, office):
    reply = await alice.ask(
        "photo", SECONDS, to=[YOU], text="from the hill", subject="A hill", delivery_report=True, read_report=True
    )
    await until(lambda: office.box.mails[YOU], SECONDS)
    (got,) = office.box.mails[YOU]
    (picture,) = got.iter_attachments()
    assert got["From"] == "%s@%s" % (lab.number("alice"), DOMAIN) and got["Subject"] == "A hill"
    assert got.get_body(("plain",)).get_content().strip() == "from the hill"
    (submitted,) = lab.journal("submitted")
    assert len(picture.get_content()) in [part["octets"] for part in submitted["parts"]]
    assert picture.get_content_type() == "image/jpeg" and picture.get_content()[:2] == b"\xff\xd8"
    delivered = await alice.seen("delivered", SECONDS, id=reply["id"])
    assert (delivered["recipient"], delivered["status"]) == (YOU, "retrieved")
    await office.box.read(YOU, got)
    read = await alice.seen("read", SECONDS, id=reply["id"])
    assert (read["recipient"], read["status"]) == (YOU, "read")


async def gets(alice, lab, office):
    address = "%s@%s" % (lab.number("alice"), DOMAIN)
    octets = mail(("image/jpeg", PICTURE, "sea.jpg"), Subject="The sea", Disposition_Notification_To=YOU)
    await office.box.send(YOU, address, octets, "SUCCESS,FAILURE", "e1")
    known = await alice.seen("acknowledged", SECONDS)
    shown = await alice.ask("read", SECONDS, id=known["id"])
    assert (shown["sender"], shown["subject"], shown["text"]) == (YOU, "The sea", "Hello from the sea")
    assert ("image/jpeg", len(PICTURE)) in [(part["type"], part["octets"]) for part in shown["parts"]]
    await until(lambda: len(office.box.mails[YOU]) == 2, SECONDS)
    told = [reports.read(row)[0] for row in office.box.mails[YOU]]
    assert [(row.status, row.read, row.envid) for row in told] == [("Retrieved", False, "e1"), ("Read", True, "")]
    assert told[1].message_id == "<1@mail.example>"
