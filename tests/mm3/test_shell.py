"""E-mail over real sockets: an operator's mail, a mailbox server, and clients that mean no good."""

import asyncio

import pytest

from tests.kit.mm3.messages import ALICE, BOB, DOMAIN, PICTURE, YOU, mail
from tests.kit.mm3.relay import SPEED, Office
from tests.kit.programs import until
from tools.lab.network import smtp
from tools.lab.network.mm3 import reports
from tools.lab.network.mm3.mailbox import Mailbox
from tools.lab.network.mmsc.contents import unpack
from tools.lab.network.mmsc.submissions import Refused

BOX = "%s@%s" % (BOB, DOMAIN)


def run(story):
    async def whole():
        async with asyncio.timeout(30), Office() as office:
            await story(office)

    asyncio.run(whole())


async def talk(office, *lines):
    """The last answer of the server to each of these lines."""
    host, port = office.mail.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answers = [await reader.readline()]
    for line in lines:
        writer.write(line + b"\r\n")
        answer = await reader.readline()
        while answer[3:4] == b"-":
            answer = await reader.readline()
        answers.append(answer.decode().strip())
    writer.close()
    return answers[1:]


def test_a_message_arrives_in_a_mailbox_and_both_reports_come_back():
    async def story(office):
        office.forward(delivery_report=True, read_report=True, subject="A hill")
        await office.said(("handed", "k-0"), ("Retrieved", "k-0"))
        (got,) = office.box.mails[YOU]
        assert (got["From"], got["Subject"]) == ("%s@%s" % (ALICE, DOMAIN), "A hill")
        assert [part.get_content() for part in got.iter_attachments()] == [PICTURE]
        office.box.read(YOU, got)
        await until(lambda: len(office.relay.said) == 3, 5)
        assert office.relay.said[2] == (reports.READ, "k-0", YOU)

    run(story)


def test_a_mailbox_that_does_not_exist_is_a_rejected_message():
    async def story(office):
        office.box.refused.add(YOU)
        office.forward()
        await office.said(("Rejected", "k-0"))

    run(story)


def test_a_server_that_is_away_gets_the_mail_when_it_is_back():
    async def story(office):
        await office.box.stop()
        port = int(office.box.address.rpartition(":")[2])
        office.forward()
        await until(lambda: "mail-failed" in office.relay.events(), 5)
        office.box = Mailbox("mail.example", port=port, speed=SPEED)
        await office.box.start()
        await until(lambda: office.box.mails[YOU], 10)

    run(story)


def test_a_mail_becomes_a_message_and_its_report_a_mail():
    async def story(office):
        await office.box.send(YOU, BOX, mail(("image/jpeg", PICTURE, "hill.jpg")), "SUCCESS,FAILURE", "e1")
        ((message, recipients, _, reply),) = office.relay.accepted
        assert recipients == [BOB] and unpack(message.content).parts[1].octets == PICTURE
        office.mail.machine.report(reply, BOB, "Retrieved", 0)
        await until(lambda: office.box.mails[YOU], 5)
        (report,) = reports.read(office.box.mails[YOU][0])
        assert (report.status, report.envid) == ("Retrieved", "e1")

    run(story)


def test_the_server_refuses_at_once_what_it_never_takes():
    async def story(office):
        start = (b"EHLO mail.example", b"MAIL FROM:<you@mail.example>")
        many = [b"RCPT TO:<%s>" % BOX.encode()] * 101
        answers = await talk(
            office, *start, b"RCPT TO:<+447700900099@mms.o2.example>", b"RCPT TO:<you@mail.example>",
            b"RCPT TO:<%s> NOTIFY=SOMETIMES" % BOX.encode(), b"RCPT TO:<", b"DATA",
            b"RCPT TO:<%s> NOTIFY=NEVER ORCPT=rfc822;x+3Dy" % BOX.encode(), b"BDAT 5", b"\xff\x00\xfe", *many,
        )  # fmt: skip
        codes = [answer[:3] for answer in answers]
        assert codes[2:10] == ["550", "550", "555", "553", "503", "250", "500", "500"] and codes[-1] == "452"
        assert office.relay.accepted == []
        told = [entry["what"][:3] for entry in office.relay.journal if entry["event"] == "smtp"]
        assert told == [code for code in codes if code[0] in "45"]

    run(story)


def test_a_mail_that_is_too_large_is_refused_before_and_after_its_octets():
    async def story(office):
        answers = await talk(office, b"EHLO x", b"MAIL FROM:<you@mail.example> SIZE=500000")
        assert answers[1].startswith("552")
        with pytest.raises(smtp.Refused, match="552"):
            await office.box.send(YOU, BOX, mail(("image/jpeg", b"\xff\xd8\xff" + bytes(400000), "x.jpg")))
        office.relay.refusal = Refused(0xE5, "Message of over 100 octets")
        with pytest.raises(smtp.Refused, match="552 5.3.4"):
            await office.box.send(YOU, BOX, mail())

    run(story)


def test_a_connection_that_breaks_in_the_middle_of_a_mail_leaves_nothing():
    async def story(office):
        host, port = office.mail.address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"EHLO x\r\nMAIL FROM:<you@mail.example>\r\nRCPT TO:<%s>\r\nDATA\r\n" % BOX.encode() + mail())
        await reader.readuntil(b"354 ")
        writer.transport.abort()
        await until(lambda: "smtp" in office.relay.events(), 5)
        assert office.relay.accepted == [] and "within DATA" in office.relay.journal[-1]["what"]
        await office.box.send(YOU, BOX, mail())
        assert len(office.relay.accepted) == 1

    run(story)


def test_a_server_that_dies_in_the_middle_of_a_mail_gets_it_again():
    async def story(office):
        met = []

        async def die(server, session, envelope):
            met.append(envelope.content)
            server.transport.abort()
            return "451 never read"

        office.box._server._handler.handle_DATA, proper = die, office.box.handle_DATA
        office.forward()
        await until(lambda: "mail-failed" in office.relay.events(), 5)
        office.box._server._handler.handle_DATA = proper
        await until(lambda: office.box.mails[YOU], 10)
        assert len(met) == 1 and office.relay.said == [("handed", "k-0")]

    run(story)


def test_the_twenty_first_connection_is_asked_to_come_later():
    async def story(office):
        host, port = office.mail.address.split(":")
        doors = [await asyncio.open_connection(host, int(port)) for _ in range(21)]
        greetings = [(await reader.readline())[:3] for reader, _ in doors]
        assert greetings == [b"220"] * 20 + [b"421"]
        for _, writer in doors:
            writer.close()
        await until(lambda: not office.mail._server._connections, 5)
        await office.box.send(YOU, BOX, mail())

    run(story)
