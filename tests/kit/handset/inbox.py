"""An inbox on a store in a folder, and the short messages and PDUs that arrive in it."""

import asyncio

from mms.codec import mm1, multipart, push, segments
from mms.events import Events
from mms.handset.receiving import arriving, intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.checks import loaded

ALICE = "+447700900001"


async def retrieve(box, item, response, buffer):
    """Store and publish what a response brings, as a carrier does."""
    await box.publish(item, await arriving.receive(box.store, box.events, item, response, buffer))


def fresh(folder=None):
    """An Inbox, the names of what happened, and its Store."""
    store, said, events = Store(folder or "build/tests/inbox-%s" % new_id()), [], Events()
    events.listen(lambda event: said.append(event["event"]))
    return loaded(Inbox(store, events, Outbox(store, events))), said, store


def notification(tid="T1", url="http://mmsc.example/m/1", reference=0, octets=100, expiry=3600):
    fields = [
        (mm1.TRANSACTION_ID, tid),
        (mm1.VERSION, mm1.VERSION_1_0),
        (mm1.FROM, mm1.address(ALICE)),
        (mm1.SUBJECT, "a subject that makes it long enough for two messages, if not for three of them"),
        (mm1.MESSAGE_CLASS, mm1.PERSONAL),
        (mm1.EXPIRY, ("relative", expiry)),
        (mm1.CONTENT_LOCATION, url),
    ]
    if octets is not None:
        fields.insert(5, (mm1.MESSAGE_SIZE, octets))
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
    return segments.deliver("+447700900999", body, ports=(2948, 9200), reference=reference)


def receive(box, segments):
    for segment in segments:
        intake.handle(box, box.keep(segment))


class Answer:
    """A response with a body."""

    media = mm1.MEDIA

    def __init__(self, octets):
        self.octets = len(octets)
        self._rest = octets

    async def readinto(self, buf):
        piece = self._rest[: len(buf)]
        buf[: len(piece)] = piece
        self._rest = self._rest[len(piece) :]
        return len(piece)


def message(tid="R1", status=None, picture=2000):
    fields = [(mm1.TRANSACTION_ID, tid)] if tid else []
    fields += [(mm1.VERSION, mm1.VERSION_1_0), (mm1.DATE, 1700000001), (mm1.MESSAGE_ID, "M1")]
    if status:
        fields.append((mm1.RETRIEVE_STATUS, status))
    mixed = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
    octets = mm1.build(mm1.RETRIEVE_CONF, fields + [(mm1.CONTENT_TYPE, mixed)]) + multipart.count(2)
    for media, data, name in (("text/plain", b"hello", "../../evil.txt"), ("image/jpeg", b"\xff" * picture, "p.jpg")):
        octets += multipart.entry(media, len(data), location=name) + data
    return octets


def take(box, item, octets):
    asyncio.run(retrieve(box, item, Answer(octets), bytearray(500)))
