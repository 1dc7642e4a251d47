"""New entries of the inbox; loaded when one comes."""

from mms import clock, limits
from mms.errors import PduError
from mms.handset.store.records import shrink
from mms.limits import const

_ROOM = const(1000)  # octets of a record for later changes: three of records.TOLD, retrieved.WORDS, numbers and flags


def add(inbox, id, state, **more):
    """Store a new Item, durably: a notification, or what came without an MMSC.

    "subject" and "text" are shortened until the record fits; raises PduError when that does not suffice, StoreError.
    """
    status = {
        "state": state,
        "tid": "",
        "url": "",
        "sender": "",
        "origin": "",  # the number from which a notification came
        "subject": "",
        "octets": 0,
        "expiry": None,  # seconds from the reception on
        "age": 0,  # seconds of it that are known to have passed
        "received": clock.now(),
        "attempts": 0,
        "deferred": False,
        "answer": "",  # the transaction id of the retrieval, for an M-Acknowledge.ind
        "message_id": "",
        "parts": 0,
        "read": False,
        "why": "",
    }
    status.update(more)
    if not shrink(status, limits.RECORD - _ROOM):
        raise PduError(0, "more than a record holds")
    return inbox.put(id, status)
