"""Messages and deliveries of an MMSC, and the rows in which its store keeps them.

A message is kept as the header fields of a submission (M-Send.req), whichever way it came; a delivery is what one
recipient of it is due.
"""

import binascii

from mms.codec import mm1
from mms.errors import PduError
from tools.lab.network.mmsc.submissions import CORRUPT, Refused

_HIDE = 0x80  # of Sender-Visibility
_CLASSES = {0x80: "Personal", 0x81: "Advertisement", 0x82: "Informational", 0x83: "Auto"}
_PRIORITIES = {0x80: "Low", 0x81: "Normal", 0x82: "High"}
PREVIOUSLY_BY, PREVIOUSLY_DATE, ADAPTATION = 0x20, 0x21, 0x3C
_SHOWN = 20  # addresses, as many as a handset takes
_SUBJECT = 160  # characters of a subject, which fit into a field in any alphabet
_NO_BODY = b"\x84\xa3\x00"  # a Content-Type, without which no parser accepts the fields

# The words of TS 23.140 for what became of a delivery, and the Status of MM1
WORDS = {
    0x80: "Expired",
    0x81: "Retrieved",
    0x82: "Rejected",
    0x83: "Deferred",
    0x84: "Unrecognised",
    0x85: "Indeterminate",
    0x86: "Forwarded",
}
STATUSES = {word: status for status, word in WORDS.items()}


class Message:
    """A message: `pdu` has its fields as submitted; `port` and `reply` say where its reports go, "" to a handset.

    `date` is in seconds since 1970; `charged`: charging knows of it; `hops` counts the MMSCs behind it.
    """

    def __init__(self, key, sender, head, date, recipients, port="", reply=None, charged=False, hops=0):
        self.key, self.sender, self.head, self.date = key, sender, head, date
        self.recipients, self.port, self.reply, self.charged, self.hops = recipients, port, reply, charged, hops
        self.pdu = mm1.parse(head + _NO_BODY)
        self.report = self.pdu.get(mm1.DELIVERY_REPORT, False)

    @property
    def hidden(self):
        """Whether recipients do not see the sender."""
        return self.pdu.get(mm1.SENDER_VISIBILITY) == _HIDE

    @property
    def message_class(self):
        """In words of TS 23.140."""
        return _CLASSES.get(self.pdu.get(mm1.MESSAGE_CLASS), "Personal")

    def row(self):
        """The row of the store."""
        return {
            "sender": self.sender,
            "head": binascii.hexlify(self.head).decode(),
            "date": self.date,
            "recipients": self.recipients,
            "port": self.port,
            "reply": self.reply,
            "charged": self.charged,
            "hops": self.hops,
        }

    @classmethod
    def of(cls, key, row):
        """The message of a row."""
        more = dict(row)
        more["head"] = binascii.unhexlify(row["head"])
        return cls(key, **more)

    def envelope(self, content, expires):
        """The Envelope for a port; `expires` in seconds since 1970."""
        from tools.lab.network.mmsc.envelope import Envelope  # MicroPython, which the soak runs, has no dataclasses

        pdu = self.pdu
        return Envelope(
            key=self.key,
            sender=self.sender,
            hidden=self.hidden,
            to=[mm1.number(address) for address in pdu.all(mm1.TO)],
            cc=[mm1.number(address) for address in pdu.all(mm1.CC)],
            subject=pdu.get(mm1.SUBJECT, ""),
            message_class=self.message_class,
            priority=_PRIORITIES.get(pdu.get(mm1.PRIORITY), "Normal"),
            delivery_report=self.report,
            read_report=pdu.get(mm1.READ_REPORT, False),
            date=self.date,
            expires=expires,
            adaptation=pdu.get(ADAPTATION, True),
            previously=self.previously(),
            hops=self.hops,
            content=content,
        )

    def previously(self):
        """(address, date) of each earlier sender, the first one first."""
        dates = dict(self.pdu.all(PREVIOUSLY_DATE))
        rows = sorted(self.pdu.all(PREVIOUSLY_BY))
        return [(mm1.number(address), dates.get(number, 0)) for number, address in rows]


def head(envelope, tid):
    """The fields of an M-Send.req that says the same as an Envelope. Raises Refused."""
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_2), (mm1.FROM, None)]
    fields += [(mm1.TO, mm1.address(address)) for address in envelope.to[:_SHOWN]]
    fields += [(mm1.CC, mm1.address(address)) for address in envelope.cc[: _SHOWN - len(envelope.to[:_SHOWN])]]
    if envelope.subject:
        fields.append((mm1.SUBJECT, envelope.subject[:_SUBJECT]))
    fields.append((mm1.MESSAGE_CLASS, _number(_CLASSES, envelope.message_class, mm1.PERSONAL)))
    fields.append((mm1.PRIORITY, _number(_PRIORITIES, envelope.priority, 0x81)))
    if envelope.hidden:
        fields.append((mm1.SENDER_VISIBILITY, _HIDE))
    fields += [(mm1.DELIVERY_REPORT, envelope.delivery_report), (mm1.READ_REPORT, envelope.read_report)]
    if not envelope.adaptation:
        fields.append((ADAPTATION, False))
    try:
        return mm1.build(mm1.SEND_REQ, fields + before(envelope.previously))
    except PduError as error:
        raise Refused(CORRUPT, str(error))


def before(previously):
    """X-Mms-Previously-Sent-By and -Date of (address, date) of earlier senders, numbered from 1 on."""
    fields = []
    for number, (address, date) in enumerate(previously, 1):
        fields.append((PREVIOUSLY_BY, (number, mm1.address(address))))
        fields.append((PREVIOUSLY_DATE, (number, int(date))))
    return fields


def _number(words, wanted, default):
    return next((number for number, word in words.items() if word.lower() == wanted.lower()), default)


class Delivery:
    """The way of a message to one recipient. Times are milliseconds of the relay; `when` is None while it waits.

    `port` is the name of a port, "" for a handset of MM1; `handed`: the next side has the message for good; `own`: the
    content for this recipient was made to fit, and is kept by the delivery's key; `had` and `served` have (octets,
    SHA-256) of whole PDUs and of what was sent of them.
    """

    _KEPT = ("attempts", "octets", "url", "had", "served", "port", "handed", "fitted", "own")

    def __init__(self, key, message, recipient, when, expires):
        self.key, self.message, self.recipient = key, message, recipient
        self.when, self.expires = when, expires
        self.attempts = self.octets = 0
        self.url = None  # of the Content-Location in each notification, up to /m/...
        self.had, self.served = [], []
        self.port = ""
        self.handed = self.fitted = self.own = False

    def row(self, epoch_ms):
        """The row of the store, with times since 1970."""
        when = None if self.when is None else self.when + epoch_ms
        row = {name: getattr(self, name) for name in self._KEPT}
        row["message"], row["recipient"] = self.message.key, self.recipient
        row["when"], row["expires"] = when, self.expires + epoch_ms
        return row

    @classmethod
    def of(cls, key, message, row, epoch_ms):
        """The delivery of a row."""
        when = None if row["when"] is None else row["when"] - epoch_ms
        delivery = cls(key, message, row["recipient"], when, row["expires"] - epoch_ms)
        for name in cls._KEPT:
            setattr(delivery, name, row[name])
        delivery.had, delivery.served = [list(map(tuple, row[name])) for name in ("had", "served")]
        return delivery
