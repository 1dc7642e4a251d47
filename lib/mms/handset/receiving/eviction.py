"""Who makes room when there are too many; loaded when there are.

Anybody can send us notifications, more than we can follow up. Who comes from a number that is not proven never takes
the place of one that is; among those who are as good, the one who sent most makes room. What had to go was not
answered: the MMSC announces it again.
"""

from mms.handset import states


def crowding(origin, origins, proven):
    """How much what `origin` sent is in the way of what the others in `origins` did: the greatest goes first."""
    return origin not in proven, origins.count(origin)


def excess(waiting, id, origin):
    """Which one is too much when `id` comes from `origin`: the id of one that waits, or that one itself."""
    rows = {known: row for known, row in waiting.rows.items() if known != waiting.busy}
    rows[id] = [max([row[0] for row in rows.values()]) + 1, origin, states.NOTIFIED]
    origins = [row[1] for row in rows.values()]

    def unwelcome(known):
        number, origin, state = rows[known][:3]
        return (state != states.WANTED,) + crowding(origin, origins, waiting.proven) + (state in states.OVER, number)

    return max(rows, key=unwelcome)
