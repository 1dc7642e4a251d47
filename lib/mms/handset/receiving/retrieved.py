"""Retrieved PDUs: checked after arriving.py has stored them, and published as messages; loaded when there is one.

A PDU is ID.k until it is checked, and ID.l while it is checked after a restart. One that is ID.l at the start has ended
the handset twice, perhaps since the power failed: it is retrieved once more, and that counts as three attempts.
"""

import binascii

from mms import clock, flash, limits
from mms.codec import charset, mm1
from mms.errors import LinkError, Refused
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.handset.store.records import TOLD, fitting, octets_of, shrink
from mms.limits import const

_ENDED = const(3)  # attempts
_MISSING = const(100)  # octets that an MMSC may announce and not send: it announces a size before the header is made
_LATER = const(64)  # octets of a record that numbers and flags may still take
WORDS = const(120)  # octets of a record for the first words of a message


async def publish(inbox, item, media):
    """Check the PDU that arriving.py has stored, and publish it as the message of the Item.

    Raises LinkError when it is something else or may not be whole, PduError, StoreError: then it is deleted.
    """
    name = item.id + filenames.ARRIVED
    try:
        pdu, parts, octets = await check(inbox.store, item, name, media)
        if _is_short(item, pdu, octets):
            await _compare(inbox.store, item, name, pdu)
    except Exception:
        await flash.quiet()
        inbox.store.remove(name)
        raise
    await _publish(inbox, item, name, pdu, parts, octets)


async def check_again(inbox, item, name):
    """Check a PDU after a restart; one that is no message is deleted, for the MMSC has it still."""
    store = inbox.store
    if name[8:] == filenames.CHECKED_AGAIN:
        store.remove(name)
        item.save(attempts=item.status["attempts"] + _ENDED)
        return
    compared = name[8:] == filenames.MESSAGE  # only a PDU that was compared has that name
    if not compared:
        store.rename(name, item.id + filenames.CHECKED_AGAIN)
        name = item.id + filenames.CHECKED_AGAIN
    try:
        pdu, parts, octets = await check(store, item, name, "")
        if not compared and _is_short(item, pdu, octets):
            raise LinkError("retrieve", None, "shorter than announced")
    except Exception:
        store.remove(name)
        return
    await _publish(inbox, item, name, pdu, parts, octets)


async def check(store, item, name, media):
    """(header, Parts, octets) of the message in the file `name`, as whole as its own structure tells.

    Raises PduError, LinkError, Damaged.
    """
    room = rooms.contents
    with store.open(name) as blob:
        pdu = room.header(blob)
        parts = await room.walk(blob, pdu)
        if pdu.type != mm1.RETRIEVE_CONF:
            raise LinkError("retrieve", None, "the MMSC sent another PDU (%s)" % media)
        status = pdu.get(mm1.RETRIEVE_STATUS, mm1.OK)
        if status != mm1.OK:
            word, kind = rooms.statuses.status(mm1.RETRIEVE_STATUS, status)
            raise Refused("retrieve", status, pdu.get(mm1.RETRIEVE_TEXT) or word, kind == "permanent")
        _check_body(item, pdu, parts, blob.octets)
        await room.verify(blob)  # before the MMSC is told that the message is here
        return pdu, parts, blob.octets


def _check_body(item, pdu, parts, octets):
    """Raise LinkError for a body without content: the header is whole although the response ended early."""
    if not pdu.is_multipart:
        if octets == pdu.body:
            raise LinkError("retrieve", None, "the MMSC sent a message without a body")
    elif not parts and _announced(item):
        raise LinkError("retrieve", None, "no parts came, and %d octets were announced" % _announced(item))


def _announced(item):
    """The Message-Size of the notification, or 0; "octets" of the status is the length in HTTP where that is more."""
    return item.status.get("announced", 0)


def _is_short(item, pdu, octets):
    """Whether so much less came than was announced that the response may have been cut.

    Only a multipart tells where it ends, and the length in HTTP may be that of a cut body: without one, each octet
    counts.
    """
    announced = _announced(item)
    return announced - octets > (max(_MISSING, announced // 10) if pdu.is_multipart else 0)


async def _compare(store, item, name, pdu):
    """Raise LinkError unless the body is that of the last attempt: an MMSC that adapts messages announces more.

    The headers may differ: an MMSC can give each retrieval a transaction id of its own.
    """
    crc, buffer = 0, bytearray(512)
    with store.open(name) as blob:
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
        store.remove(name)  # first: a file that a restart finds beside the record below would count as the second
        item.save(short=body)
        text = "%d octets came and %d were announced: the next attempt shows which is right"
        raise LinkError("retrieve", None, text % (octets, _announced(item)))


async def _publish(inbox, item, name, pdu, parts, octets):
    """Give the PDU its final name. A deferred message is answered by its own transaction id, if it has one."""
    await flash.quiet()
    inbox.store.rename(name, item.id + filenames.MESSAGE)
    answer = fitting(pdu.get(mm1.TRANSACTION_ID) or "")
    unanswered = answer or not item.status["deferred"]
    changes = {"state": states.RETRIEVED if unanswered else states.ACKNOWLEDGED, "attempts": 0, "answer": answer}
    changes.update(message_id=fitting(pdu.get(mm1.MESSAGE_ID) or ""), octets=octets, parts=len(parts))
    changes["text"] = _first_words(inbox.store, item.id, parts)
    changes.update(_shortened(item.status, changes, pdu))
    item.save(**changes)
    if item.status.get("origin"):
        inbox.waiting.prove(item.status["origin"])
    inbox.events.say("retrieved", id=item.id, octets=octets, parts=len(parts))


def _shortened(status, changes, pdu):
    """Sender and subject of the message, which many notifications lack, as far as they fit into the record."""
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


def _first_words(store, id, parts):
    """The beginning of the first text, which lists show: as much as the record has room for."""
    for part in parts:
        if part.media == "text/plain":
            with store.open(id + filenames.MESSAGE) as blob:
                words = charset.strip_cut_character(rooms.album.text(blob, part, WORDS))
            while octets_of(words) > WORDS:
                words = words[: len(words) // 2]
            return words
    return ""
