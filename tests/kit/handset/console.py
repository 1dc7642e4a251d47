"""A console on a line in memory, and a handset that remembers what was asked of it."""

import asyncio
import json

from mms import clock
from mms.errors import CameraError, UsageError
from mms.events import Events
from mms.handset import settings as handset_settings
from mms.handset.console.console import Console

SENT = "00000001"


class Line:
    """A stream with `typed` in it; keeps what was written."""

    def __init__(self, typed):
        self._typed = typed
        self.written = b""

    async def readinto(self, buf):
        await asyncio.sleep(0)
        piece, self._typed = self._typed[: len(buf)], self._typed[len(buf) :]
        if not piece:
            for _ in range(20):
                await asyncio.sleep(0)  # let the commands end before the line does
        buf[: len(piece)] = piece
        return len(piece)

    async def write(self, buf):
        self.written += bytes(buf)


class Typist:
    """A person who types a line at once, and then one every ten seconds."""

    def __init__(self, *lines):
        self._lines, self._pause, self.said = list(lines), 0, ""

    async def readinto(self, buf):
        await clock.sleep(self._pause)
        line, self._pause = self._lines.pop(0).encode() + b"\n", 10000
        buf[: len(line)] = line
        return len(line)

    async def write(self, buf):
        self.said += bytes(buf).decode()


class Box:
    store = None  # all is free

    def __init__(self, *items):
        self._items = items

    def each(self):
        return self._items

    def get(self, id):
        return [item for item in self._items if item.id == id][0]

    def item(self, id):
        raise UsageError("no message %s here" % id)


class Outbox(Box):
    """Has the message that was sent last, without a price."""

    record = {"price": None}

    def item(self, id):
        return self if id == SENT else super().item(id)


class Phone:
    """A handset that remembers what was asked of it, before its modem has started."""

    class bearer:
        sim = None

    def __init__(self):
        self.settings = handset_settings.check(
            {"album": "build/tests/album", "pin": "1234", "press": {"to": ["+447700900002"], "text": "hi"}}
        )
        self.inbox, self.outbox = Box(), Outbox()
        self.sent = []

    async def send(self, message):
        self.sent.append(message)
        return SENT

    def fetch(self, id):
        raise UsageError("no message %s in the inbox" % id)

    async def snap(self, create, size=None, quality=None, octets=None):
        raise CameraError("camera")


def typed(text):
    """What the console answers to `text`, line by line, and the handset."""
    phone, line, events = Phone(), Line(text), Events()
    events.listen(lambda event: None)
    asyncio.run(Console(line, phone, events).serve())
    return line.written.decode().split("\n")[:-1], phone


def asked(*commands):
    """The JSON answers to commands, and the handset."""
    lines = [json.dumps(command) for command in ({"do": "mode", "mode": "json"},) + commands]
    answers, phone = typed("\n".join(lines).encode() + b"\n")
    return [json.loads(answer) for answer in answers[1:]], phone
