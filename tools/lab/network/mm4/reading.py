"""The messages of MM4 out of mail, as real message centres write it.

Only X-Mms headers say what a mail is; names and words have no case; addresses and dates have every form that was seen
in the field. The body of a RES and of a report is not looked at.
"""

import dataclasses
import email
import email.utils
import re

from mms.errors import PduError
from tools.lab.network.mm4 import addresses, bodies, dates
from tools.lab.network.mm4.messages import (
    CORRUPT,
    DELETED,
    DELIVERY_REPORT,
    FORWARD,
    KINDS,
    READ,
    STATUSES,
    UNRESOLVED,
    UNSPECIFIED,
    Forward,
    Malformed,
    NoMm4,
    Report,
    Response,
)
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.envelope import Envelope

_HEADERS, _HEADER = 65536, 16384  # octets of all headers of a mail, and of the folded lines of one
_FOLDED = re.compile(rb"(?:\r?\n[ \t][^\r\n]*)+")
_ID = 255  # characters of the longest identifier
_RECEIVED = 25  # Received headers of a mail that goes in a circle
_PARSERS = (TypeError, ValueError, LookupError, AttributeError, RecursionError)  # of email, at damaged headers
_CLASSES = ("Personal", "Advertisement", "Informational", "Auto")
_PRIORITIES = ("Low", "Normal", "High")
_NUMBERED = re.compile(r"\s*([0-9]{1,3})\s*,\s*(.*)")
_TYPE = re.compile(r"(mm4_\w+)\.(req|res)", re.IGNORECASE)


@dataclasses.dataclass
class _Head:
    kind: str
    transaction: str
    message_id: str
    system: str
    acknowledge: bool


class Loop(Exception):
    """A mail that went through more servers than any way has."""


def read(octets, date):
    """The Forward, Report or Response in a mail that came at `date`, in seconds since 1970.

    Raises NoMm4, Loop, and Malformed for a REQ that can be answered but not understood.
    """
    try:
        return _read(octets, date)
    except _PARSERS as error:
        raise NoMm4("a mail that no parser takes: %s" % type(error).__name__) from None


def _check_headers(octets):
    """Refuse headers that would keep the parser busy: it takes seconds for half a megabyte of semicolons."""
    head = re.search(rb"\r?\n\r?\n", octets)
    longest = max((len(run[0]) for run in _FOLDED.finditer(octets)), default=0)
    if (head.start() if head else len(octets)) > _HEADERS or longest > _HEADER:
        raise NoMm4("headers of over %d octets, or one of over %d" % (_HEADERS, _HEADER))


def _read(octets, date):
    _check_headers(octets)
    mail = email.message_from_bytes(octets)
    fields = _Fields(mail)
    named = _TYPE.fullmatch(fields.text("X-Mms-Message-Type"))
    kinds = [kind for kind in KINDS if named and kind.lower() == named[1].lower()]
    if not kinds:
        raise NoMm4("no X-Mms-Message-Type of MM4")
    if len(mail.get_all("Received", ())) > _RECEIVED:
        raise Loop("over %d Received headers" % _RECEIVED)
    transaction = fields.text("X-Mms-Transaction-ID")
    if not addresses.identifier(transaction) or len(transaction) > _ID:
        raise NoMm4("no X-Mms-Transaction-ID")
    message_id = fields.text("X-Mms-Message-ID")[:_ID]
    if named[2].lower() == "res":
        status = fields.text("X-Mms-Request-Status-Code") or UNSPECIFIED
        return Response(kinds[0], transaction, message_id, status, fields.text("X-Mms-Status-Text"))
    system = fields.text("X-Mms-Originator-System") or fields.text("Sender")
    head = _Head(kinds[0], transaction, message_id, system, fields.yes("X-Mms-Ack-Request"))
    if not addresses.identifier(message_id):
        raise Malformed(CORRUPT, "no X-Mms-Message-ID", head)
    if head.kind == FORWARD:
        return _forward(mail, fields, head, date)
    return _report(fields, head, date)


