"""What comes without an MMSC, from anybody: short messages, links, settings. So much of each is kept.

Loaded when one comes.
"""


def shelved(box, state):
    """The Items in that state, one after the other."""
    for id in list(box.shelves.get(state, ())):
        item = box.look(id)
        if item:
            yield item


def make_room(box, state, most):
    """Let one go when there are `most`: the oldest of those that were read, or else of who sent most of them.

    What nobody has read is counted among what had no place.
    """
    if len(box.shelves.get(state, ())) < most:
        return
    rows = [(item.id, item.fate["sender"], item.fate["time"] or 0, item.fate["read"]) for item in shelved(box, state)]
    senders = [sender for _, sender, _, read in rows if not read]
    if rows:
        id, _, _, read = max(rows, key=lambda row: (row[3], 0 if row[3] else senders.count(row[1]), -row[2]))
        box.delete(id)
        if not read:
            box.drop(state + "s")
