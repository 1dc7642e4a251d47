"""Bounds for what comes without an MMSC, from any subscriber: short messages, links and proposed settings.

Loaded when one comes.
"""

from mms import clock, flash, limits
from mms.handset import states
from mms.handset.store import filenames


def _items(inbox, state):
    """The Items in that state, one after the other."""
    for id in _ids(inbox, state):
        item = inbox.get(id)
        if item and item.state == state:
            yield item


def _ids(inbox, state):
    """The ids of Items that may be in that state. Texts are too many to be kept in memory, but each has a file."""
    if state == states.TEXT:
        return [name[:8] for name in inbox.store.names(filenames.CONTENT)]
    return list(inbox.shelves.get(state, ()))


def make_room(inbox, state, most):
    """Delete one when there are `most`: the oldest that was read, or else one of the number that sent most of them.

    One that was not read is counted as dropped.
    """
    if len(_ids(inbox, state)) < most:
        return
    best = inbox.chosen.pop(state, None)
    item = inbox.get(best[3]) if best and inbox.store.has(best[3] + filenames.ENTRY) else None
    if item is None or item.status["read"] != best[0]:
        for row in _choices(inbox, state):
            best = row
    if best:
        inbox.delete(best[3])
        if not best[0]:
            inbox.count_dropped(state + "s")


async def choose(inbox):
    """Choose what `make_room` will delete while other tasks run: it then reads one record instead of all."""
    for state, most in ((states.TEXT, limits.TEXTS), (states.LINK, limits.LINKS), (states.PROPOSAL, limits.LINKS)):
        await clock.sleep(0)
        if state not in inbox.chosen and len(_ids(inbox, state)) >= most:
            best = None
            for row in _choices(inbox, state):
                best = row
                await clock.sleep(0)
                await flash.quiet()  # looking at a damaged record writes
            if best:
                inbox.chosen[state] = best


def _choices(inbox, state):
    """Yield the best choice so far, or None, after each record; the last one is the choice.

    A choice is (whether it was read, how many of its sender's were not, age, id): the greatest goes.
    """
    unread, best = {}, None
    for item in _items(inbox, state):
        sender = hash(item.status["sender"])
        unread[sender] = unread.get(sender, 0) + (not item.status["read"])
        yield None
    for item in _items(inbox, state):
        read = item.status["read"]
        crowd = 0 if read else unread.get(hash(item.status["sender"]), 0)
        row = (read, crowd, -(item.status["time"] or 0), item.id)
        best = row if best is None or row > best else best
        yield best


def free_text(inbox):
    """Delete a short message where they have filled a small flash; returns whether one was deleted."""
    count = len(_ids(inbox, states.TEXT))
    many = count > limits.TEXTS // 4
    if many:
        make_room(inbox, states.TEXT, count)
    return many
