"""The serial side of a modem: command lines in, replies out (V.250)."""

from tools.lab.modem.syntax import RUN, Refused, split

_SUBSTITUTE = 0x1A  # Ctrl-Z ends what is typed after a prompt
_ESCAPE = 0x1B  # and this cancels it
_PROMPT_MS = 5
_TYPED = 556  # octets up to Ctrl-Z
_PROMPT = "> "
_AHEAD = 4096  # octets that wait for the command under way, on a modem with type-ahead

_NUMERIC = {"OK": "0", "ERROR": "4", "NO CARRIER": "3"}

_CME = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    16: "incorrect password",
    21: "invalid index",
    30: "no network service",
    32: "network not allowed - emergency calls only",
    50: "incorrect parameters",
    100: "unknown",
    103: "Illegal MS",
    106: "Illegal ME",
    107: "GPRS services not allowed",
    111: "PLMN not allowed",
    112: "Location area not allowed",
    113: "Roaming not allowed in this location area",
    132: "service option not supported",
    133: "requested service option not subscribed",
    134: "service option temporarily out of order",
    148: "unspecified GPRS error",
    149: "PDP authentication failure",
}


class Reply:
    """Lines, a final result or None, and lines that come after the final result."""

    def __init__(self, lines=(), final="OK", after=()):
        self.lines, self.final, self.after = lines, final, after


class Wait:
    """The command goes on after `ms` with `then()`; None: when `Terminal.resume` is called."""

    def __init__(self, ms, then=None):
        self.ms, self.then = ms, then


class Entry:
    """A prompt, then octets: `count` of them, or up to Ctrl-Z, or what came in `ms`; `then(octets)` goes on.

    `prompt` is one without a line end such as "> ", a line such as "DOWNLOAD", or None; `echo` is whether the octets
    are echoed, None: as ATE says.
    """

    def __init__(self, then, count=None, limit=_TYPED, prompt=_PROMPT, ms=None, echo=None):
        self.then, self.count, self.limit, self.prompt, self.ms, self.echo = then, count, limit, prompt, ms, echo


