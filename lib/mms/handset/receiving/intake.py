"""A stored TPDU on its way into inbox or outbox: parsed, assembled, and given to the room of its kind.

Loaded when one comes. No room below is in memory together with another: each kind is handled by one call.
"""

from mms import clock
from mms.errors import Damaged, PduError, StoreError, UsageError
from mms.handset import rooms
from mms.handset.store import filenames, files
from mms.limits import const

_PARSED = {  # the ending of a raw TPDU while it is parsed, by its ending before
    filenames.TPDU: filenames.PARSED_ONCE,
    filenames.PARSED_ONCE: filenames.PARSED_TWICE,
    filenames.PARSED_TWICE: filenames.PARSED_THRICE,
}
_MMS = const("application/vnd.wap.mms-message")
_LINKS = (
    "text/vnd.wap.si",
    "text/vnd.wap.sl",
    "application/vnd.wap.sic",
    "application/vnd.wap.slc",
)
_EARLY = const(8)  # TPDUs that wait, until no more is kept of reports that came too early
_SETTINGS = const(("text/vnd.wap.connectivity-xml", "application/vnd.wap.connectivity-wbxml"))


def handle(inbox, name):
    """Do what a stored TPDU asks for, or put it into quarantine; returns whether anything changed.

    The file is renamed before it is parsed, so a TPDU that crashes the handset is tried three times at most. Raises
    MemoryError the first time that there is not enough memory for it.
    """
    names, dropped = [name], dict(inbox.dropped)
    try:
        parsed = name[:8] + _PARSED[name[8:]]
        inbox.store.rename(name, parsed)
        names = [parsed]
        return _handle(inbox, names) and dropped == inbox.dropped
    except MemoryError:
        if names[0][8:] == filenames.PARSED_ONCE:
            inbox.postponed.extend(names[1:] + names[:1])
            raise
        rooms.losses.quarantine(inbox, names, "not enough memory")
    except (PduError, Damaged, UsageError) as error:  # a UsageError: the room for it was left out
        rooms.losses.quarantine(inbox, names, str(error))
    except StoreError as error:  # the store is full, or the fault may pass
        inbox.events.fail(error, id=None, final=False)
        if error.code != files.ABSENT:
            inbox.postponed.extend([_unparsed(inbox.store, one) for one in names])
    except Exception as error:  # a defect of the handset must not end it
        rooms.losses.quarantine(inbox, names, "internal: %s" % type(error).__name__)
    return False


def _unparsed(store, name):
    """The name that a raw TPDU gets back: it did not crash the handset."""
    try:
        store.rename(name, name[:8] + filenames.TPDU)
    except StoreError:
        return name
    return name[:8] + filenames.TPDU


def _handle(inbox, names):
    """Handle the message whose last TPDU is names[0], and add its other TPDUs to `names`; False while some miss."""
    message, data = _assemble(inbox, names)
    if hasattr(message, "status"):
        rooms.short_messages.handle_report(inbox.outbox, message)
    elif data is None:
        return False
    elif _store(inbox, min(names)[:8], message, data) and len(inbox.postponed) < _EARLY:
        inbox.postponed.extend([_unparsed(inbox.store, one) for one in names])
        return False
    for name in names:
        inbox.store.remove(name)
    return True


def _assemble(inbox, names):
    """(the TPDU names[0], the data of the message that it completes; None while some are missing, or for a report)."""
    parse = rooms.tpdu.parse
    message = parse(inbox.read_tpdu(names[0]))
    if message.time:
        clock.tell(message.time)
    if hasattr(message, "status"):
        return message, None
    return message, rooms.assembly.add(inbox, names, message, parse) if message.concat else message.data


def _store(inbox, id, message, data):
    """Route by content, for ports say nothing of it: text is a short message, octets are a push or nothing known.

    Returns whether it came too early.
    """
    if message.text is not None:
        rooms.short_messages.store(inbox, id, message, data)
        return False
    push = _parse_push(data)
    body = data[push.body :]
    if push.media == _MMS:
        return rooms.pushes.handle(inbox, id, message, body)
    if push.media in _LINKS:
        rooms.indications.store(inbox, id, message, push, body)
    elif push.media in _SETTINGS:
        rooms.proposals.store(inbox, id, message, push, body)
    else:
        raise PduError(0, "a push of %s" % push.media)
    return False


def _parse_push(data):
    """The Push in `data`; raises PduError, also for a PDU of MMS that is for another application."""
    room = rooms.push
    push = room.parse(data)
    if push.media == _MMS and push.application not in room.OF_MMS:
        raise PduError(0, "a message for application %s" % push.application)
    return push
