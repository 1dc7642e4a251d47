"""MM4 over SMTP on loopback: a message across, peers that are down or die, and mail that is none."""

import asyncio
import contextlib

import pytest

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, BOB, CAROL, O2, ORANGE
from tests.kit.lab.mm4_mail import Centre, Line, two
from tests.kit.programs import until
from tools.lab.network.mm4 import shell
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mmsc.envelope import Envelope

TO_ALICE = "%s/TYPE=PLMN@%s" % (ALICE, O2)
FROM_CAROL = "%s/TYPE=PLMN@%s" % (CAROL, ORANGE)
REPORT = (mm1.DELIVERY_REPORT, True)
HEAD = (
    b"X-Mms-3GPP-MMS-Version: 6.3.0\r\nX-Mms-Message-Type: MM4_forward.REQ\r\nX-Mms-Transaction-ID: t%d\r\n"
    b"X-Mms-Message-ID: m1\r\nFrom: +447700900102/TYPE=PLMN\r\nTo: +447700900001/TYPE=PLMN\r\n"
)
REQUEST = HEAD % 1 + b"Content-Type: text/plain\r\n\r\nhello"

BOBS = REQUEST.replace(CAROL.encode(), BOB.encode())  # not a subscriber of the peer


def drive(story, **settings):
    async def run():
        centres = await two(**settings)
        try:
            return await asyncio.wait_for(story(*centres), 30)
        finally:
            for centre in centres:
                await centre.stop()

    return asyncio.run(run())


def announced(centre, number):
    return lambda: centre.shown(number, mm1.NOTIFICATION_IND)


def test_a_message_and_its_report_cross_by_smtp():
    async def story(o2, orange):
        key = o2.submit(ALICE, CAROL, REPORT)
        await until(announced(orange, CAROL), 10)
        await until(lambda: o2.said("handed"), 10)
        assert mm1.number(orange.retrieve(CAROL).get(mm1.FROM)) == ALICE
        await until(lambda: o2.shown(ALICE, mm1.DELIVERY_IND), 10)
        assert o2.shown(ALICE, mm1.DELIVERY_IND)[0].get(mm1.MESSAGE_ID) == key
        await until(lambda: not o2.store.all("mm4"), 10)

    drive(story)


def test_the_server_says_what_it_takes_and_passes_over_parameters_of_dsn():
    async def story(o2, orange):
        async with Line(o2.shell.address) as line:
            assert line.greeting.startswith("220 %s " % O2)
            extensions = await line.say("EHLO x.example")
            assert "250-SIZE 430080" in extensions and "250-DSN" in extensions
            assert (await line.say("MAIL FROM:<> RET=HDRS ENVID=QQ314159 SIZE=100"))[:3] == "250"
            assert (await line.say("RSET"))[:3] == "250"
            assert (await line.say("MAIL FROM:<%s> SIZE=500 RET=FULL" % FROM_CAROL))[:3] == "250"
            answer = await line.say("RCPT TO:<%s> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;x" % TO_ALICE)
            assert answer[:3] == "250"
            assert (await line.say("RCPT TO:<%s> FRIENDS=YES" % TO_ALICE))[:3] == "555"
        async with Line(o2.shell.address) as line:
            assert (await line.mail(FROM_CAROL, TO_ALICE, REQUEST))[:3] == "250"
        await until(announced(o2, ALICE), 10)

    drive(story)


