"""Small PDUs that the MMSC shall have, beside messages and their answers; loaded when there is one.

ID.a in the store is one: its octets, and for which message it goes.
"""

import binascii

from mms import limits
from mms.codec import mm1
from mms.errors import PduError, StoreError
from mms.handset import states

_CANCEL_CONF = 0x97
_CANCEL_ID = 0x3E
_CANCEL_STATUS = 0x3F
_RECEIVED = 0x80  # the request, which says nothing of the message (OMA-TS-MMS_ENC, X-Mms-Cancel-Status)


class Errand:
    """One of them, as the carrier has it; it is there until the MMSC has taken it or it has failed for good."""

    def __init__(self, store, events, id, fate=None):
        self._store = store
        self._events = events
        self.id = id
        self.state = states.QUEUED
        self.fate = fate or store.read(id + ".a")

    def save(self, **changes):
        """Change it, durably."""
        self.fate.update(changes)
        self._store.write(self.id + ".a", self.fate)

    @property
    def octets(self):
        """The PDU."""
        return binascii.unhexlify(self.fate["pdu"])

    def done(self):
        """The MMSC has it."""
        self._store.remove(self.id + ".a")
        self._events.say(self.fate["event"], id=self.fate["about"])

    def failed(self, error, enough):
        """An attempt failed."""
        if enough:
            self.state = states.FAILED
            self._store.remove(self.id + ".a")


def found(store, events, name):
    """The Errand in a file; None when it is gone or damaged."""
    try:
        return Errand(store, events, name[:-2])
    except StoreError as error:
        store.set_aside(name, error)
        return None


def accept(store, events, event, about, octets):
    """Make a PDU durable; when it was taken, `event` is said about the message with the id `about`."""
    fate = {"attempts": 0, "event": event, "about": about, "pdu": binascii.hexlify(octets).decode()}
    Errand(store, events, store.new_id(), fate).save()


def _full(box):
    """Whether so much waits that what comes from the air is not answered: the MMSC says it again."""
    full = len(box.store.names(".a")) >= limits.ERRANDS
    if full:
        box.drop("errands")
    return full


def cancel(box, pdu, origin):
    """Answer an M-Cancel.req in its version: a message that nobody has read yet goes, one that was read is the user's.

    Raises PduError for one from a number of which nobody knows that it is the MMSC's: anybody can push.
    """
    if origin not in box.waiting.proven:
        raise PduError(0, "a cancellation from a number that announced no message")
    tid, about, cancelled = pdu.get(mm1.TRANSACTION_ID), pdu.get(_CANCEL_ID), ""
    if not tid:
        raise PduError(0, "nobody to answer")
    if _full(box):
        return
    for id in box.outbox.named(about) if about else ():
        item = box.look(id)
        if item and item.fate["message_id"] == about:
            cancelled = item.id
            if not item.fate["read"]:
                box.delete(item.id)
                box.events.say("cancelled", id=item.id)
    fields = [
        (mm1.TRANSACTION_ID, tid),
        (mm1.VERSION, pdu.get(mm1.VERSION, 0x13)),
        (_CANCEL_STATUS, _RECEIVED),
    ]
    accept(box.store, box.events, "cancel_answered", cancelled, mm1.build(_CANCEL_CONF, fields))


def unrecognised(box, tid):
    """Answer a notification of a version that nobody here speaks."""
    if _full(box):
        return
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.STATUS, mm1.UNRECOGNISED)]
    accept(box.store, box.events, "unrecognised", "", mm1.build(mm1.NOTIFYRESP_IND, fields))
