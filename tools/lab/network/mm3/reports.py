"""Delivery status notifications (RFC 3464) and disposition notifications (RFC 8098), to and from the words of MMS."""

import dataclasses
import email.utils
import re
import typing
from email.message import EmailMessage, Message

from tools.lab.network.mm3.mapping import POLICY

READ, DELETED = "Read", "Deleted without being read"
ROWS = 20  # recipients in one report

# MM-Status of TS 23.140: Action, Status (RFC 3463), and the sentence for people (RFC 4356, 2.1.4)
_ACTIONS = {
    "Retrieved": ("delivered", "2.0.0", "The message was retrieved"),
    "Rejected": ("failed", "5.7.1", "The message was rejected"),
    "Expired": ("failed", "4.4.7", "The message expired before it was retrieved"),
    "Unrecognised": ("failed", "5.6.1", "The handset cannot show the message"),
    "Deferred": ("delayed", "4.2.0", "The message waits until its recipient retrieves it"),
    "Forwarded": ("relayed", "2.0.0", "The message was forwarded, and will not be reported about again"),
    "Indeterminate": ("relayed", "2.0.0", "The message was passed on to where no reports come from"),
}
_STATUSES = {"delivered": "Retrieved", "delayed": "Deferred", "relayed": "Indeterminate", "expanded": "Indeterminate"}
_ASKED_FOR = {"delivered": "SUCCESS", "relayed": "SUCCESS", "failed": "FAILURE", "delayed": "DELAY"}  # RFC 3461, 4.1
_DISPOSITIONS = {"displayed": READ, "deleted": DELETED}
_WORD = re.compile(r"[!-~]{1,200}")


@dataclasses.dataclass
class Asked:
    """The wishes of a mail for reports, and the fields that these repeat.

    `reply_to` is its MAIL FROM, "" for none; `notify` the words of NOTIFY, none: failures alone (RFC 3461, 4.1).
    """

    reply_to: str
    message_id: str = ""
    subject: str = ""
    envid: str = ""  # as xtext
    orcpt: str = ""  # TYPE;address, of which the address is xtext
    notify: tuple = ()


@dataclasses.dataclass
class Report:
    """A report about one of our mails: `status` in the words of TS 23.140, or a read status, or None for neither.

    `envid` and `message_id` tell which mail, `recipients` its recipient as it was and as it became.
    """

    status: str | None
    read: bool
    envid: str = ""
    message_id: str = ""
    recipients: tuple = ()


def is_wanted(asked, status):
    """Whether the sender wants the report: never from nowhere, and by NOTIFY (RFC 3461, 4.1)."""
    return bool(asked.reply_to) and _ASKED_FOR[_ACTIONS[status][0]] in (asked.notify or ("FAILURE",))


def build_dsn(asked, status, recipient, domain, date):
    """The mail that tells of a delivery: a multipart/report; `recipient` is an address of mail."""
    action, code, sentence = _ACTIONS[status]
    about, row = Message(POLICY), Message(POLICY)
    if asked.envid:
        about["Original-Envelope-Id"] = asked.envid
    about["Reporting-MTA"] = "dns; %s" % domain
    if asked.orcpt:
        row["Original-Recipient"] = asked.orcpt
    row["Final-Recipient"] = "rfc822; %s" % recipient
    row["Action"], row["Status"] = action, code
    return _report(asked, "delivery-status", [about, row], "%s: %s." % (recipient, sentence), domain, date)


def build_mdn(asked, status, recipient, domain, date):
    """The mail that tells that a message was read, or deleted unread."""
    about = Message(POLICY)
    about["Reporting-UA"] = "%s; MMSC" % domain
    about["Final-Recipient"] = "rfc822; %s" % recipient
    if asked.message_id:
        about["Original-Message-ID"] = asked.message_id
    kind = "displayed" if status == READ else "deleted"
    about["Disposition"] = "manual-action/MDN-sent-manually; %s" % kind
    return _report(
        asked, "disposition-notification", [about], "%s: The message was %s." % (recipient, kind), domain, date
    )


def _report(asked, kind, blocks, sentence, domain, date):
    """A multipart/report (RFC 6522), marked so that no program answers it (RFC 3834, 5)."""
    mail: typing.Any = EmailMessage(policy=POLICY)  # whose `attach` takes plain Messages, too
    mail["From"] = "postmaster@%s" % domain
    mail["To"] = asked.reply_to
    mail["Subject"] = "Delivery report" if kind == "delivery-status" else "Read report"
    mail["Date"] = email.utils.formatdate(date)
    mail["Message-ID"] = email.utils.make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(sentence)
    mail.make_mixed()
    machine, headers = Message(POLICY), Message(POLICY)
    machine["Content-Type"] = "message/%s" % kind
    machine.set_payload(blocks)
    headers["Content-Type"] = "text/rfc822-headers"
    headers.set_payload("".join("%s: %s\r\n" % row for row in _original(asked)))
    mail.attach(machine)
    mail.attach(headers)
    mail.replace_header("Content-Type", "multipart/report; report-type=%s" % kind)
    return mail


def _original(asked):
    rows = ("Message-ID", asked.message_id), ("Subject", asked.subject)
    return [(name, value) for name, value in rows if value and value.isascii()]


def read(mail):
    """The Reports in a parsed mail, one for each recipient, at most ROWS; None for a mail that is no report."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    parts = {part.get_content_type(): part for part in mail.get_payload()}
    status, disposition = parts.get("message/delivery-status"), parts.get("message/disposition-notification")
    message_id = _message_id(parts.get("message/rfc822") or parts.get("text/rfc822-headers"))
    if status is not None:
        return _of_dsn(_blocks(status), message_id)
    return _of_mdn(_blocks(disposition), message_id) if disposition is not None else []


def _blocks(part):
    return [block for block in part.get_payload() if block.keys()] if part.is_multipart() else []


def _message_id(part):
    if part is None:
        return ""
    if part.is_multipart():
        return _word(part.get_payload(0), "Message-ID")
    match = re.search(r"^Message-ID:\s*(\S{1,200})", str(part.get_payload()), re.IGNORECASE | re.MULTILINE)
    return match[1] if match else ""


def _word(block, name):
    match = _WORD.search(str(block.get(name, "")))
    return match[0] if match else ""


def _of_dsn(blocks, message_id):
    envid = next((_word(block, "Original-Envelope-Id") for block in blocks if "Original-Envelope-Id" in block), "")
    rows = [block for block in blocks if "Action" in block][:ROWS]
    return [Report(_status(row), False, envid, message_id, _recipients(row)) for row in rows]


def _status(row):
    """The MM-Status for a recipient's row; an action that is none of RFC 3464's tells nothing."""
    action, code = _word(row, "Action").lower(), _word(row, "Status")
    if action == "failed":
        if code.endswith(".4.7"):
            return "Expired"
        return "Unrecognised" if code.startswith("5.6.") else "Rejected"
    return _STATUSES.get(action)


def _recipients(row):
    """The recipient as it was asked for, and as it was at the end."""
    fields = [str(row.get(name, "")).partition(";")[2].strip() for name in ("Original-Recipient", "Final-Recipient")]
    return tuple(field.lower() for field in fields if field)


def _of_mdn(blocks, message_id):
    found = []
    for block in blocks[:ROWS]:
        if "Disposition" in block:
            kind = str(block["Disposition"]).partition(";")[2].partition("/")[0].strip().lower()
            told = _word(block, "Original-Message-ID") or message_id
            found.append(Report(_DISPOSITIONS.get(kind), True, "", told, _recipients(block)))
    return found
