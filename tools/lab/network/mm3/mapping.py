"""Messages of MMS as mail, and mail as messages of MMS, field by field (RFC 4356, clauses 2.1.3 and 2.2)."""

import email
import email.policy
import email.utils
from email.message import EmailMessage

from tools.lab.network.mm3 import addresses, bodies
from tools.lab.network.mmsc.contents import pack, unpack
from tools.lab.network.mmsc.envelope import Envelope

# A long Message-ID that is folded becomes an encoded word, which no report can be matched with.
POLICY = email.policy.SMTP.clone(max_line_length=998, cte_type="7bit")
HOPS = 25  # Received fields; with more a mail goes in a loop
_FIELD = 8000  # octets of one header field: longer ones cost a parser seconds
_CONTENT_FIELD = 1000  # of those of MIME, which each part has
_PARTS = 60  # of which most are left out
_FIELDS = 200  # of a header
_DEPTH = 30  # multiparts in each other
_BOUNDARIES = 2000  # lines that may divide parts
_SUBJECT = 160  # characters
_SHOWN = 20  # addresses of To, and of Cc

_TO_IMPORTANCE = {"Low": "low", "Normal": "normal", "High": "high"}  # RFC 2421; the values of X-Mms-Priority
_FROM_IMPORTANCE = {"low": "Low", "high": "High"}


class MailRefused(Exception):
    """A mail does not become a message: `reply` is SMTP's, with an enhanced status (RFC 3463)."""

    def __init__(self, reply):
        super().__init__(reply)
        self.reply = reply


def to_mail(envelope, domain):
    """The EmailMessage for a message; raises PduError for its content and ValueError for its sender's address.

    The sender of a hidden message is `anonymous` at the domain in every field.
    """
    mail = EmailMessage(policy=POLICY)
    for address, date in reversed(envelope.previously):
        if _in_mail(address, domain):
            mail["Resent-From"] = _in_mail(address, domain)
            mail["Resent-Date"] = email.utils.formatdate(date)
    mail["From"] = sender_of(envelope, domain)
    for name, shown in (("To", envelope.to), ("Cc", envelope.cc)):
        written = [text for text in (_in_mail(address, domain) for address in shown) if text]
        if written:
            mail[name] = ", ".join(written)
    if "To" not in mail and "Cc" not in mail:
        mail["To"] = "undisclosed-recipients:;"
    if envelope.subject:
        mail["Subject"] = bodies.line(envelope.subject, _SUBJECT)
    mail["Date"] = email.utils.formatdate(envelope.date)
    mail["Message-ID"] = message_id(envelope.key, domain)
    mail["Importance"] = _TO_IMPORTANCE[envelope.priority]
    if envelope.message_class == "Auto":
        mail["Auto-Submitted"] = "auto-generated"
    if envelope.read_report:
        mail["Disposition-Notification-To"] = sender_of(envelope, domain)
    bodies.write(mail, unpack(envelope.content))
    return mail


def sender_of(envelope, domain):
    """The address of From, and of MAIL FROM: hidden senders share one. Raises ValueError."""
    if envelope.hidden:
        return "%s@%s" % (addresses.ANONYMOUS, domain)
    return addresses.to_mail(envelope.sender, domain)


def message_id(key, domain):
    """The Message-ID of the mail for a message."""
    return "<%s@%s>" % (key, domain)


def notify(envelope):
    """The NOTIFY parameter of RCPT for a message (RFC 3461, 4.1)."""
    return "SUCCESS,FAILURE" if envelope.delivery_report else "NEVER"


def _in_mail(address, domain):
    try:
        return addresses.to_mail(address, domain)
    except ValueError:
        return None


