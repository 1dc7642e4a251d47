"""Makes the pictures of a message smaller that is too large for its operator; loaded for each such message."""

from mms import clock, memory
from mms.errors import PduError, StoreError, UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_BLOCK = const(128)  # octets of a picture that are read at a time: its headers take no longer than its scan
_PROBE = const(4096)  # octets of a picture by which its size and the time are foreseen
_ATTEMPTS = const(3)
_COARSE = const("it would be too coarse to look at")
_SECONDS = const(1800)  # a picture that takes longer is not begun: a board would be busy, and its battery empty


class _Larger(Exception):
    """The picture will have more octets than there is room for: its argument says how many."""


async def fit(store, events, id, parts, octets, limit, wanted):
    """Make the pictures of a message of so many `octets` smaller, where that is `wanted`, until it has at most `limit`.

    `parts` is as for `shrink`. Raises UsageError when the message remains too large.
    """
    why = await shrink(store, events, id, parts, octets - limit) if wanted else ""
    if why is not None:
        text = "the message has %d octets, the operator takes %d" % (octets, limit)
        raise UsageError("%s; %s" % (text, why) if why else text)


async def shrink(store, events, id, parts, excess):
    """Make JPEG pictures smaller by `excess` octets in all: `parts` (media, name, octets) of the message `id`.

    Returns None when that is done, else why not, "" when there are no such pictures. The parts are then of no use any
    more. Says `shrinks` before a picture, `shrinking` with its progress, and `shrunk`.
    """
    pictures = [index for index in range(len(parts)) if parts[index][0] == "image/jpeg"]
    of = sum([parts[index][2] for index in pictures])
    why = ""
    try:
        for index in pictures:
            media, name, octets = parts[index]
            if excess > 0:
                most = octets - (excess * octets + of - 1) // of
                fewer = await _Picture(store, events, id, index, octets).shrink(most)
                parts[index] = media, name, fewer
                excess -= octets - fewer
            of -= octets
    except PduError as error:
        why = error.what
    except (StoreError, UsageError) as error:
        why = str(error)
    except MemoryError:
        memory.collect()
        why = "there is not enough memory"
    if excess <= 0:
        return None
    return why and "the picture cannot be made smaller: " + why


class _Picture:
    """A part, a JPEG picture of so many `octets`."""

    def __init__(self, store, events, id, index, octets):
        self._store, self._events, self._id, self._octets = store, events, id, octets
        self._name = filenames.part(id, index)
        self._room = rooms.requantise
        self._ms = 0  # that the probe took

    async def shrink(self, most):
        """Make it have at most `most` octets; returns how many. Raises UsageError, PduError, StoreError."""
        limit = max(most, 1)
        factor = self._least(self._room.SAME, self._octets, limit)
        expected = await self._probe(factor)
        better = self._room.least(factor, expected, limit)
        if better:  # else the whole picture has to tell
            factor, expected = better, self._room.rescale(factor, expected, better)
        seconds = self._ms * self._octets // min(_PROBE, self._octets) // 1000
        if seconds > _SECONDS:
            raise UsageError("it would take %d minutes" % (seconds // 60))
        self._events.say("shrinks", id=self._id, octets=self._octets, expected=expected, seconds=seconds)
        for _ in range(_ATTEMPTS):
            try:
                octets = await self._write(factor, limit)
                self._events.say("shrunk", id=self._id, octets=octets, of=self._octets)
                return octets
            except _Larger as larger:
                expected = larger.args[0]
            factor = self._least(factor, expected, limit)
        raise UsageError(_COARSE)

    def _least(self, factor, expected, most):
        factor = self._room.least(factor, expected, most)
        if factor is None:
            raise UsageError(_COARSE)
        return factor

    async def _probe(self, factor):
        """How many octets the picture will have, as far as its beginning tells, which may be sky alone."""
        job, began, left = self._room.Requantiser(factor), clock.ticks(), _PROBE
        with self._store.open(self._name) as blob:
            block = bytearray(_BLOCK)
            while left > 0:
                await clock.sleep(0)  # headers alone give others no turn
                count = blob.readinto(block)
                for _ in job.feed(memoryview(block)[:count]):
                    await clock.sleep(0)
                left -= count if job.of else 0  # headers may be long, and say nothing
                if not count:
                    job.close()
                    break
        self._ms = clock.since(began)
        return (job.expect(self._octets) + self._room.rescale(self._room.SAME, self._octets, factor)) // 2

    async def _write(self, factor, most):
        """Write the smaller picture in place of the part; returns its octets. Raises _Larger where it is too large."""
        job, block, done = self._room.Requantiser(factor), bytearray(_BLOCK), 0
        async with self._store.create(self._name) as writer:
            with self._store.open(self._name) as blob:
                at = 0
                while True:
                    await clock.sleep(0)
                    count = blob.readinto(block)
                    at += count
                    for view in job.feed(memoryview(block)[:count]):
                        await (clock.sleep(0) if view is None else writer.add(view))
                    expected = job.expect(self._octets)
                    if job.octets > most or at * 2 > self._octets and expected * 7 > most * 8:
                        raise _Larger(expected) if job.factor == factor else UsageError(_COARSE)
                    if not count:
                        break
                    if job.done != done:
                        done = job.done
                        self._events.say("shrinking", id=self._id, octets=at, of=self._octets)
                job.close()
                blob.verify()
        return job.octets
