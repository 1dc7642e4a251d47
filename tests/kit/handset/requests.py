"""A handset with an inbox and an outbox that remembers what was to be sent."""

from mms.codec import mm1, multipart
from mms.events import Events
from mms.handset import settings as handset_settings
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.sending.wishes import resolve
from mms.handset.states import ACKNOWLEDGED
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.handset.inbox import ALICE, notification, receive, take

BOB = "+447700900002"
RELATED = "application/vnd.wap.multipart.related"


class Phone:
    """A handset that remembers what was to be sent."""

    def __init__(self, **more):
        self.settings = handset_settings.check(more)
        self.events, self.sent, self.number, self.woken = Events(), [], BOB, 0
        store = Store("build/tests/requests-%s" % new_id())
        self.outbox = Outbox(store, self.events)
        self.inbox = Inbox(store, self.events, self.outbox)

    def abort(self, id):
        pass

    def wake(self):
        self.woken += 1

    async def send(self, message):
        self.sent.append((message, resolve(self, message)))
        return "00000001"

    def message(self, *fields, body=None, media=RELATED):
        """A retrieved message."""
        receive(self.inbox, notification())
        (item,) = self.inbox.items()
        head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.DATE, 1700000001), (mm1.MESSAGE_ID, "M1")]
        head += [(mm1.FROM, mm1.address(ALICE))] + list(fields)
        head += [(mm1.CONTENT_TYPE, mm1.ContentType(media, []))]
        if body is None:
            body = multipart.count(1) + multipart.entry("text/plain", 5, [("charset", 106)]) + b"hello"
        take(self.inbox, item, mm1.build(mm1.RETRIEVE_CONF, head) + body)
        item.save(state=ACKNOWLEDGED)
        return item
