"""The retrieved PDU, as it was stored while it arrived (arriving.py): looked at; loaded when there is one.

It is called ID.k until somebody has looked at it, and ID.l while that is done after the handset ended in the middle of
it. What is found so at the start has ended it twice: the power may have failed, and the MMSC still has it, so it is
retrieved again, but that counts for so many attempts that it is soon enough.
"""

import binascii

from mms import clock, flash, limits
from mms.codec import charset, mm1
from mms.errors import LinkError, Refused
from mms.handset import rooms, states
from mms.handset.receiving import inbox
from mms.handset.store import filenames
from mms.handset.store.records import TOLD, fitting, octets_of, shrink
from mms.limits import const

_ENDED = const(3)  # attempts
_MISSING = const(100)  # octets that an MMSC may count and not send: it announces a size before the header is made
_LATER = const(64)  # octets of a record beside why something failed: numbers that grow, and flags


async def publish(box, item, media):
    """Check what `arriving.receive` has stored, and publish it as the message of the Item.

    Raises LinkError when it is another thing or may not be whole, PduError, StoreError: then nothing of it is kept.
    """
    name = item.id + filenames.ARRIVED
    try:
        pdu, parts, octets = await check(box, item, name, media)
        if _is_short(item, pdu, octets):
            await _compare(box, item, name, pdu)
    except Exception:
        await flash.quiet()
        box.store.remove(name)
        raise
    await _publish(box, item, name, pdu, parts, octets)


async def again(box, item, name):
    """Check after a restart what was not, or not to the end; what is no message goes, for the MMSC still has it."""
    if name[8:] == filenames.CHECKED_AGAIN:
        box.store.remove(name)
        item.save(attempts=item.status["attempts"] + _ENDED)
        return
    if name[8:] == filenames.ARRIVED:
        box.store.rename(name, item.id + filenames.CHECKED_AGAIN)
        name = item.id + filenames.CHECKED_AGAIN
    try:
        pdu, parts, octets = await check(box, item, name, "")
        checked = name[8:] == filenames.MESSAGE  # only a PDU that was compared has that name
        if not checked and _is_short(item, pdu, octets):
            raise LinkError("retrieve", None, "shorter than announced")
    except Exception:
        box.store.remove(name)
        return
    await _publish(box, item, name, pdu, parts, octets)


async def check(box, item, name, media):
    """The header, the Parts and the octets of the message in the file `name`, which is whole as far as it tells.

    Raises PduError, LinkError, Damaged.
    """
    room = rooms.contents
    with box.store.open(name) as blob:
        pdu = room.header(blob)
        parts = await room.walk(blob, pdu)
        if pdu.type != mm1.RETRIEVE_CONF:
            raise LinkError("retrieve", None, "the MMSC sent another PDU (%s)" % media)
        status = pdu.get(mm1.RETRIEVE_STATUS, mm1.OK)
        if status != mm1.OK:
            word, kind = rooms.statuses.status(mm1.RETRIEVE_STATUS, status)
            raise Refused("retrieve", status, pdu.get(mm1.RETRIEVE_TEXT) or word, kind == "permanent")
        _check_body(item, pdu, parts, blob.octets)
        await room.verify(blob)  # before anybody tells the MMSC that it is here
        return pdu, parts, blob.octets


def _check_body(item, pdu, parts, octets):
    """Raise LinkError for a body that is none: where an answer ends early, its header may still be whole."""
    if not pdu.is_multipart:
        if octets == pdu.body:
            raise LinkError("retrieve", None, "the MMSC sent a message without a body")
    elif not parts and _announced(item):
        raise LinkError("retrieve", None, "no parts came, and %d octets were announced" % _announced(item))


def _announced(item):
    """The Message-Size of the notification, or 0: `octets` in its status is what HTTP says where that is more."""
    return item.status.get("announced", 0)


def _is_short(item, pdu, octets):
    """Whether so much less came than was announced that the answer may have been cut off.

    A body that is no multipart does not say where it ends, and the length in HTTP may be that of what is left of it:
    there each octet counts.
    """
    announced = _announced(item)
    return announced - octets > (max(_MISSING, announced // 10) if pdu.is_multipart else 0)


async def _compare(box, item, name, pdu):
    """Raise LinkError unless the body is the one that came the last time: an MMSC that adapts messages announces more.

    The header may differ: an MMSC can give each retrieval a transaction id of its own.
    """
    crc, buffer = 0, bytearray(512)
    with box.store.open(name) as blob:
        blob.seek(pdu.body)
        count = blob.readinto(buffer)
        while count:
            crc = binascii.crc32(memoryview(buffer)[:count], crc)
            count = blob.readinto(buffer)
            await clock.sleep(0)
        octets = blob.octets
    body = [octets - pdu.body, crc & 0xFFFFFFFF]
    if item.status.get("short") != body:
        await flash.quiet()
        box.store.remove(name)  # first: what a restart finds beside the note below has come twice
        item.save(short=body)
        text = "%d octets came and %d were announced: the next attempt shows which is right"
        raise LinkError("retrieve", None, text % (octets, _announced(item)))


async def _publish(box, item, name, pdu, parts, octets):
    """It is here, whole and durable. A deferred one is answered by its own transaction id, if it has one."""
    await flash.quiet()
    box.store.rename(name, item.id + filenames.MESSAGE)
    answer = fitting(pdu.get(mm1.TRANSACTION_ID) or "")
    unanswered = answer or not item.status["deferred"]
    changes = {"state": states.RETRIEVED if unanswered else states.ACKNOWLEDGED, "attempts": 0, "answer": answer}
    changes.update(message_id=fitting(pdu.get(mm1.MESSAGE_ID) or ""), octets=octets, parts=len(parts))
    changes["text"] = _words(box, item.id, parts)
    changes.update(_shown(item.status, changes, pdu))
    item.save(**changes)
    if item.status.get("origin"):
        box.waiting.prove(item.status["origin"])
    box.events.say("retrieved", id=item.id, octets=octets, parts=len(parts))


def _shown(status, changes, pdu):
    """Sender and subject as the message has them, which many a notification leaves out, as far as the record holds."""
    sender, subject = fitting(mm1.number(pdu.get(mm1.FROM) or "")), pdu.get(mm1.SUBJECT)
    for shown in (
        {"sender": sender or status["sender"], "subject": subject or status["subject"]},
        {"sender": status["sender"], "subject": subject or status["subject"]},
    ):
        whole = dict(status)
        whole.update(changes)
        whole.update(shown)
        if shrink(whole, limits.RECORD - TOLD - _LATER):
            return {key: whole[key] for key in ("sender", "subject", "text")}
    return {}


def _words(box, id, parts):
    """The first words of the first text, by which people know a message: as many as its record has room for."""
    for part in parts:
        if part.media == "text/plain":
            with box.store.open(id + filenames.MESSAGE) as blob:
                words = charset.strip_cut_character(rooms.album.text(blob, part, inbox.WORDS))
            while octets_of(words) > inbox.WORDS:
                words = words[: len(words) // 2]
            return words
    return ""
