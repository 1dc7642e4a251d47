"""Delivery and read reports as mail: the words of RFC 3464 and RFC 8098 for those of MMS, and back (RFC 4356)."""

import pytest

from tests.kit.mm3.messages import BOB, DATE, DOMAIN, YOU, mail
from tools.lab.network.mm3 import reports
from tools.lab.network.mm3.mapping import parse

ASKED = reports.Asked(YOU, "<1@mail.example>", "The sea", "id+3D7", "rfc822;bob+2Dby@mail.example", ("SUCCESS",))
BOX = "%s@%s" % (BOB, DOMAIN)

POSTFIX = b"""From: MAILER-DAEMON@mail.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Original-Envelope-Id: 0f1e2d3c
Arrival-Date: Mon, 27 Jan 2003 12:00:00 +0000

Final-Recipient: rfc822; You@mail.example
Original-Recipient: rfc822;you@mail.example
Action: %s
Status: %s

--b
Content-Type: message/rfc822

Message-ID: <0f1e2d3c@mms.o2.example>
From: a@b

--b--
"""


def made(build, status):
    return parse(build(ASKED, status, BOX, DOMAIN, DATE).as_bytes())


@pytest.mark.parametrize(
    "status, action, code",
    [
        ("Retrieved", "delivered", "2.0.0"),
        ("Rejected", "failed", "5.7.1"),
        ("Expired", "failed", "4.4.7"),
        ("Unrecognised", "failed", "5.6.1"),
        ("Deferred", "delayed", "4.2.0"),
        ("Forwarded", "relayed", "2.0.0"),
        ("Indeterminate", "relayed", "2.0.0"),
    ],
)
def test_a_delivery_status_is_an_action(status, action, code):
    mail = made(reports.build_dsn, status)
    assert mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"
    text, machine, headers = mail.get_payload()
    about, row = machine.get_payload()
    assert (about["Original-Envelope-Id"], about["Reporting-MTA"]) == ("id+3D7", "dns; " + DOMAIN)
    assert (row["Action"], row["Status"]) == (action, code)
    assert row["Final-Recipient"] == "rfc822; " + BOX and row["Original-Recipient"] == "rfc822;bob+2Dby@mail.example"
    assert (
        headers.get_content_type() == "text/rfc822-headers" and "Message-ID: <1@mail.example>" in headers.get_payload()
    )
    assert (mail["To"], mail["Auto-Submitted"]) == (YOU, "auto-replied") and BOX in text.get_content()


@pytest.mark.parametrize("status, kind", [(reports.READ, "displayed"), (reports.DELETED, "deleted")])
def test_a_read_status_is_a_disposition(status, kind):
    mail = made(reports.build_mdn, status)
    assert mail.get_param("report-type") == "disposition-notification"
    (about,) = mail.get_payload(1).get_payload()
    assert about["Disposition"] == "manual-action/MDN-sent-manually; " + kind
    assert about["Original-Message-ID"] == "<1@mail.example>" and about["Final-Recipient"] == "rfc822; " + BOX
    assert reports.read(mail) == [reports.Report(status, True, "", "<1@mail.example>", (BOX,))]


@pytest.mark.parametrize(
    "action, code, status",
    [
        (b"delivered", b"2.0.0", "Retrieved"),
        (b"failed", b"5.1.1", "Rejected"),
        (b"FAILED", b"5.6.3", "Unrecognised"),
        (b"failed", b"4.4.7", "Expired"),
        (b"delayed", b"4.4.1", "Deferred"),
        (b"relayed", b"2.0.0", "Indeterminate"),
        (b"expanded", b"2.0.0", "Indeterminate"),
        (b"eaten", b"2.0.0", None),
    ],
)
def test_an_action_is_a_delivery_status(action, code, status):
    (report,) = reports.read(parse(POSTFIX % (action, code)))
    assert (report.status, report.read, report.envid) == (status, False, "0f1e2d3c")
    assert report.message_id == "<0f1e2d3c@mms.o2.example>" and report.recipients == (YOU, YOU)


@pytest.mark.parametrize("kind", ["dispatched", "denied", "processed", "displayed/error", ""])
def test_other_dispositions(kind):
    octets = made(reports.build_mdn, reports.READ).as_bytes().replace(b"; displayed", b"; " + kind.encode())
    (report,) = reports.read(parse(octets))
    assert report.status == (reports.READ if kind == "displayed/error" else None)


@pytest.mark.parametrize(
    "notify, wanted",
    [
        ((), {"Rejected", "Expired", "Unrecognised"}),
        (("NEVER",), set()),
        (("SUCCESS",), {"Retrieved", "Forwarded", "Indeterminate"}),
        (("FAILURE", "DELAY"), {"Rejected", "Expired", "Unrecognised", "Deferred"}),
    ],
)
def test_reports_are_sent_as_they_were_asked_for(notify, wanted):
    statuses = ("Retrieved", "Rejected", "Expired", "Unrecognised", "Deferred", "Forwarded", "Indeterminate")
    asked = reports.Asked(YOU, notify=notify)
    assert {status for status in statuses if reports.is_wanted(asked, status)} == wanted
    assert not any(reports.is_wanted(reports.Asked("", notify=notify), status) for status in statuses)


@pytest.mark.parametrize("field", [b"Action", b"Content-Type: message/delivery-status", b"--b\nContent-Type: message"])
def test_a_damaged_report_tells_nothing_and_is_still_a_report(field):
    assert reports.read(parse((POSTFIX % (b"failed", b"5.1.1")).replace(field, b"X"))) == []


def test_a_mail_is_no_report():
    assert reports.read(parse(mail())) is None


def test_a_bounce_for_many_recipients_is_read_up_to_the_bound():
    row = b"\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.0.0\n"
    octets = (POSTFIX % (b"failed", b"5.1.1")).replace(b"\n--b\nContent-Type: message/rfc822", row * 40 + b"\n--b--")
    assert len(reports.read(parse(octets))) == reports.ROWS
