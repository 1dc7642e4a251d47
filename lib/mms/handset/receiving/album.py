"""Messages of the inbox as a person reads them, or as plain files; loaded when one is read or exported."""

from mms import clock, limits, memory
from mms.errors import PduError, UsageError
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.handset.store.blobs import Writer
from mms.limits import const

transfer = rooms.transfer

_UNREAD = const("what is in %d of the parts lies too deep or is damaged: export writes it as it came")
_TEXT = const(2000)  # octets of a text that are shown; all of it is in the exported file


async def export(store, id, folder):
    """Write the parts of a retrieved message as plain files, while other tasks run.

    Returns a list of {"name", "type", "octets", "path"}; `name` is the sender's label, which is no part of the path.
    """
    if not store.has(id + filenames.MESSAGE):
        raise UsageError("message %s is not retrieved" % id)
    _, parts, start = await _open(store, id)
    files = []
    with store.open(id + filenames.MESSAGE) as blob:
        parts = [part for slide, part in await _slide_by_slide(blob, parts, start)]
        memory.collect()
        kinds = rooms.kinds
        for index in range(len(parts)):
            part = parts[index]
            path = "%s/%s-%d.%s" % (folder, id, index, kinds.ending(part.media))
            async with Writer(path, plain=True, store=store) as writer:
                for piece in _decoded(blob, part, part.octets):
                    await writer.add(piece)
            files.append({"name": _name(part), "type": part.media, "octets": writer.octets, "path": path})
    return files


async def part(store, id, index, raw=False):
    """(media type, its octets, decoded, in pieces) of a part; parts are numbered from 0 on as `read` lists them.

    Of a plain text, unless it is wanted `raw`, the octets are those in UTF-8 that `read` shows. Raises UsageError.
    """
    if not store.has(id + filenames.MESSAGE):
        raise UsageError("message %s is not retrieved" % id)
    _, parts, start = await _open(store, id)
    with store.open(id + filenames.MESSAGE) as blob:
        parts = [part for slide, part in await _slide_by_slide(blob, parts, start)]
    if index >= len(parts):
        raise UsageError("message %s has %d parts" % (id, len(parts)))
    return parts[index].media, _pieces(store, id, parts[index], raw)


def _pieces(store, id, part, raw):
    with store.open(id + filenames.MESSAGE) as blob:
        if part.media == "text/plain" and not raw:
            yield text(blob, part, _TEXT).encode()
        else:
            for piece in _decoded(blob, part, part.octets):
                yield piece


async def _open(store, id):
    """({"date", "to", "cc"}, Parts, Content-ID of the part to begin with or None) of a retrieved message."""
    pdu, parts = await rooms.contents.parts(store, id)
    mm1 = rooms.mm1
    header = {"date": pdu.get(mm1.DATE)}
    for key, field in (("to", mm1.TO), ("cc", mm1.CC)):
        header[key] = [mm1.number(address) for address in pdu.all(field)]
    start = dict(pdu.get(mm1.CONTENT_TYPE).params).get("start") if parts else None
    return header, parts, start if isinstance(start, str) else None


async def _slide_by_slide(blob, parts, start):
    """[(number of its slide or None, part)], in the order in which the layout shows them; layouts come last.

    Parts that no slide names come after the others. Without a layout that can be read, parts are in the order of the
    message. A part that several slides show has the number of the first; slides with nothing new are not counted.
    """
    memory.collect()
    room = rooms.slides
    root = room.root(parts, start)
    layout, named = None, []

    def keep(source):
        part = room.find(parts, source)
        if part is None or part in named:
            return False
        named.append(part)
        return True

    if root and room.is_smil(root) and root.octets <= limits.SMIL:
        reading = room.Reading(keep)  # a layout cannot make it keep more than there are parts
        try:
            for piece in room.markup.read(b"".join(_decoded(blob, root, root.octets)), limits.SMIL):
                reading.add(*piece)
                await clock.sleep(0)
            layout = reading.layout()
        except (PduError, MemoryError):
            pass
    found, number = [], 0
    for slide in room.order(parts, layout):
        number += 1
        told = number if layout and number <= len(layout.slides) else None
        found.extend([(told, item.part) for item in slide.items])
    return found + [(None, part) for part in parts if room.is_smil(part)]


def _decoded(blob, part, octets):
    """The first `octets` of a part, decoded, piece by piece."""
    decoder = transfer.Decoder(part.encoding)
    view = memoryview(bytearray(512))
    blob.seek(part.offset)
    while octets:
        count = blob.readinto(view[: min(octets, len(view))])
        if not count:
            break
        yield decoder.feed(view[:count])
        octets -= count
    yield decoder.close()


def _name(part):
    return part.location or part.name or ""


async def read(store, item):
    """The fields of an Item for people, a dict."""
    status = item.status
    told = {"id": item.id, "text": "", "parts": [], "date": status.get("time")}
    for key in ("state", "sender", "subject", "url"):
        told[key] = status[key]
    if store.has(item.id + filenames.MESSAGE):
        header, parts, start = await _open(store, item.id)
        told.update(header)
        texts = []
        with store.open(item.id + filenames.MESSAGE) as blob:
            for slide, part in await _slide_by_slide(blob, parts, start):
                told["parts"].append({"name": _name(part), "type": part.media, "octets": part.octets, "slide": slide})
                ms = await _measure(blob, part)
                if ms is not None:
                    told["parts"][-1]["seconds"] = ms // 100 / 10
                if part.media == "text/plain":
                    texts.append(text(blob, part, _TEXT))
                    await clock.sleep(0)
        told["text"] = "\n".join(texts)[:_TEXT]
        unread = len([part for part in parts if "multipart" in part.media])
        if unread:
            told["note"] = _UNREAD % unread
    elif status["tid"]:
        raise UsageError("message %s is %s: fetch it first" % (item.id, item.state))
    elif status["state"] == states.TEXT:
        with store.open(item.id + filenames.CONTENT) as blob:
            octets = bytearray(blob.octets)
            blob.readinto(octets)
            blob.verify()
        told["text"] = octets.decode()
    else:
        told["text"] = status.get("text", "")
    return told


async def _measure(blob, part):
    """How many milliseconds a sound lasts, None for any other part, while other tasks run."""
    meter = rooms.audio.meter(part.media) if part.media.startswith("audio/") else None
    if meter is None:
        return None
    for piece in _decoded(blob, part, part.octets):
        meter.feed(piece)
        await clock.sleep(0)
    return meter.ms()


def text(blob, part, most):
    """The text in the first `most` octets of a part."""
    octets = bytearray()
    for piece in _decoded(blob, part, min(part.octets, most)):
        octets.extend(piece)
    charset = rooms.charset
    return charset.decode(bytes(octets), part.charset if part.charset is not None else charset.UTF_8)
