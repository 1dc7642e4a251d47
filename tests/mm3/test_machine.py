"""The port of e-mail without its lines: mails out with retries, mails in, and reports both ways."""

import pytest

from tests.kit.mm3.messages import ALICE, BOB, DATE, DOMAIN, YOU, envelope, mail
from tests.kit.mm3.relay import Relay, knows
from tools.lab.network.mm3 import machine, reports
from tools.lab.network.mm3.mapping import parse
from tools.lab.network.mmsc.submissions import Refused

MINUTE, HOUR = 60000, 3600000
BOX = "%s@%s" % (BOB, DOMAIN)


class Bench:
    """A port, its relay, and the mails that it started to send in `going`."""

    def __init__(self, relay=None):
        self.relay = relay or Relay()
        self.going, self.now = [], 0
        self.port = machine.Mail(self.relay, DOMAIN, knows, self.going.append, lambda: None)

    def run(self, ms):
        end = self.now + ms
        while self.port.due is not None and self.port.due <= end:
            self.now = max(self.now, self.port.due)
            self.port.advance(self.now)
        self.now = end

    def forward(self, key="k-0", to=YOU, **fields):
        self.relay.give(self.port, key, envelope(**{"expires": DATE + 72 * 3600, **fields}), to, self.now)
        self.run(0)
        return self.going[-1] if self.going else None

    def take(self, octets, mail_from=YOU, notify=(), to=BOX, envid="", orcpt=""):
        arrival = machine.read(octets, mail_from, DOMAIN, DATE)
        return self.port.take(arrival, mail_from, [(to, notify, orcpt)], envid, self.now)

    def dsn(self, status, recipient=YOU, envid="0f1e2d3c", message_id=""):
        asked = reports.Asked("x@" + DOMAIN, message_id, envid=envid)
        return reports.build_dsn(asked, status, recipient, "mail.example", DATE).as_bytes()

    def mdn(self, status, recipient=YOU, message_id="<0f1e2d3c@mms.o2.example>"):
        asked = reports.Asked("x@" + DOMAIN, message_id)
        return reports.build_mdn(asked, status, recipient, "mail.example", DATE).as_bytes()


def test_a_mail_is_handed_over_and_its_report_ends_the_delivery():
    bench = Bench()
    going = bench.forward(delivery_report=True)
    assert (going.mail_from, going.recipient, going.notify) == ("%s@%s" % (ALICE, DOMAIN), YOU, "SUCCESS,FAILURE")
    bench.port.sent(going, True, bench.now)
    assert bench.relay.said == [("handed", "k-0")]
    assert bench.take(bench.dsn("Deferred"), "") == "250 2.0.0 1 reports taken"
    assert bench.take(bench.dsn("Retrieved"), "") == "250 2.0.0 1 reports taken"
    assert bench.relay.said[1:] == [("Deferred", "k-0"), ("Retrieved", "k-0")]
    assert bench.take(bench.dsn("Retrieved"), "") == "250 2.0.0 0 reports taken"
    assert len(bench.relay.said) == 3 and bench.relay.events()[-1] == "stray" and not bench.relay.store.all("mm3")


def test_where_no_report_comes_the_fate_is_indeterminate_and_not_retrieved():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True), False, 0)
    assert bench.relay.said == [("handed", "k-0"), ("Indeterminate", "k-0")]


def test_where_no_report_is_wanted_the_mail_is_handed_over_and_forgotten():
    bench = Bench()
    bench.port.sent(bench.forward(), True, 0)
    assert bench.relay.said == [("handed", "k-0")] and bench.relay.store.all("mm3") == {}


