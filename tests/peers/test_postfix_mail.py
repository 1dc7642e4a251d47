"""Postfix is the other side of MM3: pictures out, mail in, delivery reports of its own both ways."""

import asyncio
import email
import email.policy

from tests.kit.mm3.messages import ALICE, BOB, DOMAIN, PICTURE, YOU, mail
from tests.kit.mm3.relay import Office
from tests.kit.peers.postfix import Postfix
from tests.kit.programs import until
from tools.lab.network import smtp
from tools.lab.network.mm3 import reports
from tools.lab.network.mmsc.contents import unpack

BOX = "%s@%s" % (BOB, DOMAIN)


def parse(octets):
    return email.message_from_bytes(octets, policy=email.policy.default)


def run(story):
    async def whole():
        async with asyncio.timeout(60), Office() as office:
            async with Postfix("mail.example", ["you"], {DOMAIN: office.mail.address}) as postfix:
                office.place = postfix.address
                await story(office, postfix)

    asyncio.run(whole())


def test_postfix_delivers_a_message_and_reports_it():
    async def story(office, postfix):
        office.forward(delivery_report=True, subject="Höhe")
        await office.said(("handed", "k-0"), ("Retrieved", "k-0"))
        (octets,) = postfix.mails("you")
        got = parse(octets)
        assert got["Return-Path"] == "<%s@%s>" % (ALICE, DOMAIN) and got["Subject"] == "Höhe"
        assert [part.get_content() for part in got.iter_attachments()] == [PICTURE]

    run(story)


def test_postfix_tells_that_there_is_no_such_mailbox():
    async def story(office, postfix):
        office.forward(to="nobody@mail.example", delivery_report=True)
        await office.said(("Rejected", "k-0"))
        assert "User unknown" in office.relay.journal[-1]["what"]

    run(story)


def test_a_bounce_of_postfix_ends_a_message_that_it_had_taken():
    async def story():
        async with asyncio.timeout(60), Office() as office:
            office.box.refused.add(YOU)
            routes = {DOMAIN: office.mail.address, "mail.example": office.box.address}
            async with Postfix("hub.example", [], routes) as postfix:
                office.place = postfix.address
                office.forward(delivery_report=True)
                await office.said(("handed", "k-0"), ("Rejected", "k-0"))

    asyncio.run(story())


def test_postfix_shows_no_octet_of_a_hidden_sender():
    async def story(office, postfix):
        office.forward(hidden=True, delivery_report=True, read_report=True)
        await office.said(("handed", "k-0"), ("Retrieved", "k-0"))
        (octets,) = postfix.mails("you")
        assert b"7700900001" not in octets and b"anonymous@mms.o2.example" in octets

    run(story)


def test_postfix_brings_a_mail_and_the_reports_about_it():
    async def story(office, postfix):
        octets = mail(("image/jpeg", PICTURE, "hill.jpg"))
        await smtp.deliver(postfix.address, "mail.example", YOU, BOX, octets, "SUCCESS,FAILURE", "e1", BOX)
        await until(lambda: office.relay.accepted, 20)
        ((message, recipients, _, reply),) = office.relay.accepted
        assert (message.sender, recipients) == (YOU, [BOB]) and unpack(message.content).parts[1].octets == PICTURE
        assert (reply["envid"], reply["recipients"][BOB][1]) == ("e1", ["SUCCESS", "FAILURE"])
        office.mail.machine.report(reply, BOB, "Retrieved", 0)
        await until(lambda: postfix.mails("you"), 20)
        (report,) = reports.read(parse(postfix.mails("you")[0]))
        assert (report.status, report.envid) == ("Retrieved", "e1") and BOX in report.recipients

    run(story)


def test_postfix_bounces_a_mail_to_an_unknown_number():
    async def story(office, postfix):
        await smtp.deliver(postfix.address, "mail.example", YOU, "+447700900099@" + DOMAIN, mail(), "FAILURE")
        await until(lambda: postfix.mails("you"), 20)
        bounce = parse(postfix.mails("you")[0])
        assert "550 5.1.1 No such number here" in bounce.as_string() and reports.read(bounce)[0].status == "Rejected"

    run(story)
