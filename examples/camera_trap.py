"""A camera trap: when a PIR sensor sees something move, its picture goes to `press.to` of the settings."""

import asyncio
import sys

sys.path.append((__file__.rpartition("/")[0] or ".") + "/..")
import main  # noqa: E402, I001
from machine import Pin  # noqa: E402
from mms import Message  # noqa: E402
from mms.errors import CameraError, StoreError  # noqa: E402

SENSOR = 13  # the pin of its output, high while something moves
PAUSE = 60  # seconds from one picture to the next: each costs money


async def picture(handset):
    """Take a picture and have it sent; one that fails is the last one's loss only."""
    message = Message(handset.settings["press"]["to"], "Something moves")
    message.picture()
    try:
        print("message", await handset.send(message), "is safe")
    except (CameraError, StoreError) as error:
        print(error)


async def trap(handset):
    handset.events.listen(lambda event: print(event) if event["event"] == "failed" else None)
    await handset.ready()
    sensor = Pin(SENSOR, Pin.IN)
    print("watching")
    while True:
        if sensor.value():
            await picture(handset)
            await asyncio.sleep(PAUSE)
        await asyncio.sleep(0.1)


sys.exit(main.main(trap))
