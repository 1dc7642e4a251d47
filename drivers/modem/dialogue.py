"""The dialogue with a modem (3GPP TS 27.007 clause 4, ITU-T V.250 clause 5): one command at a time.

A table of commands is a text of lines `name|step|line|seconds to the final result|attempts|reply|final`. The step is
the one that errors name; reply: see `Digester.expect`, "-" for none; final: the line that ends the command well, "*"
for its first reply, "+NETOPEN:&OK" for two lines in any order.
"""

import asyncio
import gc

from drivers.modem.digester import ECHO, FINAL, NEWS, PROMPT, Digester
from drivers.modem.lines import fields
from mms import clock, flash, memory
from mms.errors import BearerError, Coverage, LineLost, ModemError, SimError, UsageError
from mms.limits import AT_ARGUMENT, AT_LINES, const

# The dialogue gives these values itself, in place of the meaning of an unsolicited line.
ECHOED = "echoed"  # the modem echoes
LOST = "lost"  # the modem answers nothing any more
GONE, BACK = "gone", "back"  # the line was pulled out, and is there again
ENDED = "ended"  # the line is closed

_CLASSES = {
    "sim": SimError,
    "register": Coverage,
    "attach": BearerError,
    "context": BearerError,
    "connect": BearerError,
    "send": BearerError,
    "receive": BearerError,
}
_CLOSED = const("the line is closed")
_REFUSED = const("the modem refused ")  # the name of the command follows, without its arguments
_FINAL_MS = const(2000)  # for so long the flash rests for a final result, which can be asked for again
_LINES_MS = const(5000)  # for so long it rests for lines: the largest list takes that
_PROMPT_MS = const(50)  # after u-blox's prompt (SARA-R4 AT commands manual, 18.10.4)
_PIECE = const(128)  # octets of a block after @, which the modem may end before all are there
_LATE_MS = const(20)  # a board that was busy (memory, flash) finds octets of that time in the buffer of the line


def make_error(step, code=None, text=""):
    """The error for `step`: a SIM that did not answer at all is the modem's fault, not the SIM's."""
    if step == "sim" and code is None and not text:
        return ModemError(step)
    return _CLASSES.get(step, ModemError)(step, code, text)


def is_refusal(error):
    """Whether the modem said no to a command, with a code or without: ERROR, +CME ERROR or +CMS ERROR."""
    return error.text.startswith(_REFUSED)


def quote(name, text):
    """`text` between quotes; raises UsageError, which names `name` and never its value."""
    if len(text) > AT_ARGUMENT:
        raise UsageError("%s: longer than %d characters" % (name, AT_ARGUMENT))
    octets = text.encode("utf-8", "backslashreplace")  # half a surrogate pair, too, has to be refused below
    if octets and not 0x20 <= min(octets) <= max(octets) <= 0x7E or b'"' in octets or b"\\" in octets:
        raise UsageError("%s: a character that does not belong there" % name)
    return '"%s"' % text


def fill(text, values):
    """The command line of a `text` such as AT+CSTT={apn},{user}: numbers as they are, texts quoted."""
    pieces = text.split("{")
    line = pieces[0]
    if len(pieces) != len(values) + 1:
        raise UsageError("%s: %d arguments" % (pieces[0], len(values)))
    for at, value in enumerate(values):
        argument, rest = pieces[at + 1].split("}")
        line += (quote(argument, value) if isinstance(value, str) else "%d" % value) + rest
    return line


def read_number(step, lines, index):
    """The value `index` of the first line, as a number; raises the error of `step` when it is not one."""
    values = fields(lines[0]) if lines else []
    value = values[index] if -len(values) <= index < len(values) else ""
    if not value.isdigit() or len(value) > 10:  # neither less than nothing nor more than 32 bits
        raise make_error(step, None, "an answer without its number")
    return int(value)


