"""Sound by the microphone of a SIM800: AT+CREC (AT Command Manual V1.09, 17.2.1 and 20.17); loaded to record.

The modem writes AMR into a file of its flash, which is read afterwards in hexadecimal digits. The octets come
over the serial line instead (crecord.py) from a modem that has no room for a file. Not tried on hardware; the manual
(21.13) names many modules that have a recorder, but no SIM800L.

A Sound is to a microphone what a picture is to a camera (drivers/camera/__init__.py): an async context manager with
`octets` and `await readinto(buf)` inside. Its media type is `media`, and `most` the most octets that it may have.
"""

import binascii

from drivers.modem.dialogue import is_refusal, make_error, read_number
from drivers.modem.lines import fields
from mms import clock, flash, memory
from mms.errors import ModemError
from mms.limits import const

COMMANDS = (  # see dialogue.py; the file is number 1, and form 0 is AMR
    "\n"
    "record|record|AT+CREC=1,1,0,{seconds}|10|1|-|OK\n"
    "stop|record|AT+CREC=2|10|1|-|OK\n"
    "recording|record|AT+CREC?|5|2|+CREC:|OK\n"
    "length|record|AT+CREC=7,1|5|2|+CREC: 7,1,|OK\n"
    "octets|record|AT+CREC=6,1,{octets},{offset}|10|2|+CREC: 6,1,+|OK\n"
    "erase|record|AT+CREC=3,1|5|1|-|OK\n"
)

_RATE = const(1620)  # octets of a second at most: 50 frames of 32 (RFC 4867, 5.3), and some
_PIECE = const(256)  # octets that are read at a time: their digits fit well into a line
_TRIES = const(3)  # for a piece of which octets were lost
_LOOK_MS = const(200)
_LOOKS = const(10)  # after its time a recording is ended by hand
_FULL = const(5003)
_NO_FILES = const((None, 4, 100, 5003))  # codes of a modem that does not know the command, and of one without room


class Sound:
    """A recording of so many seconds by `modem`, a Family."""

    media = "audio/amr"

    def __init__(self, modem, seconds):
        self._modem, self._seconds = modem, seconds
        self.most = self.octets = seconds * _RATE
        self._read, self._stream = 0, None

    async def __aenter__(self):
        modem = self._modem
        modem.check_ready("record")
        modem.dialogue.add(COMMANDS)
        try:
            await self._record(modem)
        except BaseException as error:  # also a task that is cancelled leaves no recording that goes on
            await self._end("stop")
            raise error
        return self

    async def __aexit__(self, kind, error, trace):
        await self._end("erase")

    async def _end(self, name):
        try:
            await (self._stream.end() if self._stream else self._modem.ask_optional(name))
        finally:
            self._modem.dialogue.remove(COMMANDS)

    async def _record(self, modem):
        try:
            await modem.ask("record", self._seconds)
        except ModemError as error:
            if not is_refusal(error) or error.code not in _NO_FILES:
                raise error
            return await self._begin_stream(modem, error)
        await clock.sleep(self._seconds * 1000)
        looks = 0
        while await self._is_recording(modem):
            looks += 1
            if looks == _LOOKS:
                await modem.ask("stop")
            if looks > 2 * _LOOKS:
                raise ModemError("record", None, "the recording does not end")
            await clock.sleep(_LOOK_MS)
        self.octets = min(read_number("record", await modem.ask("length"), 2), self.most)

    async def _begin_stream(self, modem, error):
        """Record over the serial line; raises the error of the file where that cannot be."""
        from drivers.modem import crecord

        memory.forget(crecord.__name__)
        if flash.deafens:  # octets would be lost whenever the store writes
            raise error
        self._stream = crecord.Stream(modem, self._seconds)
        self.octets = self._stream.most
        try:
            await self._stream.begin()
        except ModemError as refusal:
            if is_refusal(refusal) and error.code != _FULL:
                raise make_error("record", error.code, "this modem has no recorder")
            raise error if is_refusal(refusal) else refusal

    async def _is_recording(self, modem):
        """Whether AT+CREC? says so; the line that ends a recording may come in between, and has more values."""
        return "1" in [fields(line)[0] for line in await modem.ask("recording") if len(fields(line)) == 1]

    async def readinto(self, buf):
        """The next octets into `buf`: how many, 0 at the end; raises ModemError."""
        if self._stream:
            return await self._stream.read(buf)
        count = min(self.octets - self._read, _PIECE, len(buf))
        for _ in range(_TRIES if count else 0):
            lines = await self._modem.ask("octets", count, self._read)
            digits = lines[1] if len(lines) == 2 else ""
            given = read_number("record", lines, 2)
            if 0 < given <= count and len(digits) == 2 * given:
                buf[:given] = binascii.unhexlify(digits)
                self._read += given
                return given
        if count:
            raise ModemError("record", None, "octets of the recording were lost")
        return 0
