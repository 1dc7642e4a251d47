"""A picture of the best size and quality that has at most so many octets; loaded for each picture.

The frames before it say how many octets to expect: the record camera.r has those of the last frames of each size. The
logarithm of the octets is taken for a line in the quality, through two frames where there are two.
"""

import math

from mms import flash, limits
from mms.errors import CameraError, StoreError, UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_TRIES = const(((95, 0.023, 0.03), (85, 0.018, 0.045), (70, 0.012, 0.06)))  # percent of the octets, slopes down and up
_COARSE = const(30)  # a smaller size looks better than a quality below it
_FLAT, _STEEP = 0.008, 0.06  # bounds of a slope that two frames show, which may be of different scenes
_PIXELS = 0.75  # octets grow more slowly than pixels: the power of their relation


async def take(handset, create, size, quality, most):
    """Take a picture with at most `most` octets, None for any number: the octets that it has.

    `create()` gives a Writer for a try, an async context manager that is left with an error when the picture is none.
    `size` and `quality` are the best that is wanted, None for those in the settings. Raises UsageError, CameraError,
    StoreError; no picture is stored then.
    """
    camera, events = handset.camera, handset.events
    if camera is None:
        raise UsageError("this handset has no camera")
    plan = _Plan(handset, size, quality)
    if not camera.sizes:
        most = None  # the camera has no choice
    fault = None
    for percent, down, up in _TRIES if camera.sizes else _TRIES[:1]:
        if fault:
            events.say("retaken", text=str(fault))
        size, quality = plan.choose(most, percent, down, up)
        try:
            async with camera.capture(size, quality) as picture:
                plan.note(size, quality, picture.octets)
                if most is None or picture.octets <= most:
                    octets = await _store(picture, create, events)
                    await plan.keep()
                    return octets
            fault = UsageError("the picture has %d octets, and there is room for %d" % (picture.octets, most))
        except CameraError as error:
            if error.step != "picture":
                raise
            fault = error
    await plan.keep()
    raise fault


async def _store(picture, create, events):
    """Write the octets of a picture: how many they are."""
    buffer = bytearray(limits.BLOCK)
    async with create() as writer:
        while True:
            count = await picture.readinto(buffer)
            if not count:
                break
            await writer.add(memoryview(buffer)[:count])
            events.say("picture", octets=writer.octets, of=picture.octets)
        if writer.octets != picture.octets:
            raise CameraError("camera", None, "%d octets of %d came" % (writer.octets, picture.octets))
    events.say("captured", octets=picture.octets, width=picture.width, height=picture.height)
    return writer.octets


class _Plan:
    """The wishes for a picture, and known frames: {size: [quality, octets, another quality, octets]}."""

    def __init__(self, handset, size, quality):
        wanted, sizes = handset.settings["camera"], list(handset.camera.sizes)
        size = size or wanted["size"]
        if sizes and size == rooms.sizes.BEST:
            size = sizes[0]
        if sizes and size not in sizes:
            raise UsageError("this camera has no size %s: it has %s" % (size, ", ".join(sizes)))
        self._choice = bool(sizes)
        self._sizes = sizes[sizes.index(size) :] if sizes else [size]
        self._quality = wanted["quality"] if quality is None else quality
        self._store = handset.inbox.store
        self._known, self._news = self._read(), False

    def _read(self):
        store = self._store
        try:
            if store.has(filenames.CAMERA):
                return store.read(filenames.CAMERA)
        except StoreError as error:
            store.set_aside(filenames.CAMERA, error)
        return {}

    def choose(self, most, percent, down, up):
        """(size, quality) of the best picture that is expected to have at most `percent` of `most` octets."""
        if most is not None:
            for size in self._sizes:
                quality = self._fitting(size, most * percent // 100, down, up)
                if quality >= _COARSE:
                    return size, quality
            return size, max(quality, 1)
        return self._sizes[0], self._quality

    def _fitting(self, size, octets, down, up):
        """The highest quality at which a frame of a size is expected to have so many octets, at most that wanted."""
        frames = self._frames(size)
        if not frames:
            return self._quality
        slope = up if octets > frames[1] else down
        if len(frames) > 2:
            slope = math.log(frames[1] / frames[3]) / (frames[0] - frames[2])
            slope = min(max(slope, _FLAT), _STEEP)
        quality = frames[0] + math.log(octets / frames[1]) / slope
        return min(int(quality), self._quality)

    def _frames(self, size):
        """Those of that size, or else what the frame of another size makes one expect; None without any."""
        if size in self._known:
            return self._known[size]
        for other in sorted(self._known, key=self._distance(size)):
            width, height = rooms.sizes.dimensions(size)
            wide, high = rooms.sizes.dimensions(other)
            quality, octets = self._known[other][:2]
            return [quality, max(int(octets * (width * height / (wide * high)) ** _PIXELS), 1)]
        return None

    def _distance(self, size):
        names = rooms.sizes.names()
        at = names.index(size)
        return lambda other: abs(names.index(other) - at)

    def note(self, size, quality, octets):
        """Note that a frame of that size and quality had so many octets."""
        known = self._known.get(size, [])
        before = known[:2] if known and known[0] != quality else known[2:4]
        if not known or known[0] != quality or abs(known[1] - octets) * 8 > octets:
            self._known[size], self._news = [quality, max(octets, 1)] + before, self._choice

    async def keep(self):
        """Keep what is new of the frames in the store."""
        if self._news:
            await flash.quiet()
            try:
                self._store.write(filenames.CAMERA, self._known)
            except StoreError:
                pass  # the next frames say it again