def parse(octets):
    """The mail in octets, checked so far that its fields can be read quickly; raises MailRefused."""
    if octets.count(b"\n--") > _BOUNDARIES:
        raise MailRefused("554 5.6.0 Over %d parts" % _BOUNDARIES)
    try:
        mail = email.message_from_bytes(octets, policy=email.policy.default)
    except RecursionError:
        raise MailRefused("554 5.6.0 Multiparts nested too deep") from None
    stack: list = [(mail, 0)]
    count = 0
    while stack:
        part, depth = stack.pop()
        count += 1
        if depth > _DEPTH or count > _PARTS:
            raise MailRefused("554 5.6.0 Over %d parts, or over %d in each other" % (_PARTS, _DEPTH))
        _check_fields(list(part.raw_items()))
        if part.is_multipart():
            stack += [(below, depth + 1) for below in part.get_payload()]
    if len(mail.get_all("Received", [])) > HOPS:
        raise MailRefused("554 5.4.6 Too many hops: the mail goes in a loop")
    return mail


def _check_fields(fields):
    for name, value in fields:
        bound = _CONTENT_FIELD if name.lower().startswith("content-") else _FIELD
        if len(str(value)) > bound:
            raise MailRefused("554 5.6.0 %.40s of over %d octets" % (_printable(name), bound))
    if len(fields) > _FIELDS:
        raise MailRefused("554 5.6.0 Over %d header fields" % _FIELDS)


def _printable(text):
    return "".join(c for c in text if "!" <= c <= "~")


def from_mail(mail, mail_from, domain, now):
    """The Envelope of a parsed mail; raises MailRefused. `now` is in seconds since 1970; `mail_from` "" is a report's.

    The From of a mail is unproved: the sender is an address, never a number or a name, and none of the domain's own.
    A read report goes to no other address than the one that the mail came from (RFC 8098, 2.1).
    """
    sender = _sender(mail, mail_from, domain)
    automatic = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no"
    try:
        content = pack(bodies.read(mail))
    except bodies.NothingShown as error:
        raise MailRefused("554 5.6.1 Nothing for a phone: %s" % error) from None
    receipts = _addresses(mail, "Disposition-Notification-To")
    return Envelope(
        sender=sender,
        to=_shown(mail, "To", domain),
        cc=_shown(mail, "Cc", domain),
        subject=bodies.line(str(mail.get("Subject", "")), _SUBJECT),
        message_class="Auto" if automatic or not mail_from else "Personal",
        priority=_FROM_IMPORTANCE.get(str(mail.get("Importance", "")).strip().lower(), "Normal"),
        read_report=bool(mail_from) and [row.lower() for row in receipts] == [mail_from.lower()],
        date=_date(mail, "Date", now),
        previously=_previously(mail, domain, now),
        content=content,
    )


def _sender(mail, mail_from, domain):
    found = _addresses(mail, "From") or [mail_from]
    if not addresses.is_mail(found[0]):
        raise MailRefused("554 5.1.7 The sender's address is none that a phone can show")
    if found[0].lower().endswith("@" + domain) or mail_from.lower().endswith("@" + domain):
        raise MailRefused("550 5.7.1 No sender outside has an address at %s" % domain)
    return found[0]


def _addresses(mail, name):
    """The addresses of a field without names; those that cannot be read are left out."""
    found = []
    for field in mail.get_all(name, []):
        if hasattr(field, "addresses"):
            found += [row.addr_spec for row in field.addresses]
        else:
            found += [address for _, address in email.utils.getaddresses([str(field)])]
    return [address for address in found if addresses.is_mail(address)]


def _shown(mail, name, domain):
    return [addresses.to_number(row, domain) or row for row in _addresses(mail, name)[:_SHOWN]]


def _date(mail, name, now):
    """The date of a field in seconds since 1970; `now` without one, and for one that lies ahead."""
    return min(_seconds(str(mail.get(name, ""))) or now, now)


def _seconds(text):
    try:
        return max(0, int(email.utils.parsedate_to_datetime(text).timestamp()))
    except (ValueError, TypeError, OverflowError):
        return 0


def _previously(mail, domain, now):
    """(address, date) of each Resent-From, the first one first; the last one resent stands on top (RFC 5322, 3.6.6)."""
    senders = [(addresses.to_number(row, domain) or row) for row in _addresses(mail, "Resent-From")]
    dates = [min(_seconds(str(text)) or now, now) for text in mail.get_all("Resent-Date", [])]
    return [(row, dates[at] if at < len(dates) else now) for at, row in enumerate(senders)][::-1]
