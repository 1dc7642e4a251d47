"""The inbox after a start, and Items whose record is damaged; loaded at the start, and for such an Item."""

import gc

from mms import clock
from mms.errors import Damaged, PduError, StoreError, StoreFull
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.limits import const

_WHY = const("what was known of it was damaged")


async def recover(inbox):
    """Index what the store holds, and go on with each TPDU and each retrieved PDU that was not handled to the end."""
    for item in inbox.each():
        inbox.note(item)
        await clock.sleep(0)
    for name in inbox.store.names():
        try:
            await _recover(inbox, name)
        except StoreError as error:
            inbox.store.set_aside(name, error)
        await clock.sleep(0)
    for name in inbox.store.names(filenames.TPDU) + inbox.store.names(filenames.PARSED_ONCE):
        await rooms.retention.choose(inbox)
        try:
            rooms.intake.handle(inbox, name)
        except MemoryError:
            gc.collect()  # it was postponed


async def _recover(inbox, name):
    id, kind = name[:8], name[8:]
    if kind == filenames.PARSED_TWICE:
        inbox.postponed.append(name)  # the power may have failed twice at that moment
    elif kind == filenames.PARSED_THRICE:
        rooms.losses.quarantine(inbox, [name], "looking at it ended the handset three times")
    elif kind in (filenames.ARRIVED, filenames.CHECKED_AGAIN, filenames.MESSAGE, filenames.CONTENT):
        item = inbox.get(id)
        if not inbox.store.has(id + filenames.ENTRY):
            inbox.store.remove(name)  # it belongs to no entry: the MMSC, or a raw TPDU, has it still
        elif kind != filenames.CONTENT and item and item.state in states.WAITING:
            await rooms.retrieved.check_again(inbox, item, name)


def restore(inbox, id, error):
    """The Item whose record could not be read for `error`, made anew from the other files of it.

    None when that is impossible; then the record is set aside.
    """
    if isinstance(error, Damaged):
        try:
            item = _message(inbox, id) or _text(inbox, id)
        except StoreFull:
            return None  # there may be room when it is met again
        except (PduError, StoreError):
            item = None
        if item:
            inbox.store.found(id + filenames.ENTRY)
            return item
    inbox.store.set_aside(id + filenames.ENTRY, error)
    return None


def _message(inbox, id):
    """A retrieved message. The MMSC is not told of it, unless it announces it once more."""
    if not inbox.store.has(id + filenames.MESSAGE):
        return None
    pdu, parts, octets = rooms.contents.outline(inbox.store, id)
    return rooms.entries.add(
        inbox,
        id,
        states.ACKNOWLEDGED,
        tid=pdu.get(rooms.mm1.TRANSACTION_ID) or id,
        sender=rooms.mm1.number(pdu.get(rooms.mm1.FROM) or ""),
        subject=pdu.get(rooms.mm1.SUBJECT) or "",
        message_id=pdu.get(rooms.mm1.MESSAGE_ID) or "",
        octets=octets,
        parts=parts,
        why=_WHY,
    )


def _text(inbox, id):
    """A short message, without its sender, which only the record had."""
    if not inbox.store.has(id + filenames.CONTENT):
        return None
    with inbox.store.open(id + filenames.CONTENT) as blob:
        octets = bytearray(blob.octets)
        blob.readinto(octets)
        blob.verify()
    if octets[:1] < b" ":
        return None  # it is a document of settings in WBXML, which is worth nothing without the MAC of its record
    text = rooms.charset.decode(bytes(octets), rooms.charset.UTF_8)[: rooms.short_messages.SHOWN]
    return rooms.entries.add(inbox, id, states.TEXT, text=text, octets=len(octets), time=None, url="", why=_WHY)
