"""The handset as a library: take a picture, send it, wait until the message centre has it.

From the project's folder:  python examples/send_picture.py SETTINGS MODEM CAMERA NUMBER
"""

import asyncio
import sys

sys.path += [".", "lib"]

from drivers import board  # noqa: E402
from mms.events import Events  # noqa: E402
from mms.handset.handset import Handset, load_settings  # noqa: E402
from mms.handset.message import Message  # noqa: E402
from mms.handset.store import Store  # noqa: E402


async def main(path, modem_line, camera_line, number):
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

    events.listen(heard)
    phone = asyncio.create_task(handset.run())
    await ready.wait()
    message = Message(number, "A picture")
    message.picture()
    message.text("Look what I have seen.")
    await handset.send(message)
    await over.wait()
    phone.cancel()


asyncio.run(main(*sys.argv[1:]))
