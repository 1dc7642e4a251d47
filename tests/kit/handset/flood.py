"""A handset in virtual time that strangers flood with notifications and texts."""

import asyncio

from mms import clock
from mms.codec import mm1, push, segments
from mms.errors import Refused
from mms.events import Events
from mms.handset import settings as handset_settings
from mms.handset.carrying.carrier import Carrier
from mms.handset.operators import make_profile
from mms.handset.receiving import intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store import files
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from mms.handset.supervisor import Supervisor
from tests.kit.handset.inbox import Answer, message

MMSC = "http://mmsc.example/"
CENTRE = "447700900999"  # from where the MMSC's notifications come
RETRIEVAL_MS = 2000  # what one takes
now = [0]


def virtual(story):
    """Run `story` with a clock that only it moves, and no wait for the disk of a PC."""

    def run():
        ticks, since, sync = clock.ticks, clock.since, files.sync
        clock.ticks, clock.since = lambda: now[0], lambda start: now[0] - start
        files.sync = lambda file: None
        try:
            story()
        finally:
            clock.ticks, clock.since, files.sync = ticks, since, sync

    return run


class Bearer:
    """An MMSC that has the messages in `honest`, and nothing else that is asked for."""

    sim = None

    def __init__(self, roaming=False):
        self.honest, self.retrieved, self.answered, self.refused = [], [], [], 0
        self.profile = make_profile({"apn": "mms", "mmsc": MMSC}, "23410")
        self.roaming, self.status = roaming, "roaming" if roaming else "home"

    async def up(self, item=None):
        pass

    async def network(self):
        return self

    async def request(self, method, url, consume, content=None, sent=None):
        now[0] += RETRIEVAL_MS
        if method == "POST":
            buffer = bytearray(content.octets)
            content.readinto(buffer)
            self.answered.append(mm1.parse(bytes(buffer)).get(mm1.TRANSACTION_ID))
        elif url.text in self.honest:
            self.retrieved.append(url.text)
            await consume(Answer(message("R")), bytearray(500))
        else:
            self.refused += 1
            raise Refused("answer", 403, "no such message")


class Phone:
    """A handset without its modem; `events` counts what it said."""

    def __init__(self, folder=None, **more):
        self.store, self.events = Store(folder or "build/tests/flood-%s" % new_id()), {}
        events = Events()
        events.listen(self._heard)
        self.dropped = 0
        self.bearer = Bearer()
        self.box = Inbox(self.store, events, Outbox(self.store, events))
        self.carrier = Carrier(
            handset_settings.check(more), self.bearer, self.box.outbox, self.box, events, Supervisor(events)
        )

    def _heard(self, event):
        self.events[event["event"]] = self.events.get(event["event"], 0) + 1
        self.dropped += event.get("dropped", 0)

    def receive(self, tpdus):
        for octets in tpdus:
            intake.handle(self.box, self.box.keep(octets))
            self.work(now[0])

    def work(self, until):
        """Carry what is due and was begun before `until`."""
        while now[0] <= until:
            job = asyncio.run(self.carrier._next())
            if not job:
                return
            asyncio.run(self.carrier._carry(*job))

    def announce(self, number):
        """An honest message: its TPDUs."""
        self.bearer.honest.append("%sm/%d" % (MMSC, number))
        return notification("T%d" % number, self.bearer.honest[-1], CENTRE, number)

    def states(self):
        return [item.state for item in self.box.items()]


def notification(tid, url, origin, reference=0, subject=""):
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, mm1.VERSION_1_0), (mm1.SUBJECT, subject)]
    fields += [(mm1.EXPIRY, ("relative", 86400)), (mm1.CONTENT_LOCATION, url)]
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
    return segments.deliver(origin, body, ports=(2948, 9200), reference=reference)
