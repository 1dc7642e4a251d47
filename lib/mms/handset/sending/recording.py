"""A sound by the microphone of the board, or else of the modem, with a bound on its seconds; loaded for each sound."""

from mms import limits
from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

MOST = const(60)  # seconds: of AMR 96 kB, which every operator takes; of WAV 960 kB, which few do
_HEADERS = const(2000)  # octets of a message beside its sound


def check(seconds):
    """`seconds`; raises UsageError for a number of them that no recording has."""
    if not isinstance(seconds, int) or seconds is True or not 1 <= seconds <= MOST:
        raise UsageError("seconds are a whole number from 1 to %d" % MOST)
    return seconds


def parse(digits):
    """The seconds of "5"; raises UsageError."""
    return check(int(digits) if len(digits) < 4 and rooms.numbers.decimal(digits) else 0)


def record(handset, seconds):
    """A Sound of the driver (drivers/modem/crec.py), not begun yet; raises UsageError where there is no microphone."""
    microphone = getattr(handset.bearer.modem, "record", None)
    if microphone is None:
        raise UsageError("neither this board nor its modem has a microphone")
    return microphone(seconds)


async def take(handset, create, seconds, most=None):
    """Record a sound of so many seconds, or fewer, so that it has at most `most` octets: (media type, octets, ms).

    `create(media)` gives a Writer, an async context manager that is left with an error when the sound is none. Raises
    UsageError, ModemError, StoreError; no sound is stored then.
    """
    sound = record(handset, seconds)
    if most is None:
        profile = handset.bearer.profile
        most = (profile.octets if profile else limits.MESSAGE) - _HEADERS
    if sound.most > most:
        seconds = max(most, 0) * seconds // sound.most
        if not seconds:
            raise UsageError("there is no room for a sound: the rest of the message is too large")
        sound = record(handset, seconds)
    events, meter, buffer = handset.events, rooms.audio.meter(sound.media), bytearray(limits.BLOCK)
    async with create(sound.media) as writer:
        events.say("recording", seconds=seconds)
        async with sound:
            while True:
                count = await sound.readinto(buffer)
                if not count:
                    break
                view = memoryview(buffer)[:count]
                meter.feed(view)
                await writer.add(view)
        ms = meter.ms()
        if not ms:
            raise UsageError("the microphone gave no sound")
    events.say("recorded", octets=writer.octets, seconds=ms // 100 / 10)
    return sound.media, writer.octets, ms
