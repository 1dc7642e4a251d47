"""The serial side of the modem: command lines in, replies out (V.250; AT manual V1.09, clause 1.4)."""

RUN, READ, TEST, SET = "run", "read", "test", "set"

_LINE = 556  # octets of one command line
_SUBSTITUTE = 0x1A  # Ctrl-Z ends what is typed after a prompt
_ESCAPE = 0x1B  # and this cancels it
_PROMPT_MS = 5

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
    50: "incorrect parameters",
    100: "unknown",
    103: "Illegal MS",
    107: "GPRS services not allowed",
    132: "service option not supported",
    148: "unspecified GPRS error",
    149: "PDP authentication failure",
}


class Refused(Exception):
    """A command is answered with ERROR, +CME ERROR or +CMS ERROR: `number` in the family `family`.

    In the family "result", `number` is the text of the result itself.
    """

    def __init__(self, number=None, family="CME"):
        super().__init__("%s %s" % (family, number))
        self.number, self.family = number, family


class Reply:
    """Lines, a final result or None, and lines that come after the final result."""

    def __init__(self, lines=(), final="OK", after=()):
        self.lines, self.final, self.after = lines, final, after


class Wait:
    """The command goes on after `ms` with `then()`; None: when somebody calls `Terminal.resume`."""

    def __init__(self, ms, then=None):
        self.ms, self.then = ms, then


class Entry:
    """A prompt, and then octets: `count` of them, or up to Ctrl-Z; `then(octets)` goes on, after `ms` in any case."""

    def __init__(self, then, count=None, limit=_LINE, prompt=True, ms=None):
        self.then, self.count, self.limit, self.prompt, self.ms = then, count, limit, prompt, ms


class Terminal:
    """Takes octets of the handset, runs `commands` {name: handler(kind, text)}, keeps what to answer.

    A handler returns None (OK), a list of lines, a Reply, a Wait or an Entry, or raises Refused.
    """

    def __init__(self, commands, agenda, settings):
        self.commands, self.agenda, self.settings = commands, agenda, settings
        self.heard = self.said = None  # called with each line, for a trace
        self.dropped = 0  # octets that came while a command was running
        self.out = bytearray()
        self.reset()

    def reset(self):
        """Forget the command under way and what was typed."""
        self._line = bytearray()
        self._last = b""
        self._parts = []
        self._final = "OK"
        self._waiting = None
        self._entry = None
        self._typed = bytearray()
        self._held = []

    @property
    def busy(self):
        """Whether a command is running or octets are awaited after a prompt."""
        return self._waiting is not None or self._entry is not None

    def receive(self, octets):
        """Take what the handset wrote."""
        position = 0
        while position < len(octets):
            if self._entry is not None:
                position += self._type(octets[position:])
            elif self._waiting is not None:
                self.dropped += len(octets) - position
                return
            else:
                self._character(octets[position])
                position += 1

    def urc(self, *lines):
        """Say unsolicited lines at once, or after the octets that a prompt asked for."""
        if self._entry is not None:
            self._held.extend(lines)
        else:
            for line in lines:
                self.say(line)

    def raw(self, octets):
        """Write octets that are not lines."""
        self.out.extend(octets)

    def resume(self, then):
        """Go on with the command that waits for something outside."""
        if self._waiting is not None:
            self._waiting = None
            self._go(then)

    # command lines

    def _character(self, octet):
        settings = self.settings
        if octet == 0:
            return
        if octet == settings["S3"]:
            if settings["E"]:
                self.out.append(octet)
            line, self._line = bytes(self._line), bytearray()
            self._run(line)
            return
        if octet == settings["S5"]:
            self._line = self._line[:-1]
        elif octet != settings["S4"] and len(self._line) <= _LINE:
            self._line.append(octet)
        if settings["E"]:
            self.out.append(octet)
        if bytes(self._line) in (b"A/", b"a/"):
            self._line = bytearray()
            self._run(b"AT" + self._last)

    def _run(self, line):
        start = line.upper().find(b"AT")
        if start < 0:
            return
        if self.heard is not None:
            self.heard(line[start:])
        self._last = line[start + 2 :]
        try:
            text = "".join([chr(octet) for octet in self._last])
            self._parts = split(text) if len(line) <= _LINE else [("", RUN, "")]
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
                    raise Refused()
                if not self._settle(handler(kind, text)):
                    return
        except Refused as refusal:
            self._parts = []
            self._final = self._error(refusal)
        if self._final is not None:
            self._result(self._final)
        self._release()

    def _settle(self, result):
        """Take a handler's result; False when the command goes on later."""
        if isinstance(result, Wait):
            self._waiting = result
            if result.ms is not None:
                self.agenda.after(result.ms, lambda: self._due(result))
            return False
        if isinstance(result, Entry):
            prompt = Wait(_PROMPT_MS, lambda: self._prompt(result))
            return self._settle(prompt)
        if result is True:  # the prompt is out
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

    def _due(self, wait):
        if self._waiting is wait:
            self._waiting = None
            self._go(wait.then)

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

    def _prompt(self, entry):
        self._entry, self._typed = entry, bytearray()
        if entry.prompt:
            self.raw(self._crlf() + b"> ")
        if entry.ms is not None:
            self.agenda.after(entry.ms, lambda: self._expired(entry))
        return True

    def _expired(self, entry):
        if self._entry is entry and self._typed:
            self._typed_all(bytes(self._typed))
        elif self._entry is entry:
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
        if self.settings["E"]:
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

    # what is said

    def _crlf(self):
        return bytes((self.settings["S3"], self.settings["S4"]))

    def say(self, line):
        """Write one line."""
        if self.said is not None:
            self.said(line)
        ends = self._crlf()
        self.raw((ends if self.settings["V"] else b"") + line.encode() + ends)

    def _result(self, final):
        if self.settings["Q"]:
            return
        if self.settings["V"]:
            self.say(final)
            return
        if self.said is not None:
            self.said(final)
        self.raw(_NUMERIC.get(final, final).encode() + bytes((self.settings["S3"],)))


