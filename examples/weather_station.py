"""A weather station: a text that says "weather" is answered with a picture of the sky and the temperature."""

import asyncio
import sys

sys.path.append((__file__.rpartition("/")[0] or ".") + "/..")
import main  # noqa: E402, I001
from machine import ADC  # noqa: E402
from mms import Message  # noqa: E402

THERMOMETER = 34  # the pin of a TMP36: 0.5 V at 0 degrees, and 0.01 V more for each degree


def celsius():
    return (ADC(THERMOMETER).read_u16() / 65535 * 3.3 - 0.5) * 100


async def answer(handset, text):
    message = Message(text["sender"], "The weather")
    message.text("%.1f degrees" % celsius())
    message.picture()
    print("message", await handset.send(message), "is safe")


async def station(handset):
    asked = []  # ids of texts
    handset.events.listen(lambda event: asked.append(event["id"]) if event["event"] == "text" else None)
    await handset.ready()
    print("listening")
    while True:
        while asked:
            text = handset.inbox.item(asked.pop(0)).summary()
            if text["text"].strip().lower() == "weather":
                await answer(handset, text)
            handset.inbox.delete(text["id"])
        await asyncio.sleep(0.5)


sys.exit(main.main(station))
