"""The handset as a library: take a picture, send it, wait until the message centre has it.

python examples/send_picture.py SETTINGS MODEM CAMERA NUMBER [SECONDS]

The exit status is 0 when the message centre has confirmed this very message. It is 1, after one line that says why,
when the message failed, when it is in doubt, or when nothing was confirmed within SECONDS (600 without it).
"""

import asyncio
import sys

_ROOT = (__file__.rpartition("/")[0] or ".") + "/.."
sys.path += [_ROOT, _ROOT + "/lib"]  # behind PyPI's construct, if that is installed

from drivers import board  # noqa: E402
from mms.advice import sentence  # noqa: E402
from mms.errors import UsageError  # noqa: E402
from mms.events import Events  # noqa: E402
from mms.handset.handset import Handset, load_settings  # noqa: E402
from mms.handset.sending.message import Message  # noqa: E402
from mms.handset.store.store import Store  # noqa: E402


class Sending:
    """One picture on its way to `number`. The handset runs until `serve` ends, and raises what that raises."""

    def __init__(self, handset, events, number, seconds):
        self._handset, self._number, self._seconds = handset, number, seconds
        self._ready, self._news = asyncio.Event(), asyncio.Event()
        self._doubtful = set()  # ids
        self._ends = {}  # id: why that message failed, "" when it is confirmed
        events.listen(self._heard)

    def _heard(self, event):
        """Note what becomes of each message: older ones from the outbox leave beside ours."""
        print(event)
        kind, id = event["event"], event.get("id")
        if kind == "ready":
            self._ready.set()
        elif kind == "in_doubt":
            self._doubtful.add(id)  # the settings say whether it is sent again
        elif kind == "confirmed":
            self._ends[id] = ""
        elif kind == "failed" and event["final"]:
            self._ends[id] = "%s; %s" % (event["text"], event["advice"]) if event["advice"] else event["text"]
        self._news.set()

    async def serve(self):
        """Send the picture and wait for its end; raises UsageError when the message centre has not confirmed it."""
        told = "the handset is not ready"
        try:
            await asyncio.wait_for(self._ready.wait(), self._seconds)
            message = Message(self._number, "A picture")
            message.picture()
            message.text("Look what I have seen.")
            id = await self._handset.send(message)
            told = "message %s is not confirmed" % id
            await asyncio.wait_for(self._end(id), self._seconds)
        except asyncio.TimeoutError:
            told = "%s after %d seconds" % (told, self._seconds)
            raise UsageError(told + "; what is in the outbox goes out at the next start")
        if self._ends[id]:
            doubt = "in doubt, the message centre may have it: " if id in self._doubtful else ""
            raise UsageError(doubt + self._ends[id])

    async def _end(self, id):
        while id not in self._ends:
            self._news.clear()
            await self._news.wait()

    async def flush(self):
        """Nothing is left to be said."""


async def phone(path, modem_line, camera_line, number, seconds=600):
    """Run a handset until the picture is sent; raises what ends it."""
    settings, events = load_settings(path), Events()
    modem, camera = board.open(settings["board"], settings, events, modem_line, camera_line)
    handset = Handset(settings, Store(settings["store"], board.claim), modem, camera, events)
    await handset.run(Sending(handset, events, number, int(seconds)))


if len(sys.argv) not in (5, 6) or len(sys.argv) == 6 and not sys.argv[5].isdigit():
    sys.exit(__doc__)
try:
    asyncio.run(phone(*sys.argv[1:]))
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:
    sys.exit(sentence(error))
