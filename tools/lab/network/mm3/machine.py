"""The port of an MMSC to e-mail, without its lines (3GPP TS 23.140, clause 8.3).

Time is the caller's, in milliseconds: call `advance` whenever `due` has come. Deliveries are durable in the relay's
queue; reports that go out as mail, and mails whose report is awaited, are durable here, through the relay's store.
"""

import dataclasses
import logging
import secrets

from mms.errors import PduError
from tools.lab.network.mm3 import addresses, bodies, mapping, reports
from tools.lab.network.mmsc.envelope import Envelope
from tools.lab.network.mmsc.submissions import Refused

_LOG = logging.getLogger("lab.mm3")
NAME = "mm3"  # of the port
ATTEMPTS = 10  # that are under way at the same time
_MINUTE = 60000
_PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 60 * _MINUTE)  # after the first attempts; then
_PAUSE = 240 * _MINUTE
_REPORT_MS = 5 * 24 * 60 * _MINUTE  # for which a report is tried (RFC 5321, 4.5.4.1)
_LATE_S = 86400  # for which a report may come after its message has expired
_ALWAYS = ("postmaster", "mailer-daemon")  # beside the anonymous sender, local parts to which reports come

# Response-Status of OMA-TS-MMS_ENC 7.3.48: SMTP's reply
_REPLIES = {0xE2: "554 5.6.0", 0xE3: "550 5.1.1", 0xE5: "552 5.3.4"}


@dataclasses.dataclass
class Outgoing:
    """A mail on its way: `key` is that of a delivery, or of a report with `message` "".

    `notify` and `envid` are parameters of SMTP where the server knows them (RFC 3461); `told`: a report about it came.
    """

    key: str
    mail_from: str
    recipient: str
    expires: int
    when: int
    message: str = ""
    notify: str = "NEVER"
    wanted: bool = False  # a delivery report
    readable: bool = False  # a read report
    attempts: int = 0
    busy: bool = False
    told: bool = False


@dataclasses.dataclass
class Arrival:
    """A mail that came in: `told` are the reports in it, else it is `envelope`, or `refusal` is SMTP's reply."""

    told: list | None = None
    envelope: Envelope | None = None
    message_id: str = ""
    refusal: str = ""


def read(octets, mail_from, domain, date):
    """The Arrival in the octets of a mail; `date` is the present in seconds since 1970.

    A large mail takes a parser some tenths of a second, so a shell calls this in a thread.
    """
    try:
        mail = mapping.parse(octets)
        told = reports.read(mail)
        if told is not None:
            return Arrival(told)
        message_id = bodies.line(str(mail.get("Message-ID", "")), 200)
        return Arrival(None, mapping.from_mail(mail, mail_from, domain, date), message_id)
    except mapping.MailRefused as error:
        return Arrival(refusal=error.reply)
    except Exception as error:  # Python's parser of fields raises anything, IndexError and RecursionError first
        _LOG.warning("a mail from %s cannot be read: %s", mail_from, type(error).__name__)
        return Arrival(refusal="554 5.6.0 Fields that cannot be read")


