"""The console: people type words, programs send JSON lines; both can do the same, and events come back.

`{"do": "mode", "mode": "json"}` changes to JSON. Then each command is one object with `do`, answered by one object with
`reply` and `ok`; events come as they happen. The stream may have, besides `readinto` and `write`: `bottom(text)`, which
keeps a text below everything that is written (None for none); `raw`, whether nothing else shows the octets that a
person types; and `line`, the octets of a line that it can hold while the handset is busy.

This module is always loaded: it reads lines, and has the queue of those to be written. All else is in answering.py.
"""

import asyncio
import gc

from mms import clock, flash, limits
from mms.errors import StoreError
from mms.handset import rooms
from mms.handset.console.lines import Line, json_line
from mms.limits import const

_QUIET = const(("sent", "received", "picture", "checking", "shrinking"))  # progress: for a program all else goes before
_PROMPT = const("> ")
_BUSY_MS = const(20)  # between two looks whether one of limits.COMMANDS has ended
_PROGRESS_MS = const(5000)  # between two lines of progress, where a line cannot be drawn anew


class Console:
    """Serves one Stream until its end, or until `quit`.

    `phone` is what phone.pyi declares. `pieces` are those of the next command (composing.py). `sentences` is the module
    of that name, once a person is there to be shown progress.
    """

    def __init__(self, stream, phone, events):
        self._stream = stream
        self.phone = phone
        self.json = False
        self.pieces = {}
        self.sentences = None
        self._progress = None  # ticks of the last line of progress
        self.ended = asyncio.Event()
        self._under_way = 0  # commands
        self._answering = None  # the module, held while commands are under way: they share one copy of it
        self._queue = []
        self._rest = None  # an iterator over the pieces of the line that is being written
        self.changed = asyncio.Event()  # there may be something to write
        events.listen(self._show_event)

    def _show_event(self, event):
        quiet = event["event"] in _QUIET
        if self.json:
            if len(self._queue) < 32 or not quiet and event["event"] != "at":
                self.put(json_line(event))
        elif not quiet:
            self.show(_PROMPT)  # progress has ended, or its next event shows it again
            self.put((self.sentences or rooms.sentences).render(event, self.phone))
        elif self.sentences:
            self._show_progress(self.sentences.render_progress(event))

    def _show_progress(self, text):
        """Show progress at the bottom, or else in a line every now and then."""
        if hasattr(self._stream, "bottom"):
            self._stream.bottom("%s %s" % (text, _PROMPT) if text else _PROMPT)
        elif text and (self._progress is None or clock.since(self._progress) >= _PROGRESS_MS):
            self._progress = clock.ticks()
            self.put("* " + text)

    def put(self, line):
        """Queue a line, or an iterator over the pieces of lines, which have their line feeds."""
        self._queue.append(line)
        if len(self._queue) > 64:
            del self._queue[0]
        self.changed.set()

    def set_json(self, is_json):
        """Speak JSON from here on, or words."""
        self.json = is_json
        self.sentences = None
        self.show(None if is_json else _PROMPT)

    async def serve(self):
        """Read commands until the end or `quit`."""
        if hasattr(self._stream, "bottom"):
            self.sentences = rooms.sentences
        self.show(_PROMPT)
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._read())]
        try:
            await self.ended.wait()
        finally:
            for task in tasks:
                task.cancel()
            self.show(None)  # so that the error that may have ended the handset gets a row of its own
        await self.flush()

    def show(self, prompt):
        """Show a prompt at the bottom of the stream, where it has a bottom, or none."""
        if hasattr(self._stream, "bottom"):
            self._stream.bottom(prompt)

    async def flush(self):
        """Write all lines that are queued."""
        while self._rest is not None or self._queue:
            if self._rest is None:
                line = self._queue.pop(0)
                self._rest = iter((line + "\n",)) if isinstance(line, str) else line
            await flash.quiet()  # a piece may read a damaged record, which is then set aside
            for piece in self._rest:
                if piece:
                    await self._stream.write(piece.encode())
                await asyncio.sleep(0)  # a piece may read a record from the flash
                await flash.quiet()
            self._rest = None

    async def _write(self):
        while True:
            await self.changed.wait()
            self.changed.clear()
            try:
                await self.flush()
            except (MemoryError, StoreError) as error:
                await self._stream.write(b"\n")
                self._fail(error)

    async def _read(self):
        raw = getattr(self._stream, "raw", False)
        line = Line(min(limits.CONSOLE_LINE, getattr(self._stream, "line", limits.CONSOLE_LINE)), raw)
        octets = bytearray(64)
        while True:
            count = await self._stream.readinto(octets)
            if not count:
                self.ended.set()
                return
            for octet in octets[:count]:
                if octet in (10, 13):
                    while self._under_way >= limits.COMMANDS:
                        await clock.sleep(_BUSY_MS)
                    self.begin(line.end(), line.most)
                else:
                    line.add(octet)
            if line.echo:
                echo, line.echo = line.echo, b""
                await self._stream.write(echo)

    def begin(self, line, most=limits.CONSOLE_LINE):
        """Begin the command in a line, of at most so many octets; an empty line has none."""
        if line:
            asyncio.create_task(self._handle(line, most))
            self._under_way += 1

    async def _handle(self, line, most):
        try:
            self._answering = self._answering or rooms.answering
            await self._answering.handle(self, line, most)
        except MemoryError as error:
            self._fail(error)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._answering = None

    def _fail(self, error):
        gc.collect()
        try:
            (self._answering or rooms.answering).fail(self, "console", error)
        except MemoryError:
            pass  # there is not enough for an answer either
