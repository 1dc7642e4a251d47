"""A VC0706 camera without its serial line: commands in, answers and frames out.

Octets come in by `receive` and go out by the callable `write`; time is the caller's, in
milliseconds: call `advance` whenever `due` has come. A command is 56 serial command length
arguments, its answer 76 serial command status length data.
"""

OK, UNKNOWN, WRONG_LENGTH, WRONG_FORMAT, NOT_NOW = 0, 1, 2, 3, 4

VERSION = b"VC0703 1.00"
BOOTED = VERSION + b"\r\nCtrl infr exist\r\nUSER-INIT...\r\nInit end\r\n"
POWER_ON_BAUD = 38400
RATES = {0xAEC8: 9600, 0x56E4: 19200, 0x2AF2: 38400, 0x1C4C: 57600, 0x0DA6: 115200}
SIZES = {0x00: "VGA", 0x11: "QVGA", 0x22: "QQVGA"}
USUAL_COMPRESSION = 0x36

_CHIP, _EEPROM = 1, 4  # kinds of registers
_COMPRESSION, _SIZE = (_CHIP, 0x1204), (_EEPROM, 0x0019)
_LONGEST = 16  # arguments of a command
_GAP_MS = 500  # half a command before so much silence is dropped
_TAIL = 4  # a frame's memory is read in words: what follows the last octet reads as zeros


