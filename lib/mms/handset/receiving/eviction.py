"""The choice of the message that goes when too many are announced or under way; loaded then.

Any subscriber can send notifications, more than the handset can follow up. One from a number that is not proven never
takes the place of one from a number that is; among equals, the number that sent most makes room. An evicted message was
not answered, so the MMSC announces it again.
"""

from mms.handset import states


def crowding(origin, origins, proven):
    """How much what `origin` sent crowds out what the other `origins` sent; the greatest goes first."""
    return origin not in proven, origins.count(origin)


def evict(inbox, id, origin):
    """Make room for the notification `id` from `origin`; False when it is the one that goes and is not stored."""
    waiting = inbox.waiting
    rows = {known: row for known, row in waiting.rows.items() if known != waiting.busy}
    rows[id] = [max([row[0] for row in rows.values()]) + 1, origin, states.NOTIFIED]
    origins = [row[1] for row in rows.values()]

    def unwelcome(known):
        number, origin, state = rows[known][:3]
        return (state != states.WANTED,) + crowding(origin, origins, waiting.proven) + (state in states.OVER, number)

    worst = max(rows, key=unwelcome)
    inbox.count_dropped("notifications")
    if worst == id:
        return False
    inbox.delete(worst)
    return True