class Dialogue:
    """One command at a time over a pipe; news go to `hear(meaning, line, second line)`.

    tables: commands, news and final results, each a tuple of tables, the first one that has a word counts. `hear` also
    gets ECHOED, LOST, GONE, BACK and ENDED for a meaning. No error carries an argument: PINs and passwords pass through
    here.
    """

    def __init__(self, pipe, tables, hear):
        self.pipe = pipe
        commands, news, finals = tables
        self._commands, self.hear = list(commands), hear
        self.digester = Digester(news, finals)
        self.lock = asyncio.Lock()
        self._event = asyncio.Event()
        self._listener = self._each = None
        self._lines, self._ending = [], ""
        self.good = None  # None until the final result
        self._aborted = None
        self.prompted = self.closed = False
        self.stale = False  # a command was left without its final result
        self.escape = b""  # ends the input that a command which was left may still wait for
        self._spared = None  # while an answer is on its way
        self._gone = False  # the line was pulled out, and the listener waits for it
        self.heard, self.unwired = 0, b""  # octets; said to a modem that is silent on a line without flow control

    def start(self):
        """Begin to listen, or again where that has failed."""
        if not self.closed and (self._listener is None or self._listener.done()):
            self._listener = asyncio.create_task(self._listen())

    def close(self):
        """Stop listening and close the pipe."""
        if self._listener is not None:
            self._listener.cancel()
        self._end()
        self.pipe.close()

    def abort(self, text):
        """The modem answers nothing any more: every command fails with `text`, until `sync`."""
        self._aborted = text
        self._event.set()

    async def sync(self, way_out=b"", attempts=0):
        """Bring both sides to the beginning of a command; raises ModemError("modem") on silence.

        way_out: octets that end an input which another program began and left; attempts: 0 for those of the table.
        """
        async with self.lock:
            self._aborted = None
            await self._sync(way_out, attempts)

    def use(self, tables, hear):
        """Go on with the tables of another family."""
        commands, self.digester.news, self.digester.finals = tables
        self._commands, self.hear = list(commands), hear

    def add(self, commands):
        """Know the commands of one more table, until `remove`."""
        self._commands.append(commands)

    def remove(self, commands):
        """Forget a table that was added, once for each time."""
        self._commands.remove(commands)

    async def ask(self, name, *values, each=None):
        """Run a command: its reply lines, and the final one if it is not OK; `each` takes them singly.

        Raises the error of the command's step, with the +CME or +CMS number if there is one.
        """
        return await self._run(name, values, each)

    async def send_block(self, name, block, *values, escape=b""):
        """Run a command that asks for octets with a prompt: its lines.

        escape: octets, or a function that makes them, on which the modem gives up waiting for the block.
        """
        return await self._run(name, values, None, block, escape)

    async def read_block(self, name, target, field, *values):
        """Run a command that answers with a counted block: (its octets, values of its header).

        The octets go into `target`, and those that do not fit are dropped. field: which value of the header counts.
        """
        lines = await self._run(name, values, None, None, b"", memoryview(target), field)
        if not lines:
            return 0, []
        header = fields(lines[0])
        return int(header[field]), header

    async def _run(self, name, values, each, block=None, escape=b"", target=None, field=0):
        async with self.lock:
            step, template, seconds, attempts, reply, final = self.command(name)
            line = fill(template, values)
            rest_ms = _FINAL_MS if reply is None or block is not None else _LINES_MS
            if target is not None:  # the modem gives the octets once
                rest_ms = int(seconds * 1000) + 2 * _LATE_MS
            while True:
                attempts -= 1
                await self._begin(rest_ms)
                self._each, self.escape = each, escape
                self.digester.expect(line, reply, final, block is not None, target, field)
                try:
                    if self.digester.trace:
                        self.digester.trace(template, values)
                    self.stale = True
                    await self.write(line.encode() + b"\r")
                    if block is not None:
                        await self._send_at_prompt(block, seconds)
                    await self._answer(line, step, seconds)
                    if block is not None and not self.prompted:
                        raise make_error(step, None, "no prompt")
                    return self._lines
                except asyncio.TimeoutError:
                    if not attempts:
                        raise make_error(step)
                finally:
                    self.finish()

    async def _send_at_prompt(self, block, seconds):
        await self.wait(seconds)
        size = len(block)
        if self.prompted == "@":
            await clock.sleep(_PROMPT_MS)
            size = _PIECE
        while self.prompted and block and self.good is None and self._aborted is None:
            self._event.clear()
            await self.write(block[:size])
            block = block[size:]

    def command(self, name):
        """(step, line, seconds, attempts, reply, final) of a command."""
        for table in self._commands:
            start = table.find("\n%s|" % name)
            if start >= 0:
                row = table[start + 1 : table.find("\n", start + 1)].split("|")
                reply = None if row[5] == "-" else row[5]
                return row[1], row[2], float(row[3]), int(row[4]), reply, row[6].strip("*")
        raise KeyError(name)

    def check_line(self):
        """Raise the error of a line that is closed or pulled out."""
        if self.closed:
            raise ModemError("line", None, _CLOSED)
        if self._gone:
            raise LineLost("line", None, "the line was pulled out")

    async def _begin(self, ms):
        """Be ready for a command, and for its answer, which comes within `ms` or can be asked for again."""
        self.check_line()
        if self.stale and self._aborted is None:
            await self._sync()
        self._spared = await flash.spare(ms)
        if self._aborted is not None:
            flash.release(self._spared)
            raise ModemError("modem", None, self._aborted)
        self.clear()

    def clear(self):
        """Forget the answer of the last command."""
        self._lines = []
        self._each = None
        self.good = None
        self.prompted = False
        self._event.clear()

    def finish(self):
        """The command is over: what comes from here on is news."""
        flash.release(self._spared)
        self._each = None
        self.digester.expect_nothing()

    async def write(self, octets):
        """Write octets to the pipe; raises ModemError when it takes none."""
        try:
            await self.pipe.write(octets)
        except OSError:
            if getattr(self.pipe, "returns", False):
                raise LineLost("line", None, "the line takes nothing")  # the listener sees its end, too
            self._end()
            raise ModemError("line", None, _CLOSED)

    async def wait(self, seconds):
        """Wait until the digester has something to say; raises TimeoutError."""
        try:
            await clock.within(self._event.wait(), int(seconds * 1000))
        except asyncio.TimeoutError:
            await clock.sleep(_LATE_MS)
            if not self._event.is_set():
                raise

    async def _answer(self, line, step, seconds):
        """Wait for the final result of `line`; raises the error of `step` when it is a bad one."""
        if self.good is None:
            await self.wait(seconds)
        if self.good is None:
            self.check_line()
            raise ModemError("modem", None, self._aborted)
        self.stale = not self.good and self.prompted == "@"  # the rest of the block is a command line to the modem
        self.escape = b""
        if not self.good:
            code = self._ending[self._ending.find(":") + 1 :].strip()
            refused = _REFUSED + line.split("=")[0]
            if code.isdigit() or self._ending == "ERROR":
                raise make_error(step, int(code) if code.isdigit() else None, refused)
            words = self._ending.find("+CM") == 0  # AT+CMEE=2 is the factory's setting of some
            raise make_error(step, None, "%s: %s" % (refused, code) if words else self._ending)

    async def _sync(self, way_out=b"", attempts=0):
        from drivers.modem import syncing

        memory.forget(syncing.__name__)
        if not await syncing.sync(self, way_out, attempts):
            self.hear(LOST, "", "")
            raise ModemError("modem", None, _REFUSED + self.command("sync")[1] if self.good is False else "")

    def _end(self):
        self.closed = True
        self._event.set()

    async def _listen(self):
        await self._read()
        while getattr(self.pipe, "returns", False):
            self._gone, self._aborted = True, "the line was pulled out"
            self._event.set()
            self._announce(GONE)
            await self.pipe.reopen()
            self.digester.clear()
            self._gone = False
            self._announce(BACK)
            await self._read()
        self._end()
        self.hear(ENDED, "", "")

    def _announce(self, meaning):
        try:
            self.hear(meaning, "", "")
        except (OSError, MemoryError):
            pass  # the listener of the news failed, not the line

    async def _read(self):
        """Take in octets until the end of the line."""
        digester = self.digester
        octets = 1
        while octets:
            try:
                kind = digester.digest()
                while kind is not None:
                    self._handle(kind, digester)
                    kind = digester.digest()
                try:
                    octets = await self.pipe.readinto(digester.space())
                except OSError:
                    octets = 0  # an unplugged line is the same as its end
                if octets:
                    self.heard += octets
                    digester.commit(octets)
            except OSError:
                pass  # the listener of the news failed, not the line
            except MemoryError:
                digester.torn = True
                gc.collect()
                await clock.sleep(_LATE_MS)

    def _handle(self, kind, digester):
        if kind == NEWS:
            self.hear(digester.meaning, digester.text, digester.second)
        elif kind == ECHO:
            self.hear(ECHOED, "", "")
        elif kind == PROMPT:
            self.prompted = digester.text
            self._event.set()
        elif kind == FINAL:
            self.good, self._ending = digester.good, digester.text
            if digester.text != "OK":
                self._lines.append(digester.text)
            digester.expect_nothing()
            self._event.set()
        elif self._each is not None:
            self._each(digester.text)
        elif len(self._lines) < AT_LINES:
            self._lines.append(digester.text)