class Vc0706:
    """One camera module.

    `frame(size, compression)` gives a JPEG as bytes, size one of SIZES' names; `set_baud(rate)` is
    told when the line's rate changes, which is after the answer has left. `sizes_at_boot`: frames
    have the size that the register had at the last reset, as clones whose manual lists a reset after it.
    """

    def __init__(self, write, set_baud, frame, boot_ms=600, exposure_ms=300, rate_ms=20):
        self._write, self._set_baud, self._frame = write, set_baud, frame
        self._boot_ms, self._exposure_ms, self._rate_ms = boot_ms, exposure_ms, rate_ms
        self._size = self._booted_size = 0x00
        self._left = None
        self._kept, self._tail = 0, b""
        self.sizes_at_boot = False
        self._cut = self._cuts = 0
        self._later = []
        self._alive = False
        self._watching = False

    def power(self, now):
        """Switch on, or off and on: 38400 baud, live picture, usual compression. It boots first."""
        self._alive = True
        self._left = None
        self._boot(now)
        self._set_baud(POWER_ON_BAUD)
        self._baud = POWER_ON_BAUD

    def hang(self, after=0):
        """A fault: `after` octets more go out, then nothing until the power is switched."""
        self._left = after

    def hold_back(self, octets):
        """A fault until the next reset: the last `octets` of all answers wait for the next answer."""
        self._kept = octets

    def truncate(self, octets, frames=1):
        """A fault: the next frames end after `octets`, without their end-of-image marker."""
        self._cut, self._cuts = octets, frames

    def motion(self):
        """Something moves in the picture: the camera says so once, if it was asked to watch."""
        if self._watching:
            self._say(b"\x76\x00\x39\x00\x00")

    @property
    def due(self):
        """The milliseconds at which `advance` has something to do, or None."""
        return min(self._later, key=_when)[0] if self._later else None

    def advance(self, now):
        """Do everything that is due at `now`."""
        while self._later:
            first = min(self._later, key=_when)
            if first[0] > now:
                return
            self._later.remove(first)
            first[1](first[0])

    def receive(self, octets, now):
        """Take what came over the line at `now`."""
        self.advance(now)
        if not self._alive or now < self._deaf_until:
            return
        if now - self._heard > _GAP_MS:
            self._input = b""
        self._heard = now
        self._input += bytes(octets)
        while self._step(now):
            pass

    def _boot(self, now):
        self._input = b""
        self._heard = now
        self._held = None
        self._exposing = False
        self._watching = False
        self._compression = USUAL_COMPRESSION
        self._zoom = None
        self._booted_size = self._size
        self._kept, self._tail = 0, b""
        self._deaf_until = now + self._boot_ms
        self._later = [(self._deaf_until, lambda then: self._say(BOOTED))]

    def _step(self, now):
        """Take one command from the input; False when there is no whole one."""
        start = self._input.find(b"\x56")
        self._input = self._input[start:] if start >= 0 else b""
        if len(self._input) < 4:
            return False
        serial, command, length = self._input[1], self._input[2], self._input[3]
        if length > _LONGEST:
            self._input = self._input[1:]
            self._answer(command, WRONG_LENGTH)
            return True
        if len(self._input) < 4 + length:
            return False
        arguments = self._input[4 : 4 + length]
        self._input = self._input[4 + length :]
        if serial == 0:
            self._command(command, arguments, now)
        return now >= self._deaf_until

    def _command(self, command, arguments, now):
        if command not in _COMMANDS:
            return self._answer(command, UNKNOWN)
        lengths, verb = _COMMANDS[command]
        if len(arguments) not in lengths:
            return self._answer(command, WRONG_LENGTH)
        if self._exposing:
            return self._answer(command, NOT_NOW)
        status, data = verb(self, arguments, now)
        if status is not None:
            self._answer(command, status, data)

    def _answer(self, command, status, data=b""):
        self._say(bytes((0x76, 0, command, status, len(data))) + data)

    def _say(self, octets):
        octets = self._tail + octets
        sent = max(len(octets) - self._kept, 0)
        octets, self._tail = octets[:sent], octets[sent:]
        if self._left is not None:
            octets = octets[: self._left]
            self._left -= len(octets)
        if octets:
            self._write(octets)

    def _reset(self, arguments, now):
        self._answer(0x26, OK)
        self._boot(now)
        self._change_rate(now, POWER_ON_BAUD)
        return None, b""

    def _version(self, arguments, now):
        return OK, VERSION

    def _set_port(self, arguments, now):
        rate = RATES.get(arguments[1] << 8 | arguments[2])
        if arguments[0] != 1 or rate is None:
            return WRONG_FORMAT, b""
        self._answer(0x24, OK)
        self._deaf_until = self._change_rate(now, rate) + self._rate_ms
        self._input = b""
        return None, b""

    def _change_rate(self, now, rate):
        """Change the rate once an answer of five octets has left; the milliseconds when that is."""
        then = now + 5 * 10 * 1000 // self._baud + 1
        self._later.append((then, lambda then: self._set_baud(rate)))
        self._baud = rate
        return then

    def _frame_control(self, arguments, now):
        control = arguments[0]
        if control > 3:
            return WRONG_FORMAT, b""
        if control == 3:
            self._held = None
            return OK, b""
        if control == 2 and self._held is None:
            return NOT_NOW, b""
        if control < 2 and self._held is not None:
            return OK, b""  # stopped already: the same frame stays
        self._exposing = True
        frames = 2 if control == 1 else 1
        self._later.append((now + frames * self._exposure_ms, self._exposed))
        return None, b""

    def _exposed(self, now):
        register = self._booted_size if self.sizes_at_boot else self._size
        size = SIZES[register if self._zoom is None else self._zoom]
        self._held = self._frame(size, self._compression)
        if self._cuts:
            self._held = self._held[: self._cut]
            self._cuts -= 1
        self._exposing = False
        self._answer(0x36, OK)

    def _frame_length(self, arguments, now):
        if arguments[0] > 1:
            return WRONG_FORMAT, b""
        if arguments[0] == 1 or self._held is None:
            return NOT_NOW, b""
        return OK, len(self._held).to_bytes(4, "big")

    def _read_frame(self, arguments, now):
        address = int.from_bytes(arguments[2:6], "big")
        length = int.from_bytes(arguments[6:10], "big")
        delay = int.from_bytes(arguments[10:12], "big") // 100  # it counts in hundredths
        if arguments[0] or arguments[1] != 0x0A or address % 8 or length % 4:
            return WRONG_FORMAT, b""
        if self._held is None:
            return NOT_NOW, b""
        whole = self._held + bytes(-len(self._held) % _TAIL)
        if address + length > len(whole):
            return WRONG_FORMAT, b""
        data = whole[address : address + length]
        self._answer(0x32, OK)
        self._later.append((now + delay, lambda then: self._say(data + b"\x76\x00\x32\x00\x00")))
        self.advance(now)
        return None, b""

    def _read_register(self, arguments, now):
        register = arguments[0], arguments[2] << 8 | arguments[3]
        if arguments[1] == 1 and register == _COMPRESSION:
            return OK, bytes((self._compression,))
        if arguments[1] == 1 and register == _SIZE:
            return OK, bytes((self._size,))
        return WRONG_FORMAT, b""

    def _write_register(self, arguments, now):
        register, value = (arguments[0], arguments[2] << 8 | arguments[3]), arguments[4]
        if arguments[1] == 1 and register == _COMPRESSION:
            self._compression = value
        elif arguments[1] == 1 and register == _SIZE and value in SIZES:
            self._size, self._zoom = value, None
        else:
            return WRONG_FORMAT, b""
        return OK, b""

    def _set_zoom(self, arguments, now):
        if arguments[0] not in SIZES:
            return WRONG_FORMAT, b""
        self._zoom = arguments[0]
        return OK, b""

    def _get_zoom(self, arguments, now):
        return OK, bytes((self._zoom or 0,))

    def _set_watching(self, arguments, now):
        if arguments[0] > 1:
            return WRONG_FORMAT, b""
        self._watching = arguments[0] == 1
        return OK, b""

    def _get_watching(self, arguments, now):
        return OK, bytes((1 if self._watching else 0,))


def _when(entry):
    return entry[0]


_COMMANDS = {  # command: (lengths of its arguments, verb)
    0x11: ((0,), Vc0706._version),
    0x24: ((3,), Vc0706._set_port),
    0x26: ((0,), Vc0706._reset),
    0x30: ((4,), Vc0706._read_register),
    0x31: ((5,), Vc0706._write_register),
    0x32: ((12,), Vc0706._read_frame),
    0x34: ((1,), Vc0706._frame_length),
    0x36: ((1,), Vc0706._frame_control),
    0x37: ((1,), Vc0706._set_watching),
    0x38: ((0,), Vc0706._get_watching),
    0x54: ((1,), Vc0706._set_zoom),
    0x55: ((0,), Vc0706._get_zoom),
}


MACHINE = Vc0706
