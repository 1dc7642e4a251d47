"""A handset on a store whose files are damaged."""

from mms.events import Events
from mms.handset import settings as handset_settings
from mms.handset.carrying.carrier import Carrier
from mms.handset.receiving import intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store import files
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from mms.handset.supervisor import Supervisor
from tests.kit.checks import loaded

files.sync = lambda file: None  # no wait for the disk of a PC


class Bearer:
    """Is up, and nobody's."""

    sim = None

    async def up(item=None):
        pass


class Phone:
    """A handset after a start, its carrier without a bearer; `told` are the names of what it said was damaged."""

    def __init__(self, folder, hold=False):
        self.folder, self.said, events = folder, [], Events()
        events.listen(self.said.append)
        self.store = Store(folder)
        self.outbox = Outbox(self.store, events, hold)
        self.box = loaded(Inbox(self.store, events, self.outbox))
        self.carrier = Carrier(handset_settings.check({}), Bearer, self.outbox, self.box, events, Supervisor(events))

    def names(self, event):
        return [one.get("file") for one in self.said if one["event"] == event]

    def told(self):
        self.box.report()
        return self.names("damaged")

    def receive(self, segments):
        for segment in segments:
            intake.handle(self.box, self.box.keep(segment))


def folder():
    return "build/tests/damage-%s" % new_id()
