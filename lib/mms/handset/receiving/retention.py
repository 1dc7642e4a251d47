"""What comes without an MMSC, from anybody: short messages, links, settings. So much of each is kept.

Loaded when one comes.
"""

from mms import clock, flash, limits
from mms.handset import states
from mms.handset.store import filenames


def shelved(box, state):
    """The Items in that state, one after the other."""
    for id in _ids(box, state):
        item = box.get(id)
        if item and item.state == state:
            yield item


def _ids(box, state):
    """Those that may be in that state: short messages are too many to know them by heart, but each has its file."""
    if state == states.TEXT:
        return [name[:8] for name in box.store.names(filenames.CONTENT)]
    return list(box.shelves.get(state, ()))


def make_room(box, state, most):
    """Let one go when there are `most`: the oldest of those that were read, or else of who sent most of them.

    What nobody has read is counted among what had no place.
    """
    if len(_ids(box, state)) < most:
        return
    best = box.chosen.pop(state, None)
    item = box.get(best[3]) if best and box.store.has(best[3] + filenames.ENTRY) else None
    if item is None or item.status["read"] != best[0]:
        for row in _choosing(box, state):
            best = row
    if best:
        box.delete(best[3])
        if not best[0]:
            box.drop(state + "s")


async def prepare(box):
    """Choose who would go while others go on: `make_room` need not read through the shelf when the next one comes."""
    for state, most in ((states.TEXT, limits.TEXTS), (states.LINK, limits.LINKS), (states.PROPOSAL, limits.LINKS)):
        await clock.sleep(0)
        if state not in box.chosen and len(_ids(box, state)) >= most:
            best = None
            for row in _choosing(box, state):
                best = row
                await clock.sleep(0)
                await flash.quiet()  # a record that is damaged is set aside
            if best:
                box.chosen[state] = best


def _choosing(box, state):
    """Who is to go, as (whether it was read, how many of its sender's were not, age, id): each step reads a record.

    The last step has the answer, the others have none or that of so far.
    """
    crowds, best = {}, None
    for item in shelved(box, state):
        sender = hash(item.status["sender"])
        crowds[sender] = crowds.get(sender, 0) + (not item.status["read"])
        yield None
    for item in shelved(box, state):
        read = item.status["read"]
        crowd = 0 if read else crowds.get(hash(item.status["sender"]), 0)
        row = (read, crowd, -(item.status["time"] or 0), item.id)
        best = row if best is None or row > best else best
        yield best


def thin(box):
    """Let a short message go where they have filled a small flash; tells whether one went."""
    count = len(_ids(box, states.TEXT))
    many = count > limits.TEXTS // 4
    if many:
        make_room(box, states.TEXT, count)
    return many
