"""Reports to senders: on a delivery, and on reading (OMA-TS-MMS_ENC, clauses 6.6 and 6.7).

A sender with a handset gets a PDU of MM1, another one what the port by which the message came makes of it.
"""

from mms.codec import mm1
from tools.lab.network.mmsc.deliveries import WORDS
from tools.lab.network.mmsc.submissions import sha256

READ, DELETED = "Read", "Deleted without being read"  # the words of TS 23.140
_READ_STATUSES = {0x80: READ, 0x81: DELETED}


def delivered(relay, delivery, status, now):
    """Tell the sender the Status of a delivery."""
    message = delivery.message
    octets = None if message.port else _delivery_ind(relay, delivery, status, now)
    relay.log("reported", now, message_id=message.key, recipient=delivery.recipient, status=status)
    if message.port:
        relay.ports[message.port].report(message.reply, delivery.recipient, WORDS[status], now)
    else:
        relay.send(message.sender, octets)


def _delivery_ind(relay, delivery, status, now):
    message, deviations = delivery.message, relay.deviations
    key, to, more = message.key, delivery.recipient, []
    if deviations.meets("other-report-id"):
        key = sha256(key.encode())[:24]
    if deviations.meets("swapped-report"):
        to, more = message.sender, [(mm1.FROM, mm1.address(delivery.recipient))]
    fields = [
        (mm1.VERSION, relay.version()),
        (mm1.MESSAGE_ID, key),
        (mm1.TO, mm1.address(to)),
        (mm1.DATE, relay.date(now)),
        (mm1.STATUS, status),
    ]
    return relay.build(mm1.DELIVERY_IND, fields + more)


def read(relay, number, pdu, now):
    """Handle an M-Read-Rec.ind of the subscriber `number` (6.7.2)."""
    key, status = pdu.get(mm1.MESSAGE_ID), pdu.get(mm1.READ_STATUS)
    _pass_on(relay, key, number, status, now)


def read_by(relay, key, recipient, status, now):
    """Handle a read report of a port about the message, or the delivery, `key`; `status` in words."""
    code = next((code for code, word in _READ_STATUSES.items() if word.lower() == status.lower()), 0x80)
    return _pass_on(relay, key.partition("-")[0], recipient, code, now)


def _pass_on(relay, key, number, status, now):
    message = relay.message(key)
    if message is None or number not in message.recipients:
        relay.log("stray", now, sender=number, message_id=key, status=status)
        return False
    relay.log("read", now, sender=number, message_id=key, status=status)
    if not message.pdu.get(mm1.READ_REPORT):
        return True
    if message.port:
        word = _READ_STATUSES.get(status, READ)
        relay.ports[message.port].read_report(message.reply, number, word, now)
        return True
    fields = [
        (mm1.VERSION, relay.version()),
        (mm1.MESSAGE_ID, key),
        (mm1.TO, mm1.address(message.sender)),
        (mm1.FROM, mm1.address(number)),
        (mm1.DATE, relay.date(now)),
        (mm1.READ_STATUS, status),
    ]
    relay.send(message.sender, relay.build(mm1.READ_ORIG_IND, fields))
    return True
