"""The third line: people type words, programs send JSON lines; both ask for the same things, and events come back.

`{"do": "mode", "mode": "json"}` changes to JSON. Then each command is one object with `do`, answered by one object with
`reply` and `ok`; events come as they happen. The stream may have, besides `readinto` and `write`: `bottom(text)`, which
keeps a text below all that is written (None for none); `raw`, whether nobody shows what a person types; and `line`, the
octets of a line that it can hold while the handset is busy.
"""

import asyncio
import json

from mms import clock, flash, limits
from mms.errors import StoreError, Stuck, UsageError
from mms.events import hint_for
from mms.handset import rooms
from mms.limits import const

_QUIET = ("sent", "received", "picture", "checking")  # progress: for a program all else goes before
_MESSAGES = ("send", "photo", "press")
_PIECES = ("sms", "reply", "replyall", "more")  # what else sendings.py does
_PROMPT = "> "
_BUSY_MS = const(20)  # until a line is looked at again that comes while enough is asked for
_PROGRESS_MS = const(5000)  # between two lines of progress, where none can be drawn anew


def _parsed(line):
    """A line as a command, None for an empty one; raises ValueError, UsageError."""
    if line.lstrip()[:1] != b"{":
        return rooms.commands.typed(line.decode())
    command = rooms.json_escapes.loads(line) if b"\\u" in line else json.loads(line.decode())
    if not isinstance(command.get("do"), str):
        raise UsageError('an object with "do", please')
    return command


class _Line:
    """A line as its octets come, at most `most` of them; `raw`: a person wants to see and correct what he types."""

    def __init__(self, most, raw):
        self.most, self._raw = most, raw
        self._octets = bytearray()
        self.seen = b""  # what is to be shown of what was typed

    def end(self):
        """The octets of the line that has ended; the next one begins."""
        octets, self._octets = bytes(self._octets), bytearray()
        if self._raw and octets[:1] != b"{":
            self.seen += b"\r\n"
        return octets

    def add(self, octet):
        """One more octet; those beyond one too many are not kept."""
        if self._raw and (octet in (8, 0x7F)):
            self._rub()
        elif len(self._octets) <= self.most:
            self._octets.append(octet)
            if self._raw and self._octets[0] != 0x7B and octet >= 0x20:
                self.seen += bytes((octet,))

    def _rub(self):
        """The last character goes, on the screen, too."""
        while self._octets:
            octet = self._octets[-1]
            self._octets = self._octets[:-1]
            if octet & 0xC0 != 0x80:
                self.seen += b"\b \b"
                return


