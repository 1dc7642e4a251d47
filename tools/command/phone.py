"""A handset that is driven by its console (docs/console.md): commands out, replies and events in, over a Stream.

The handset runs in this program (inside.py), or on a board at the other end of a serial line. Everything here is
relative to the package, since a user's program imports it as micropython_mms.tools.command.phone.
"""

import asyncio
import contextlib
import functools
import json

from .conversation import Conversation, Ended, parse

LINE = 250  # octets of a line that any board takes, an esp32 included (docs/console.md)
_PIECE = 50  # characters of a text in one `more`
_ENDS = {"confirmed": "sent", "in_doubt": "in doubt", "failed": "failed"}  # events, and the states that they lead to
_OVER = ("sent", "in doubt", "failed")
_QUEUED = 1000  # events that wait for a watcher; the oldest goes first


class Failed(Exception):
    """The handset refused a command, or a message failed; `step`, `code`, `text` and `advice` are docs/console.md's.

    `step` is None for words that make no sense; `state` is that of a message which did not go, "failed" or "in doubt".
    """

    def __init__(self, step, code, text, advice="", state=""):
        super().__init__(text)
        self.step, self.code, self.text, self.advice, self.state = step, code, text, advice or "", state


class Silent(Failed):
    """No reply, or no event, came in time. A message that was accepted stays in the outbox."""

    def __init__(self, step, seconds):
        super().__init__(step, None, "%s: nothing came within %g s" % (step, seconds))


class Gone(Failed):
    """The line, or the handset behind it, has ended."""

    def __init__(self, step="line"):
        super().__init__(step, None, "%s: the line to the handset has ended" % step, "plug it in again")