@pytest.mark.parametrize(
    "sender, mailbox, octets, answer",
    [
        (FROM_CAROL, "+447700900999/TYPE=PLMN@" + O2, REQUEST, "550 5.1.1 not a subscriber"),
        (FROM_CAROL, CAROL + "/TYPE=PLMN@" + O2, REQUEST, "550 5.1.1 not a subscriber"),
        (FROM_CAROL, "25286/TYPE=PLMN@" + O2, REQUEST, "550 5.1.1 not a subscriber"),
        (FROM_CAROL, "you@mail.example", REQUEST, "550 5.7.1 %s relays for nobody" % O2),
        (FROM_CAROL, TO_ALICE, b"Subject: cheap watches\r\n\r\nbuy", "554 5.6.0 no X-Mms-Message-Type"),
        (FROM_CAROL, TO_ALICE, bytes(range(14, 256)) * 3, "554 5.6.0 no X-Mms-Message-Type"),
        (FROM_CAROL, TO_ALICE, b"Received: x\r\n" * 26 + REQUEST, "554 5.4.6 over 25 Received headers"),
        (TO_ALICE, TO_ALICE, REQUEST, "554 5.4.6 this is mail of %s itself" % O2),
        ("x@stranger.example", TO_ALICE, REQUEST, "550 5.7.1 no message centre of that name"),
        (FROM_CAROL, "postmaster@" + O2, REQUEST, "554 5.6.0 Error-sending-address-unresolved"),
        (
            FROM_CAROL,
            TO_ALICE,
            HEAD % 3 + b"Content-Type: multipart/mixed\r\n\r\nx",
            "554 5.6.0 Error-message-format-corrupt",
        ),
        (FROM_CAROL, TO_ALICE, b"X-Mms-Forward-Counter: 99\r\n" + REQUEST, "554 5.6.0 Error-service-denied"),
        (FROM_CAROL, TO_ALICE, BOBS, "554 5.6.0 Error-sending-address-unresolved"),
        (FROM_CAROL, TO_ALICE, REQUEST + b"x" * 1100, "500 "),
        (FROM_CAROL, TO_ALICE, HEAD % 4 + b"\r\n" + b"x" * 70 + (b"\r\n" + b"y" * 76) * 5600, "552 "),
    ],
)
def test_bad_mail_ends_in_one_answer_and_stands_in_the_journal(sender, mailbox, octets, answer):
    async def story(o2, orange):
        async with Line(o2.shell.address) as line:
            assert (await line.mail(sender, mailbox, octets)).startswith(answer)
            said = [entry for entry in o2.journal if entry["event"] in ("refused", "rejected", "smtp")]
            assert any(entry["event"] == "smtp" and answer in entry["what"] for entry in said)
            assert not o2.said("accepted")
        async with Line(o2.shell.address) as line:  # and the next one is taken
            assert (await line.mail(FROM_CAROL, TO_ALICE, REQUEST)).startswith("250")
        await until(announced(o2, ALICE), 10)

    drive(story)


def test_nonsense_and_an_announced_size_that_is_too_large_are_refused_as_such():
    async def story(o2, orange):
        async with Line(o2.shell.address) as line:
            assert (await line.say("EHLO x.example"))[:3] == "250"
            assert (await line.say("MAIL FROM:<%s> SIZE=430081" % FROM_CAROL))[:3] == "552"
            assert (await line.say("RCPT TO:<%s>" % TO_ALICE))[:3] == "503"
            assert (await line.say("MAIL FROM:<" + "x" * 600))[:3] == "500"
            for _ in range(5):
                answer = await line.say("\x00\xff GET / HTTP/1.1")
            assert answer[:1] == "5"
        assert len(o2.said("smtp")) > 5

    drive(story)


def test_connections_and_recipients_have_a_bound(monkeypatch):
    monkeypatch.setattr(shell, "_CONNECTIONS", 2)
    monkeypatch.setattr(shell, "_RECIPIENTS", 3)

    async def story(o2, orange):
        async with Line(o2.shell.address) as line, Line(o2.shell.address):
            async with Line(o2.shell.address) as third:
                assert third.greeting == "421 4.3.2 Too many connections"
            await line.say("EHLO x.example")
            await line.say("MAIL FROM:<%s>" % FROM_CAROL)
            answers = [(await line.say("RCPT TO:<%s>" % TO_ALICE))[:3] for _ in range(4)]
            assert answers == ["250", "250", "250", "452"]
        await asyncio.sleep(0.05)
        async with Line(o2.shell.address) as line:
            assert line.greeting[:3] == "220"

    drive(story)


