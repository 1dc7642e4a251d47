"""A camera on a serial line that speaks the protocol of the VC0706. Each family has a table, which is a class.

A command is 56 <serial> <command> <length> <arguments>, its reply 76 <serial> <command> <status> <length> <data>. The
table has POWER_ON (bit/s), BAUDS {bit/s: timer}, SIZES {name: register}, SIZE and COMPRESSION (addresses of registers),
DELAY (of data after their reply) and compression(quality).

Some cameras hold back the last octets of a reply until the next one begins, and go on so (Adafruit's VC0706 library,
pull request 27): so many octets are `late`, and are dropped before a reply.
"""

import asyncio

from drivers.camera.capture import Capture
from mms import clock, flash, memory
from mms.errors import CameraError
from mms.limits import const

_VERSION = const(0x11)
_BAUD = const(0x24)
_RESET = const(0x26)
_READ = const(0x30)
_WRITE = const(0x31)
_READ_FRAME = const(0x32)
_LENGTH = const(0x34)
_CONTROL = const(0x36)

_STOP, _RESUME = b"\x00", b"\x03"  # of _CONTROL
_STATUS = const(("", "unknown command", "wrong length", "wrong format", "cannot do that now", "failed"))

_PROBE_MS = const(250)
_ANSWER_MS = const(1000)
_QUIET_MS = const(50)
_FRAME_MS = const(400)  # from a resume or a new size to a frame that has it
_WAKE_MS = const(1500)  # a camera that was reset sends its banner before it listens
_REOPEN_MS = const(3000)  # for a line that was plugged in again since the last picture
_ATTEMPTS = const(3)  # for each block, since the camera still has its octets
_TRAILER_MS = const(100)  # for the reply that is repeated behind a block
_HEAD = const(5)  # octets of a reply before its data
_MOST = const(4096)
_WASTE = const(2000)  # reads: more than the largest picture
_CLOSED = const("the line is closed")