class Phone:
    """One handset: `ask` gives any command of its console, `listen` has the events, and the rest are verbs.

    `stream` has readinto, write and close, and may have `line`, the octets of a line that the handset takes. `board` is
    the line of a board, None for a handset in this program.
    """

    board = None

    def __init__(self, stream):
        self._stream = stream
        self._line = getattr(stream, "line", LINE)
        self._listeners = []
        self._conversation = Conversation(asyncio.wait_for)
        self._reader = None
        self._writing = asyncio.Lock()  # a Stream has one writer at a time
        self._pieces = asyncio.Lock()  # the pieces of one message are not those of another

    async def start(self, seconds=5.0):
        """Begin to read, and have the console speak JSON; raises Silent, Gone."""
        self._reader = asyncio.create_task(self._read())
        await self._write(b"\n")  # ends whatever was typed there before
        await self.ask("mode", seconds, mode="json")

    async def stop(self):
        """Stop reading, and close the stream; the handset goes on."""
        if self._reader and not self._reader.cancel() and not self._reader.cancelled():
            self._reader.exception()  # it was raised where it mattered
        self._stream.close()

    def listen(self, listener):
        """Call `listener(event)` for each event from now on; the result is a function that ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def ask(self, do, seconds=60.0, **arguments):
        """The reply to a command, a dict; raises Failed when it is refused, Silent and Gone."""
        write = functools.partial(self.tell, do, **arguments)
        said = await self._awaited(self._conversation.reply(do, write, seconds), do, seconds)
        if not said.get("ok"):
            raise Failed(said.get("step"), said.get("code"), said.get("error") or "no reason given", said.get("advice"))
        return {key: value for key, value in said.items() if key not in ("reply", "ok")}

    async def tell(self, do, **arguments):
        """Give a command without waiting for its reply; raises Gone."""
        await self._write(_line(dict(arguments, do=do)))

    async def watch(self):
        """Yield each event from now on, a dict, for as long as the handset is there; raises Gone then."""
        events: asyncio.Queue = asyncio.Queue()

        def keep(event):
            if events.qsize() >= _QUEUED:
                events.get_nowait()
            events.put_nowait(event)

        end = self.listen(keep)
        self._reader.add_done_callback(lambda task: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
        finally:
            end()
        raise self._gone("watch")

    async def seen(self, name, seconds, since=(), **match):
        """The first event of that name with these fields; `since` has events that were heard already. Raises Silent."""

        def wanted(event):
            return event["event"] == name and all(event.get(key) == value for key, value in match.items())

        return await self._awaited(self._conversation.event(wanted, seconds, since), name, seconds)

    async def ready(self, seconds=120.0):
        """Wait until the SIM is known: the handset's `status`; raises Failed, Silent."""
        found = asyncio.ensure_future(self.seen("ready", seconds))
        try:
            await asyncio.sleep(0)  # the listener is there before the question is
            with contextlib.suppress(Failed):  # while the modem starts there is no status
                return await self.ask("status")
            await found
            return await self.ask("status")
        finally:
            found.cancel()

    async def send(self, to, text="", *, picture=False, files=(), subject="", sound="", seconds=600.0, **wishes):
        """Send a multimedia message, and wait until the network has it: {"id", "state", "message_id", "price" ...}.

        to: a number or a list of them. files, sound: paths that the handset can read, so on a board paths of the board.
        wishes: cc, bcc, priority, validity and the others of docs/console.md. seconds: how long to wait for the
        network; with None the result has the state "queued" and the message goes by itself.
        Raises Failed with the layer's code when it fails or stays in doubt, Silent when nothing came in time.
        """
        wanted = {"text": text, "picture": picture, "files": list(files), "subject": subject, "sound": sound, **wishes}
        return await self._sent("send", to, wanted, seconds)

    async def sms(self, to, text, *, seconds=120.0):
        """Send a short message, and wait until the network has it; the result and the errors are those of `send`."""
        return await self._sent("sms", to, {"text": text}, seconds)

    async def outcome(self, id, seconds=600.0):
        """Wait for the outcome of a message of the outbox, which has `state`; raises Failed, Silent."""
        with _Ends(self) as ends:
            return await self._outcome(id, seconds, ends)

    async def inbox(self):
        """The messages that were announced or received, the newest last: a list of dicts."""
        return (await self.ask("inbox"))["messages"]

    async def outbox(self):
        """The messages that were accepted, and their states: a list of dicts."""
        return (await self.ask("outbox"))["messages"]

    async def read(self, id):
        """A message that came: sender, subject, date, text, parts ... The message counts as read."""
        return await self.ask("read", id=id)

    async def fetch(self, id, seconds=600.0):
        """Retrieve a message that waits or has failed: its row of the inbox; raises Failed, Silent."""
        with _Ends(self, {"retrieved": "retrieved", "expired": "expired", "failed": "failed"}) as ends:
            await self.ask("fetch", id=id)
            end = await self._awaited(ends.of(id, seconds), "fetch", seconds)
        if end["event"] != "retrieved":
            raise _failure(end)
        return next(row for row in await self.inbox() if row["id"] == id)

    async def export(self, id):
        """Write the parts of a message into the handset's album: a list of dicts with name, type, octets and path."""
        return (await self.ask("export", 120, id=id))["files"]

    async def delete(self, id):
        """Forget a message."""
        await self.ask("delete", id=id)

    async def check(self, checked=None, seconds=300.0):
        """Try each step on the way to the message centre: the steps that hold; raises Failed at the first other.

        `checked(event)` is called with each event `checked`, as it comes.
        """
        await self.ready(seconds)
        steps = []

        def note(event):
            if event["event"] == "checked":
                steps.append(event)
                if checked:
                    checked(event)

        end = self.listen(note)
        try:
            await self.ask("check", seconds)
        finally:
            end()
        return steps

    async def scan(self, seconds=240.0):
        """The networks and cells on the air: {"networks", "cells"}."""
        await self.ready()
        return await self.ask("scan", seconds)

    async def register(self, network, seconds=240.0):
        """Register on a network, its MCC and MNC, or "auto" for any; raises Failed with the network's cause."""
        await self.ready()
        return await self.ask("register", seconds, network=network)

    async def _write(self, octets):
        async with self._writing:
            try:
                await self._stream.write(octets)
            except OSError:
                raise Gone() from None

    async def _sent(self, do, to, wanted, seconds):
        wanted = {key: value for key, value in wanted.items() if value not in ("", False, [], None)}
        with _Ends(self) as ends:
            reply = await self._give(do, dict(wanted, to=[to] if isinstance(to, str) else list(to)))
            if seconds is None:
                return dict(reply, state="queued")
            return {**reply, **await self._outcome(reply["id"], seconds, ends)}

    async def _give(self, do, wanted):
        """Ask for a message, in pieces where one line would be too long for the handset."""
        async with self._pieces:
            if len(_line(dict(wanted, do=do))) > self._line:
                text = wanted.pop("text", "")
                for at in range(0, len(text), _PIECE):
                    await self.ask("more", text=text[at : at + _PIECE])
            return await self.ask(do, 180, **wanted)

    async def _outcome(self, id, seconds, ends):
        row = next((row for row in await self.outbox() if row["id"] == id), None)
        if row is None:
            raise Failed("outbox", None, "no message %s is in the outbox" % id)
        end = ends.seen(id)
        if end is None and row["state"] not in _OVER:
            end = await self._awaited(ends.of(id, seconds), "send", seconds)
        state = _ENDS[end["event"]] if end else row["state"]
        if state != "sent":
            if end is None:
                raise Failed("send", row.get("code"), row.get("why") or "it is %s" % state, state=state)
            raise _failure(end, state)
        return {"id": id, "state": state, "message_id": (end or row).get("message_id")}

    async def _awaited(self, coming, step, seconds):
        """The reply or the event that comes; raises Silent, and Gone when the line ends first."""
        try:
            return await coming
        except TimeoutError:
            raise Silent(step, seconds) from None
        except Ended:
            raise self._gone(step) from None

    async def _read(self):
        try:
            async for line in self._lines():
                self._heard(line)
        finally:
            self._conversation.end()

    async def _lines(self):
        octets, rest = bytearray(4096), b""
        with contextlib.suppress(OSError):  # the line was pulled out
            while count := await self._stream.readinto(octets):
                *lines, rest = (rest + octets[:count]).split(b"\n")
                for line in lines:
                    yield line

    def _gone(self, step):
        """The error of a reader that has ended: Gone, or that of a listener, which every wait raises."""
        return not self._reader.cancelled() and self._reader.exception() or Gone(step)

    def _heard(self, line):
        kind, said = parse(line)
        if kind is None:
            return  # a line for people, or a piece of one
        if kind == "event":
            for listener in list(self._listeners):
                listener(said)
        self._conversation.hear(kind, said)


class _Ends:
    """The last events of messages, from before a command is given: an answer may come before anything waits for it."""

    def __init__(self, phone, names=None):
        self._phone, self._names = phone, names or _ENDS
        self._found = {}

    def __enter__(self):
        self._end = self._phone.listen(self._note)
        return self

    def __exit__(self, *error):
        self._end()

    def seen(self, id):
        """The event, or None."""
        return self._found.get(id)

    def of(self, id, seconds):
        """The event, once it is there: what Conversation.event gives."""
        return self._phone._conversation.event(
            lambda event: event.get("id") == id and self._is_end(event), seconds, self._found.values()
        )

    def _is_end(self, event):
        return event["event"] in self._names and (event["event"] != "failed" or event.get("final"))

    def _note(self, event):
        if self._is_end(event):
            self._found[event.get("id")] = event


def _failure(event, state="failed"):
    text = event.get("text") or event.get("why") or "the message is %s" % state
    return Failed(event.get("step") or event["event"], event.get("code"), text, event.get("advice"), state)


def _line(command):
    return json.dumps(command, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
