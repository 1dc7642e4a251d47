"""MM4 of one message centre without I/O: a port of its Relay (3GPP TS 23.140, clause 8.4).

Time is the caller's, in milliseconds: call `advance` whenever `due` has come.
"""

import dataclasses
import secrets

from tools.lab.network.mm4 import addresses, arrivals, transactions, writing
from tools.lab.network.mm4.messages import (
    CORRUPT,
    DELIVERY_REPORT,
    NOT_ACCEPTED,
    OK,
    READ_REPORT,
    SERVICE_DENIED,
    UNSUPPORTED,
    Forward,
    Report,
    Response,
)
from tools.lab.network.mm4.transactions import DONE, DUE, HANDED, SENDING, WAITING, Transaction

# The fate of a message by an error RES, or by the code of SMTP; Indeterminate for others
_FATES = {SERVICE_DENIED: "Rejected", CORRUPT: "Rejected", NOT_ACCEPTED: "Rejected", UNSUPPORTED: "Unrecognised"}
_UNKNOWN_MAILBOX = 550
_DAY_MS = 86_400_000
_REPORT_MS = 3 * _DAY_MS  # a report or RES that cannot be sent is given up
_LATE_MS = _DAY_MS  # a delivery report may come so long after a message expired
_READ_MS = 30 * _DAY_MS  # and a read report so long


@dataclasses.dataclass(frozen=True)
class Peer:
    """Another message centre: HOST:PORT of its SMTP, or of a relay to it, and the switches of its profile.

    `hosts` are the addresses that its mail comes from; with none, its name is believed.
    """

    address: str
    profile: frozenset = frozenset()
    hosts: tuple = ()


@dataclasses.dataclass
class Mail:
    """A mail to be sent to `peer`: `build()` gives its octets, and may be called in a thread."""

    transaction: Transaction
    peer: Peer
    sender: str
    mailbox: str
    build: object


