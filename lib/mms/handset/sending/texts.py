"""Plain short messages that are sent, through the same outbox; loaded for each.

The TPDUs of a text lie in ID.h, one after the other; each is a piece of the plan.
"""

import os

from mms import clock, flash
from mms.errors import ModemError, PduError, UsageError
from mms.handset import rooms, states


def accept(store, events, to, text, report):
    """Make a text to one number durable and return its id. Raises UsageError, StoreError.

    `report`: ask the SMS centre for a status report.
    """
    try:
        tpdus = rooms.segments.submit(to, text, reference=os.urandom(1)[0], report=report)
    except PduError as error:
        raise UsageError("this text cannot be sent: %s" % error.what)
    room, id = rooms.accepted, store.new_id()
    plan = room.store_pieces(store, id, tpdus)
    record = {"id": id, "to": [to], "subject": "", "text": text[: room.SHOWN], "date": clock.now()}
    record.update(octets=sum([piece[2] for piece in plan]), parts=[], plan=plan)
    room.write(store, events, record, len(plan))
    return id


async def send(item, store, bearer):
    """Send the parts of an accepted text that have not gone yet, and record each that the network took.

    Raises ModemError, StoreError.
    """
    references = list(item.status.get("references", ()))
    for name, offset, octets in item.record["plan"][len(references) :]:
        part = bytearray(octets)
        with store.open(name) as blob:
            blob.verify()
            blob.seek(offset)
            blob.readinto(part)
        await flash.quiet()
        item.save(state=states.LEAVING)
        try:
            references.append(await bearer.modem.send_sms(part))
        except ModemError as error:
            if error.code is not None:
                await flash.quiet()
                item.save(state=states.QUEUED)  # a code is a refusal: the part has not left
            raise
        await flash.quiet()
        item.save(state=states.QUEUED, references=references)
    item.confirm("")
