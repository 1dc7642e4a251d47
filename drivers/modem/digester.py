"""What comes from a modem, taken apart: octets in; reply, final result, unsolicited line, prompt or block out.

Three tables say which line is which: the replies stand with each command, the final results and the unsolicited lines
with the family. A table is a text of one word a line, which takes a tenth of the memory of a tuple. A word that ends in
":" or "," matches the beginning of a line, any other the whole of it. Inside a counted block nothing is a line.
"""

from mms.limits import AT_LINE, const

REPLY = const(0)
FINAL = const(1)
UNSOLICITED = const(2)
PROMPT = const(3)
BLOCK = const(4)
ECHO = const(5)

_CR = const(0x0D)
_LF = const(0x0A)
_GREATER = const(0x3E)
_DIGITS = "0123456789"
_HEXADECIMAL = "0123456789ABCDEFabcdef"
_NEWS = const(480)  # octets of an unsolicited line, or of two: the second is a TPDU and its SMSC in hexadecimal digits
_BLANK = b" \t\r\n\x00\xff"  # 0x00 and 0xff: what a line that wakes up looks like


def fields(line):
    """The values after the first colon, unquoted: '+COPS: 0,2,"23410"' -> ["0", "2", "23410"]."""
    values, value, quoted = [], "", False
    for character in line[line.find(":") + 1 :].strip():
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            values.append(value.strip())
            value = ""
        else:
            value += character
    values.append(value.strip())
    return values


def _matches(word, text):
    return text.startswith(word) if word[-1] in ":," else text == word


def _find(kinds, text):
    """(which kind, its word) that matches, or None; kinds: the tables of each, which stay where they are in flash."""
    for key in (text, text[: text.find(":") + 1], text[: text.find(",") + 1]):
        for which, tables in enumerate(kinds):
            for table in tables if key else ():
                if "\n%s\n" % key in table:
                    return which, key
    return None


def _without_connection(text):
    """'0, CLOSED' -> 'CLOSED': with several connections their number comes first."""
    if len(text) > 2 and text[1] == "," and text[0].isdigit():
        return text[2:].strip()
    return text


