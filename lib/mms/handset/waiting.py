"""What is announced and not here: known in memory, so that a push reads no other record, and bounded.

Anybody can send us notifications, more than we can follow up. Only the MMSC's lead to messages, so the numbers that
sent such ones are remembered, and who comes from elsewhere never takes their place; among those who are as good, the
one with most waiting makes room. What had to go was not answered: the MMSC announces it again.
"""

from mms import clock, limits
from mms.errors import StoreError

NOTIFIED = "notified"
DEFERRED = "deferred"  # answered so, waits for the user
WANTED = "wanted"  # the user asked for a deferred one
FAILED = "failed"
EXPIRED = "expired"

_PROVEN = "proven.r"
_OVER = (FAILED, EXPIRED)


def crowding(origin, origins, proven):
    """How much what `origin` sent is in the way of what the others in `origins` did: the greatest goes first."""
    return origin not in proven, origins.count(origin)


class Waiting:
    """At most limits.WAITING ids, with when and whence they came. `busy` is the id of one that is being carried."""

    def __init__(self, store):
        self._store = store
        self._rows = {}  # id -> [number in order, origin, state, ticks since when it has grown older]
        self._number = 0
        self.busy = None
        self.proven = []
        if store.has(_PROVEN):
            try:
                self.proven = store.read(_PROVEN)["origins"]
            except StoreError as error:
                store.set_aside(_PROVEN, error)

    def note(self, id, state, origin):
        """It waits, or has failed and may be asked for again."""
        if id not in self._rows:
            self._number += 1
            self._rows[id] = [self._number, origin, state, clock.ticks()]
        self._rows[id][2] = state

    def forget(self, id):
        """It is here, or gone."""
        self._rows.pop(id, None)

    def excess(self, id, origin):
        """Which one is too much when `id` comes from `origin`, perhaps that one itself; None while there is room."""
        if len(self._rows) < limits.WAITING:
            return None
        rows = {known: row for known, row in self._rows.items() if known != self.busy}
        rows[id] = [self._number + 1, origin, NOTIFIED]
        origins = [row[1] for row in rows.values()]

        def unwelcome(known):
            number, origin, state = rows[known][:3]
            return (state != WANTED,) + crowding(origin, origins, self.proven) + (state in _OVER, number)

        return max(rows, key=unwelcome)

    def due(self, ready):
        """The id of the one to retrieve, of those for which `ready(id, whether the user wants it)`, or None.

        What the user asked for first, then what is proven, then the oldest.
        """
        best = None
        for id in self._rows:
            number, origin, state = self._rows[id][:3]
            if state in (NOTIFIED, WANTED) and ready(id, state == WANTED):
                row = (state != WANTED, origin not in self.proven, number, id)
                best = row if best is None or row < best else best
        return best and best[3]

    def ages(self):
        """(id, seconds since `renew` or its coming) of those that grow older."""
        rows = self._rows
        return [(id, clock.since(rows[id][3]) // 1000) for id in list(rows) if rows[id][2] not in _OVER]

    def renew(self, id):
        """Its age has been noted."""
        self._rows[id][3] = clock.ticks()

    def prove(self, origin):
        """A message was where a notification from there said."""
        if origin not in self.proven:
            known = self.proven[1 - limits.PROVEN :] + [origin]
            try:
                self._store.write(_PROVEN, {"origins": known})
            except StoreError:
                pass  # it will be proven again
            self.proven = known
