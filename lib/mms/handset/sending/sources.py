"""The octets of the parts of a message, from memory, a file or the camera; loaded for each message with parts."""

import os

from mms import clock
from mms.errors import ModemError, UsageError
from mms.handset import rooms
from mms.handset.store.files import user_file
from mms.limits import const

_LEAST = const(1000)  # octets of a picture that one can see


async def warm(handset, parts):
    """Bring a context up for a message of these `parts`; connect, too, where the camera is to take a picture.

    Another message is ready in no time. Before a sound nothing is done: a microphone hears the bursts of the radio.
    """
    bearer = handset.bearer
    try:
        if not [one for one in parts if one.seconds]:
            await (rooms.early.connect(bearer) if _pictures(parts) else bearer.up())
    except ModemError as error:
        if error.step != "operators":  # which the carrier tells of this message, and nothing changes it meanwhile
            handset.events.fail(error, id=None, final=False)  # the carrier registers again when it carries the message
    except MemoryError:
        pass  # the message waits for no connection: the carrier brings it up when there is room


async def store(handset, draft, message, recipients, wishes, limit):
    """Store the octets of the parts of a Message (message.py) as those of a Draft.

    `recipients` and `wishes` are resolved; `limit()` is the most octets that the whole message may have. Raises
    UsageError for a file that cannot be read or is of another type, CameraError, ModemError, StoreError.
    """
    for part in message.parts:
        if part.seconds:  # sounds first: pictures can fit into what is left
            most = limit() - _taken(draft, message, recipients, wishes, _stored(message.parts))
            most = most // 2 if _pictures(message.parts) else most
            draft.add(*await rooms.recording.take(handset, draft.create, part.seconds, most))
    for part in _stored(message.parts):
        ms = None
        if part.octets is part.path:
            most = _room(handset, draft, message, recipients, wishes, limit(), part)
            octets = await rooms.fitting.take(
                handset, lambda: draft.create("image/jpeg"), part.size, part.quality, most
            )
        else:
            async with draft.create(part.media) as writer:
                ms = await _copy(writer, part)
            octets = writer.octets
        draft.add(part.media, octets, ms)


def _stored(parts):
    """The parts that are no sounds to be recorded."""
    return [part for part in parts if not part.seconds]


def _pictures(parts):
    """The parts that are pictures of the camera."""
    return [part for part in _stored(parts) if part.octets is part.path]


def _taken(draft, message, recipients, wishes, rest):
    """The octets that a message has without its pictures, when `rest` are its parts that are not stored yet."""
    medias = [one.media for one in message.parts]
    head = draft.measure(recipients, message.subject, wishes, clock.now(), medias)
    return head + draft.octets() + sum([_count(one) for one in rest if one not in _pictures(rest)])


def _room(handset, draft, message, recipients, wishes, limit, part):
    """The most octets that the picture `part` may have, None where `accept` has to make the other parts smaller.

    Raises UsageError where the limit of the user leaves no room for a picture.
    """
    wanted = part.limit or handset.settings["camera"].get("limit", limit)
    parts = _stored(message.parts)
    rest = parts[parts.index(part) :]
    taken = _taken(draft, message, recipients, wishes, rest)
    most = (min(limit, wanted) - taken) // len(_pictures(rest))
    if most >= _LEAST:
        return most
    if wanted < limit:
        raise UsageError("a limit of %d octets leaves no room for a picture: the rest has %d" % (wanted, taken))
    return None


def _count(part):
    """The octets of a part that is no picture of the camera; 0 for a file that cannot be read."""
    try:
        return os.stat(part.path)[6] if part.octets is None else len(part.octets)
    except OSError:
        return 0


async def _copy(writer, part):
    """Write the octets of a part: how many milliseconds a sound lasts, None for any other part."""
    if part.octets is not None:
        return await writer.add(part.octets)
    try:
        return await _copy_file(part, writer)
    except OSError:
        raise UsageError("%s cannot be read" % part.path)
    except UsageError as error:
        raise UsageError("%s: %s" % (part.path, error))


async def _copy_file(part, writer):
    block, meter = bytearray(512), rooms.audio.meter(part.media) if part.media.startswith("audio/") else None
    with user_file(part.path) as file:
        count = file.readinto(block)
        rooms.kinds.check(part.media, memoryview(block)[:count])
        while count:
            view = memoryview(block)[:count]
            if meter:
                meter.feed(view)
            await writer.add(view)
            count = file.readinto(block)
    return meter.ms() if meter else None
