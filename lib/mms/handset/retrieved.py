"""The retrieved PDU: stored while it arrives, then looked at; loaded when there is one.

It is called ID.k until somebody has looked at it, and ID.l while that is done after the handset ended in the middle of
it. What is found so at the start has ended it twice: the power may have failed, and the MMSC still has it, so it is
retrieved again, but that counts for so many attempts that it is soon enough.
"""

import json

from mms import clock, flash, limits
from mms.codec import mm1
from mms.errors import Damaged, LinkError, PduError, Refused
from mms.handset import inbox, visit
from mms.limits import const

_ENDED = const(3)  # attempts
_SHORT = const(768)  # octets of nearly every header; a longer one is read again


async def take(box, item, response, buffer):
    """Store a retrieved PDU while it arrives, then check it.

    Raises LinkError when it is another thing, PduError, StoreError, StoreFull.
    """
    name = item.id + ".k"
    most = limits.MESSAGE + limits.PDU_HEADER
    of = response.octets or item.fate["octets"]
    if of > item.fate["octets"]:
        await flash.quiet()
        item.save(octets=of)  # and should there be another attempt, it takes its time
    async with box.store.create(name) as writer:
        while True:
            count = await response.readinto(buffer)
            if not count:
                break
            if writer.octets + count > most:
                raise LinkError("retrieve", None, "more than %d octets" % most)
            await writer.add(memoryview(buffer)[:count])
            box.events.say("received", id=item.id, octets=writer.octets, of=of)
    try:
        await check(box, item, name, response.media)
    except Exception:
        await flash.quiet()
        box.store.remove(name)
        raise


async def again(box, item, name):
    """Check after a restart what was not, or not to the end; what is no message goes, for the MMSC still has it."""
    if name[8:] == ".l":
        box.store.remove(name)
        item.save(attempts=item.fate["attempts"] + _ENDED)
        return
    if name[8:] == ".k":
        box.store.rename(name, item.id + ".l")
        name = item.id + ".l"
    try:
        await check(box, item, name, "")
    except Exception:
        box.store.remove(name)


async def check(box, item, name, media):
    """Publish the PDU in the file `name` as that of the item; raises PduError, LinkError, Damaged."""
    with box.store.open(name) as blob:
        pdu = _header(blob)
        parts = await _walk(blob, pdu)
        if pdu.type != mm1.RETRIEVE_CONF:
            raise LinkError("retrieve", None, "the MMSC sent another PDU (%s)" % media)
        status = pdu.get(mm1.RETRIEVE_STATUS, mm1.OK)
        if status != mm1.OK:
            word, kind = visit("names", "mms.codec").status(mm1.RETRIEVE_STATUS, status)
            raise Refused("retrieve", status, pdu.get(mm1.RETRIEVE_TEXT) or word, kind == "permanent")
        await _verify(blob)  # before anybody tells the MMSC that it is here
        octets = blob.octets
    await flash.quiet()
    box.store.rename(name, item.id + ".m")
    item.retrieved(pdu, octets, len(parts), _words(box, item.id, parts))


def _words(box, id, parts):
    """The first words of the first text, by which people know a message: as many as its record has room for."""
    for part in parts:
        if part.media == "text/plain":
            words = visit("album").text(box, id, part, inbox.WORDS).rstrip("\ufffd")
            while len(json.dumps(words)) > inbox.WORDS:
                words = words[: len(words) // 2]
            return words
    return ""


async def parts(box, id):
    """The parsed header and the Parts of a retrieved message, with `offset` from the start of its blob.

    Where a bit of it has changed, that is noted, and what can be read is read.
    """
    with box.store.open(id + ".m") as blob:
        pdu = _header(blob)
        found = pdu, await _walk(blob, pdu)
        try:
            await _verify(blob)
        except Damaged:
            box.store.found(id + ".m")
        return found


def outline(box, id):
    """(the parsed header, how many parts it says that there are, octets) of a retrieved message, without reading it."""
    with box.store.open(id + ".m") as blob:
        pdu = _header(blob)
        if pdu.body is None or "multipart" not in pdu.get(mm1.CONTENT_TYPE).media:
            return pdu, int(pdu.body is not None), blob.octets
        blob.seek(pdu.body)
        count, parser = bytearray(limits.UINTVAR), visit("multipart", "mms.codec").Parser()
        for _ in parser.feed(memoryview(count)[: blob.readinto(count)]):
            break  # the count comes before anything else
        return pdu, parser.parts, blob.octets


async def _verify(blob):
    """Blob.verify, while others go on: a megabyte of flash takes longer than a watchdog waits."""
    block = bytearray(limits.BLOCK)
    blob.seek(blob.seen)
    while blob.readinto(block):
        await clock.sleep(0)
    blob.verify()


def _header(blob):
    pdu = _head(blob, _SHORT)
    if pdu.body is None and pdu.type == mm1.RETRIEVE_CONF:
        pdu = _head(blob, limits.PDU_HEADER)
    return pdu


def _head(blob, octets):
    blob.seek(0)
    head = bytearray(min(blob.octets, octets))
    blob.readinto(head)
    return mm1.parse(head)


async def _walk(blob, pdu):
    """The Parts of a message, those in its parts as if they were its own; none without a body."""
    if pdu.body is None:
        return []
    room = visit("multipart", "mms.codec")
    top = pdu.get(mm1.CONTENT_TYPE)
    if "multipart" not in top.media:
        part = room.Part()
        part.media, part.offset, part.octets = top.media, pdu.body, blob.octets - pdu.body
        return [part]
    found = await _parts(blob, pdu, room.Parser(), room.PART)
    if any("multipart" in part.media for part in found):
        parser = visit("nested", "mms.codec").Parser()
        found = [part for part in await _parts(blob, pdu, parser, room.PART) if "multipart" not in part.media]
    return found


async def _parts(blob, pdu, parser, begins):
    found = []
    buffer = bytearray(limits.BLOCK)
    blob.seek(pdu.body)
    while True:
        count = blob.readinto(buffer)
        if not count:
            break
        for what, value in parser.feed(memoryview(buffer)[:count]):
            if what == begins:
                if len(found) == limits.PARTS:
                    raise PduError(value.offset, "more than %d parts" % limits.PARTS)
                value.offset += pdu.body
                found.append(value)
        await clock.sleep(0)
    parser.close()
    return found
