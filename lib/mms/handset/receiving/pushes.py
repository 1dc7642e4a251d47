"""What a WAP push can be: known by its content type and application, never by the port on which it came.

Loaded when one comes.
"""

from mms import clock
from mms.codec import mm1
from mms.errors import PduError
from mms.handset import policy, rooms, states
from mms.handset.store import filenames

push = rooms.push

_MMS = "application/vnd.wap.mms-message"
_ROOMS = {
    "text/vnd.wap.si": "indications",
    "text/vnd.wap.sl": "indications",
    "application/vnd.wap.sic": "indications",
    "application/vnd.wap.slc": "indications",
    "text/vnd.wap.connectivity-xml": "proposals",
    "application/vnd.wap.connectivity-wbxml": "proposals",
}
_OF_MMS = (None, push.MMS_UA, "x-wap-application:mms.ua")  # not every MMSC names the application
_CANCEL_REQ = 0x96


def take(box, id, message, data):
    """Do what the push in `data`, which `message` (or the last part of it) brought, asks for; raises PduError.

    Or else the room that does it, and what it takes besides: nobody has to stay here meanwhile.
    """
    told = push.parse(data)
    if told.media != _MMS:
        room = _ROOMS.get(told.media)
        if room is None:
            raise PduError(0, "a push of %s" % told.media)
        return room, told, data[told.body :]
    if told.application not in _OF_MMS:
        raise PduError(0, "a message for application %s" % told.application)
    pdu = mm1.parse(data[told.body :])
    if pdu.type == mm1.NOTIFICATION_IND:
        _notified(box, id, pdu, message)
    elif pdu.type in (mm1.DELIVERY_IND, mm1.READ_ORIG_IND):
        rooms.reports.handle(box.outbox, pdu, box.own())
    elif pdu.type == _CANCEL_REQ:
        rooms.errands.cancel(box, pdu, message.originator)
    else:
        raise PduError(0, "a push of a PDU that no MMSC pushes")


def _notified(box, id, pdu, message):
    tid, url = pdu.get(mm1.TRANSACTION_ID), (pdu.get(mm1.CONTENT_LOCATION) or "").strip()
    if not tid or not url:
        raise PduError(0, "a notification without transaction id or location")
    if pdu.get(mm1.VERSION, mm1.VERSION_1_0) >> 4 != 1:
        rooms.errands.unrecognised(box, tid)
        return
    # Both count: a stranger who uses a transaction id again does not make us deaf to its message.
    told, same = ("%s %s" % (tid, url)).encode(), lambda item: (item.status["tid"], item.status["url"]) == (tid, url)
    id, item = rooms.dedup.known(box, id, told, same)
    if item:
        if item.state == states.ACKNOWLEDGED or item.state == states.FAILED and box.store.has(id + filenames.MESSAGE):
            item.save(state=states.RETRIEVED, attempts=0)  # the MMSC did not see the answer: say it again
        elif item.state == states.DEFERRED or item.state in states.OVER and _may_succeed(item.status):
            box.waiting.renew(id)  # it is there after all, and did not end us
            item.save(state=states.NOTIFIED, attempts=0, age=0, expiry=_expiry(pdu, message))
        box.events.say("notified_again", id=id)
        return
    origin = message.originator
    if box.waiting.full():
        excess = rooms.eviction.excess(box.waiting, id, origin)
        box.drop("notifications")
        if excess == id:
            return
        box.delete(excess)
    sender, octets = mm1.number(pdu.get(mm1.FROM) or ""), pdu.get(mm1.MESSAGE_SIZE) or 0
    box.add(
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
    box.events.say("notified", id=id, sender=sender, octets=octets)


def _may_succeed(status):
    """Whether a message whose retrieval has ended is retrieved when it is announced again."""
    return status["attempts"] < policy.ATTEMPTS and not status.get("too_large")


def _expiry(pdu, message):
    """Seconds that the MMSC keeps it, from now on; None when nobody can tell."""
    expiry, now = pdu.get(mm1.EXPIRY), message.time or clock.now()
    if expiry is None:
        return None
    form, seconds = expiry
    if form == "absolute":
        seconds = seconds - now if now else 0
    return seconds if seconds > 0 else None
