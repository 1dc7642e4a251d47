"""What comes without an MMSC, from anybody: short messages, links, settings. So much of each is kept.

Loaded when one comes.
"""

from mms import limits


def shelved(box, state):
    """The Items in that state, one after the other."""
    for id in _ids(box, state):
        item = box.look(id)
        if item and item.state == state:
            yield item


def _ids(box, state):
    """Those that may be in that state: short messages are too many to know them by heart, but each has its file."""
    return list(box.shelves.get(state, ())) if state != "text" else [name[:8] for name in box.store.names(".x")]


def make_room(box, state, most):
    """Let one go when there are `most`: the oldest of those that were read, or else of who sent most of them.

    What nobody has read is counted among what had no place.
    """
    if len(_ids(box, state)) < most:
        return
    crowds, best = {}, None
    for item in shelved(box, state):
        sender = hash(item.fate["sender"])
        crowds[sender] = crowds.get(sender, 0) + (not item.fate["read"])
    for item in shelved(box, state):
        read = item.fate["read"]
        crowd = 0 if read else crowds[hash(item.fate["sender"])]
        row = (read, crowd, -(item.fate["time"] or 0), item.id)
        best = row if best is None or row > best else best
    if best:
        box.delete(best[3])
        if not best[0]:
            box.drop(state + "s")


def thin(box):
    """Let a short message go where they have filled a small flash; tells whether one went."""
    count = len(_ids(box, "text"))
    many = count > limits.TEXTS // 4
    if many:
        make_room(box, "text", count)
    return many
