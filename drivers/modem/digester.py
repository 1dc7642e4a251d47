"""The digester takes the octets of a modem apart: octets in; reply, final result, news, prompt or block out.

Tables decide which line is which (see lines.py): the reply of a command stands in the table of commands, final results
and news (the unsolicited lines) in tables of the family. A meaning of news that ends in "+" belongs to two lines: the
second one is a TPDU in hexadecimal digits. Inside a counted block nothing is a line.
"""

from drivers.modem import lines
from mms.limits import AT_LINE, const

REPLY = const(0)
FINAL = const(1)
NEWS = const(2)
PROMPT = const(3)
BLOCK = const(4)
ECHO = const(5)

_CR = const(0x0D)
_LF = const(0x0A)
_QUOTE = const(0x22)
_GREATER = const(0x3E)
_AT = const(0x40)  # a prompt of u-blox
_DIGITS = const("0123456789")


class Digester:
    """Octets in, one thing at a time out; it never waits, and has one buffer of fixed size.

    news, finals: tables; finals mean "good" or "bad". Octets of a counted block go into the caller's buffer.
    """

    trace = None  # probing.py sets it: called with each line, and by the dialogue with each command and its values

    def __init__(self, news, finals, size=AT_LINE):
        self.news, self.finals = news, finals  # other ones count from the next line on
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
        self._other = self._quoted = ""
        self._prompt = False

    def expect(self, echo, reply, final, prompt=False, target=None, field=0):
        """A command was sent.

        reply: which lines belong to it (see `_is_reply`), None for no line; final: the line that ends it well, "" for
        its first reply, "+NETOPEN:&OK" for two that come in any order; target, field: the buffer of a counted block,
        and which value of the reply counts it. A reply that ends in a quotation mark has the block behind its first
        one, and another behind the block.
        """
        self._quoted = b""
        if reply and reply[-1] == '"':
            reply = reply[:-1]
            self._quoted = reply.encode()
        self._echo, self._reply, self._prompt = echo, reply, prompt
        self._final, _, self._other = final.partition("&")
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
                if self._buffer[self._start] == (_QUOTE if self._quoted else _CR):
                    self._start += 1
                    self._seen = self._start
                else:
                    self.torn = True
            if self._prompt and self._skip_prompt():
                return PROMPT
            text = self._next_line()
            if text is None:
                return None
            if self.trace:
                self.trace(text)
            kind = self._classify(text) if text else None
            if kind is not None:
                return kind

    def _skip_prompt(self):
        """Whether a prompt came; it is skipped then."""
        while self._start < self._end and self._buffer[self._start] in (_CR, _LF):
            self._start += 1
        self._seen = max(self._seen, self._start)
        if self._start == self._end or self._buffer[self._start] not in (_GREATER, _AT):
            return False
        self.text = chr(self._buffer[self._start])
        self._start += 1
        self._seen = self._start
        self._prompt = False
        return True

    def _next_line(self):
        """The next line without blanks around it ("" for one that was too long), or None."""
        buffer, end, at, last = self._buffer, self._end, self._seen, _LF
        if self._quoted and bytes(self._view[self._start : self._start + len(self._quoted)]) == self._quoted:
            last = _QUOTE
        while at < end and buffer[at] != _LF and buffer[at] != last:
            at += 1
        if at == end:
            self._seen = end
            if end - self._start == len(buffer):
                self._overlong = True
                self._start = self._end = self._seen = 0
            return None
        if buffer[at] != last:
            self._quoted = b""  # nothing to read has no quotation marks in some firmware
        start, self._start, self._seen = self._start, at + 1, at + 1
        if self._overlong:
            self._overlong = False
            self.strays += 1
            return ""
        return lines.decode(bytes(self._view[start:at]).strip(lines.BLANK))

    def _classify(self, text):
        if self._header is not None:
            header, self._header = self._header, None
            if lines.consists(text, lines.HEXADECIMAL):
                self.text, self.second = header, text
                return NEWS
            self.strays += 1
        self.text, self.second = text, ""
        if text == self._echo:
            self._echo = None
            return ECHO
        if self._is_reply(text):
            return self._classify_reply()
        line = lines.without_connection(text)
        if self._other and (lines.is_final(self._other, line) or lines.is_final(self._final, line)):
            if lines.is_final(self._final, line):
                self._final = self._other
            self._other = ""
            return None if line == "OK" else REPLY
        if lines.is_final(self._final, line):
            self.good = not self.torn
            if self.torn:
                self.text = "octets of the answer were lost"
            return FINAL
        meaning = lines.find(self.news, line)
        if meaning is not None:
            self.meaning = meaning
            if meaning[-1:] != "+":
                return NEWS
            self._header = text
            return None
        return self._classify_unexpected(line)

    def _classify_unexpected(self, line):
        meaning = None if self._final is None else lines.find(self.finals, line)
        if meaning == lines.BAD:
            self.good = False
            return FINAL
        if meaning == lines.GOOD:
            self.late += 1  # a good final result of another command is a late answer
        elif self._reply == "?":
            return REPLY
        else:
            self.strays += 1
        return None

    def _is_reply(self, text):
        """Whether a line belongs to the command that was sent, by the reply in its table.

        "+CSQ:" is how the line begins; "+CMGR:+" is such a line and the next one of hexadecimal digits, whatever comes
        between the two; "#" is a line of digits, "#." one of digits and dots, "#F" one of hexadecimal digits; "?" is
        any line that no table has (see `_classify`).
        """
        reply = self._reply
        if not reply:
            return False
        if reply[0] == "#":
            return lines.consists(text, lines.HEXADECIMAL if reply == "#F" else _DIGITS + reply[1:])
        if reply[-1] != "+":
            return text.startswith(reply)
        if self._pdu and lines.consists(text, lines.HEXADECIMAL):
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
        values = lines.fields(self.text)
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
        from drivers.modem import block

        octets = self._target[: min(self._filled, len(self._target))]
        if self._quoted or not block.may_have_news(octets, self.news):
            return self._end_block()
        after = bytes(self._view[self._start : self._end])
        full = self._end == len(self._buffer) and not self._start
        found = block.find_news(octets, after, full, self.news, self.finals, self._final)
        return self._end_block() if found == block.DATA else found and self._cut_news(*found)

    def _cut_news(self, end, line, meaning, second):
        """Give out news that are the first `end` octets of the block; the octets behind them are data."""
        filled = min(self._filled, len(self._target))
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