class _Fields:
    """The headers of a mail, by names without case."""

    def __init__(self, mail):
        self._mail = mail

    def text(self, name):
        """The first header of that name that says anything, or ""."""
        return next(filter(None, map(bodies.decode, self._mail.get_all(name, ()))), "")

    def yes(self, name):
        return self.text(name).lower() == "yes"

    def word(self, name, words):
        """The one of `words` that the header has, in the standard's case, or ""."""
        text = self.text(name).lower()
        return next((word for word in words if word.lower() == text), "")

    def addresses(self, *names):
        """All numbers and addresses in headers of those names, each once."""
        values = [str(value) for name in names for value in self._mail.get_all(name, ())]
        found = [addresses.read(mailbox) for _, mailbox in email.utils.getaddresses(values)]
        return list(dict.fromkeys(address for address in found if address))

    def numbered(self, name):
        """{number: text} of headers that are numbered, from 1 on where a number is missing."""
        found = {}
        for at, value in enumerate(map(bodies.decode, self._mail.get_all(name, ())), 1):
            match = _NUMBERED.fullmatch(value)
            found[int(match[1]) if match else at] = match[2] if match else value
        return found


def _sender(fields, head):
    """The number or address of the user that a REQ is from; postmaster and the like are none."""
    found = fields.addresses("X-Mms-Sender-Address", "From", "Sender")
    users = [address for address in found if not addresses.is_system(address)]
    return users[0] if users else addresses.party(head.system)


def _forward(mail, fields, head, date):
    sender = _sender(fields, head)
    if not sender:
        raise Malformed(UNRESOLVED, "no sender", head)
    try:
        content = contents.pack(bodies.read(mail))
    except (bodies.BodyError, PduError) as error:
        raise Malformed(CORRUPT, "content: %s" % error, head) from None
    envelope = Envelope(
        sender=sender,
        hidden=fields.text("X-Mms-Sender-Visibility").lower() == "hide",
        to=fields.addresses("X-Mms-To", "To"),
        cc=fields.addresses("Cc"),
        subject=fields.text("Subject"),
        message_class=fields.word("X-Mms-Message-Class", _CLASSES) or "Personal",
        priority=fields.word("X-Mms-Priority", _PRIORITIES) or "Normal",
        delivery_report=fields.yes("X-Mms-Delivery-Report"),
        read_report=fields.yes("X-Mms-Read-Reply") or fields.yes("X-Mms-Read-Report"),
        date=dates.read(fields.text("Date")) or date,
        expires=dates.read_expiry(fields.text("X-Mms-Expiry"), date),
        adaptation=fields.text("X-Mms-Adaptation-Allowed").lower() != "no",
        previously=_previously(fields, date),
        hops=_count(fields.text("X-Mms-Forward-Counter")) + 1,
        content=content,
    )
    centre = fields.yes("X-Mms-Originator-R/S-Delivery-Report")
    return Forward(head.transaction, head.message_id, envelope, head.system, head.acknowledge, centre)


def _count(text):
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else 0


def _previously(fields, date):
    senders = fields.numbered("X-Mms-Previously-sent-by")
    moments = fields.numbered("X-Mms-Previously-sent-date-and-time")
    found = []
    for number in sorted(senders):
        mailboxes = email.utils.getaddresses([senders[number]])
        address = addresses.read(mailboxes[0][1]) if mailboxes else ""
        if address:
            found.append((address, dates.read(moments.get(number, "")) or date))
    return found


def _report(fields, head, date):
    if head.kind == DELIVERY_REPORT:
        status = fields.word("X-Mms-MM-Status-Code", STATUSES) or fields.word("X-Mms-Status", STATUSES)
        status = status or "Indeterminate"
    else:
        read = fields.text("X-Mms-Read-Status") or fields.text("X-Mms-MM-Read-Status")
        status = READ if read.lower() == READ.lower() else DELETED
    return Report(
        head.kind,
        head.transaction,
        head.message_id,
        _sender(fields, head),
        next(iter(fields.addresses("X-Mms-To", "To")), ""),
        status,
        dates.read(fields.text("Date")) or date,
        fields.text("X-Mms-Forward-To-Originator-UA").lower() != "no",
        head.system,
        head.acknowledge,
    )
