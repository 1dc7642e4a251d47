"""AMR that a SIM800 gives on its serial line while it records: AT+CRECORD (AT Command Manual V1.09, 17.2.2).

Loaded where AT+CREC writes no file. The frames of 4.75 kbit/s come behind "+CRECORD:" without a head, and end with OK
after any octet of ours; the manual shows no example, so this follows a program by others. Not tried on hardware.
"""

import asyncio

from mms import clock
from mms.errors import ModemError
from mms.limits import const

COMMANDS = "\nframes|record|AT+CRECORD=1,5,0|90|1|-|OK\n"  # see dialogue.py; five frames at a time

_MARK = const(b"+CRECORD:")
_HEAD = const(b"#!AMR\n")
_SIZES = {0: 13, 8: 6, 15: 1}  # octets of a frame by its type: 4.75 kbit/s, a description of silence, none
_ZERO = const(0x83)  # bits that no first octet of a frame in a file has (RFC 4867, 5.3)
_SECOND = const(50)  # frames
_MOST = const(4096)  # octets that wait to be read
_PATIENCE_MS = const(3000)
_CR = const(0x0D)  # no type of frame that comes begins with this

_MARKED, _FRAMES, _LINES = const(0), const(1), const(2)  # the octets up to the mark, frames, lines again


class Stream:
    """In place of a dialogue's pipe it takes frames out of what the modem says, and gives the rest to the dialogue."""

    def __init__(self, modem, seconds):
        self._modem, self._pipe = modem, modem.dialogue.pipe
        self._wanted, self._count = seconds * _SECOND, 0  # frames
        self.most = len(_HEAD) + self._wanted * _SIZES[0]  # fewer where the modem notes silence
        self._kind, self._matched, self._left = _MARKED, 0, 0
        self._octets, self._task, self._fault = bytearray(_HEAD), None, None
        self._event = asyncio.Event()
        self.torn = False

    def __getattr__(self, name):
        return getattr(self._pipe, name)

    async def readinto(self, view):
        """The next octets that are no frames: for the dialogue."""
        while True:
            count = await self._pipe.readinto(view)
            kept = 0
            for at in range(count):
                if not self._take(view[at]):
                    view[kept] = view[at]
                    kept += 1
            self._event.set()
            if kept or not count:
                return kept

    def _take(self, octet):
        """Whether an octet belongs to a frame."""
        if self._kind == _MARKED:
            self._matched = self._matched + 1 if octet == _MARK[self._matched] else int(octet == _MARK[0])
            if self._matched == len(_MARK):
                self._kind = _FRAMES
        elif self._kind == _FRAMES:
            if not self._left:
                self._left = 0 if octet & _ZERO else _SIZES.get(octet >> 3, 0)
                self.torn = self.torn or not self._left and octet != _CR
                if not self._left:
                    self._kind = _LINES
                    return False
                self._count += 1
            self._left -= 1
            if self._count <= self._wanted:
                self.torn = self.torn or len(self._octets) >= _MOST
                if not self.torn:
                    self._octets.append(octet)
            return True
        return False

    async def begin(self):
        """Have the modem begin; raises ModemError where it does not."""
        dialogue = self._modem.dialogue
        dialogue.add(COMMANDS)
        dialogue.pipe = self
        await self._modem.ask("sync")  # its answer still comes by the pipe itself
        self._task = asyncio.create_task(self._run())
        await self._wait(lambda: self._kind == _FRAMES)

    async def _run(self):
        try:
            await self._modem.ask("frames")
        except ModemError as error:
            self._fault = error
        self._kind = _LINES
        self._event.set()

    async def _wait(self, holds):
        while not holds():
            if self._fault:
                raise self._fault
            if self.torn or self._kind == _LINES:
                raise ModemError("record", None, "octets of the recording were lost")
            self._event.clear()
            try:
                await clock.within(self._event.wait(), _PATIENCE_MS)
            except asyncio.TimeoutError:
                raise ModemError("record", None, "the recording does not go on")

    async def read(self, buf):
        """The next octets of an AMR file into `buf`: how many, 0 at the end; raises ModemError."""
        if not self._octets and (self._count > self._wanted or self._count == self._wanted and not self._left):
            return 0
        await self._wait(lambda: self._octets)
        count = min(len(self._octets), len(buf))
        buf[:count] = self._octets[:count]
        self._octets = self._octets[count:]
        return count

    async def end(self):
        """End the recording, and let the dialogue have its pipe again."""
        dialogue = self._modem.dialogue
        try:
            if self._kind == _FRAMES:
                await self._pipe.write(b"0")
                self._event.clear()
                for _ in range(2):
                    if self._kind == _FRAMES or not self._task.done():
                        await clock.sleep(_PATIENCE_MS // 10)
        finally:
            if self._task is not None and not self._task.done():
                self._task.cancel()
            dialogue.pipe = self._pipe
            dialogue.remove(COMMANDS)
