"""Services of an MMSC on messages that it has: forwarding, cancelling, holding back.

The half of the relay that MMS 1.0 did not have (OMA-TS-MMS_ENC, clauses 6.5 and 6.10): each takes the Relay.
"""

from mms.codec import mm1
from tools.lab.network.mmsc import submissions
from tools.lab.network.mmsc.deliveries import Message, before
from tools.lab.network.mmsc.submissions import Refused

FORWARD_REQ, FORWARD_CONF, CANCEL_REQ, CANCEL_CONF = 0x89, 0x8A, 0x96, 0x97
_CANCEL_ID, _CANCEL_STATUS = 0x3E, 0x3F
_FORWARDED = 0x86  # a Status
_NOT_FOUND, _DENIED = 0xE4, 0xE1  # of a Response-Status
_1_3 = 0x13


def delay_ms(message):
    """Milliseconds for which the sender wants a message to be held back."""
    form, seconds = message.pdu.get(mm1.DELIVERY_TIME, ("relative", 0))
    return max(0, seconds - message.date if form == "absolute" else seconds) * 1000


def cancel(relay, key, now):
    """Ask every handset that has the message to delete it, as a value added service provider may (6.10)."""
    for recipient in relay.message(key).recipients:
        tid = "c%d" % relay.count()
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, _1_3), (_CANCEL_ID, key)]
        relay.log("cancelling", now, message_id=key, recipient=recipient, tid=tid)
        relay.send(recipient, relay.build(CANCEL_REQ, fields))


def cancelled(relay, number, pdu, now):
    relay.log("cancelled", now, sender=number, tid=pdu.get(mm1.TRANSACTION_ID), status=pdu.get(_CANCEL_STATUS))


def forward(relay, number, pdu, now):
    """The M-Forward.conf to an M-Forward.req: a message is passed on from its notification alone (6.5)."""
    tid = pdu.get(mm1.TRANSACTION_ID)
    url = pdu.get(mm1.CONTENT_LOCATION) or ""
    delivery = relay.find(url.split("/m/")[-1])
    head = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, relay.client_version(pdu))]
    try:
        if delivery is None or delivery.recipient != number:
            raise Refused(_DENIED if delivery else _NOT_FOUND, "forward")
        key = _pass_on(relay, number, delivery, pdu, now)
    except Refused as refusal:
        relay.log("refused", now, sender=number, tid=tid, status=refusal.status, what=refusal.text)
        return relay.build(FORWARD_CONF, head + [(mm1.RESPONSE_STATUS, refusal.status)])
    return relay.build(FORWARD_CONF, head + [(mm1.RESPONSE_STATUS, mm1.OK), (mm1.MESSAGE_ID, key)])


def _pass_on(relay, number, delivery, pdu, now):
    original, tid = delivery.message, pdu.get(mm1.TRANSACTION_ID)
    recipients = submissions.recipients(pdu)
    content = relay.bodies[original.key]
    head = mm1.build(mm1.SEND_REQ, _fields(original, pdu))
    message = Message(relay.key(), number, head, relay.date(now), recipients, hops=original.hops + 1)
    key = message.key
    relay.bodies[key] = content
    relay.log("forwarded", now, sender=number, to=recipients, message_id=key, of=original.key, tid=tid)
    relay.take(message, delivery.expires, now)
    relay.end(delivery, _FORWARDED, now, pdu.get(mm1.REPORT_ALLOWED, True))
    return key


def _fields(original, request):
    """The fields of a forwarded submission: reports and times are those that the forwarding user asks for."""
    fields = [(number, request.get(number)) for number in (mm1.TRANSACTION_ID, mm1.VERSION)] + [(mm1.FROM, None)]
    fields += [(number, value) for number in (mm1.TO, mm1.CC) for value in request.all(number)]
    for number in (mm1.DELIVERY_TIME, mm1.DELIVERY_REPORT, mm1.READ_REPORT):
        fields += [(number, value) for value in request.all(number)]
    for number in (mm1.SUBJECT, mm1.MESSAGE_CLASS, mm1.PRIORITY):
        fields += [(number, value) for value in original.pdu.all(number)]
    sender = [] if original.hidden else [(original.sender, original.date)]
    return fields + before(original.previously() + sender)
