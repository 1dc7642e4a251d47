"""Sums of what was spent in each month, in the record spent.r; loaded for each change and look.

A row is of one home network and one month of its local time: messages that were charged, each recipient counted; what
they cost; fees; what receiving cost; what was refunded. Each change is one write, and is made once: the record has the
last ids for which one was made, so a handset that ends between this record and that of the message repeats nothing.
"""

from mms.errors import StoreError
from mms.handset.store import filenames
from mms.limits import const

MESSAGES, SENT, FEES, RECEIVED, REFUNDED = const(0), const(1), const(2), const(3), const(4)
_ROWS = const(12)  # months
_IDS = const(32)


class Ledger:
    """The record of a Store; `rows` are {"23410 2003-02": [messages, sent, fees, received, refunded]}."""

    def __init__(self, store):
        self._store = store
        told = {}
        try:
            if store.has(filenames.SPENT):
                told = store.read(filenames.SPENT)
        except StoreError as error:
            store.set_aside(filenames.SPENT, error)
        self.rows, self._ids = told.get("rows", {}), told.get("ids", [])

    def row(self, home, month):
        """The row of a month such as "2003-02"; a new one has zeros."""
        return self.rows.get(home + " " + month, [0] * 5)

    def add(self, id, home, month, changes):
        """Add {place in the row: amount} once for an `id`; whether that is news. Raises StoreError."""
        if id in self._ids:
            return False
        row = list(self.row(home, month))
        for place in changes:
            row[place] += changes[place]
        rows = dict(self.rows)
        rows[home + " " + month] = row
        months = sorted(rows, key=lambda key: key[-7:])
        for key in months[: max(len(months) - _ROWS, 0)]:
            del rows[key]
        ids = (self._ids + [id])[-_IDS:]
        self._store.write(filenames.SPENT, {"rows": rows, "ids": ids})
        self.rows, self._ids = rows, ids
        return True