def test_a_server_that_is_away_is_tried_later_and_later_until_the_message_expires():
    bench, moments = Bench(), []
    bench.port._send = lambda row: (moments.append(bench.now // MINUTE), bench.port.failed(row, "451 later", bench.now))
    bench.forward(expires=DATE + 10 * 3600)
    bench.run(24 * HOUR)
    assert moments == [0, 1, 6, 21, 81, 321, 561]
    assert bench.relay.said == [] and bench.relay.events()[-1] == "mail-refused" and bench.port.due is None


def test_a_refused_mail_ends_as_rejected():
    bench = Bench()
    bench.port.refused(bench.forward(), "550 no such user", 0)
    assert bench.relay.said == [("Rejected", "k-0")] and bench.relay.journal[-1]["what"] == "550 no such user"


def test_what_no_mail_can_carry_is_answered_at_once():
    bench = Bench()
    assert bench.forward(content=b"\x00nonsense") is None
    assert bench.forward(key="k-1", to="you@mail.example\r\nRCPT TO:<all@mail.example>") is None
    assert bench.relay.said == [("Unrecognised", "k-0"), ("Unrecognised", "k-1")]


def test_a_delivery_that_comes_again_is_one_mail():
    bench = Bench()
    bench.forward()
    bench.forward()
    assert len(bench.going) == 1


def test_after_a_restart_a_mail_that_was_handed_over_is_not_sent_again():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True), True, 0)
    again = Bench(bench.relay)
    assert again.forward(delivery_report=True) is None
    assert bench.relay.said == [("handed", "k-0")] * 2
    again.take(again.dsn("Retrieved"), "")
    assert bench.relay.said[-1] == ("Retrieved", "k-0")


def test_a_mail_whose_delivery_the_relay_has_ended_is_not_tried_again():
    bench = Bench()
    bench.port.failed(bench.forward(), "nobody there", 0)
    bench.relay.deliveries.clear()
    bench.run(HOUR)
    assert len(bench.going) == 1 and bench.port.due is None


def test_only_so_many_attempts_are_under_way():
    bench = Bench()
    for at in range(15):
        bench.forward("k-%d" % at)
    assert len(bench.going) == machine.ATTEMPTS and bench.port.due is None
    bench.port.sent(bench.going[0], True, 0)
    bench.run(0)
    assert len(bench.going) == machine.ATTEMPTS + 1


def test_a_report_that_overtakes_its_own_mail_counts():
    bench = Bench()
    going = bench.forward(delivery_report=True)
    bench.take(bench.dsn("Retrieved"), "")
    bench.port.sent(going, True, 0)
    assert bench.relay.said == [("handed", "k-0"), ("Retrieved", "k-0")] and not bench.relay.store.all("mm3")


def test_a_read_report_comes_after_the_delivery_report():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True, read_report=True), True, 0)
    bench.take(bench.dsn("Retrieved"), "")
    bench.take(bench.mdn(reports.READ), "")
    bench.take(bench.mdn(reports.DELETED), "")
    assert bench.relay.said[1:] == [("Retrieved", "k-0"), (reports.READ, "k-0", YOU)]


def test_reports_name_the_recipient_where_there_are_several():
    bench = Bench()
    for at, to in enumerate((YOU, "else@mail.example")):
        bench.port.sent(bench.forward("k-%d" % at, to, delivery_report=True), True, 0)
    bench.take(bench.dsn("Retrieved", "ELSE@mail.example"), "")
    bench.take(bench.dsn("Retrieved", "alias@mail.example"), "")  # the only one that is left
    assert bench.relay.said[2:] == [("Retrieved", "k-1"), ("Retrieved", "k-0")]


def test_a_bounce_without_an_envelope_id_is_known_by_the_mail_in_it():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True), True, 0)
    bench.take(bench.dsn("Rejected", envid="", message_id="<0f1e2d3c@mms.o2.example>"), "")
    assert bench.relay.said[-1] == ("Rejected", "k-0")


def test_reports_about_nothing_are_told_and_change_nothing():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True), True, 0)
    for octets in (bench.dsn("Retrieved", envid="guessed"), bench.mdn(reports.READ, message_id="<other@x>")):
        assert bench.take(octets, "").startswith("250 2.0.0 0 reports")
    assert bench.relay.said == [("handed", "k-0")] and bench.relay.events().count("stray") == 2


def test_what_is_awaited_is_forgotten_when_it_expires():
    bench = Bench()
    bench.port.sent(bench.forward(delivery_report=True), True, 0)
    bench.port.advance(95 * HOUR)
    assert bench.relay.store.all("mm3")
    bench.port.advance(97 * HOUR)
    assert not bench.relay.store.all("mm3")


def test_a_hidden_sender_is_nowhere_in_the_transaction():
    going = Bench().forward(hidden=True, delivery_report=True)
    assert "7700900001" not in repr(going) and going.mail_from == "anonymous@" + DOMAIN