class Mm4:
    """The port `name` of a Relay.

    `domain` is the message centre's own, `peers` {domain: Peer}; `find(number)` gives the domain of the message centre
    that serves a number, or None, for ported numbers, too; `agreements.allows(own, peer, octets, date, direction)` says
    whether a message may pass, direction "out" or "in". `journal(entry)` gets each event, `date(now)` is seconds since
    1970, `send(mail)` takes a Mail: `sent` is to be called with its outcome. Transactions are kept in relay.store.
    """

    def __init__(self, relay, domain, peers, find, agreements, journal, date, send, name="mm4"):
        self.relay, self.domain, self.peers, self.name = relay, domain, peers, name
        self.find, self.agreements, self.date = find, agreements, date
        self._journal, self._send = journal, send
        self._transactions, self._keys, self._sent = {}, {}, {}
        self.requests = {}  # of peers: label -> what arrivals keeps of them
        for label, kept in relay.store.all(name).items():
            if label.startswith(arrivals.LABEL):
                self.requests[label] = {**kept, "until": kept["until"] - self.epoch_ms}
            else:
                self._know(transactions.restore(kept, self.epoch_ms))

    def forward(self, key, envelope, recipient, now):
        """Forward a message to one recipient of a peer; a key that is known goes on where it was."""
        known = self._keys.get(key)
        if known is None:
            self._forward(key, envelope, recipient, now)
        elif known.state == DUE and known.when is None:
            self._attempt(known, now)

    def _forward(self, key, envelope, recipient, now):
        domain = self.find(recipient)
        octets, date = len(envelope.content), self.date(now)
        expires = self.expiry(envelope, now)
        if domain not in self.peers:
            self._refuse(key, "Indeterminate", "no peer for %s" % recipient, now)
        elif not self.agreements.allows(self.domain, domain, octets, date, "out"):
            self._refuse(key, "Rejected", "no agreement with %s" % domain, now)
        else:
            profile = self.peers[domain].profile
            wanted = "no-acknowledgement" not in profile
            id = _transaction_id(envelope, recipient, profile)
            message = Forward(id, envelope.key, envelope, self.system, wanted)
            mailbox = addresses.write(recipient, domain)
            report = envelope.delivery_report or "centre-report" in profile
            self._begin(
                Transaction(message, domain, mailbox, expires, key, recipient, report, envelope.read_report), now
            )

    def report(self, reply, recipient, status, now):
        """Send MM4_delivery_report.REQ about a message that came from a peer, if it was asked for."""
        if reply["report"] or reply["centre_report"]:
            self._report(DELIVERY_REPORT, reply, recipient, status, now)

    def read_report(self, reply, recipient, status, now):
        """Send MM4_read_reply_report.REQ about a message that came from a peer, if it was asked for."""
        if reply["read_report"]:
            self._report(READ_REPORT, reply, recipient, status, now)

    def mailbox(self, text, now):
        """The code and text of SMTP for one RCPT: None for a mailbox that is ours."""
        if addresses.domain(text) not in ("", self.domain):
            return 550, "5.7.1 %s relays for nobody" % self.domain
        if addresses.is_system(text):
            return None
        number = addresses.read(text)
        if not number or self.find(number) != self.domain:
            self.log("refused", now, recipient=text, status=550, what="not a subscriber")
            return 550, "5.1.1 not a subscriber of %s" % self.domain
        return None

    def received(self, sender, mailboxes, message, now, host=""):
        """The code and text of SMTP for a mail from the address `host`: `message` is what reading.read gave or raised.

        A message that was answered with 250 is durable.
        """
        with self.relay.store:
            return arrivals.receive(self, sender, mailboxes, message, now, host)

    def sent(self, transaction, code, text, now):
        """A mail has ended with that code of SMTP and a text of its own; None: without a code."""
        if self._transactions.get(transaction.label) is transaction and transaction.state == SENDING:
            with self.relay.store:
                self._sent_with(transaction, code, text, now)

    def _sent_with(self, transaction, code, text, now):
        if code is None or 400 <= code < 500:
            self._again(transaction, text, now)
        elif code >= 500:
            fate = "Indeterminate" if code == _UNKNOWN_MAILBOX else "Rejected"
            self._fail(transaction, fate, text, now)
        elif isinstance(transaction.message, Response) or not transaction.message.acknowledge:
            self._answered(transaction, OK, now)
        else:
            self._enter(transaction, WAITING, now + transactions.ACKNOWLEDGEMENT_MS)

    def responded(self, response, now):
        """A RES has come."""
        transaction = self._transactions.get(addresses.identifier(response.transaction))
        status, ours = response.status, transaction and transaction.message.kind == response.kind
        self.log("responded" if ours else "stray", now, tid=response.transaction, kind=response.kind, status=status)
        if not ours or not transaction.active:
            return
        if status.lower() == OK.lower():
            self._answered(transaction, status, now)
        else:
            fates = {error.lower(): fate for error, fate in _FATES.items()}
            self._fail(transaction, fates.get(status.lower(), "Indeterminate"), status, now)

    def forwarded(self, message_id, recipient):
        """The Transaction of a forward that a report is about, or None.

        A peer that names no recipient means the only one of that message.
        """
        found = self._sent.get(addresses.identifier(message_id), {})
        if recipient in found:
            return found[recipient]
        return next(iter(found.values())) if len(found) == 1 and not recipient.startswith("+") else None

    def settle(self, transaction, status, now):
        """A recipient's fate was reported: a delivery ends with every status but Deferred."""
        if transaction.state == DONE:
            return
        self.relay.answered(transaction.key, status, now)
        if status != "Deferred":
            self._finish(transaction)

    def read(self, transaction, status, now):
        """A recipient has read or deleted the message."""
        self.relay.read_by(transaction.key, transaction.recipient, status, now)
        if transaction.state == DONE:
            self._forget(transaction)

    def respond(self, response, domain, mailbox, now):
        """Send a RES to a mailbox of a peer."""
        self._begin(Transaction(response, domain, mailbox, now + _REPORT_MS), now)

    @property
    def epoch_ms(self):
        """The date at millisecond 0, in milliseconds since 1970: times are kept by it."""
        return self.date(0) * 1000

    @property
    def system(self):
        """The mailbox of the message centre itself."""
        return addresses.write(addresses.SYSTEM, self.domain, typed=False)

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        moments = [row.when for row in self._transactions.values() if row.when is not None]
        return min(moments, default=None)

    def advance(self, now):
        """Send what is due, and give up what expired."""
        with self.relay.store:
            for transaction in list(self._transactions.values()):
                self._look_after(transaction, now)
            arrivals.forget(self, now)

    def expiry(self, envelope, now):
        """The milliseconds at which a message expires."""
        return now + ((envelope.expires - self.date(now)) * 1000 if envelope.expires else _REPORT_MS)

    def _look_after(self, transaction, now):
        if not transaction.active:
            if now >= transaction.expires + (_READ_MS if transaction.read_wanted else _LATE_MS):
                self._forget(transaction)
        elif transaction.state != SENDING and now >= transaction.expires:
            self._tell("failed", transaction, now, what="expired")  # the relay gives the delivery up by itself
            self._forget(transaction)
        elif transaction.when is not None and transaction.when <= now:
            self._attempt(transaction, now)

    def _report(self, kind, reply, recipient, status, now):
        message = Report(
            kind, secrets.token_hex(12), reply["message_id"], recipient, reply["originator"], status,
            self.date(now), reply["report"], self.system,
            "no-acknowledgement" not in self._profile(reply["domain"]),
        )  # fmt: skip
        mailbox = reply["mailbox"] or addresses.write(reply["originator"], reply["domain"])
        self._begin(Transaction(message, reply["domain"], mailbox, now + _REPORT_MS), now)

    def _profile(self, domain):
        return self.peers[domain].profile if domain in self.peers else frozenset()

    def _begin(self, transaction, now):
        known = self._transactions.get(transaction.label)
        if known is None:
            self._know(transaction)
            self._keep(transaction)
            self._attempt(transaction, now)
        elif known.state == DUE:  # a RES that the peer could not take: it asks again, so it can
            self._attempt(known, now)

    def _know(self, transaction):
        self._transactions[transaction.label] = transaction
        if transaction.key:
            self._keys[transaction.key] = transaction
            message_id = addresses.identifier(transaction.message.message_id)
            self._sent.setdefault(message_id, {})[transaction.recipient] = transaction
        elif transaction.active:
            transaction.when = 0  # a forward waits until the relay has its delivery

    def _enter(self, transaction, state, when=None):
        transaction.state, transaction.when = state, when
        if isinstance(transaction.message, Forward) and state != SENDING:
            transaction.message.envelope = None
        self._keep(transaction)

    def _keep(self, transaction):
        self.relay.store.put(self.name, transaction.label, transaction.kept(self.epoch_ms))

    def _forget(self, transaction):
        del self._transactions[transaction.label]
        if self._keys.pop(transaction.key, None):
            message_id = addresses.identifier(transaction.message.message_id)
            self._sent[message_id].pop(transaction.recipient, None)
            if not self._sent[message_id]:
                del self._sent[message_id]
        self.relay.store.drop(self.name, transaction.label)

    def _finish(self, transaction):
        """The delivery has ended; only a read report may follow."""
        if transaction.read_wanted:
            self._enter(transaction, DONE)
        else:
            self._forget(transaction)

    def _attempt(self, transaction, now):
        message, date = transaction.message, self.date(now)
        peer = self.peers.get(transaction.domain)
        transaction.attempts += 1
        if peer is None:
            self._again(transaction, "no peer %s" % transaction.domain, now)
            return
        if isinstance(message, Forward) and message.envelope is None:
            delivery = self.relay.find(transaction.key)
            if delivery is None:
                self._tell("failed", transaction, now, what="the relay has given it up")
                self._forget(transaction)
                return
            message.envelope = self.relay.envelope(delivery)
        self._enter(transaction, SENDING)
        self._tell("sending", transaction, now, attempt=transaction.attempts)

        whole = dataclasses.replace(message)  # the answer to an earlier attempt may come before this mail is built

        def build():
            return writing.write(whole, self.domain, transaction.mailbox, date, peer.profile)

        mail = Mail(transaction, peer, self._from(message), transaction.mailbox, build)
        self.relay.store.after(lambda: self._send(mail))

    def _from(self, message):
        """MAIL FROM: a user's mailbox with us, or our own."""
        user = message.envelope.sender if isinstance(message, Forward) else getattr(message, "recipient", "@")
        return self.system if "@" in user else addresses.write(user, self.domain)

    def _again(self, transaction, what, now):
        self._enter(transaction, DUE, min(now + transactions.pause_ms(transaction.attempts), transaction.expires))
        self._tell("failed", transaction, now, what=what)

    def _answered(self, transaction, status, now):
        """The peer has what was sent to it."""
        if not transaction.key:
            self._forget(transaction)
            return
        self.relay.handed(transaction.key, now)
        if transaction.report_wanted or transaction.read_wanted:
            self._enter(transaction, HANDED)
        else:
            self._forget(transaction)

    def _fail(self, transaction, fate, what, now):
        self._tell("failed", transaction, now, what=what, status=fate)
        if transaction.key:
            self.relay.answered(transaction.key, fate, now)
        self._forget(transaction)

    def _refuse(self, key, status, what, now):
        self.log("failed", now, key=key, status=status, what=what)
        self.relay.answered(key, status, now)

    def _tell(self, event, transaction, now, **entry):
        message = transaction.message
        self.log(
            event, now, peer=transaction.domain, kind=message.kind, tid=message.transaction,
            message_id=message.message_id, recipient=transaction.recipient or transaction.mailbox, **entry,
        )  # fmt: skip

    def log(self, event, now, **entry):
        """Write an event into the journal."""
        self._journal({"event": event, "port": self.name, "ms": now, "date": self.date(now), **entry})


def _transaction_id(envelope, recipient, profile):
    """An id that tells nothing, or what the profile has instead."""
    return "%s.%s" % (envelope.key, recipient) if "ids-of-numbers" in profile else secrets.token_hex(12)
