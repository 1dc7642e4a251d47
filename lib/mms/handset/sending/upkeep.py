"""The outbox after a start, and when it has too many messages; loaded then."""

from mms import clock, flash, limits
from mms.errors import StoreError
from mms.handset import rooms, states
from mms.handset.store import filenames


async def load(outbox):
    """Index the store, and doubt a message that was leaving; parts of one that was sent and drafts are removed."""
    store = outbox.store
    accepted = outbox.ids()
    for name in store.names():
        piece = name[8:9] == "." and name[9:].isdigit() or name[8:] in (filenames.HEAD, filenames.STATUS)
        if piece and name[:8] not in accepted:
            store.remove(name)
    for item in outbox.each():
        outbox.index(item)
        try:
            if item.state == states.LEAVING:
                rooms.attempts.doubt(item, "the power or the program ended")
            elif item.state == states.SENT and store.has(item.id + filenames.HEAD):
                item.remove_parts()
        except StoreError:
            pass  # the carrier marks it as in doubt, and the next start removes the parts
        await clock.sleep(0)


async def evict(outbox):
    """Delete the oldest of the messages that were sent, until limits.SENT are left."""
    sent = []
    for item in outbox.each():
        if item.state == states.SENT:
            sent.append((item.record["date"] or 0, item.id))
        await clock.sleep(0)
        await flash.quiet()  # reading a damaged record writes: it is set aside
    for _, id in sorted(sent)[: max(len(sent) - limits.SENT, 0)]:
        await flash.quiet()
        if outbox.store.has(id + filenames.ACCEPTED):
            outbox.delete(id)
        await clock.sleep(0)
