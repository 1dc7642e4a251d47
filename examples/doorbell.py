"""A doorbell: its button sends a picture of the guest, and a text of "coming" lights a lamp at the door."""

import asyncio
import sys

sys.path.append((__file__.rpartition("/")[0] or ".") + "/..")
import main  # noqa: E402, I001
from machine import Pin  # noqa: E402
from mms import Message  # noqa: E402

BUTTON, LAMP = 22, 13  # the button connects its pin with ground


async def door(handset):
    owners = handset.settings["press"]["to"]
    button, lamp = Pin(BUTTON, Pin.IN, Pin.PULL_UP), Pin(LAMP, Pin.OUT)

    def hear(event):
        if event["event"] == "text" and event["text"].strip().lower() == "coming":
            lamp.value(handset.inbox.item(event["id"]).summary()["sender"] in owners)

    handset.events.listen(hear)
    await handset.ready()
    print("waiting for guests")
    while True:
        if not button.value():
            lamp.value(0)
            message = Message(owners, "The bell rings")
            message.picture()
            print("message", await handset.send(message), "is safe")
            while not button.value():
                await asyncio.sleep(0.1)  # one picture for each press
        await asyncio.sleep(0.05)


sys.exit(main.main(door))
