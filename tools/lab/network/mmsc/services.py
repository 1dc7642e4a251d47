"""Services of an MMSC on messages that it has: forwarding, read reports, cancelling.

The half of the relay that MMS 1.0 did not have (OMA-TS-MMS_ENC, clauses 6.5, 6.7 and 6.10): each takes the Relay.
"""

from mms.codec import mm1

FORWARD_REQ, FORWARD_CONF, CANCEL_REQ, CANCEL_CONF = 0x89, 0x8A, 0x96, 0x97
_PREVIOUSLY_SENT_BY, _PREVIOUSLY_SENT_DATE, _CANCEL_ID, _CANCEL_STATUS = 0x20, 0x21, 0x3E, 0x3F
_FORWARDED = 0x86  # a Status
_NOT_FOUND, _DENIED = 0xE4, 0xE1  # of a Response-Status
_1_3 = 0x13


class Forwarded:
    """A forwarded submission: the fields of the original, with the reports that the forwarding user asks for."""

    _HIS = (mm1.DELIVERY_REPORT, mm1.READ_REPORT)

    def __init__(self, original, request, before):
        self._original, self._request = original, request
        self.before = before  # (address, date) of each earlier sender, the first one first

    def _of(self, number):
        return self._request if number in self._HIS + (mm1.TO, mm1.CC) else self._original

    def get(self, number, default=None):
        """As Pdu.get."""
        return self._of(number).get(number, default)

    def has(self, number):
        """As Pdu.has."""
        return self._of(number).has(number)

    def all(self, number):
        """As Pdu.all."""
        return self._of(number).all(number)


def previously(pdu):
    """X-Mms-Previously-Sent-By and -Date of all earlier senders, numbered from 1 on."""
    fields = []
    for number, (who, when) in enumerate(getattr(pdu, "before", ()), 1):
        fields.append((_PREVIOUSLY_SENT_BY, (number, mm1.address(who))))
        fields.append((_PREVIOUSLY_SENT_DATE, (number, when)))
    return fields


def delay_ms(message):
    """Milliseconds for which the sender wants a message to be held back."""
    form, seconds = message.pdu.get(mm1.DELIVERY_TIME, ("relative", 0))
    return max(0, seconds - message.date if form == "absolute" else seconds) * 1000


def cancel(relay, key, now):
    """Ask every handset that has the message to delete it, as a value added service provider may (6.10)."""
    message = relay._sent[key]
    for recipient in message.recipients:
        relay._count += 1
        fields = [(mm1.TRANSACTION_ID, "c%d" % relay._count), (mm1.VERSION, _1_3), (_CANCEL_ID, key)]
        relay._log("cancelling", now, message_id=key, recipient=recipient, tid="c%d" % relay._count)
        relay._send(recipient, relay.build(CANCEL_REQ, fields))


def cancelled(relay, number, pdu, now):
    relay._log("cancelled", now, sender=number, tid=pdu.get(mm1.TRANSACTION_ID), status=pdu.get(_CANCEL_STATUS))


def read(relay, number, pdu, now):
    """Pass a recipient's read report on to the sender, if one was asked for (6.7.2)."""
    key, status = pdu.get(mm1.MESSAGE_ID), pdu.get(mm1.READ_STATUS)
    message = relay._sent.get(key)
    if message is None or number not in message.recipients:
        relay._log("stray", now, sender=number, message_id=key, status=status)
        return
    relay._log("read", now, sender=number, message_id=key, status=status)
    if not message.pdu.get(mm1.READ_REPORT):
        return
    fields = [
        (mm1.VERSION, relay.version()),
        (mm1.MESSAGE_ID, key),
        (mm1.TO, mm1.address(message.sender)),
        (mm1.FROM, mm1.address(number)),
        (mm1.DATE, relay._date(now)),
        (mm1.READ_STATUS, status),
    ]
    relay._send(message.sender, relay.build(mm1.READ_ORIG_IND, fields))


def forward(relay, number, pdu, now):
    """The M-Forward.conf to an M-Forward.req: a message is passed on from its notification alone (6.5)."""
    tid = pdu.get(mm1.TRANSACTION_ID)
    url = pdu.get(mm1.CONTENT_LOCATION) or ""
    delivery = relay._find(url.split("/m/")[-1])
    status, fields = mm1.OK, []
    if delivery is None or delivery.recipient != number:
        status = _DENIED if delivery else _NOT_FOUND
        relay._log("refused", now, sender=number, tid=tid, status=status, what="forward")
    else:
        fields = [(mm1.MESSAGE_ID, _pass_on(relay, number, delivery, pdu, now))]
    head = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, relay._client_version(pdu)), (mm1.RESPONSE_STATUS, status)]
    return relay.build(FORWARD_CONF, head + fields)


def _pass_on(relay, number, delivery, pdu, now):
    original = delivery.message
    before = list(getattr(original.pdu, "before", ())) + [(original.sender, original.date)]
    key = relay._key()
    relay._bodies[key] = relay._bodies[original.key]
    addresses = pdu.all(mm1.TO) + pdu.all(mm1.CC) + pdu.all(mm1.BCC)
    recipients = [mm1.number(address) for address in addresses]
    relay._log(
        "forwarded",
        now,
        sender=number,
        to=recipients,
        message_id=key,
        of=original.key,
        tid=pdu.get(mm1.TRANSACTION_ID),
    )
    relay._store(key, number, Forwarded(original.pdu, pdu, before), recipients, delivery.expires, now)
    relay._end(delivery, _FORWARDED, now, pdu.get(mm1.REPORT_ALLOWED, True))
    return key
