"""The octets of the parts of a message, from memory, a file or the camera; loaded for each message with parts."""

from mms import limits
from mms.errors import CameraError, ModemError, UsageError
from mms.handset import rooms
from mms.handset.store.files import user_file


async def warm(handset, parts):
    """Bring a context up for a message of these `parts`; connect, too, where the camera is to take a picture.

    Another message is ready in no time.
    """
    bearer = handset.bearer
    try:
        await (rooms.early.connect(bearer) if [one for one in parts if one.octets is one.path] else bearer.up())
    except ModemError as error:
        handset.events.fail(error, id=None, final=False)  # the carrier registers again when it carries the message
    except MemoryError:
        pass  # the message waits for no connection: the carrier brings it up when there is room


async def store(handset, draft, parts):
    """Store the octets of the `parts` of a Message (message.py) as those of a Draft.

    Raises UsageError for a file that cannot be read or is of another type, CameraError, StoreError.
    """
    for part in parts:
        async with draft.create(part.media) as writer:
            await _copy(handset, writer, part)
        draft.add(part.media, writer.octets)


async def _copy(handset, writer, part):
    if part.octets is not None:
        await writer.add(part.octets)
    elif part.path is None:
        await snap(handset, writer, part.size, part.quality)
    else:
        try:
            await _copy_file(part, writer)
        except OSError:
            raise UsageError("%s cannot be read" % part.path)
        except UsageError as error:
            raise UsageError("%s: %s" % (part.path, error))


async def _copy_file(part, writer):
    block = bytearray(512)
    with user_file(part.path) as file:
        count = file.readinto(block)
        rooms.kinds.check(part.media, memoryview(block)[:count])
        while count:
            await writer.add(memoryview(block)[:count])
            count = file.readinto(block)


async def snap(handset, writer, size, quality):
    """Take a picture into `writer`, with a size and quality of None those in the settings; see Handset.snap."""
    if handset.camera is None:
        raise UsageError("this handset has no camera")
    wanted, events = handset.settings["camera"], handset.events
    quality = wanted["quality"] if quality is None else quality
    buffer = bytearray(limits.BLOCK)
    async with handset.camera.capture(size or wanted["size"], quality) as picture:
        while True:
            count = await picture.readinto(buffer)
            if not count:
                break
            await writer.add(memoryview(buffer)[:count])
            events.say("picture", octets=writer.octets, of=picture.octets)
        if writer.octets != picture.octets:
            raise CameraError("camera", None, "%d octets of %d came" % (writer.octets, picture.octets))
        events.say("captured", octets=picture.octets, width=picture.width, height=picture.height)
