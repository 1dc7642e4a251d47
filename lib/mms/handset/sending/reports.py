"""What became of a message that was sent, for each recipient; loaded when a report comes."""

from mms.codec import mm1
from mms.handset import rooms

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
_READING = ("read", "deleted")  # X-Mms-Read-Status (7.3.41), from 80 on


def name(status, read):
    """The word for a Status or Read-Status."""
    words = _READING if read else _DELIVERY
    return words[status - 0x80] if 0 <= status - 0x80 < len(words) else "unrecognised"


def handle(outbox, pdu, own):
    """Note an M-Delivery.ind or M-Read-Orig.ind with the message that it is about.

    The recipient is in To, or in From when it was read (6.5, 6.7.2), but some MMSCs say it the other way round.
    """
    read = pdu.type == mm1.READ_ORIG_IND
    status = name(pdu.get(mm1.READ_STATUS if read else mm1.STATUS), read)
    fields = (mm1.FROM, mm1.TO) if read else (mm1.TO, mm1.FROM)
    told = [numbers.person(address)[1] for field in fields for address in pdu.all(field) if address]
    message_id = pdu.get(mm1.MESSAGE_ID)
    for item in outbox.about(message_id) if message_id else ():
        if item.status["message_id"] == message_id:
            note(outbox, item, told, status, read, own)
            return
    outbox.events.say("unknown_report", message_id=message_id)


def note(outbox, item, told, status, read=False, own=None):
    """Note a report about `item`, which tells these addresses, ours among them perhaps; the likeliest comes first.

    It counts only for one to whom the message was sent: for ourselves when no other is told, and for the only
    recipient when nobody else is.
    """
    to = item.record["to"]
    others = [address for address in told if not (own and numbers.same(own, address))]
    at = _recipient(to, others)
    if at is None and not others:
        at = _recipient(to, told)
        if at is None and len(to) == 1:
            at = 0
    recipient = to[at] if at is not None else (others + told + [""])[0]
    if at is not None:
        kind = "readings" if read else "reports"
        known = dict(item.status[kind])
        known[str(at)] = status
        item.save(**{kind: known})
    outbox.events.say("read" if read else "delivered", id=item.id, recipient=recipient, status=status)


def _recipient(to, told):
    """The index of the first recipient in `to` whose address is told, or None."""
    for address in told:
        for index in range(len(to)):
            if numbers.same(to[index], address):
                return index
    return None
