"""The third line: people type words, programs send JSON lines; both ask for the same things, and events come back.

`{"do": "mode", "mode": "json"}` changes to JSON. Then each command is one object with `do`, answered by one object with
`reply` and `ok`; events come as they happen.
"""

import asyncio
import json

from mms import limits
from mms.errors import StoreError, Stuck, UsageError
from mms.handset import visit

_QUIET = ("sent", "received", "picture")  # progress: no person is told of it, and for a program all else goes before


def _parsed(line):
    """A line as a command, None for an empty one; raises ValueError."""
    if line.lstrip()[:1] != b"{":
        return _words(line.decode())
    return visit("escapes").loads(line) if b"\\u" in line else json.loads(line.decode())


def _words(line):
    """A person's line as a command."""
    words = line.split(None, 2)
    if not words:
        return None
    command = {"do": words[0].lower(), "text": words[2] if len(words) > 2 else ""}
    if command["do"] in ("send", "sms"):
        command["to"] = words[1:2]
    elif len(words) > 1:
        command["id"] = words[1]
    return command


class Console:
    """Serves one Stream. Stops at its end or at `quit`."""

    def __init__(self, stream, handset, events):
        self._stream = stream
        self._handset = handset
        self._json = False
        self._quit = asyncio.Event()
        self._queue = []
        self._more = asyncio.Event()
        events.listen(self._heard)

    def _heard(self, event):
        quiet = event["event"] in _QUIET
        if self._json:
            if not quiet or len(self._queue) < 32:
                self._put(json.dumps(event))
        elif not quiet:
            rest = ["%s=%s" % (key, event[key]) for key in sorted(event) if key not in ("event", "ms")]
            self._put(visit("shown").plain("* %s %s" % (event["event"], " ".join(rest))))

    def _put(self, line):
        self._queue.append(line)
        if len(self._queue) > 64:
            del self._queue[0]
        self._more.set()

    async def serve(self):
        """Read commands until the end or `quit`."""
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._read())]
        try:
            await self._quit.wait()
        finally:
            for task in tasks:
                task.cancel()
        await self.flush()

    async def flush(self):
        """Write what is still to be written."""
        while self._queue:
            line = self._queue.pop(0)
            if not isinstance(line, str):
                for piece in line:
                    await self._stream.write(piece.encode())
                line = ""
            await self._stream.write((line + "\n").encode())

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
        line = bytearray()
        octet = bytearray(64)
        while True:
            count = await self._stream.readinto(octet)
            if not count:
                self._quit.set()
                return
            for index in range(count):
                if octet[index] in (10, 13):
                    if line:
                        try:
                            self._take(bytes(line))
                        except MemoryError as error:
                            self._fail("console", error)
                        line = bytearray()
                elif len(line) <= limits.CONSOLE_LINE:
                    line.append(octet[index])

    def _take(self, line):
        try:
            if len(line) > limits.CONSOLE_LINE:
                raise UsageError("a line of more than %d characters" % limits.CONSOLE_LINE)
            command = _parsed(line)
            if command is None:
                return
            if not isinstance(command, dict) or not isinstance(command.get("do"), str):
                raise UsageError('an object with "do", please')
        except (ValueError, UnicodeError, RuntimeError):  # the last: brackets deeper than Python reads
            self._fail("console", UsageError("this line is neither a command nor JSON"))
        except UsageError as error:
            self._fail("console", error)
        else:
            asyncio.create_task(self._perform(command))

    async def _perform(self, command):
        name = command["do"]
        try:
            verb = getattr(self, "do_" + name, None) if name.isalpha() else None
            if verb:
                result = await verb(command)
            else:
                result = await visit("verbs").perform(self._handset, name, command)
            self._answer(name, result or {})
        except Exception as error:
            self._fail(name, error)

    def _fail(self, name, error):
        self._more.set()  # there may be more to say
        try:
            short = isinstance(error, MemoryError)
            self._answer(name, error=Stuck("memory", None, "not enough of it") if short else error)
        except MemoryError:
            pass  # not even for this answer

    def _answer(self, name, result=None, error=None):
        answer = {"reply": name, "ok": error is None}
        if error is not None:
            from mms.advice import advice

            answer["error"] = str(error) or type(error).__name__
            answer["step"] = getattr(error, "step", None)
            answer["code"] = getattr(error, "code", None)
            answer["advice"] = advice(error)
        else:
            answer.update(result)
        if self._json:
            self._put(_listed(name, answer["messages"]) if "messages" in answer else json.dumps(answer))
        elif error is not None:
            line = "! %s%s" % (answer["error"], "; " + answer["advice"] if answer["advice"] else "")
            self._put(visit("shown").plain(line))
        else:
            self._put(visit("shown").shown(name, result))

    async def do_mode(self, command):
        """Change between JSON lines and plain text."""
        if command.get("mode") not in ("json", "text"):
            raise UsageError('mode is "json" or "text"')
        self._json = command["mode"] == "json"

    async def do_send(self, command):
        """Send to `to` a `subject`, a `text`, a `picture` (true) and a `sound` or `files` (draft.py)."""
        message = visit("message").Message(_list(command, "to"), _string(command, "subject"))
        message.wishes = command
        if command.get("picture"):
            message.picture()
        sound = _string(command, "sound")
        for path in ([sound] if sound else []) + _list(command, "files"):
            message.file(path)
        if _string(command, "text"):
            message.text(command["text"])
        if not message.parts:
            raise UsageError("nothing to send: a text, a picture, a sound or files, please")
        return {"id": await self._handset.send(message)}

    async def do_press(self, command):
        """The shutter: a picture to whom the settings say, with their text and sound."""
        press = self._handset.settings["press"]
        if not press.get("to"):
            raise UsageError('nobody to send to: add "press": {"to": [NUMBER]} to the settings')
        wanted = dict(press)
        wanted["picture"] = True
        return await self.do_send(wanted)

    async def do_inbox(self, command):
        """What was announced and what came."""
        return {"messages": (item.summary() for item in self._handset.inbox.each() if not item.hidden)}

    async def do_outbox(self, command):
        """What was accepted and what has become of it."""
        return {"messages": (item.summary() for item in self._handset.outbox.each())}

    async def do_quit(self, command):
        """End the program."""
        self._quit.set()


def _listed(name, messages):
    """A reply with many messages, piece by piece: it would not fit into memory as a whole."""
    between = '{"reply": "%s", "ok": true, "messages": [' % name
    for message in messages:
        yield between + json.dumps(message)
        between = ", "
    yield "]}" if between == ", " else between + "]}"


def _string(command, key):
    value = command.get(key, "")
    if not isinstance(value, str):
        raise UsageError("%s is a text" % key)
    return value


def _list(command, key):
    value = command.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError("%s is a list of texts" % key)
    return value
