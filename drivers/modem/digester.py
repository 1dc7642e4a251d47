"""The digester takes the octets of a modem apart: octets in; reply, final result, news, prompt or block out.

Tables decide which line is which: the reply of a command stands in the table of commands, final results and news (the
unsolicited lines) in tables of the family. A table is a text of lines `word|meaning`, which takes a tenth of the memory
of a tuple. A word that ends in ":" or "," matches the beginning of a line, any other word the whole line. A meaning
that ends in "+" belongs to two lines: the second one is a TPDU in hexadecimal digits. Inside a counted block nothing is
a line.
"""

from mms.limits import AT_LINE, const

REPLY = const(0)
FINAL = const(1)
NEWS = const(2)
PROMPT = const(3)
BLOCK = const(4)
ECHO = const(5)

GOOD, BAD = "good", "bad"  # the meanings of final results

_CR = const(0x0D)
_LF = const(0x0A)
_GREATER = const(0x3E)
_DIGITS = "0123456789"
_HEXADECIMAL = "0123456789ABCDEFabcdef"
_NEWS_OCTETS = const(480)  # news of two lines, whose second one is a TPDU and its SMSC in hexadecimal digits
_BLANK = b" \t\r\n\x00\xff"  # a line that wakes up looks like 0x00 and 0xff


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


def find(tables, text):
    """The meaning of a line of text by the first table that has its word, or None."""
    for word in (text, text[: text.find(":") + 1], text[: text.find(",") + 1]):
        for table in tables if word else ():
            start = table.find("\n%s|" % word)
            if start >= 0:
                start += len(word) + 2
                return table[start : table.find("\n", start)]
    return None


def _without_connection(text):
    """The text behind the number of a connection: '0, CLOSED' -> 'CLOSED'."""
    if len(text) > 2 and text[1] == "," and text[0].isdigit():
        return text[2:].strip()
    return text