class Digester:
    """Octets in, one thing at a time out. Never waits; has one buffer of fixed size.

    Counted octets go into the caller's.
    """

    def __init__(self, unsolicited, finals, size=AT_LINE):
        self._unsolicited = unsolicited  # tables of those of one line, and of those of two
        self._finals = finals  # tables of good news, and of bad
        self._buffer = bytearray(size)
        self._view = memoryview(self._buffer)
        self._filled = 0
        self._block_header = ""
        self._target = self._field = None
        self._pdu = False  # a reply came that has a second line, and that line has not come
        self._behind = False  # a line begins behind a block, or else that took of what came after it...
        self.torn = False  # ... and this answer, of which something was lost, does not end well
        self.text = self.word = self.second = ""
        self.good = False
        self.strays = 0  # lines that belonged to nothing
        self.late = 0  # final results of other commands than the one that was sent last
        self.rest()
        self.begin()

    def begin(self):
        """A line begins: nothing has come of anything yet."""
        self._start = self._end = self._seen = 0
        self._overlong = False
        self._header = None
        self._wanted = -1

    def rest(self):
        """No command runs: only unsolicited lines mean something."""
        self._echo = self._reply = self._final = None
        self._prompt = False

    def expect(self, echo, reply, final, prompt=False, target=None, field=0):
        """A command was sent.

        reply: which lines belong to it (see `_is_reply`), None for no line; final: what ends it well, ""
        for its first reply; target, field: where a counted block goes, and which value of the
        reply counts it.
        """
        self._echo, self._reply, self._final, self._prompt = echo, reply, final, prompt
        self._pdu = False
        self._behind = self.torn = False
        if self._wanted < 0:
            self._target, self._field = target, field

    def abandon(self):
        """The rest of a counted block was lost."""
        self._wanted = -1

    def space(self):
        """Where the next octets go: a view of at least one octet; then call `took`."""
        if self._start:
            left = self._end - self._start
            self._view[:left] = self._view[self._start : self._end]
            self._seen -= self._start
            self._start, self._end = 0, left
        return self._view[self._end :]

    def took(self, octets):
        """So many octets were put into `space`."""
        self._end += octets

    def digest(self):
        """The kind of the next thing, or None until more octets come.

        Its words are in `text`, `word` (of the table), `second` (line) and `good`.
        """
        while True:
            if self._wanted >= 0:
                kind = self._digest_block()
                if kind is not None or self._wanted >= 0:
                    return kind
            if self._behind and self._start < self._end:
                self._behind = False
                self.torn = self.torn or self._buffer[self._start] != _CR
            if self._prompt and self._take_prompt():
                return PROMPT
            text = self._take_line()
            if text is None:
                return None
            kind = self._classify(text) if text else None
            if kind is not None:
                return kind

    def _take_prompt(self):
        while self._start < self._end and self._buffer[self._start] in (_CR, _LF):
            self._start += 1
        self._seen = max(self._seen, self._start)
        if self._start == self._end or self._buffer[self._start] != _GREATER:
            return False
        self._start += 1
        self._seen = self._start
        self._prompt = False
        return True

    def _take_line(self):
        """The next line without blanks around it ("" for one that was too long), or None."""
        buffer, end, at = self._buffer, self._end, self._seen
        while at < end and buffer[at] != _LF:
            at += 1
        if at == end:
            self._seen = end
            if end - self._start == len(buffer):
                self._overlong = True
                self._start = self._end = self._seen = 0
            return None
        start, self._start, self._seen = self._start, at + 1, at + 1
        if self._overlong:
            self._overlong = False
            self.strays += 1
            return ""
        return _text(bytes(self._view[start:at]).strip(_BLANK))

    def _classify(self, text):
        if self._header is not None:
            header, self._header = self._header, None
            if _consists(text, _HEXADECIMAL):
                self.text, self.second = header, text
                return UNSOLICITED
            self.strays += 1
        self.text, self.second = text, ""
        if text == self._echo:
            self._echo = None
            return ECHO
        if self._is_reply(text):
            return self._replied()
        word = _without_connection(text)
        if self._final and _matches(self._final, word):
            self.good = not self.torn
            if self.torn:
                self.text = "octets of the answer were lost"
            return FINAL
        entry = _find(self._unsolicited, word)
        if entry:
            two_lines, self.word = entry
            if not two_lines:
                return UNSOLICITED
            self._header = text
            return None
        if self._final is not None:
            entry = _find(self._finals, word)
            if entry:
                self.good = not entry[0]
                if not self.good:
                    return FINAL
                self.late += 1  # another command's good news is a late answer, not ours
                return None
        self.strays += 1
        return None

    def _is_reply(self, text):
        """Whether `text` belongs to the command that was sent.

        By the reply in its table: "+CSQ:" is how its lines begin; "+CMGR:+" is such a line and the next one of
        hexadecimal digits, whatever comes between the two; "#" is a line of digits, "#." one of digits and dots, "#F"
        one of hexadecimal digits.
        """
        reply = self._reply
        if not reply:
            return False
        if reply[0] == "#":
            return _consists(text, _HEXADECIMAL if reply == "#F" else _DIGITS + reply[1:])
        if reply[-1] != "+":
            return text.startswith(reply)
        if self._pdu and _consists(text, _HEXADECIMAL):
            self._pdu = False
            return True
        if not text.startswith(reply[:-1]):
            return False
        self._pdu = True
        return True

    def _replied(self):
        if self._final == "":
            self.good = True
            return FINAL
        if self._target is None:
            return REPLY
        values = fields(self.text)
        count = values[self._field] if self._field < len(values) else ""
        if not count.isdigit() or len(count) > 10:
            self.strays += 1
            return None
        self._wanted, self._filled = int(count), 0
        self._block_header = self.text
        return None

    def _digest_block(self):
        """BLOCK, UNSOLICITED (it came between header and data), or None until more octets come."""
        count = min(self._wanted - self._filled, self._end - self._start)
        room = max(0, min(count, len(self._target) - self._filled))
        first = self._start
        self._target[self._filled : self._filled + room] = self._view[first : first + room]
        self._start += count
        self._seen = self._start
        self._filled += count
        if self._filled < self._wanted:
            return None
        if self._begins_unsolicited():
            whole = self._is_whole()
            if whole is None:
                return None
            if not whole:
                return self._take_from_block()
        return self._end_block()

    def _begins_unsolicited(self):
        """Whether what was taken for data may be an unsolicited line that came first."""
        octets = bytes(self._target[: min(self._wanted, len(self._target), 32)]).lstrip(b"\r\n")
        word = _without_connection(_text(octets.split(b"\r")[0]))
        for tables in self._unsolicited:
            for table in tables:
                if "\n" + word in table:
                    return True
        return _find(self._unsolicited, word) is not None

    def _is_whole(self):
        """Whether nothing but lines that we know follows the block, up to a final result, so that its data were data.

        None: it does not show yet.
        """
        end, second = self._start, False
        while True:
            at = end
            while at < self._end and self._buffer[at] in (_CR, _LF):
                at += 1
            end = at
            while end < self._end and self._buffer[end] != _LF:
                end += 1
            if end == self._end:
                return True if self._end == len(self._buffer) and not self._start else None
            text = _text(bytes(self._view[at:end]).strip(_BLANK))
            word = _without_connection(text)
            if self._final and _matches(self._final, word) or _find(self._finals, word):
                return True
            entry = _find(self._unsolicited, word)
            if not entry and not (second and _consists(text, _HEXADECIMAL)):
                return False
            second = bool(entry and entry[0])

    def _take_from_block(self):
        """Give out the unsolicited line at the beginning of the block, if it is one; what follows it is data."""
        filled = min(self._filled, len(self._target))
        octets = bytes(self._target[: min(filled, _NEWS)])
        if filled <= _NEWS:
            octets += bytes(self._view[self._start : self._end])
        begin = len(octets) - len(octets.lstrip(b"\r\n"))
        end = octets.find(b"\n", begin) + 1
        line = _text(octets[begin:end].strip(_BLANK))
        entry = _find(self._unsolicited, _without_connection(line))
        second = ""
        if entry and entry[0]:
            begin, end = end, octets.find(b"\n", end) + 1
            if not end and len(octets) < _NEWS:
                return None  # until the second line is whole
            second = _text(octets[begin:end].strip(_BLANK))
        if not entry or entry[0] and not (second and _consists(second, _HEXADECIMAL)):
            return self._end_block()
        if end < filled:
            self._target[: filled - end] = bytes(self._target[end:filled])
            self._filled = filled - end
        else:
            self._start += end - filled
            self._seen = self._start
            self._filled = 0
        self.text, self.word, self.second = line, entry[1], second
        return UNSOLICITED

    def _end_block(self):
        self._behind = True
        self._wanted = -1
        self.text = self._block_header
        return BLOCK


def _text(octets):
    if octets and not 0x20 <= min(octets) <= max(octets) <= 0x7E:
        octets = bytearray(octets)  # in place: a list would be eight times as large
        for at in range(len(octets)):
            if not 0x20 <= octets[at] <= 0x7E:
                octets[at] = 0x3F
    return octets.decode()


def _consists(text, characters):
    for character in text:
        if character not in characters:
            return False
    return True
