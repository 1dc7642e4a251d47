"""The handset as a library: take a picture, send it, wait until the message centre has it.

From the project's folder:  python examples/send_picture.py SETTINGS MODEM CAMERA NUMBER
"""

import asyncio
import sys

sys.path += [".", "lib"]

from drivers import board  # noqa: E402
from mms.advice import sentence  # noqa: E402
from mms.errors import UsageError  # noqa: E402
from mms.events import Events  # noqa: E402
from mms.handset.handset import Handset, load_settings  # noqa: E402
from mms.handset.message import Message  # noqa: E402
from mms.handset.store import Store  # noqa: E402


class Sending:
    """One picture on its way to `number`. The handset runs until `serve` ends, and raises what that raises."""

    def __init__(self, handset, events, number):
        self._handset, self._number = handset, number
        self._ready, self._over, self._failure = asyncio.Event(), asyncio.Event(), None
        events.listen(self._heard)

    def _heard(self, event):
        print(event)
        if event["event"] == "ready":
            self._ready.set()
        elif event["event"] == "confirmed":
            self._over.set()
        elif event["event"] == "failed" and event["final"]:
            self._failure = event["text"]
            self._over.set()

    async def serve(self):
        await self._ready.wait()
        message = Message(self._number, "A picture")
        message.picture()
        message.text("Look what I have seen.")
        await self._handset.send(message)
        await self._over.wait()
        if self._failure:
            raise UsageError(self._failure)

    async def flush(self):
        pass  # nothing is left to be said


async def phone(path, modem_line, camera_line, number):
    settings, events = load_settings(path), Events()
    modem, camera = board.open(settings["board"], settings, events, modem_line, camera_line)
    handset = Handset(settings, Store(settings["store"], board.claim), modem, camera, events)
    await handset.run(Sending(handset, events, number))


if len(sys.argv) != 5:
    sys.exit(__doc__)
try:
    asyncio.run(phone(*sys.argv[1:]))
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:
    sys.exit(sentence(error))