class Console:
    """Serves one Stream. Stops at its end or at `quit`."""

    def __init__(self, stream, handset, events):
        self._stream = stream
        self._handset = handset
        self._json = False
        self._begun = {}  # what came in pieces of the next command (sendings.py)
        self._room = None  # told.py, once a person is there who is shown progress
        self._progress = None  # ticks of the last line of it
        self._quit = asyncio.Event()
        self._under_way = 0  # commands
        self._queue = []
        self._rest = None  # the pieces still to be written of what was in the queue
        self._more = asyncio.Event()
        events.listen(self._heard)

    def _heard(self, event):
        quiet = event["event"] in _QUIET
        if self._json:
            if not quiet or len(self._queue) < 32:
                self._put(_line(event))
        elif not quiet:
            self._show(_PROMPT)  # what moved has arrived, or somebody says soon how far it is
            self._put((self._room or rooms.sentences).told(event, self._handset))
        elif self._room:
            self._move(self._room.moving(event))

    def _move(self, text):
        """Show progress: at the bottom, or else in a line every now and then."""
        if hasattr(self._stream, "bottom"):
            self._stream.bottom("%s %s" % (text, _PROMPT) if text else _PROMPT)
        elif text and (self._progress is None or clock.since(self._progress) >= _PROGRESS_MS):
            self._progress = clock.ticks()
            self._put("* " + text)

    def _put(self, line):
        """Have a line written, or the pieces of lines, each with the line feed that it needs."""
        self._queue.append(line)
        if len(self._queue) > 64:
            del self._queue[0]
        self._more.set()

    async def serve(self):
        """Read commands until the end or `quit`."""
        if hasattr(self._stream, "bottom"):
            self._room = rooms.sentences
        self._show(_PROMPT)
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._read())]
        try:
            await self._quit.wait()
        finally:
            for task in tasks:
                task.cancel()
            self._show(None)  # whatever comes behind, be it what has ended the handset, has a row of its own
        await self.flush()

    def _show(self, prompt):
        if hasattr(self._stream, "bottom"):
            self._stream.bottom(prompt)

    async def flush(self):
        """Write what is still to be written."""
        while self._rest is not None or self._queue:
            if self._rest is None:
                line = self._queue.pop(0)
                self._rest = iter((line + "\n",)) if isinstance(line, str) else line
            await flash.quiet()  # a record that is damaged is set aside
            for piece in self._rest:
                if piece:
                    await self._stream.write(piece.encode())
                await asyncio.sleep(0)  # a row may cost a record of the flash
                await flash.quiet()
            self._rest = None

    async def _write(self):
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self.flush()
            except (MemoryError, StoreError) as error:
                await self._stream.write(b"\n")
                self._fail("console", error)

    async def _read(self):
        raw = getattr(self._stream, "raw", False)
        line = _Line(min(limits.CONSOLE_LINE, getattr(self._stream, "line", limits.CONSOLE_LINE)), raw)
        octets = bytearray(64)
        while True:
            count = await self._stream.readinto(octets)
            if not count:
                self._quit.set()
                return
            for octet in octets[:count]:
                if octet in (10, 13):
                    while self._under_way >= limits.COMMANDS:
                        await clock.sleep(_BUSY_MS)
                    self._hear(line.end(), line.most)
                else:
                    line.add(octet)
            if line.seen:
                seen, line.seen = line.seen, b""
                await self._stream.write(seen)

    def _hear(self, line, most):
        """A line has come: begin what it asks for, or say what is wrong with it."""
        try:
            if len(line) > most:
                raise UsageError(_TOO_LONG % most)
            command = _parsed(line) if line else None
            if command is not None:
                if not self._json and line[:1] != b"{" and self._room is None:
                    self._room = rooms.sentences
                asyncio.create_task(self._perform(command))
                self._under_way += 1
        except (ValueError, UnicodeError, AttributeError, RuntimeError):  # the last: brackets deeper than Python reads
            self._fail("console", UsageError("this line is neither a command nor JSON"))
        except (UsageError, MemoryError) as error:
            self._fail("console", error)

    async def _perform(self, command):
        name = command["do"]
        try:
            await flash.quiet()
            rooms.commands.check(name, command)
            verb = getattr(self, "do_" + name, None)
            if verb:
                result = await verb(command)
            elif name in _MESSAGES:
                result = await self._send(name, command)
            elif name in _PIECES:
                result = await rooms.composing.perform(self._handset, name, command, self._begun)
            else:
                result = await rooms.verbs.perform(self._handset, name, command)
            self._answer(command, result or {})
        except Exception as error:
            self._fail(name, error)
        finally:
            self._under_way -= 1

    async def _send(self, name, command):
        """Have a message accepted: {"id"}. Nothing that has read the command takes memory from it meanwhile."""
        begun = {} if name == "press" else self._begun
        message = rooms.composing.message(self._handset, name, command, begun)
        if not begun:
            return {"id": await self._handset.send(message)}
        begun["busy"] = True
        try:
            id = await self._handset.send(message)
            await rooms.composing.forget(begun)
        finally:
            begun.pop("busy", None)
        return {"id": id}

    def _fail(self, name, error):
        self._more.set()  # there may be more to say
        try:
            short = isinstance(error, MemoryError)
            self._refuse(name, Stuck("memory", None, "not enough of it") if short else error)
        except MemoryError:
            pass  # not even for this answer

    def _refuse(self, name, error):
        answer = {"reply": name, "ok": False, "error": str(error) or type(error).__name__}
        answer["step"], answer["code"] = getattr(error, "step", None), getattr(error, "code", None)
        answer["advice"] = hint_for(error)
        if self._json:
            self._put(_line(answer))
        else:
            self._put(rooms.render.failed(answer["error"], answer["advice"]))

    def _answer(self, command, result):
        name = command["do"]
        if not self._json:
            self._put(rooms.render.shown(name, result, command, self._handset))
        elif "messages" in result:
            self._put(_listed(name, result["messages"]))
        else:
            answer = {"reply": name, "ok": True}
            answer.update(result)
            self._put(_line(answer))

    async def do_mode(self, command):
        """Change between JSON lines and plain text."""
        if command.get("mode") not in ("json", "text"):
            raise UsageError('mode is "json" or "text"')
        self._json = command["mode"] == "json"
        self._room = None
        self._show(None if self._json else _PROMPT)

    async def do_quit(self, command):
        """End the program."""
        self._quit.set()


_TOO_LONG = "a line of more than %d octets: give its text in shorter pieces with more, each when the last is answered"


def _line(value):
    """A line of JSON, or its pieces where it has characters that end a line or move a cursor: json leaves them in."""
    line = json.dumps(value)
    return line if _is_plain(line) else _pieces(line, "\n")


def _is_plain(line):
    return len(line.encode()) == len(line) and "\x7f" not in line


def _pieces(line, end):
    if _is_plain(line):
        yield line + end
    else:
        yield from rooms.plain.escaped(line)
        yield end


def _listed(name, messages):
    """A reply with many messages, piece by piece: it would not fit into memory as a whole."""
    between = '{"reply": "%s", "ok": true, "messages": [' % name
    for message in messages:
        yield between
        yield from _pieces(json.dumps(message), "")
        between = ", "
    yield "]}\n" if between == ", " else between + "]}\n"
