"""Delivery and read reports: recorded with the sent message, for each recipient; loaded when a report comes."""

from mms.codec import mm1
from mms.handset import rooms, states
from mms.limits import const

numbers = rooms.numbers

_DELIVERY = (  # X-Mms-Status (OMA-TS-MMS_ENC, 7.3.47), from 80 on
    "expired",
    "retrieved",
    "rejected",
    "deferred",
    "unrecognised",
    "indeterminate",
    "forwarded",
    "unreachable",
)
_READING = const(("read", "deleted"))  # X-Mms-Read-Status (7.3.41), from 80 on


def word(status, read):
    """The word for an X-Mms-Status, or for an X-Mms-Read-Status when `read`."""
    words = _READING if read else _DELIVERY
    return words[status - 0x80] if 0 <= status - 0x80 < len(words) else "unrecognised"


def handle(outbox, pdu, own, busy=None):
    """Record an M-Delivery.ind or M-Read-Orig.ind with the message that it is about.

    own: our number or None; busy: the id of what the carrier carries, or None. The recipient is in To, or in From when
    the message was read (6.5, 6.7.2), but some MMSCs swap the two. Returns True for a report on no known message while
    one is leaving: its confirmation may come later than the report, which is to be handled again.
    """
    read = pdu.type == mm1.READ_ORIG_IND
    status = word(pdu.get(mm1.READ_STATUS if read else mm1.STATUS), read)
    fields = (mm1.FROM, mm1.TO) if read else (mm1.TO, mm1.FROM)
    addresses = [numbers.person(address)[1] for field in fields for address in pdu.all(field) if address]
    message_id = pdu.get(mm1.MESSAGE_ID)
    for item in outbox.find(message_id) if message_id else ():
        if item.status["message_id"] == message_id:
            record(outbox, item, addresses, status, read, own)
            return False
    carried = outbox.get(busy) if busy in outbox.ids() else None
    if carried and carried.state == states.LEAVING:
        return True
    outbox.events.say("unknown_report", message_id=message_id)
    return False


def record(outbox, item, addresses, status, read=False, own=None):
    """Record the `status` of one recipient of `item`; `addresses` are those in the report, the likeliest first.

    A report counts only for a recipient of the message: for ourselves when it has no other address, and for the only
    recipient when it has no address at all.
    """
    to = item.record["to"]
    others = [address for address in addresses if not (own and numbers.same(own, address))]
    at = _recipient(to, others)
    if at is None and not others:
        at = _recipient(to, addresses)
        if at is None and len(to) == 1:
            at = 0
    recipient = to[at] if at is not None else (others + addresses + [""])[0]
    if at is not None:
        key = "readings" if read else "reports"
        known = dict(item.status[key])
        known[str(at)] = status
        item.save(**{key: known})
    outbox.events.say("read" if read else "delivered", id=item.id, recipient=recipient, status=status)


def _recipient(to, addresses):
    """The index in `to` of the first recipient that one of the addresses means, or None."""
    for address in addresses:
        for index in range(len(to)):
            if numbers.same(to[index], address):
                return index
    return None
