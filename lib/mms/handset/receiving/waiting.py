"""Messages that are announced and not here: bounded, and known in memory, so a push reads no other record.

Numbers whose notifications led to messages are proven: any subscriber can notify, only an MMSC has messages.
"""

from mms import clock, limits
from mms.errors import StoreError
from mms.handset import states
from mms.handset.store import filenames


class Waiting:
    """At most limits.WAITING ids, with time and origin. `busy` is the id of the message that is carried just then."""

    def __init__(self, store):
        self._store = store
        self.rows = {}  # id -> [number in order, origin, state, ticks of the last change of its age]
        self._number = 0
        self.busy = None
        self.proven = []
        if store.has(filenames.PROVEN):
            try:
                self.proven = store.read(filenames.PROVEN)["origins"]
            except StoreError as error:
                store.set_aside(filenames.PROVEN, error)

    def note(self, id, state, origin):
        """Add a message, or change its state."""
        if id not in self.rows:
            self._number += 1
            self.rows[id] = [self._number, origin, state, clock.ticks()]
        self.rows[id][2] = state

    def forget(self, id):
        """Remove a message: it is here, or deleted."""
        self.rows.pop(id, None)

    def full(self):
        """Whether one has to go when another comes (eviction.py)."""
        return len(self.rows) >= limits.WAITING

    def due(self, ready):
        """The id of the message to retrieve next, of those with `ready(id, whether the user wants it)`, or None.

        Wanted ones come first, then those from proven numbers, then the oldest.
        """
        best = None
        for id in self.rows:
            number, origin, state = self.rows[id][:3]
            if state in (states.NOTIFIED, states.WANTED) and ready(id, state == states.WANTED):
                row = (state != states.WANTED, origin not in self.proven, number, id)
                best = row if best is None or row < best else best
        return best and best[3]

    def ages(self):
        """[(id, seconds since it was added or renewed)] of the messages that may expire."""
        rows = self.rows
        return [(id, clock.since(rows[id][3]) // 1000) for id in list(rows) if rows[id][2] not in states.OVER]

    def renew(self, id):
        """Begin to count the age anew: it has been noted."""
        self.rows[id][3] = clock.ticks()

    def prove(self, origin):
        """Note that a notification from that number led to a message."""
        if origin not in self.proven:
            known = self.proven[1 - limits.PROVEN :] + [origin]
            try:
                self._store.write(filenames.PROVEN, {"origins": known})
            except StoreError:
                pass  # the next message proves it again
            self.proven = known
