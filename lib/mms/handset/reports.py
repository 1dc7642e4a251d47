"""What became of a message that was sent, for each recipient; loaded when a report comes."""

from mms.handset import visit

numbers = visit("numbers")

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


def take(outbox, message_id, recipient, status, read=False):
    """Note a report with the message and the recipient that it is about."""
    for item in outbox.about(message_id) if message_id else ():
        if item.fate["message_id"] == message_id:
            note(outbox, item, recipient, status, read)
            return
    outbox.events.say("unknown_report", message_id=message_id)


def note(outbox, item, recipient, status, read=False):
    """Note a report about `item`; it counts only for one to whom it was sent."""
    to = item.record["to"]
    at = [index for index in range(len(to)) if numbers.same(to[index], recipient)]
    if at:
        kind = "readings" if read else "reports"
        known = dict(item.fate[kind])
        known[str(at[0])] = status
        item.save(**{kind: known})
        recipient = to[at[0]]
    outbox.events.say("read" if read else "delivered", id=item.id, recipient=recipient, status=status)
