"""The messages of MM4 as mail, in the way of the standard or of a profile (profiles.py)."""

from email.message import EmailMessage

from tools.lab.network.mm4 import addresses, bodies, dates
from tools.lab.network.mm4.messages import DELIVERY_REPORT, FORWARD, VERSION, Forward, Response
from tools.lab.network.mmsc import contents

_OTHER_CASE = {
    "X-Mms-Transaction-ID": "X-Mms-Transaction-Id",
    "X-Mms-Message-ID": "X-MMS-MESSAGE-ID",
    "X-Mms-3GPP-MMS-Version": "X-Mms-3GPP-Mms-Version",
    "X-Mms-Message-Type": "x-mms-message-type",
}


def write(message, domain, to, date, profile=frozenset()):
    """The octets of a mail with a Forward, a Report or a Response.

    `domain` is the name of the message centre that sends, `to` the mailbox of a RES, `date` the present.
    Raises PduError for content that cannot be unpacked.
    """
    mail = EmailMessage(bodies.POLICY)
    writer = _Writer(mail, domain, date, profile)
    if isinstance(message, Forward):
        writer.forward(message)
    elif isinstance(message, Response):
        writer.response(message, to)
    else:
        writer.report(message)
    return mail.as_bytes()


class _Writer:
    def __init__(self, mail, domain, date, profile):
        self._mail, self._domain, self._date, self._profile = mail, domain, date, profile
        self._system = addresses.write(addresses.SYSTEM, domain, typed=False)

    def _head(self, message, end):
        kind = message.kind
        if "other-case" in self._profile:
            kind = {FORWARD: "mm4_Forward", DELIVERY_REPORT: "MM4_Delivery_report"}.get(kind, kind.upper())
        self._add("X-Mms-3GPP-MMS-Version", VERSION)
        self._add("X-Mms-Message-Type", kind + end)
        self._add("X-Mms-Transaction-ID", self._id(message.transaction))
        if message.message_id:
            self._add("X-Mms-Message-ID", self._id(message.message_id))

    def _request(self, message, sender, to):
        self._head(message, ".REQ")
        strange = "x-mms-addresses" in self._profile
        self._mail["From"] = self._system if strange else self._address(sender)
        if strange:
            self._add("X-Mms-Sender-Address", self._address(sender))
            self._add("X-Mms-To", ",".join(map(self._address, to)))
        typed = "no-type" not in self._profile
        self._mail["To"] = ", ".join(addresses.write(address, typed=typed) for address in to) or "undisclosed:;"
        self._mail["Sender"] = self._system if strange or "@" in sender else addresses.write(sender, self._domain)
        self._mail["Message-ID"] = "<%s@%s>" % (message.transaction, self._domain)
        if message.acknowledge and "no-acknowledgement" not in self._profile:
            self._add("X-Mms-Ack-Request", "Yes")
        party = "system-party" in self._profile
        self._add("X-Mms-Originator-System", "system=%s;party=%s" % (self._domain, sender) if party else self._system)
        if "forwarded-by" in self._profile:
            self._add("X-Mms-Forwarded-By", self._system)

    def forward(self, message):
        envelope = message.envelope
        self._request(message, envelope.sender, envelope.to)
        if envelope.cc:
            self._mail["Cc"] = ", ".join(map(self._address, envelope.cc))
        self._mail["Date"] = dates.write(envelope.date)
        if envelope.subject:
            self._mail["Subject"] = envelope.subject
        self._add("X-Mms-Message-Class", envelope.message_class)
        self._add("X-Mms-Priority", envelope.priority)
        self._add("X-Mms-Sender-Visibility", "Hide" if envelope.hidden else "Show")
        self._add("X-Mms-Delivery-Report", _word(envelope.delivery_report))
        self._add("X-Mms-Read-Reply", _word(envelope.read_report))
        if "centre-report" in self._profile:
            self._add("X-Mms-Originator-R/S-Delivery-Report", "Yes")
        if not envelope.adaptation:
            self._add("X-Mms-Adaptation-Allowed", "No")
        if envelope.expires:
            self._add("X-Mms-Expiry", self._expiry(envelope))
        self._history(envelope)
        bodies.write(self._mail, contents.unpack(envelope.content), self._profile)
        self._mail["MIME-Version"] = "1.0"

    def _expiry(self, envelope):
        if "seconds" in self._profile:
            return str(max(1, envelope.expires - self._date))
        return (dates.write_rfc3339 if "rfc3339" in self._profile else dates.write)(envelope.expires)

    def _history(self, envelope):
        if envelope.hops:
            self._add("X-Mms-Forward-Counter", str(envelope.hops))
        for number, (address, date) in enumerate(envelope.previously, 1):
            self._add("X-Mms-Previously-sent-by", "%d, %s" % (number, self._address(address)))
            self._add("X-Mms-Previously-sent-date-and-time", "%d, %s" % (number, dates.write(date)))

    def report(self, message):
        self._request(message, message.recipient, [message.originator])
        self._mail["Date"] = dates.write(message.date)
        if message.kind == DELIVERY_REPORT:
            self._add("X-Mms-Forward-To-Originator-UA", _word(message.shown))
            other = "other-status" in self._profile
            self._add("X-Mms-Status" if other else "X-Mms-MM-Status-Code", message.status)
        else:
            self._add("X-Mms-Read-Status", message.status)
        self._mail["MIME-Version"] = "1.0"

    def response(self, message, to):
        self._head(message, ".RES")
        self._mail["From"] = self._mail["Sender"] = self._system
        self._mail["To"] = to
        self._add("X-Mms-Request-Status-Code", message.status)
        if message.text:
            self._add("X-Mms-Status-Text", message.text)
        if "talkative-response" in self._profile:
            self._mail["Subject"] = "MM4 response"
            self._add("X-Mms-Message-Class", "Personal")
            self._add("X-Mms-Request-Recipients", "+447700900002")
            self._mail.set_content("All is good.")
            del self._mail["MIME-Version"]
        if "bare-response" not in self._profile:
            self._mail["Date"] = dates.write(self._date)
            self._mail["Message-ID"] = "<%s.res@%s>" % (addresses.bare(message.transaction), self._domain)
            self._mail["MIME-Version"] = "1.0"
            if "Content-Type" not in self._mail:
                self._mail["Content-Type"] = "text/plain"

    def _address(self, address):
        return addresses.write(address, typed=not _is_short(address))

    def _id(self, text):
        if "quoted-ids" in self._profile:
            return '"%s"' % addresses.bare(text)
        return "<%s>" % addresses.bare(text) if "bracketed-ids" in self._profile else text

    def _add(self, name, value):
        self._mail[_OTHER_CASE.get(name, name) if "other-case" in self._profile else name] = value


def _is_short(address):
    return not address.startswith("+")


def _word(yes):
    return "Yes" if yes else "No"
