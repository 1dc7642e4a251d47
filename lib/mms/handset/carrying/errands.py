"""Errands: small PDUs for the MMSC that answer no retrieval, such as an M-Read-Rec.ind; loaded when there is one.

Each is a record of the store: its octets, and the message that it is about.
"""

import binascii

from mms import limits
from mms.codec import mm1
from mms.errors import PduError, StoreError
from mms.handset import states
from mms.handset.store import filenames
from mms.limits import const

_CANCEL_CONF = const(0x97)
_CANCEL_ID = const(0x3E)
_CANCEL_STATUS = const(0x3F)
_RECEIVED = const(0x80)  # the request, which says nothing of the message (OMA-TS-MMS_ENC, X-Mms-Cancel-Status)


class Errand:
    """One errand, an Item of the carrier; its record exists until the MMSC accepts it or it fails for good."""

    def __init__(self, store, events, id, status=None):
        self._store = store
        self._events = events
        self.id = id
        self.state = states.QUEUED
        self.status = status or store.read(id + filenames.ERRAND)

    def save(self, **changes):
        """Change the record, durably."""
        self.status.update(changes)
        self._store.write(self.id + filenames.ERRAND, self.status)

    @property
    def octets(self):
        """The PDU."""
        return binascii.unhexlify(self.status["pdu"])

    def done(self):
        """Forget it, and say its event: the MMSC has accepted it."""
        self._store.remove(self.id + filenames.ERRAND)
        self._events.say(self.status["event"], id=self.status["about"])

    def failed(self, error, final):
        """Forget it after the last attempt."""
        if final:
            self.state = states.FAILED
            self._store.remove(self.id + filenames.ERRAND)


def found(store, events, name):
    """The Errand in a file; None when it is gone or damaged."""
    try:
        return Errand(store, events, name[:-2])
    except StoreError as error:
        store.set_aside(name, error)
        return None


def accept(store, events, event, about, octets):
    """Make a PDU durable; once the MMSC has accepted it, `event` is said about the message with the id `about`."""
    status = {"attempts": 0, "event": event, "about": about, "pdu": binascii.hexlify(octets).decode()}
    Errand(store, events, store.new_id(), status).save()


def _full(box):
    """True when limits.ERRANDS wait: the PDU at hand is not answered, and the MMSC repeats it."""
    full = len(box.store.names(filenames.ERRAND)) >= limits.ERRANDS
    if full:
        box.count_dropped("errands")
    return full


def cancel(box, pdu, origin):
    """Answer an M-Cancel.req in its own version, and delete the message unless it was read (OMA-TS-MMS_ENC, 6.14).

    Raises PduError for one from a number that never announced a real message: any subscriber can push.
    """
    if origin not in box.waiting.proven:
        raise PduError(0, "a cancellation from a number that announced no message")
    tid, about, cancelled = pdu.get(mm1.TRANSACTION_ID), pdu.get(_CANCEL_ID), ""
    if not tid:
        raise PduError(0, "no transaction id to answer")
    if _full(box):
        return
    for id in box.outbox.find_ids(about) if about else ():
        item = box.get(id)
        if item and item.status["message_id"] == about:
            cancelled = item.id
            if not item.status["read"]:
                box.delete(item.id)
                box.events.say("cancelled", id=item.id)
    fields = [
        (mm1.TRANSACTION_ID, tid),
        (mm1.VERSION, pdu.get(mm1.VERSION, 0x13)),
        (_CANCEL_STATUS, _RECEIVED),
    ]
    accept(box.store, box.events, "cancel_answered", cancelled, mm1.build(_CANCEL_CONF, fields))


def unrecognised(box, tid):
    """Answer a notification of a major version other than 1 (OMA-TS-MMS_ENC, 8.1)."""
    if _full(box):
        return
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.STATUS, mm1.UNRECOGNISED)]
    accept(box.store, box.events, "unrecognised", "", mm1.build(mm1.NOTIFYRESP_IND, fields))
