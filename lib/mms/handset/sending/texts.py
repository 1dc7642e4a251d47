"""Plain short messages: into the same inbox, out of the same outbox; loaded when there is one.

A text in the store: ID.x has all of it, in UTF-8, the record only its beginning. A text on its way out keeps its
TPDUs in ID.h, one piece of the plan each.
"""

import os

from mms import clock, flash, limits
from mms.codec import charset
from mms.errors import ModemError, PduError, UsageError
from mms.handset import rooms, states
from mms.handset.store import filenames

SHOWN = 80  # characters in the record
_SILENT = 0x40  # TP-PID of a message that nobody shall see (3GPP TS 23.040, 9.2.3.9)
_INDICATION = (0xC0, 0xF0)  # coding schemes of what says that other messages wait (3GPP TS 23.038, 4)
_WAITING = ("voice", "fax", "e-mail", "other")
_WORDS = (
    b"mms",
    b"multimedia",
    b"media message",
    b"picture message",
    b"photo message",
    b"video message",
    b"bildnachricht",
)
_LINKS = (b"http://", b"https://", b"www.")


def take(box, id, message, data):
    """Put the text in `data`, whose last part is `message`, into the inbox; raises PduError."""
    if message.ports is not None:
        raise PduError(0, "a text for an application")
    if message.pid == _SILENT:
        raise PduError(0, "a message that asks not to be seen")
    text = charset.decode(data, charset.UTF_16BE)
    if not text and _INDICATION[0] <= message.dcs < _INDICATION[1]:
        event = "messages_wait" if message.dcs & 0x08 else "messages_gone"
        box.events.say(event, sender=message.originator, kind=_WAITING[message.dcs & 0x03])
        return
    octets, sender, url = text.encode(), message.originator, link(text)
    if message.time:  # what does not say when may be another
        told = ("%s %d " % (sender, message.time)).encode() + octets
        same = sender, message.time, len(octets)

        def is_same(item):
            return (item.status["sender"], item.status.get("time"), item.status["octets"]) == same

        id, _ = rooms.dedup.known(box, id, told, is_same)
    if not box.store.has(id + filenames.ENTRY):
        rooms.retention.make_room(box, states.TEXT, limits.TEXTS)
        with box.store.create(id + filenames.CONTENT) as writer:
            writer.write(octets)
        box.add(id, states.TEXT, sender=sender, text=text[:SHOWN], octets=len(octets), time=message.time, url=url)
    box.events.say("text", id=id, sender=sender, text=text, link=url)


def link(text):
    """The address in what operators send instead of a message that a handset cannot show; "" in any other text."""
    octets = text.encode()
    lower = octets.lower()
    if not any(word in lower for word in _WORDS):
        return ""
    for start in _LINKS:
        at = lower.find(start)
        if at >= 0:
            end = at
            while end < len(octets) and 0x21 <= octets[end] < 0x7F and octets[end] not in b'"<>':
                end += 1
            while octets[end - 1] in b".,;:!?)":
                end -= 1
            return octets[at:end].decode() if end > at + len(start) else ""
    return ""


def accept(store, events, to, text, report):
    """Make a text for one number durable and return its id; raises UsageError, StoreError."""
    try:
        tpdus = rooms.segments.submit(to, text, reference=os.urandom(1)[0], report=report)
    except PduError as error:
        raise UsageError("this text cannot be sent: %s" % error.what)
    id, plan = store.new_id(), []
    with store.create(id + filenames.HEAD) as writer:
        for octets in tpdus:
            plan.append([id + filenames.HEAD, writer.octets, len(octets)])
            writer.write(octets)
        octets = writer.octets
    record = {"id": id, "to": [to], "subject": "", "text": text[:SHOWN], "date": clock.now(), "octets": octets}
    record.update(parts=[], plan=plan)
    store.write(id + filenames.ACCEPTED, record)
    events.say("accepted", id=id, tid=id, octets=octets, parts=len(plan))
    return id


async def carry(item, store, bearer):
    """Send what is left of an accepted text; each part that the network took is durable. Raises ModemError."""
    taken = list(item.status.get("references", ()))
    for name, offset, octets in item.record["plan"][len(taken) :]:
        part = bytearray(octets)
        with store.open(name) as blob:
            blob.verify()
            blob.seek(offset)
            blob.readinto(part)
        await flash.quiet()
        item.save(state=states.LEAVING)
        try:
            taken.append(await bearer.modem.send_sms(part))
        except ModemError as error:
            if error.code is not None:
                await flash.quiet()
                item.save(state=states.QUEUED)  # somebody said no: it has not left
            raise
        await flash.quiet()
        item.save(state=states.QUEUED, references=taken)
    item.sent("")


def reported(box, report):
    """Note what a status report says of a text: it arrived when all its parts did."""
    status = report.status
    word = "delivered" if status < 0x20 else "expired" if status == 0x46 else "failed"
    if 0x20 <= status < 0x40:
        return  # the SMS centre goes on trying
    for item in box.outbox.about(report.reference):
        taken, known = item.status.get("references", ()), dict(item.status.get("arrived", {}))
        key = str(report.reference)
        same = rooms.numbers.same
        if report.reference in taken and key not in known and same(item.record["to"][0], report.recipient):
            known[key] = word
            item.save(arrived=known)
            if word != "delivered" or len(known) == len(item.record["plan"]):
                rooms.reports.note(box.outbox, item, [report.recipient], word)
            return
    box.events.say("unknown_report", message_id="")
