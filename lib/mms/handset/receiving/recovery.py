"""How the inbox goes on where the handset ended, and without a record that was damaged; loaded at the start."""

import gc

from mms import clock
from mms.errors import Damaged, PduError, StoreError, StoreFull
from mms.handset import rooms, states
from mms.handset.store import filenames

_WHY = "what was known of it was damaged"


async def recover(box):
    """Know what the store holds, and go on with each file where the handset ended.

    That is a TPDU that ended it or was not looked at, and a message that nobody had looked at.
    """
    for item in box.each():
        box.note(item)
        await clock.sleep(0)
    for name in box.store.names():
        try:
            await _recover(box, name)
        except StoreError as error:
            box.store.set_aside(name, error)
        await clock.sleep(0)
    for name in box.store.names(filenames.TPDU) + box.store.names(filenames.PARSED_ONCE):
        await rooms.retention.prepare(box)
        try:
            box.digest(name)
        except MemoryError:
            gc.collect()  # and once more, later


async def _recover(box, name):
    id, kind = name[:8], name[8:]
    if kind == filenames.PARSED_TWICE:
        box.later(name)  # the power may have failed in that moment, and again
    elif kind == filenames.PARSED_THRICE:
        box.quarantine([name], "looking at it ended the handset three times")
    elif kind in (filenames.ARRIVED, filenames.CHECKED_AGAIN, filenames.MESSAGE, filenames.CONTENT):
        item = box.get(id)
        if not box.store.has(id + filenames.ENTRY):
            box.store.remove(name)  # the MMSC, or a raw TPDU, still has it
        elif kind != filenames.CONTENT and item and item.state in states.WAITING:
            await rooms.retrieved.again(box, item, name)


def mended(box, id, error):
    """The Item whose record could not be read for `error`, as far as it is known; None, set aside, when it is not."""
    if isinstance(error, Damaged):
        try:
            item = _message(box, id) or _text(box, id)
        except StoreFull:
            return None  # there may be room when it is met again
        except (PduError, StoreError):
            item = None
        if item:
            box.store.found(id + filenames.ENTRY)
            return item
    box.store.set_aside(id + filenames.ENTRY, error)
    return None


def _message(box, id):
    """A message that was retrieved: the MMSC is told of it again if it says that it does not know."""
    if not box.store.has(id + filenames.MESSAGE):
        return None
    pdu, parts, octets = rooms.contents.outline(box, id)
    return box.add(
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


def _text(box, id):
    """A short message: all of it but its sender."""
    if not box.store.has(id + filenames.CONTENT):
        return None
    with box.store.open(id + filenames.CONTENT) as blob:
        octets = bytearray(blob.octets)
        blob.readinto(octets)
        blob.verify()
    if octets[:1] < b" ":
        return None  # settings in WBXML, whose MAC was in the record
    room = rooms.short_messages
    text = rooms.charset.decode(bytes(octets), rooms.charset.UTF_8)
    return box.add(id, states.TEXT, text=text[: room.SHOWN], octets=len(octets), time=None, url="", why=_WHY)
