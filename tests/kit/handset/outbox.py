"""A store with an accepted message in it."""

import asyncio

from mms import limits
from mms.events import Events
from mms.handset.sending.draft import Draft
from mms.handset.store.files import new_id
from mms.handset.store.store import Store

BOB = "+447700900002"


def fresh():
    return Store("build/tests/outbox-%s" % new_id())


def accept(store, octets=3000, limit=limits.MESSAGE):
    draft = Draft(store, Events())
    for media, part in (("image/jpeg", b"\xff" * octets), ("text/plain", b"hello")):
        with draft.create(media) as writer:
            writer.write(part)
        draft.add(media, writer.octets)
    to, wishes = [BOB, "bob@mail.example"], {"delivery_report": True}
    asyncio.run(draft.accept(to, "Gr\u00fc\u00dfe", limit, wishes, 1700000001))
    return draft.id
