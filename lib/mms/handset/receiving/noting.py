"""The steps of a message of the inbox, as its record has them; loaded for each.

`item` is an Item of inbox.py.
"""

from mms.errors import TooLarge, UsageError
from mms.handset import states
from mms.handset.store import filenames
from mms.handset.store.records import shortened
from mms.limits import const

_GONE = const((404, 410, 0xE2))  # HTTP statuses, and a Retrieve-Status


def note_deferred(item, why, abroad):
    """Note that the MMSC knows: the user will decide, or the handset once it is home, where it was `abroad`."""
    item.save(state=_wanted(item, states.DEFERRED), attempts=0, deferred=True, abroad=abroad, why=why)
    item.box.events.say("deferred", id=item.id, why=why)


def note_forwarded(item):
    """Note that the MMSC has passed it on, and may have it still; one that is here or failed keeps its state."""
    unfetched = item.state in (states.NOTIFIED, states.DEFERRED)
    item.save(forwarded=True, state=states.FORWARDED if unfetched else item.state)


def note_acknowledged(item, state=states.ACKNOWLEDGED):
    """Note that the MMSC knows: the message is here, or it is REJECTED."""
    item.save(state=_wanted(item, state), why="" if state == states.ACKNOWLEDGED else item.status["why"])
    item.box.events.say(state, id=item.id)
    _leave(item)


def note_failed(item, error, final):
    """Note that an attempt failed, and whether that was the last one."""
    changes = {"state": _end(item, error)} if final else {}  # else the user may have asked for it meanwhile
    if isinstance(error, TooLarge):
        changes.update(too_large=True, attempts=0)
    item.save(why=shortened(str(error)), **changes)
    if final:
        _leave(item)


def retry(item):
    """Retrieve it, or answer for it, once more, because the user wants it; raises UsageError.

    The MMSC may still have a message that has expired, was forwarded or rejected.
    """
    if item.state not in (states.NOTIFIED, states.DEFERRED, states.FORWARDED) + states.OVER:
        raise UsageError("message %s is %s" % (item.id, item.state))
    here = item.box.store.has(item.id + filenames.MESSAGE)
    item.save(state=states.RETRIEVED if here else states.WANTED, attempts=0, why="")


def _wanted(item, state):
    """The `state` that an answer brings, or WANTED where the user has asked for the message meanwhile."""
    return states.WANTED if (item.box.get(item.id) or item).state == states.WANTED else state


def _leave(item):
    if item.hidden:
        item.box.delete(item.id)


def _end(item, error):
    """The state after the last attempt; a message that was deferred cannot be rejected any more."""
    if item.state not in states.WAITING:
        return states.FAILED
    if item.status.get("forwarded"):
        return states.FORWARDED
    if isinstance(error, TooLarge):
        return states.REJECTING if item.box.rejects and not item.status["deferred"] else states.FAILED
    return states.EXPIRED if getattr(error, "code", None) in _GONE else states.FAILED