class Digester:
    """Octets in, one thing at a time out; it never waits, and has one buffer of fixed size.

    news, finals: tables; finals mean GOOD or BAD. Octets of a counted block go into the caller's buffer.
    """

    def __init__(self, news, finals, size=AT_LINE):
        self._news = news
        self._finals = finals
        self._buffer = bytearray(size)
        self._view = memoryview(self._buffer)
        self._filled = 0
        self._block_header = ""
        self._target = self._field = None
        self._pdu = False  # a reply of two lines came, and its second line has not come
        self._behind = False  # the next line begins behind a block, if the block did not take octets of it
        self.torn = False  # octets of this answer were lost, so it does not end well
        self.text = self.meaning = self.second = ""
        self.good = False
        self.strays = 0  # lines that belonged to nothing
        self.late = 0  # good final results of other commands than the one that was sent last
        self.expect_nothing()
        self.clear()

    def clear(self):
        """Forget all octets that came: a line begins."""
        self._start = self._end = self._seen = 0
        self._overlong = False
        self._header = None
        self._wanted = -1

    def expect_nothing(self):
        """No command runs: only news mean something."""
        self._echo = self._reply = self._final = None
        self._prompt = False

    def expect(self, echo, reply, final, prompt=False, target=None, field=0):
        """A command was sent.

        reply: which lines belong to it (see `_is_reply`), None for no line; final: the line that ends it well, "" for
        its first reply; target, field: the buffer of a counted block, and which value of the reply counts it.
        """
        self._echo, self._reply, self._final, self._prompt = echo, reply, final, prompt
        self._pdu = False
        self._behind = self.torn = False
        if self._wanted < 0:
            self._target, self._field = target, field

    def abandon_block(self):
        """The rest of a counted block was lost: what comes next are lines."""
        self._wanted = -1

    def space(self):
        """A view of at least one octet for the next octets; then call `commit`."""
        if self._start:
            left = self._end - self._start
            self._view[:left] = self._view[self._start : self._end]
            self._seen -= self._start
            self._start, self._end = 0, left
        return self._view[self._end :]

    def commit(self, octets):
        """So many octets were put into `space`."""
        self._end += octets

    def digest(self):
        """The kind of the next thing, or None until more octets come.

        The thing itself is in `text`, `meaning` (of news), `second` (line of news) and `good` (of a final result).
        """
        while True:
            if self._wanted >= 0:
                kind = self._digest_block()
                if kind is not None or self._wanted >= 0:
                    return kind
            if self._behind and self._start < self._end:
                self._behind = False
                self.torn = self.torn or self._buffer[self._start] != _CR
            if self._prompt and self._skip_prompt():
                return PROMPT
            text = self._next_line()
            if text is None:
                return None
            kind = self._classify(text) if text else None
            if kind is not None:
                return kind

    def _skip_prompt(self):
        """Whether a prompt came; it is skipped then."""
        while self._start < self._end and self._buffer[self._start] in (_CR, _LF):
            self._start += 1
        self._seen = max(self._seen, self._start)
        if self._start == self._end or self._buffer[self._start] != _GREATER:
            return False
        self._start += 1
        self._seen = self._start
        self._prompt = False
        return True

    def _next_line(self):
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
        return _decode(bytes(self._view[start:at]).strip(_BLANK))

    def _classify(self, text):
        if self._header is not None:
            header, self._header = self._header, None
            if _consists(text, _HEXADECIMAL):
                self.text, self.second = header, text
                return NEWS
            self.strays += 1
        self.text, self.second = text, ""
        if text == self._echo:
            self._echo = None
            return ECHO
        if self._is_reply(text):
            return self._classify_reply()
        line = _without_connection(text)
        if self._is_final(line):
            self.good = not self.torn
            if self.torn:
                self.text = "octets of the answer were lost"
            return FINAL
        meaning = find(self._news, line)
        if meaning is not None:
            self.meaning = meaning
            if meaning[-1:] != "+":
                return NEWS
            self._header = text
            return None
        meaning = None if self._final is None else find(self._finals, line)
        if meaning == BAD:
            self.good = False
            return FINAL
        if meaning == GOOD:
            self.late += 1  # a good final result of another command is a late answer
        else:
            self.strays += 1
        return None

    def _is_final(self, line):
        """Whether a line, without the number of its connection, ends the command well."""
        final = self._final
        return bool(final) and (line.startswith(final) if final[-1] in ":," else line == final)

    def _is_reply(self, text):
        """Whether a line belongs to the command that was sent, by the reply in its table.

        "+CSQ:" is how the line begins; "+CMGR:+" is such a line and the next one of hexadecimal digits, whatever comes
        between the two; "#" is a line of digits, "#." one of digits and dots, "#F" one of hexadecimal digits.
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

    def _classify_reply(self):
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
        """BLOCK, NEWS (that came between header and data), or None until more octets come."""
        count = min(self._wanted - self._filled, self._end - self._start)
        room = max(0, min(count, len(self._target) - self._filled))
        first = self._start
        self._target[self._filled : self._filled + room] = self._view[first : first + room]
        self._start += count
        self._seen = self._start
        self._filled += count
        if self._filled < self._wanted:
            return None
        if self._begins_with_news():
            data = self._is_data()
            if data is None:
                return None
            if not data:
                return self._split_news()
        return self._end_block()

    def _begins_with_news(self):
        """Whether the block begins with a line, or the beginning of a line, that may be news."""
        octets = bytes(self._target[: min(self._wanted, len(self._target), 32)]).lstrip(b"\r\n")
        line = _without_connection(_decode(octets.split(b"\r")[0]))
        for table in self._news:
            if "\n" + line in table:
                return True
        return find(self._news, line) is not None

    def _is_data(self):
        """Whether the whole block was data: only lines that we know follow it, up to a final result.

        None: that does not show yet.
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
            text = _decode(bytes(self._view[at:end]).strip(_BLANK))
            line = _without_connection(text)
            if self._is_final(line) or find(self._finals, line):
                return True
            meaning = find(self._news, line)
            if meaning is None and not (second and _consists(text, _HEXADECIMAL)):
                return False
            second = meaning is not None and meaning[-1:] == "+"

    def _split_news(self):
        """Give out the news at the beginning of the block, if they are news; the octets behind them are data."""
        filled = min(self._filled, len(self._target))
        octets = bytes(self._target[: min(filled, _NEWS_OCTETS)])
        if filled <= _NEWS_OCTETS:
            octets += bytes(self._view[self._start : self._end])
        begin = len(octets) - len(octets.lstrip(b"\r\n"))
        end = octets.find(b"\n", begin) + 1
        line = _decode(octets[begin:end].strip(_BLANK))
        meaning, second = find(self._news, _without_connection(line)), ""
        if meaning is not None and meaning[-1:] == "+":
            begin, end = end, octets.find(b"\n", end) + 1
            if not end and len(octets) < _NEWS_OCTETS:
                return None  # until the second line is whole
            second = _decode(octets[begin:end].strip(_BLANK))
            if not (second and _consists(second, _HEXADECIMAL)):
                meaning = None
        if meaning is None:
            return self._end_block()
        if end < filled:
            self._target[: filled - end] = bytes(self._target[end:filled])
            self._filled = filled - end
        else:
            self._start += end - filled
            self._seen = self._start
            self._filled = 0
        self.text, self.meaning, self.second = line, meaning, second
        return NEWS

    def _end_block(self):
        self._behind = True
        self._wanted = -1
        self.text = self._block_header
        return BLOCK


def _decode(octets):
    """Octets as text, each that is not printable ASCII as a question mark."""
    if octets and not 0x20 <= min(octets) <= max(octets) <= 0x7E:
        octets = bytearray(octets)  # in place: a list would be eight times as large
        for at in range(len(octets)):
            if not 0x20 <= octets[at] <= 0x7E:
                octets[at] = 0x3F
    return octets.decode()


def _consists(text, characters):
    """Whether a text has no other characters."""
    for character in text:
        if character not in characters:
            return False
    return True