def test_a_peer_that_dies_within_data_has_sent_nothing():
    async def story(o2, orange):
        async with Line(o2.shell.address) as line:
            for command in ("EHLO x.example", "MAIL FROM:<%s>" % FROM_CAROL, "RCPT TO:<%s>" % TO_ALICE, "DATA"):
                await line.say(command)
            line.write(REQUEST[:200])
        await until(lambda: [entry for entry in o2.said("smtp") if "within DATA" in entry["what"]], 10)
        assert not o2.said("accepted")

    drive(story)


class Dying:
    """An SMTP server that dies within DATA so many times, and keeps the transaction ids that it saw."""

    def __init__(self):
        self.seen = []

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = "127.0.0.1:%d" % self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()

    async def _serve(self, reader, writer):
        writer.write(b"220 x\r\n")
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                if line.lower().startswith(b"x-mms-transaction-id"):
                    self.seen.append(line)
                    writer.transport.abort()
                    return
                if line.split(b" ")[0].strip() in (b"EHLO", b"MAIL", b"RCPT", b"DATA", b"ehlo"):
                    writer.write(b"354 go on\r\n" if line[:4] == b"DATA" else b"250 fine\r\n")
        writer.close()


def test_a_message_to_a_peer_that_dies_within_data_goes_again_under_the_same_transaction():
    async def story(o2, orange):
        dying = Dying()
        await dying.start()
        o2.mm4.peers[ORANGE] = Peer(dying.address)
        o2.submit(ALICE, CAROL, REPORT)
        await until(lambda: len(dying.seen) >= 2, 10)
        o2.join(orange)
        await until(announced(orange, CAROL), 10)
        await dying.stop()
        assert len(set(dying.seen)) == 1
        assert {entry["tid"].encode() for entry in orange.said("arrived")} == {dying.seen[0].split()[1]}
        assert len(orange.said("accepted")) == 1 and not o2.shown(ALICE, mm1.DELIVERY_IND)

    drive(story, speed=1000)


def test_a_peer_that_is_down_for_an_hour_gets_everything_afterwards():
    async def story(o2, orange):
        await orange.stop()
        for _ in range(5):
            o2.submit(ALICE, CAROL)
        await until(lambda: o2.wall.now > 3600000, 20)
        assert len(o2.said("sending")) >= 5 * 4 and not o2.said("handed")
        back = Centre(ORANGE, 5000)
        await back.start()
        back.join(o2)
        o2.join(back)
        await until(lambda: len(o2.said("handed")) == 5, 20)
        assert len(back.said("accepted")) == 5
        await back.stop()

    drive(story, speed=5000)


def test_an_error_of_ours_is_a_451_and_the_peer_tries_again(caplog):
    async def story(o2, orange):
        take, failures = orange.relay.accept, []

        def accept(*arguments):
            if not failures:
                failures.append(1)
                raise RuntimeError("a fault of ours")
            return take(*arguments)

        orange.relay.accept = accept
        o2.submit(ALICE, CAROL)
        await until(announced(orange, CAROL), 10)
        assert [entry["what"] for entry in o2.said("failed")] == ["451 4.3.0 An error here: try again later"]
        assert len(orange.said("accepted")) == 1

    drive(story, speed=1000)
    assert "a fault of ours" in caplog.text


def test_a_message_that_cannot_be_written_as_mail_ends_with_a_report(caplog):
    async def story(o2, orange):
        o2.mm4.forward("k1", Envelope(key="m1", sender=ALICE, to=[CAROL], subject="two\nlines"), CAROL, 0)
        await until(lambda: o2.said("failed"), 10)
        (entry,) = o2.said("failed")
        assert entry["status"] == "Rejected" and entry["what"].startswith("content: ValueError")
        assert not o2.store.all("mm4")

    drive(story)
    assert "a mail cannot be built" in caplog.text


def test_bob_and_alice_of_one_network_need_no_mail():
    async def story(o2, orange):
        o2.submit(ALICE, BOB)
        await until(announced(o2, BOB), 10)
        assert not o2.said("sending") and not orange.journal

    drive(story)