def split(text):
    """The commands of a line after AT: list of (name, kind, text); raises ValueError."""
    parts, position = [], 0
    while position < len(text):
        letter = text[position].upper()
        if letter in "; ":
            position += 1
        elif letter in "+*%^$":
            end = _end(text, position)
            parts.append(_extended(text[position:end].strip()))
            position = end
        elif letter == "D":
            parts.append(("D", SET, text[position + 1 :]))
            position = len(text)
        else:
            part, position = _basic(text, position, letter)
            parts.append(part)
    return parts


def _end(text, position):
    quoted = False
    while position < len(text) and (quoted or text[position] != ";"):
        if text[position] == '"':
            quoted = not quoted
        position += 1
    return position


def _extended(text):
    mark = 0
    while mark < len(text) and text[mark] not in "=?":
        mark += 1
    name, rest = text[:mark].strip().upper(), text[mark:].strip()
    if not rest:
        return name, RUN, ""
    if rest == "?":
        return name, READ, ""
    if rest == "=?":
        return name, TEST, ""
    if rest[0] != "=":
        raise ValueError(text)
    return name, SET, rest[1:]


def _basic(text, position, letter):
    name = letter
    position += 1
    if letter in "&\\":
        name += text[position : position + 1].upper()
        position += 1
    digits, position = _digits(text, position)
    if letter != "S":
        return (name, SET if digits else RUN, digits), position
    name = "S" + str(int(digits or "0"))
    if text[position : position + 1] == "?":
        return (name, READ, ""), position + 1
    if text[position : position + 1] == "=":
        digits, position = _digits(text, position + 1)
        return (name, SET, digits), position
    raise ValueError(text)


def _digits(text, position):
    start = position
    while position < len(text) and text[position] in "0123456789":
        position += 1
    return text[start:position], position


def arguments(text):
    """The arguments after "=": list of str without their quotes, None where one is left out.

    Raises Refused for an open quote.
    """
    found, position = [], 0
    while position <= len(text):
        end, quoted = position, False
        while end < len(text) and (quoted or text[end] != ","):
            if text[end] == '"':
                quoted = not quoted
            end += 1
        if quoted:
            raise Refused(50)
        piece = text[position:end].strip()
        if len(piece) > 1 and piece[0] == '"' and piece[-1] == '"':
            found.append(piece[1:-1])
        else:
            found.append(piece or None)
        position = end + 1
    return found


def number(value, allowed=None, default=None):
    """The int that an argument stands for; raises Refused when it is none, or not in `allowed`."""
    if value is None:
        if default is None:
            raise Refused(50)
        return default
    if not value or len(value) > 9 or [digit for digit in value if digit not in "0123456789"]:
        raise Refused(50)
    if allowed is not None and int(value) not in allowed:
        raise Refused(50)
    return int(value)
