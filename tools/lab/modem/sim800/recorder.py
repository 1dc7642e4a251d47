"""The recorder of a SIM800 (AT manual V1.09, chapter 17, examples in 20.17): AMR files, or AMR on the serial line.

AT+CREC writes files into the modem's flash, and AT+CRECORD gives frames at once, until the handset says anything.

The microphone hears `environment.sound`, an AMR file that begins anew at its end. Choices where the manual is
open: a recording begins 150 ms after AT+CREC=1; an <id> without a file is 5008; AT+CREC=2 without a recording is ERROR;
<quality> changes nothing. WAV and ADPCM are not simulated: 5004. Playing has no sound, and lasts until AT+CREC=5. As
a program by others strips them, the frames of AT+CRECORD begin behind "+CRECORD:" on its line and end before OK; those
since the last interval are not given; <crcmode> 2 is refused, since the manual does not say which CRC.
"""

from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply, Wait

RECORDING, PLAYING, BUSY, FULL, FORMAT, EMPTY, SIZE, ABSENT = 5000, 5001, 5002, 5003, 5004, 5006, 5007, 5008

_HEAD = b"#!AMR\n"
_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)  # octets with the first, by type (RFC 4867, 5.3)
_FRAME_MS = 20
_SILENT = b"\x04" + bytes(12)  # a frame at 4.75 kbit/s, the only rate of AT+CRECORD
_IDS = range(1, 11)
_MOST = 32768  # octets that AT+CREC=6 gives at a time
_FLASH = 978600  # 20.17 shows 938600 free
_SYSTEM = 40000  # "about 40K FAT space will remain for system use"
_START_MS, _READ_MS = 150, 8


def frames(sound):
    """The frames of an AMR file."""
    found, at = [], len(_HEAD)
    while at < len(sound):
        end = at + _FRAMES[sound[at] >> 3 & 15]
        found.append(sound[at:end])
        at = end
    return found