class SerialCamera:
    """The camera on `pipe`, which nothing else uses; table: see above; quality: 1 to 100, where none is asked for."""

    def __init__(self, pipe, table, baud, quality):
        self._pipe, self._table = pipe, table
        self._wanted = baud
        self._sees = False  # True while it is known to listen at that speed, and to hold no picture
        self._quality = quality
        self._set = ()  # the size and the quality in its registers
        self._head = bytearray(_HEAD)
        self._late = 0  # octets of a reply that come with the next one
        self._suspect = False  # True when its last picture was none: it is reset before the next
        self._waste = bytearray(64)
        self._came = 0  # octets that have come of those that are waited for
        self.lock = asyncio.Lock()  # one picture at a time

    @property
    def sizes(self):
        """The names of the sizes that the camera has, the largest first."""
        return [name for name in _sizes().names() if name in self._table.SIZES]

    def rests(self):
        """Whether the camera is not used, and its next picture needs no more than its line."""
        return not (self.lock.locked() or self._suspect or self._late)

    def capture(self, size="VGA", quality=None):
        """An async context manager that gives a Picture; the camera holds it until the end of the context."""
        return Capture(self, size, quality)

    async def freeze(self, size, quality):
        """Take a picture and hold it: its Picture. Raises CameraError, with the step "line" when the line is gone."""
        if size not in self._table.SIZES:
            raise CameraError("camera", None, "no size %s: there are %s" % (size, ", ".join(self.sizes)))
        try:
            return await self._freeze(size, quality)
        except CameraError as error:
            if error.step != "line" or not getattr(self._pipe, "returns", False):
                raise
        try:
            await clock.within(self._pipe.reopen(), _REOPEN_MS)
        except asyncio.TimeoutError:
            raise CameraError("line", None, "the line of the camera was pulled out")
        self._sees = False
        return await self._freeze(size, quality)

    async def _freeze(self, size, quality):
        quality, table = self._quality if quality is None else quality, self._table
        if self._suspect:
            await self._restart()
        changed = not self._sees and await self._find()
        self._sees = False  # until it is resumed: stopped a second time, it would give the same picture again
        if self._set != (size, quality):
            for register, value in (
                (table.SIZE, table.SIZES[size]),
                (table.COMPRESSION, bytes([table.compression(quality)])),
            ):
                changed = await self._change(register, value) or changed
            self._set = size, quality
        if changed:
            await clock.sleep(_FRAME_MS)
        await self._command(_CONTROL, _STOP)  # it keeps the current frame
        octets = int.from_bytes(await self._command(_LENGTH, b"\x00", 4), "big")
        if octets < 4:
            raise CameraError("camera", None, "the camera has no picture")
        width, height = _sizes().dimensions(size)
        return _picture()(octets, width, height, lambda buf, first: self._read(buf, first, octets))

    async def _change(self, register, value):
        """Put an octet into a register: whether it had another one, or does not say."""
        try:
            if await self._command(_READ, register, 1) == value:
                return False
        except CameraError as error:
            if error.step == "line":
                raise
            await self._hush()
        await self._command(_WRITE, register + value)
        return True

    async def resume(self, error=None):
        """Let the camera go on after a picture; when it does not answer, the next picture looks for it first.

        error: the one that ended the picture, or None. A camera whose picture was none, or whose replies are late, is
        reset before the next picture: some take another size only then.
        """
        if self._late or getattr(error, "step", "") == "picture":
            self._suspect = True
            return
        for _ in range(2):
            try:
                await self._command(_CONTROL, _RESUME)
                self._sees = True
                return
            except CameraError:
                await self._hush()  # the rest of a picture that was given up may still be coming

    async def _read(self, buf, first, octets):
        """Read octets of the frame from `first` on: their number. Addresses are multiples of 8, lengths of 4."""
        most = min(len(buf), _MOST) & ~7
        octets = min(octets - first, most)
        length = octets + 3 & ~3
        place = b"\x0a" + first.to_bytes(4, "big") + length.to_bytes(4, "big") + self._table.DELAY
        for attempt in range(_ATTEMPTS):
            try:
                await self._command(_READ_FRAME, b"\x00" + place, block=memoryview(buf)[:length])
                return octets
            except CameraError as error:
                await self._hush()
                self._late = 0
                if attempt + 1 == _ATTEMPTS or error.step == "line":
                    self._set = ()  # it may have lost its power, and its registers
                    raise

    async def _find(self):
        """Find the camera's speed, raise it, and let the camera go on; raises CameraError when none answers.

        Returns whether it may have held a picture: not one that has the speed of its power-on, and is to have another.
        """
        power_on = self._table.POWER_ON
        for baud in (power_on, self._wanted, 115200, 57600, 19200, 9600, power_on):  # it may just have got its power
            if await self._answers(baud):
                break
        else:
            raise CameraError("camera", None, "no answer")
        self._set = ()
        if baud != self._wanted:
            await self._command(_BAUD, b"\x01" + self._table.BAUDS[self._wanted])
            if not await self._answers(self._wanted):
                raise CameraError("camera", None, "no answer at %d baud" % self._wanted)
        await self._command(_CONTROL, _RESUME)
        return not baud == self._table.POWER_ON != self._wanted

    async def _answers(self, baud):
        """True when the camera answers at that speed; one that answers with an error is reset first."""
        try:
            self._pipe.set_baud(baud)
        except OSError:
            raise CameraError("line", None, _CLOSED)
        await self._hush()
        for _ in range(2):
            try:
                await self._command(_VERSION, b"", None, _PROBE_MS)
                await self._exactly(memoryview(self._waste)[: self._head[4]], _PROBE_MS)  # the text of the version
                return True
            except CameraError as error:
                if error.step == "line":
                    raise
                await self._hush()
                if error.code is not None:
                    await self._restart()
        return False

    async def _restart(self):
        """Reset the camera and wait until it listens again."""
        try:
            await self._command(_RESET, b"", None)
        except CameraError:
            pass
        await clock.sleep(_WAKE_MS)
        await self._hush()
        self._sees = self._suspect = False
        self._late = 0

    async def _command(self, number, arguments=b"", data=0, ms=_ANSWER_MS, block=b""):
        """Send a command and read its reply: its `data` octets, or none and an unchecked length when that is None.

        block: a view for the octets that follow the reply, behind which its head comes once more. Raises CameraError.
        """
        block_ms = _ANSWER_MS + len(block) * 10000 // self._wanted
        spared = await flash.spare(2 * ms + block_ms)
        try:
            await self._pipe.write(bytes([0x56, 0, number, len(arguments)]) + arguments)
            await self._reply(number, data, ms)
            octets = bytearray(data or 0)
            await self._exactly(memoryview(octets), ms)
            if block:
                await self._exactly(block, block_ms)
                await self._trailer(number)
            return octets
        except OSError:
            raise CameraError("line", None, _CLOSED)
        finally:
            flash.release(spared)

    async def _reply(self, number, data=0, ms=_ANSWER_MS):
        """Read the head of a reply and check it; raises CameraError, whose code is the camera's status."""
        head = self._head
        if self._late:
            await self._exactly(memoryview(self._waste)[: self._late], ms)
        await self._exactly(memoryview(head), ms)
        if head[0] != 0x76 or head[2] != number:
            raise CameraError("picture", None, "an answer that does not fit")
        if head[3]:
            raise CameraError("camera", head[3], _STATUS[min(head[3], 5)])
        if data is not None and head[4] != data:
            raise CameraError("picture", None, "an answer of %d octets" % head[4])

    async def _trailer(self, number):
        """Read the head that is repeated behind a block; the octets of it that do not come are late."""
        trailer = memoryview(self._waste)[: _HEAD - self._late]
        try:
            await self._exactly(trailer, _TRAILER_MS)
        except CameraError as error:
            if error.step == "line":
                raise
            trailer = trailer[: self._came]
            self._late = _HEAD - self._came
        if trailer != bytes([0x76, 0, number, 0, 0])[: len(trailer)]:
            raise CameraError("picture", None, "an answer that does not fit")

    async def _exactly(self, view, ms):
        """Fill `view` from the line; raises CameraError when that takes longer than `ms`."""
        self._came = 0
        try:
            await clock.within(self._fill(view), ms)
        except asyncio.TimeoutError:
            if self._came:
                raise CameraError("picture", None, "%d of %d octets came" % (self._came, len(view)))
            raise CameraError("camera", None, "no answer")

    async def _fill(self, view):
        while self._came < len(view):
            try:
                octets = await self._pipe.readinto(view[self._came :])
            except OSError:
                octets = 0
            if not octets:
                raise CameraError("line", None, _CLOSED)
            self._came += octets

    async def _hush(self):
        """Read and drop octets until none comes for a while."""
        try:
            for _ in range(_WASTE):
                if not await clock.within(self._pipe.readinto(self._waste), _QUIET_MS):
                    break
        except (asyncio.TimeoutError, OSError):
            pass


def _picture():
    """The class of pictures, which leaves memory between them."""
    from drivers.camera.picture import Picture

    memory.forget("drivers.camera.picture")
    return Picture


def _sizes():
    from mms import sizes

    memory.forget("mms.sizes")
    return sizes