class Mail:
    """The port; `domain` is the operator's in mail, `knows(number)` tells whether a number is a subscriber's.

    `send(outgoing)` starts an attempt, which ends with a call of `sent`, `failed` or `refused`; `wake()` is called when
    the relay has given it something to do.
    """

    def __init__(self, relay, domain, knows, send, wake):
        self._relay, self.domain, self._knows, self._send, self._wake = relay, domain, knows, send, wake
        self._outgoing = {}
        self._sent = {}  # {key of a delivery: its row in the store}, of mails whose reports are awaited
        for key, row in relay.store.all(NAME).items():
            if "octets" in row:
                self._outgoing[key] = Outgoing(key, "", row["recipient"], _REPORT_MS, 0)
            else:
                self._sent[key] = row

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        waiting = [row for row in self._outgoing.values() if not row.busy]
        if not waiting or self._busy() >= ATTEMPTS:
            return None
        return min(min(row.when, row.expires) for row in waiting)

    def _busy(self):
        return sum(row.busy for row in self._outgoing.values())

    def advance(self, now):
        """Start the attempts that are due, and give up what expired; the relay ends an expired delivery by itself."""
        for key, row in list(self._sent.items()):
            if row["expires"] <= self._relay.date(now):
                self._forget(key)
        for row in list(self._outgoing.values()):
            if row.busy:
                continue
            if row.expires <= now or row.message and self._relay.find(row.key) is None:
                self._drop(row, "expired", now)
            elif row.when <= now and self._busy() < ATTEMPTS:
                row.busy = True
                row.attempts += 1
                self._send(row)

    def octets(self, row):
        """The mail of an attempt; it is built for each, so that mails that wait take no memory."""
        if row.message:
            envelope = self._relay.envelope(self._relay.find(row.key))
            return mapping.to_mail(envelope, self.domain).as_bytes()
        return self._relay.store.get(NAME, row.key)["octets"].encode()

    def forward(self, key, envelope, recipient, now):
        """Take one delivery to one address of mail (a port of the Relay)."""
        if key in self._sent:
            self._relay.handed(key, now)
        elif key not in self._outgoing:
            try:
                mapping.to_mail(envelope, self.domain)
                address = addresses.to_mail(recipient, self.domain)
                sender = mapping.sender_of(envelope, self.domain)
            except (ValueError, PduError) as error:
                self._log("mail-unfit", now, message_id=envelope.key, recipient=recipient, what=str(error))
                self._relay.answered(key, "Unrecognised", now)
                return
            left = envelope.expires - self._relay.date(now) if envelope.expires else _REPORT_MS // 1000
            self._outgoing[key] = Outgoing(
                key, sender, address, now + left * 1000, now, envelope.key,
                mapping.notify(envelope), envelope.delivery_report, envelope.read_report,
            )  # fmt: skip
            self._wake()

    def sent(self, row, reports_come, now):
        """The next server has the mail; `reports_come`: it knows delivery status notifications (RFC 3461)."""
        self._outgoing.pop(row.key, None)
        self._log("mailed", now, message_id=row.message, recipient=row.recipient, attempt=row.attempts)
        with self._relay.store:
            if row.message:
                self._handed(row, row.wanted and reports_come and not row.told, now)
            else:
                self._relay.store.drop(NAME, row.key)

    def _handed(self, row, awaited, now):
        if awaited or row.readable:
            expires = self._relay.date(row.expires) + _LATE_S
            self._await(row.key, {"message": row.message, "recipient": row.recipient, "expires": expires,
                                  "wanted": awaited, "readable": row.readable})  # fmt: skip
        if not row.told:
            self._relay.handed(row.key, now)
            if row.wanted and not awaited:
                self._relay.answered(row.key, "Indeterminate", now)

    def failed(self, row, what, now):
        """The next server was not reached, or has no time: the attempt is repeated, later and later."""
        row.busy = False
        row.when = now + (_PAUSES[row.attempts - 1] if row.attempts <= len(_PAUSES) else _PAUSE)
        self._log("mail-failed", now, message_id=row.message, recipient=row.recipient, attempt=row.attempts, what=what)

    def refused(self, row, what, now):
        """The next server will never take the mail."""
        self._drop(row, what, now)
        if row.message:
            self._relay.answered(row.key, "Rejected", now)

    def _drop(self, row, what, now):
        del self._outgoing[row.key]
        self._log("mail-refused", now, message_id=row.message, recipient=row.recipient, what=what)
        if not row.message:
            self._relay.store.drop(NAME, row.key)

    def _await(self, key, row):
        self._sent[key] = row
        self._relay.store.put(NAME, key, row)

    def _forget(self, key):
        del self._sent[key]
        self._relay.store.drop(NAME, key)

    def recipient(self, address):
        """SMTP's refusal of a recipient, or None: a subscriber's number, or an address for reports."""
        local, _, host = address.partition("@")
        if host.lower() != self.domain and (host or local.lower() not in _ALWAYS):
            return "550 5.7.1 No relaying: %s is served here" % self.domain
        if addresses.is_anonymous(address, self.domain) or local.lower() in _ALWAYS:
            return None
        number = addresses.to_number(address, self.domain)
        return None if number and self._knows(number) else "550 5.1.1 No such number here"

    def take(self, arrival, mail_from, recipients, envid, now):
        """SMTP's reply to an Arrival; `recipients` are (address, NOTIFY as a tuple, ORCPT)."""
        if arrival.told is not None:
            with self._relay.store:
                known = [self._reported(report, now) for report in arrival.told]
            return "250 2.0.0 %d reports taken" % sum(known)
        asked = {}
        for address, notify, orcpt in recipients:
            number = addresses.to_number(address, self.domain)
            if number:
                asked[number] = [address, list(notify), orcpt]
        if not asked:
            return "550 5.1.1 That address takes reports alone"
        reply = arrival.refusal
        try:
            if arrival.envelope:
                return self._accept(arrival, mail_from, asked, envid, now)
        except Refused as error:
            start = _REPLIES.get(error.status, "554 5.0.0" if error.status >= 0xE0 else "451 4.3.0")
            reply = "%s %s" % (start, bodies.line(error.text, 200))
        self._log("mail-rejected", now, sender=mail_from, to=list(asked), what=reply)
        return reply

    def _accept(self, arrival, mail_from, asked, envid, now):
        envelope = arrival.envelope
        answer_to = "" if envelope.message_class == "Auto" else mail_from
        envelope.delivery_report = bool(answer_to) and any(row[1] != ["NEVER"] for row in asked.values())
        envelope.read_report = envelope.read_report and bool(answer_to)
        reply = {
            "reply_to": answer_to,
            "message_id": arrival.message_id,
            "subject": envelope.subject,
            "envid": envid,
            "recipients": asked,
        }
        key = self._relay.accept(envelope, list(asked), NAME, reply, now)
        self._log("mail-taken", now, message_id=key, sender=envelope.sender, to=list(asked))
        return "250 2.0.0 %s" % key

    def report(self, reply, recipient, status, now):
        """A delivery report about a message from mail (a port of the Relay)."""
        asked, address = _asked(reply, recipient, self.domain)
        if reports.is_wanted(asked, status):
            mail = reports.build_dsn(asked, status, address, self.domain, self._relay.date(now))
            self._post(asked.reply_to, mail, now)

    def read_report(self, reply, recipient, status, now):
        """A read report about a message from mail (a port of the Relay)."""
        asked, address = _asked(reply, recipient, self.domain)
        if asked.reply_to:
            mail = reports.build_mdn(asked, status, address, self.domain, self._relay.date(now))
            self._post(asked.reply_to, mail, now)

    def _post(self, recipient, mail, now):
        """Send a report, from nowhere, so that no report about it comes back."""
        key = "r" + secrets.token_hex(8)
        self._relay.store.put(NAME, key, {"recipient": recipient, "octets": mail.as_bytes().decode("ascii")})
        self._outgoing[key] = Outgoing(key, "", recipient, now + _REPORT_MS, now)
        self._wake()

    def _reported(self, report, now):
        """Handle a report about one of our mails; returns whether it tells something about one."""
        key = self._find(report)
        if key is None or report.status is None:
            told = report.envid or report.message_id
            self._log("stray", now, message_id=told, status=report.status, recipient=", ".join(report.recipients))
            return False
        sent, going = self._sent.get(key), self._outgoing.get(key)
        recipient = sent["recipient"] if sent else going.recipient
        if report.read:
            self._relay.read_by(key, recipient, report.status, now)
        else:
            if going and not going.told:
                self._relay.handed(key, now)
            self._relay.answered(key, report.status, now)
        final = report.read or report.status != "Deferred"
        if going and not report.read:
            going.told = final
        elif sent and final:
            self._settle(key, sent, "readable" if report.read else "wanted")
        return True

    def _settle(self, key, row, name):
        """A report came: the mail is forgotten when no other one is awaited."""
        row = {**row, name: False}
        if row["wanted"] or row["readable"]:
            self._await(key, row)
        else:
            self._forget(key)

    def _find(self, report):
        """The key of the delivery that a report is about: by the message, and by its recipient if there are several."""
        told = report.envid or report.message_id.strip("<>").rpartition("@")[0]
        told = addresses.from_xtext(told)
        rows = {key: row["recipient"].lower() for key, row in self._sent.items() if row["message"] == told}
        going = [row for row in self._outgoing.values() if row.busy and row.message]
        rows.update({row.key: row.recipient.lower() for row in going if row.message == told})
        exact = [key for key, recipient in rows.items() if recipient in report.recipients]
        found = exact or list(rows)
        return found[0] if exact or len(found) == 1 else None

    def _log(self, event, now, **entry):
        self._relay.log(event, now, **entry)


def _asked(reply, recipient, domain):
    """The Asked of what the relay kept with a message, for one recipient, and his address."""
    address, notify, orcpt = reply["recipients"].get(recipient) or (addresses.to_mail(recipient, domain), [], "")
    kept = {name: reply[name] for name in ("reply_to", "message_id", "subject", "envid")}
    return reports.Asked(**kept, orcpt=orcpt, notify=tuple(notify)), address
