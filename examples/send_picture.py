"""The handset as a library: take a picture, send it, wait until the message centre has it.

From the project's folder:  python examples/send_picture.py SETTINGS MODEM CAMERA NUMBER
"""

import asyncio
import sys

sys.path += [".", "lib"]

from drivers import board  # noqa: E402
from mms.advice import sentence  # noqa: E402
from mms.events import Events  # noqa: E402
from mms.handset.handset import Handset, load_settings  # noqa: E402
from mms.handset.message import Message  # noqa: E402
from mms.handset.store import Store  # noqa: E402


async def send(path, modem_line, camera_line, number):
    """Send one picture to `number`, and tell everything that happens."""
    settings, events = load_settings(path), Events()
    modem, camera = board.open(settings["board"], settings, events, modem_line, camera_line)
    handset = Handset(settings, Store(settings["store"]), modem, camera, events)
    ready, over = asyncio.Event(), asyncio.Event()

    def heard(event):
        print(event)
        if event["event"] == "ready":
            ready.set()
        elif event["event"] == "confirmed" or event["event"] == "failed" and event["final"]:
            over.set()

    async def story():
        try:
            await ready.wait()
            message = Message(number, "A picture")
            message.picture()
            message.text("Look what I have seen.")
            await handset.send(message)
            await over.wait()
        finally:
            phone.cancel()

    events.listen(heard)
    phone = asyncio.create_task(handset.run())
    telling = asyncio.create_task(story())
    try:
        await phone  # it ends with the story, or when it cannot be a phone any more, and says why
    except asyncio.CancelledError:
        await telling
    finally:
        telling.cancel()


if len(sys.argv) != 5:
    sys.exit(__doc__)
try:
    asyncio.run(send(*sys.argv[1:]))
except Exception as error:
    sys.exit(sentence(error))
