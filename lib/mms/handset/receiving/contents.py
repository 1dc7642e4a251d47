"""The header of a retrieved PDU in the store, and where its parts lie; loaded when that is asked."""

from mms import clock, limits
from mms.codec import mm1
from mms.errors import Damaged, PduError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_PIECE = const(512)  # octets that are parsed before other tasks run: 1.4 ms on an RP2040
_SHORT = const(768)  # octets of nearly every header; a longer one is read again


async def parts(store, id):
    """The parsed header and the Parts of a retrieved message, with `offset` from the start of its blob.

    A message in which a bit has changed is noted as damaged, and read as far as that is possible.
    """
    with store.open(id + filenames.MESSAGE) as blob:
        pdu = header(blob)
        found = pdu, await walk(blob, pdu)
        try:
            await verify(blob)
        except Damaged:
            store.found(id + filenames.MESSAGE)
        return found


def outline(store, id):
    """(parsed header, number of parts that the body claims, octets) of a retrieved message; its parts are not read."""
    with store.open(id + filenames.MESSAGE) as blob:
        pdu = header(blob)
        if pdu.body is None or not pdu.is_multipart:
            return pdu, int(pdu.body is not None), blob.octets
        blob.seek(pdu.body)
        count, parser = bytearray(limits.UINTVAR), rooms.multipart.Parser()
        for _ in parser.feed(memoryview(count)[: blob.readinto(count)]):
            break  # the count comes before anything else
        return pdu, parser.parts, blob.octets


async def verify(blob):
    """Blob.verify, while other tasks run: reading a megabyte of flash takes longer than a watchdog waits."""
    block = bytearray(_PIECE)
    blob.seek(blob.seen)
    while blob.readinto(block):
        await clock.sleep(0)
    blob.verify()


def header(blob):
    """The parsed header of the PDU in an open Blob; raises PduError."""
    try:
        return _head(blob, _SHORT)
    except PduError:
        if blob.octets <= _SHORT:
            raise
        return _head(blob, limits.PDU_HEADER)


def _head(blob, octets):
    blob.seek(0)
    head = bytearray(min(blob.octets, octets))
    blob.readinto(head)
    return mm1.parse(head)


async def walk(blob, pdu):
    """The Parts of a message, those inside a part as if they were the message's own; none without a body.

    A part whose own parts cannot all be read, since they lie too deep or are malformed, is itself one of the Parts.
    """
    if pdu.body is None:
        return []
    room = rooms.multipart
    if not pdu.is_multipart:
        part = room.Part(pdu.get(mm1.CONTENT_TYPE).media)
        part.offset, part.octets = pdu.body, blob.octets - pdu.body
        return [part]
    found = await _parts(blob, pdu, room.Parser(), room.PART)
    if any("multipart" in part.media for part in found):
        parser = rooms.nested.Parser()
        found = [part for part in await _parts(blob, pdu, parser, room.PART) if not part.opened]
    return found


async def _parts(blob, pdu, parser, begins):
    found = []
    buffer = bytearray(_PIECE)
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
