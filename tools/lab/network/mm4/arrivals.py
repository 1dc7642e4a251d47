"""Mails of peers at a message centre: what each REQ is answered, and what becomes of it. Each verb takes the Mm4."""

from tools.lab.network.mm4 import addresses
from tools.lab.network.mm4.messages import (
    CORRUPT,
    FORWARD,
    NETWORK_PROBLEM,
    NOT_ACCEPTED,
    NOT_FOUND,
    OK,
    READ_REPORT,
    SERVICE_DENIED,
    UNRESOLVED,
    UNSPECIFIED,
    Malformed,
    NoMm4,
    Report,
    Response,
)
from tools.lab.network.mm4.reading import Loop
from tools.lab.network.mmsc import submissions
from tools.lab.network.mmsc.submissions import Refused

LABEL = "request:"  # of what is kept of a peer's REQ
_KEPT_MS = 4 * 86_400_000  # a peer repeats a REQ until its message expires
_TAKEN = 250, "2.0.0 taken"
_DENIED = 550
_BROKEN = 554

# Request-Status-Code by the Response-Status of a refusal (OMA-TS-MMS_ENC, 7.3.48)
_STATUSES = {
    submissions.DENIED: SERVICE_DENIED,
    submissions.CORRUPT: CORRUPT,
    submissions.UNRESOLVED: UNRESOLVED,
    submissions.NOT_ACCEPTED: NOT_ACCEPTED,
}
_TRANSIENT = range(0xC0, 0xE0)


def receive(mm4, sender, mailboxes, message, now, host):
    """The code and text of SMTP for a mail from the mailbox `sender` at the address `host`."""
    claimed = mm4.peers.get(addresses.domain(sender))
    if claimed and claimed.hosts and host not in claimed.hosts:
        mm4.log("refused", now, sender=sender, status=_DENIED, what="not from %s" % host)
        return _DENIED, "5.7.1 %s is no address of that message centre" % host
    if isinstance(message, (NoMm4, Loop)):
        code = "5.4.6" if isinstance(message, Loop) else "5.6.0"
        mm4.log("rejected", now, sender=sender, status=_BROKEN, what=str(message))
        return _BROKEN, "%s %s" % (code, message)
    if isinstance(message, Response):
        mm4.responded(message, now)
        return _TAKEN
    domains = [addresses.domain(text) for text in (sender, message.system)]
    if mm4.domain in domains:
        mm4.log("rejected", now, sender=sender, tid=message.transaction, status=_BROKEN, what="our own mail")
        return _BROKEN, "5.4.6 this is mail of %s itself" % mm4.domain
    peer = next((domain for domain in domains if domain in mm4.peers), None)
    if peer is None:
        mm4.log("refused", now, sender=sender, tid=message.transaction, status=_DENIED, what="no peer")
        return _DENIED, "5.7.1 no message centre of that name is known here"
    if isinstance(message, Malformed):
        return _answer(mm4, message, peer, message.status, str(message), now)
    if isinstance(message, Report):
        return _report(mm4, message, peer, now)
    return _forward(mm4, message, mailboxes, peer, now)


def forget(mm4, now):
    """Forget requests that no peer repeats any more."""
    for label in [label for label, kept in mm4.requests.items() if now >= kept["until"]]:
        del mm4.requests[label]
        mm4.relay.store.drop(mm4.name, label)


def _forward(mm4, message, mailboxes, peer, now):
    label = "%s%s:%s" % (LABEL, peer, addresses.identifier(message.transaction))
    numbers = list(dict.fromkeys(filter(None, map(addresses.read, mailboxes))))
    numbers = [number for number in numbers if mm4.find(number) == mm4.domain]
    kept = mm4.requests.get(label, {"recipients": []})
    fresh = [number for number in numbers if number not in kept["recipients"]]
    if numbers and not fresh:
        mm4.log("repeated", now, peer=peer, tid=message.transaction, message_id=message.message_id, to=numbers)
        return _answer(mm4, message, peer, OK, "", now)
    try:
        key = _accept(mm4, message, fresh, peer, now)
    except Refused as refusal:
        status = _STATUSES.get(refusal.status, NETWORK_PROBLEM if refusal.status in _TRANSIENT else UNSPECIFIED)
        return _answer(mm4, message, peer, status, refusal.text, now)
    until = max(mm4.expiry(message.envelope, now), now) + _KEPT_MS
    kept = mm4.requests[label] = {"recipients": kept["recipients"] + fresh, "until": until}
    mm4.relay.store.put(mm4.name, label, {**kept, "until": until + mm4.epoch_ms})
    mm4.log("arrived", now, peer=peer, sender=message.envelope.sender, to=fresh, tid=message.transaction,
            message_id=key, of=message.message_id, octets=len(message.envelope.content))  # fmt: skip
    return _answer(mm4, message, peer, OK, "", now)


def _accept(mm4, message, numbers, peer, now):
    """Give a message to the Relay; returns its message id here. Raises Refused."""
    envelope = message.envelope
    octets, date = len(envelope.content), mm4.date(now)
    if not numbers:
        raise Refused(submissions.UNRESOLVED, "no recipient of this network")
    if mm4.find(envelope.sender) not in (None, peer):
        raise Refused(submissions.UNRESOLVED, "the sender is no subscriber of %s" % peer)
    if not mm4.agreements.allows(mm4.domain, peer, octets, date, "in"):
        raise Refused(submissions.DENIED, "no agreement for this message")
    reply = {
        "domain": peer,
        "mailbox": _mailbox(message, peer) if "@" in envelope.sender else "",
        "message_id": message.message_id,
        "originator": envelope.sender,
        "report": envelope.delivery_report,
        "read_report": envelope.read_report,
        "centre_report": message.centre_report,
    }
    envelope.delivery_report |= message.centre_report
    return mm4.relay.accept(envelope, numbers, mm4.name, reply, now)


def _report(mm4, message, peer, now):
    recipient = message.recipient or addresses.party(message.system)
    transaction = mm4.forwarded(message.message_id, recipient)
    entry = {"peer": peer, "recipient": recipient, "message_id": message.message_id, "status": message.status}
    if transaction is None:
        mm4.log("stray", now, kind=message.kind, tid=message.transaction, **entry)
        return _answer(mm4, message, peer, NOT_FOUND, "no such message", now)
    mm4.log("told", now, kind=message.kind, tid=message.transaction, **entry)
    if message.kind == READ_REPORT:
        mm4.read(transaction, message.status, now)
    else:
        mm4.settle(transaction, message.status, now)
    return _answer(mm4, message, peer, OK, "", now)


def _answer(mm4, message, peer, status, text, now):
    """Owe the peer a RES if it asked for one; else the code of SMTP has to say it."""
    if status != OK:
        mm4.log("refused", now, peer=peer, kind=message.kind, tid=message.transaction, status=status, what=text)
    if message.acknowledge:
        id = message.message_id if message.kind == FORWARD else ""
        response = Response(message.kind, message.transaction, id, status, text)
        domain = addresses.domain(message.system)
        mm4.respond(response, domain if domain in mm4.peers else peer, _mailbox(message, peer), now)
    elif status != OK:
        return _BROKEN, "5.6.0 %s %s" % (status, text)
    return _TAKEN


def _mailbox(message, peer):
    """The mailbox for responses: the one that a peer named, or the usual one."""
    text = message.system.strip().strip("<>")
    return text if "@" in text and " " not in text else addresses.write(addresses.SYSTEM, peer, typed=False)