class Recorder:
    """`files` {id or path: octets} stay in the flash; `exists`: a SIM800L has no recorder (21.13)."""

    def __init__(self, modem):
        self._modem = modem
        self.files = {}
        self.exists = True
        self.streams = False  # whether AT+CRECORD exists where AT+CREC does not
        self.flash = _FLASH
        self.reset()

    def reset(self):
        """Power-on: nothing is recorded or played."""
        self._playing = False
        self._under_way = None  # (id, ms of its beginning)
        self._stream = None  # [frames that were given, frames each time, whether they are escaped]

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+CREC": self._crec, "+CRECORD": self._crecord}

    def call(self):
        """A call is set up, which ends a recording."""
        self._stop(self._under_way)

    def _free(self):
        return max(self.flash - _SYSTEM - sum([len(octets) for octets in self.files.values()]), 0)

    def _crec(self, kind, text):
        if not self.exists:
            raise Refused(self._modem.UNKNOWN)
        if kind == TEST:
            return ["+CREC: (1-8),(1-10)"]
        if kind == READ:
            return ["+CREC: %d" % (1 if self._under_way else 2 if self._playing else 0)]
        values = arguments(text) if kind == SET else []
        modes = (self._record, self._end, self._delete, self._play, self._quiet, self._read, self._list, self._room)
        return modes[number(values[0] if values else None, range(1, 9)) - 1](values[1:])

    def _id(self, values):
        """The number or the path of a file, in quotation marks."""
        value = values[0] if values else None
        return value if value and value[1:3] == ":\\" else number(value, _IDS)

    def _file(self, values):
        id = self._id(values)
        if id not in self.files:
            raise Refused(ABSENT)
        return id, self.files[id]

    def _check_idle(self):
        if self._under_way:
            raise Refused(RECORDING)
        if self._playing:
            raise Refused(PLAYING)

    # recording

    def _record(self, values):
        self._check_idle()
        id, form = self._id(values), values[1] if len(values) > 1 else None
        if isinstance(id, str):
            form = "0" if id.lower().endswith(".amr") else "1"
        if number(form, (0, 1, 2)):
            raise Refused(FORMAT)
        seconds = number(values[2] if len(values) > 2 else None, default=0)
        code = self._modem.faults.pop("record", None)
        if code:
            raise Refused(code)
        if not self._free():
            raise Refused(FULL)
        return Wait(_START_MS, lambda: self._begin(id, seconds))

    def _begin(self, id, seconds):
        self.files.pop(id, None)
        self._under_way = under_way = (id, self._modem.agenda.now)
        most = self._free() // max([len(frame) for frame in frames(self._modem.environment.sound)]) * _FRAME_MS
        ms = min(seconds * 1000, most) if seconds else most
        self._modem.agenda.after(ms, lambda: self._stop(under_way))
        return Reply()

    def _stop(self, under_way):
        """End a recording, unless that is over, and say so."""
        if self._under_way is None or self._under_way is not under_way:
            return
        self._under_way = None
        id, since = under_way
        ms, heard = round(self._modem.agenda.now - since), frames(self._modem.environment.sound)
        octets = bytearray(_HEAD)
        for at in range(ms // _FRAME_MS):
            octets += heard[at % len(heard)]
        self.files[id] = bytes(octets)
        shown = '"%s"' % id if isinstance(id, str) else id
        self._modem.unsolicited("+CREC: 2,%s,0,%d,%d" % (shown, ms // 1000, len(octets)))

    def _end(self, values):
        if self._under_way is None:
            raise Refused()
        under_way = self._under_way
        self._modem.agenda.after(1, lambda: self._stop(under_way))  # the line comes after OK

    # frames on the serial line

    def _crecord(self, kind, text):
        if not (self.exists or self.streams):
            raise Refused(self._modem.UNKNOWN)
        if kind == TEST:
            return ["+CRECORD: (0,1)"]
        values = (arguments(text) if kind == SET else [None]) + [None, None]
        if not number(values[0], (0, 1)):
            return None  # "takes no effect"
        interval, mode = number(values[1], range(1, 51), 50), number(values[2], (0, 1), 0)
        if self._under_way or self._playing:
            raise Refused()
        self._stream = stream = [0, interval, mode]
        self._modem.terminal.raw(b"\r\n+CRECORD:")
        self._modem.agenda.after(interval * _FRAME_MS, lambda: self._give(stream))
        return Entry(self._quit, count=1, prompt=None, echo=False)

    def _give(self, stream):
        """Give the frames of one interval, if the stream goes on."""
        if self._stream is not stream:
            return
        given, interval, mode = stream
        heard = [frame for frame in frames(self._modem.environment.sound) if len(frame) == _FRAMES[0]] or [_SILENT]
        octets = b"".join([heard[at % len(heard)] for at in range(given, given + interval)])
        if mode:
            octets = b"\x7e" + octets.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e")
        self._modem.terminal.raw(octets)
        stream[0] += interval
        self._modem.agenda.after(interval * _FRAME_MS, lambda: self._give(stream))

    def _quit(self, octets):
        self._stream = None
        return Reply()

    # playing

    def _play(self, values):
        self._check_idle()
        _, octets = self._file(values)
        if not octets:
            raise Refused(EMPTY)
        self._playing = True

    def _quiet(self, values):
        self._playing = False
        return ["+CREC: 0"]

    # files

    def _delete(self, values):
        self._check_idle()
        id, _ = self._file(values)
        del self.files[id]

    def _read(self, values):
        self._check_idle()
        id, octets = self._file(values)
        if not octets:
            raise Refused(EMPTY)
        if len(values) < 3:
            raise Refused(50)
        count, offset = number(values[1], range(1, _MOST + 1)), number(values[2])
        if offset >= len(octets):
            raise Refused(SIZE)
        piece = octets[offset : offset + count]
        shown = '"%s"' % id if isinstance(id, str) else id
        lines = ["+CREC: 6,%s,%d" % (shown, len(piece)), piece.hex().upper()]
        return Wait(_READ_MS, lambda: Reply(lines))

    def _list(self, values):
        chosen = [number(values[0], _IDS)] if values and values[0] else list(_IDS)
        found = ["+CREC: 7,%d,%d,0" % (id, len(self.files[id])) for id in chosen if id in self.files]
        if values and not found:
            raise Refused(ABSENT)
        return found

    def _room(self, values):
        return ["+CREC: 8,%d" % self._free()]
