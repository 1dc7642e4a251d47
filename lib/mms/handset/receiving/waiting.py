"""What is announced and not here: known in memory, so that a push reads no other record, and bounded.

Only the MMSC's notifications lead to messages: the numbers that sent such ones are proven.
"""

from mms import clock, limits
from mms.errors import StoreError
from mms.handset import states
from mms.handset.store import filenames


class Waiting:
    """At most limits.WAITING ids, with when and whence they came. `busy` is the id of one that is being carried."""

    def __init__(self, store):
        self._store = store
        self.rows = {}  # id -> [number in order, origin, state, ticks since when it has grown older]
        self._number = 0
        self.busy = None
        self.proven = []
        if store.has(filenames.PROVEN):
            try:
                self.proven = store.read(filenames.PROVEN)["origins"]
            except StoreError as error:
                store.set_aside(filenames.PROVEN, error)

    def note(self, id, state, origin):
        """It waits, or has failed and may be asked for again."""
        if id not in self.rows:
            self._number += 1
            self.rows[id] = [self._number, origin, state, clock.ticks()]
        self.rows[id][2] = state

    def forget(self, id):
        """It is here, or gone."""
        self.rows.pop(id, None)

    def full(self):
        """Whether one has to go when another comes (crowd.py)."""
        return len(self.rows) >= limits.WAITING

    def due(self, ready):
        """The id of the one to retrieve, of those for which `ready(id, whether the user wants it)`, or None.

        What the user asked for first, then what is proven, then the oldest.
        """
        best = None
        for id in self.rows:
            number, origin, state = self.rows[id][:3]
            if state in (states.NOTIFIED, states.WANTED) and ready(id, state == states.WANTED):
                row = (state != states.WANTED, origin not in self.proven, number, id)
                best = row if best is None or row < best else best
        return best and best[3]

    def ages(self):
        """(id, seconds since `renew` or its coming) of those that grow older."""
        rows = self.rows
        return [(id, clock.since(rows[id][3]) // 1000) for id in list(rows) if rows[id][2] not in states.OVER]

    def renew(self, id):
        """Its age has been noted."""
        self.rows[id][3] = clock.ticks()

    def prove(self, origin):
        """A message was where a notification from there said."""
        if origin not in self.proven:
            known = self.proven[1 - limits.PROVEN :] + [origin]
            try:
                self._store.write(filenames.PROVEN, {"origins": known})
            except StoreError:
                pass  # it will be proven again
            self.proven = known