def test_recipients_are_subscribers_and_addresses_for_reports():
    port = Bench().port
    assert [port.recipient(local + "@" + DOMAIN) for local in (BOB, BOB[1:], BOB + "/TYPE=PLMN", "anonymous")] == [
        None
    ] * 4
    assert port.recipient("postmaster") is None and port.recipient("Postmaster@" + DOMAIN) is None
    for unknown in ("+447700900099@" + DOMAIN, "bob@" + DOMAIN, "@" + DOMAIN):
        assert port.recipient(unknown).startswith("550 5.1.1")
    for foreign in (BOB + "@mms.orange.example", YOU, BOB):
        assert port.recipient(foreign).startswith("550 5.7.1")


def test_a_mail_becomes_a_message():
    bench = Bench()
    assert bench.take(mail(Disposition_Notification_To=YOU), notify=("SUCCESS", "FAILURE")) == "250 2.0.0 m1"
    ((message, recipients, port, reply),) = bench.relay.accepted
    assert (message.sender, recipients, port) == (YOU, [BOB], "mm3")
    assert message.delivery_report and message.read_report and reply["message_id"] == "<1@mail.example>"


@pytest.mark.parametrize(
    "notify, statuses",
    [
        ((), ["failed"]),
        (("SUCCESS",), ["delivered"]),
        (("NEVER",), []),
        (("SUCCESS", "DELAY"), ["delayed", "delivered"]),
    ],
)
def test_reports_go_out_as_they_were_asked_for(notify, statuses):
    bench = Bench()
    bench.take(mail(), notify=notify, envid="e1", orcpt="rfc822;you")
    reply = bench.relay.accepted[0][3]
    for status in ("Deferred", "Retrieved", "Rejected"):
        bench.port.report(reply, BOB, status, 0)
    bench.run(0)
    sent = [parse(bench.port.octets(going)).get_payload(1).get_payload() for going in bench.going]
    assert [row["Action"] for _, row in sent] == statuses
    assert {(going.mail_from, going.recipient) for going in bench.going} <= {("", YOU)}
    assert {about["Original-Envelope-Id"] for about, _ in sent} <= {"e1"}


def test_a_read_report_goes_out():
    bench = Bench()
    bench.take(mail(Disposition_Notification_To=YOU))
    bench.port.read_report(bench.relay.accepted[0][3], BOB, reports.DELETED, 0)
    bench.run(0)
    (report,) = reports.read(parse(bench.port.octets(bench.going[0])))
    assert (report.status, report.message_id) == (reports.DELETED, "<1@mail.example>")


def test_a_report_survives_a_restart_until_it_is_sent():
    bench = Bench()
    bench.take(mail())
    bench.port.report(bench.relay.accepted[0][3], BOB, "Rejected", 0)
    again = Bench(bench.relay)
    again.run(0)
    (going,) = again.going
    assert (going.recipient, going.mail_from) == (YOU, "") and b"Action: failed" in again.port.octets(going)
    again.port.failed(going, "no route", 0)
    assert bench.relay.store.all("mm3")
    again.port.refused(going, "550 gone", 0)
    assert not bench.relay.store.all("mm3") and bench.relay.said == []


@pytest.mark.parametrize("octets, mail_from", [(mail(Auto_Submitted="auto-replied"), YOU), (mail(), "")])
def test_programs_and_nowhere_are_never_answered(octets, mail_from):
    bench = Bench()
    assert bench.take(octets, mail_from, ("SUCCESS", "FAILURE")).startswith("250")
    ((message, _, _, reply),) = bench.relay.accepted
    assert not message.delivery_report and not message.read_report
    for status in ("Retrieved", "Rejected"):
        bench.port.report(reply, BOB, status, 0)
    bench.port.read_report(reply, BOB, reports.READ, 0)
    bench.run(0)
    assert bench.going == []


@pytest.mark.parametrize(
    "status, reply", [(0xE5, "552 5.3.4"), (0xE2, "554 5.6.0"), (0xEB, "554 5.0.0"), (0xC0, "451 4.3.0")]
)
def test_a_refusal_of_the_relay_is_smtps(status, reply):
    bench = Bench()
    bench.relay.refusal = Refused(status, "not\r\nthis")
    assert bench.take(mail()) == reply + " not this"
    assert bench.relay.journal[-1]["event"] == "mail-rejected"


def test_a_mail_for_nobody_but_the_anonymous_sender_is_refused():
    bench = Bench()
    assert bench.take(mail(), to="anonymous@" + DOMAIN).startswith("550 5.1.1")
    assert bench.take(mail(), to="postmaster@" + DOMAIN).startswith("550 5.1.1") and bench.relay.accepted == []
