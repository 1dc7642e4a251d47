"""PDUs that an MMSC pushes: notifications, reports and cancellations; loaded when one comes."""

from mms import clock
from mms.codec import mm1
from mms.errors import PduError
from mms.handset import policy, rooms, states
from mms.handset.store import filenames
from mms.limits import const

_CANCEL_REQ = const(0x96)


def handle(inbox, id, message, octets):
    """Do what the PDU in `octets`, pushed by the TPDU `message`, asks for; raises PduError.

    Returns whether it is a report that came too early (see reports.py).
    """
    pdu = mm1.parse(octets)
    if pdu.type == mm1.NOTIFICATION_IND:
        _notify(inbox, id, pdu, message)
    elif pdu.type in (mm1.DELIVERY_IND, mm1.READ_ORIG_IND):
        return rooms.reports.handle(inbox.outbox, pdu, inbox.own_number(), inbox.waiting.busy)
    elif pdu.type == _CANCEL_REQ:
        rooms.errands.cancel(inbox, pdu, message.originator)
    else:
        raise PduError(0, "a push of a PDU that no MMSC pushes")
    return False


def _notify(inbox, id, pdu, message):
    """Store an M-Notification.ind, or note that it came once more (OMA-TS-MMS_ENC, 6.2)."""
    tid, url = pdu.get(mm1.TRANSACTION_ID), (pdu.get(mm1.CONTENT_LOCATION) or "").strip()
    if not tid or not url:
        raise PduError(0, "a notification without transaction id or location")
    if pdu.get(mm1.VERSION, mm1.VERSION_1_0) >> 4 != 1:
        rooms.errands.unrecognised(inbox, tid)
        return

    def is_same(item):
        return (item.status["tid"], item.status["url"]) == (tid, url)

    # The URL is part of the key: the transaction id of another message, used again, does not hide that message.
    id, item = rooms.dedup.find(inbox, id, ("%s %s" % (tid, url)).encode(), is_same)
    if item:
        _renew(inbox, item, _expiry(pdu, message))
        return
    origin = message.originator
    if inbox.waiting.full() and not rooms.eviction.evict(inbox, id, origin):
        return
    sender, octets = mm1.number(pdu.get(mm1.FROM) or ""), pdu.get(mm1.MESSAGE_SIZE) or 0
    rooms.entries.add(
        inbox,
        id,
        states.NOTIFIED,
        tid=tid,
        url=url,
        sender=sender,
        origin=origin,
        subject=pdu.get(mm1.SUBJECT) or "",
        octets=octets,
        announced=octets,
        expiry=_expiry(pdu, message),
    )
    inbox.events.say("notified", id=id, sender=sender, octets=octets)


def _renew(inbox, item, expiry):
    """Answer once more for a message that is announced once more, or retrieve it after all."""
    retrieved = item.state == states.FAILED and inbox.store.has(item.id + filenames.MESSAGE)
    if item.state == states.ACKNOWLEDGED or retrieved:
        item.save(state=states.RETRIEVED, attempts=0)  # the MMSC did not get the answer
    elif item.state == states.DEFERRED or item.state in states.OVER and _may_succeed(item.status):
        inbox.waiting.renew(item.id)
        item.save(state=states.NOTIFIED, attempts=0, age=0, expiry=expiry)
    inbox.events.say("notified_again", id=item.id)


def _may_succeed(status):
    """Whether a message that was given up is retrieved when it is announced once more: it did not crash the handset."""
    return status["attempts"] < policy.ATTEMPTS and not status.get("too_large")


def _expiry(pdu, message):
    """Seconds that the MMSC keeps a message from its reception on; None when nothing tells them."""
    expiry, now = pdu.get(mm1.EXPIRY), message.time or clock.now()
    if expiry is None:
        return None
    form, seconds = expiry
    if form == "absolute":
        seconds = seconds - now if now else 0
    return seconds if seconds > 0 else None