class Terminal:
    """Parses octets of the handset, runs `commands` {name: handler(kind, text)}, keeps what to answer.

    A handler returns None (OK), a list of lines, a Reply, a Wait or an Entry, or raises Refused. `between()` gives an
    unsolicited line for the gap in front of each line of a reply, and of the prompt, or None. `longest` is that of a
    command line in octets, `unknown` the number of +CME ERROR for a command that does not exist, None for ERROR.
    """

    def __init__(self, commands, agenda, settings, switches, between, longest, unknown):
        self.commands, self.agenda, self.settings = commands, agenda, settings
        self._longest, self._unknown = longest, unknown
        self._switches, self._between = switches, between
        self.heard = self.said = None  # called with each line, for a trace
        self.dropped = 0  # octets that came while a command was running
        self.out = bytearray()
        self.reset()

    def reset(self):
        """Drop the command under way and the typed octets."""
        self._line = bytearray()
        self._last = b""
        self._parts = []
        self._final = "OK"
        self._waiting = None
        self._entry = None
        self._typed = bytearray()
        self._held = []
        self._ahead = bytearray()
        self.refuses = False  # every command, with ERROR

    def receive(self, octets):
        """Handle octets that the handset wrote."""
        position = 0
        while position < len(octets):
            if self._entry is not None:
                position += self._type(octets[position:])
            elif self._waiting is not None:
                self._wait(octets[position:])
                return
            else:
                position += self._text(octets[position:]) or self._character(octets[position])

    def _wait(self, octets):
        """Keep octets that came while a command runs, as far as this modem keeps them."""
        kept = _AHEAD - len(self._ahead) if self._switches["type-ahead"] == "runs" else 0
        self._ahead.extend(octets[:kept])
        self.dropped += max(len(octets) - kept, 0)

    def _catch_up(self):
        """Handle the octets that came while a command was running."""
        ahead, self._ahead = bytes(self._ahead), bytearray()
        if ahead:
            self.receive(ahead)

    @property
    def busy(self):
        """Whether a command runs, or octets are expected after a prompt."""
        return self._waiting is not None or self._entry is not None

    def urc(self, *lines):
        """Send unsolicited lines at once, or after the octets that a prompt asked for."""
        if self._entry is not None:
            self._held.extend(lines)
        else:
            for line in lines:
                self._write(line)

    def raw(self, octets):
        """Write octets that are not lines."""
        self.out.extend(octets)

    def resume(self, waiting, then):
        """Go on with the command that returned `waiting`, unless it is no longer the one under way."""
        if self._waiting is waiting:
            self._waiting = None
            self._go(then)

    # command lines

    def _text(self, octets):
        """Consume a line up to its end, when it has no special octets; returns the number of octets."""
        settings = self.settings
        end = octets.find(bytes([settings["S3"]]))
        text = octets if end < 0 else octets[:end]
        if not text or min(text) < 0x20 or b"/" in text or len(self._line) + len(text) > self._longest:
            return 0
        if settings["S4"] in text or settings["S5"] in text:
            return 0
        self._line.extend(text)
        if settings["E"]:
            self.out.extend(text)
        return len(text)

    def _character(self, octet):
        """Consume one octet; returns 1."""
        settings = self.settings
        if octet == 0:
            return 1
        if octet == settings["S3"]:
            if settings["E"]:
                self.out.append(octet)
            line, self._line = bytes(self._line), bytearray()
            self._run(line)
            return 1
        if octet == settings["S5"]:
            self._line = self._line[:-1]
        elif octet != settings["S4"] and len(self._line) <= self._longest:
            self._line.append(octet)
        if settings["E"]:
            self.out.append(octet)
        if len(self._line) == 2 and bytes(self._line) in (b"A/", b"a/"):
            self._line = bytearray()
            self._run(b"AT" + self._last)
        return 1

    def _run(self, line):
        start = line.upper().find(b"AT")
        if start < 0:
            return
        if self.heard is not None:
            self.heard(line[start:])
        self._last = line[start + 2 :]
        if self.refuses:
            self._result("ERROR")
            return
        try:
            text = "".join(map(chr, self._last))
            self._parts = split(text) if len(line) <= self._longest else [("", RUN, "")]
        except ValueError:
            self._parts = [("", RUN, "")]
        self._final = "OK"
        self._go(None)

    def _go(self, then):
        try:
            if then is not None and not self._settle(then()):
                return
            while self._parts:
                name, kind, text = self._parts.pop(0)
                handler = self.commands.get(name)
                if handler is None:
                    raise Refused(self._unknown if name else None)
                if not self._settle(handler(kind, text)):
                    return
        except Refused as refusal:
            self._parts = []
            self._final = self._error(refusal)
        if self._final is not None:
            self._result(self._final)
        self._release()
        self._catch_up()

    def _settle(self, result):
        """Take a handler's result; False when the command goes on later."""
        if isinstance(result, Wait):
            self._waiting = result
            if result.ms is not None:
                self.agenda.after(result.ms, lambda: self.resume(result, result.then))
            return False
        if isinstance(result, Entry):
            self._waiting = waiting = Wait(None)
            self.agenda.after(_PROMPT_MS, lambda: self._prompt(waiting, result))
            return False
        if not isinstance(result, Reply):
            result = Reply(result or ())
        for line in result.lines:
            self.say(line)
        self._final = result.final
        if result.after:
            self._result(result.final)
            self._final = None
            for line in result.after:
                self.say(line)
        return True

    def _error(self, refusal):
        level = self.settings["CMEE"]
        if refusal.number is None:
            return "ERROR"
        if refusal.family == "result":
            return refusal.number
        if refusal.family == "CMS":
            return "+CMS ERROR: %d" % refusal.number
        if level == 0:
            return "ERROR"
        if level == 2:
            return "+CME ERROR: %s" % _CME.get(refusal.number, "unknown")
        return "+CME ERROR: %d" % refusal.number

    # octets after a prompt

    def _prompt(self, waiting, entry):
        if self._waiting is not waiting:
            return
        self._waiting, self._entry, self._typed = None, entry, bytearray()
        if entry.prompt and not entry.prompt.isalpha():
            self._squeeze()
            self.raw(self._crlf() + entry.prompt.encode())
        elif entry.prompt:
            self.say(entry.prompt)
        self._catch_up()
        if entry.ms is not None:
            self.agenda.after(entry.ms, lambda: self._expired(entry))

    def _expired(self, entry):
        if self._entry is not entry:
            return
        if self._typed:
            self._typed_all(bytes(self._typed))
        else:
            self._entry = None
            self._go(Reply)

    def _type(self, octets):
        entry, taken = self._entry, len(octets)
        if entry.count is not None:
            taken = min(taken, entry.count - len(self._typed))
        else:
            for position in range(len(octets)):
                if octets[position] in (_SUBSTITUTE, _ESCAPE):
                    taken = position + 1
                    break
        self._typed.extend(octets[:taken])
        if self.settings["E"] if entry.echo is None else entry.echo:
            self.raw(octets[:taken])
        if entry.count is not None:
            if len(self._typed) == entry.count:
                self._typed_all(bytes(self._typed))
        elif self._typed and self._typed[-1] == _SUBSTITUTE:
            self._typed_all(bytes(self._typed[:-1]))
        elif self._typed and self._typed[-1] == _ESCAPE:
            self._entry = None
            self._go(Reply)
        elif len(self._typed) > entry.limit:
            self._typed = self._typed[: entry.limit]
        return taken

    def _typed_all(self, octets):
        entry, self._entry = self._entry, None
        self._go(lambda: entry.then(octets))
        self._release()

    def _release(self):
        if self._entry is None and self._held:
            held, self._held = self._held, []
            self.urc(*held)

    # lines out

    def _crlf(self):
        return bytes((self.settings["S3"], self.settings["S4"]))

    def say(self, line):
        """Write one line of a reply, after a line of the network in the gap before it."""
        self._squeeze()
        self._write(line)

    def _squeeze(self):
        news = self._between()
        if news is not None:
            self._write(news)

    def _write(self, line):
        if self.said is not None:
            self.said(line)
        ends = self._crlf()
        octets = line.encode()
        if len(octets) > len(line):  # 8859-1 has an octet for each of its characters
            octets = bytes([min(ord(character), 0xFF) for character in line])
        self.raw((ends if self.settings["V"] else b"") + octets + ends)

    def _result(self, final):
        if self.settings["Q"]:
            return
        if self.settings["V"]:
            self.say(final)
            return
        if self.said is not None:
            self.said(final)
        self.raw(_NUMERIC.get(final, final).encode() + bytes((self.settings["S3"],)))
