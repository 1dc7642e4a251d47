"""Accounts of an operator's subscribers: charges, money and records in one file of SQLite.

A change is one transaction: the process may be killed at any moment, and no charge is without its record.
"""

import contextlib
import dataclasses
import json
import sqlite3

PREPAID, POSTPAID = "pre-paid", "postpaid"  # chargeType of TS 32.298

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (number TEXT PRIMARY KEY, kind TEXT, plan TEXT, balance INTEGER);
CREATE TABLE IF NOT EXISTS charges (
    id INTEGER PRIMARY KEY, number TEXT, kind TEXT, message TEXT, tid TEXT, other TEXT, date INTEGER, octets INTEGER,
    tariff TEXT, currency TEXT, minor INTEGER, fee INTEGER, state TEXT);
CREATE INDEX IF NOT EXISTS charged ON charges (number, date);
CREATE TABLE IF NOT EXISTS copies (
    message TEXT, recipient TEXT, charge INTEGER, status TEXT, PRIMARY KEY (message, recipient));
CREATE INDEX IF NOT EXISTS copied ON copies (charge);
CREATE TABLE IF NOT EXISTS records (sequence INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT);
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, number TEXT, words TEXT);
"""


@dataclasses.dataclass
class Account:
    """One subscriber's account: `kind` PREPAID or POSTPAID, `plan` or "", and the money left of a prepaid one."""

    number: str
    kind: str = POSTPAID
    plan: str = ""
    balance: int = 0


@dataclasses.dataclass
class Charge:
    """One charge of an account.

    `kind`: "sent" to the number or address `other`, or "received" from it. `message` is the Message-ID, `tid` the
    transaction id of the submission, `date` in seconds since 1970. `minor` is None where the price is unknown, and
    `fee` is due beside it. `state`: "reserved", "charged", "refunded" or "released".
    """

    number: str
    kind: str
    message: str
    tid: str
    other: str
    date: int
    octets: int
    tariff: str | None = None
    currency: str | None = None
    minor: int | None = None
    fee: int = 0
    state: str = "reserved"
    id: int = 0

    @property
    def sum(self):
        """All that it takes from the account at first."""
        return (self.minor or 0) + self.fee


_COLUMNS = ", ".join(field.name for field in dataclasses.fields(Charge))


class Accounts:
    """The accounts in the file at `path`, or in memory; `changed()` is called after each change."""

    def __init__(self, path=":memory:", changed=lambda: None):
        self._changed = changed
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")  # a commit waits for no disk, and outlives the process
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA cache_size = -64")  # kilobytes; SQLite takes 2 MB by default
        self._base.executescript(_SCHEMA)

    def close(self):
        """Let go of the file."""
        self._base.close()

    @contextlib.contextmanager
    def change(self):
        """All changes in this block come true together, or none."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")
        self._changed()

    def open(self, number, kind=POSTPAID, plan="", balance=0):
        """Open an account, unless there is one already: that one keeps its money, and gets the kind and the plan."""
        self._base.execute(
            "INSERT INTO accounts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET kind = excluded.kind,"
            " plan = excluded.plan",
            (number, kind, plan, balance),
        )

    def account(self, number):
        """The Account of a number, or None."""
        row = self._base.execute("SELECT * FROM accounts WHERE number = ?", (number,)).fetchone()
        return Account(*row) if row else None

    def pay(self, number, minor):
        """Add so much to an account, or take it away."""
        self._base.execute("UPDATE accounts SET balance = balance + ? WHERE number = ?", (minor, number))

    def add(self, charge):
        """Keep a Charge; it gets its `id`."""
        values = [getattr(charge, field.name) for field in dataclasses.fields(Charge)][:-1]
        places = ", ".join("?" * len(values))
        added = self._base.execute("INSERT INTO charges (%s) VALUES (%s)" % (_COLUMNS[: -len(", id")], places), values)
        charge.id = added.lastrowid

    def set_state(self, charge, state):
        """Let a Charge be in another state."""
        self._base.execute("UPDATE charges SET state = ? WHERE id = ?", (state, charge.id))
        charge.state = state

    def charges(self, where, *values):
        """The Charges for which SQL's condition `where` is true, oldest first."""
        rows = self._base.execute("SELECT %s FROM charges WHERE %s ORDER BY id" % (_COLUMNS, where), values)
        return [Charge(*row) for row in rows]

    def sent(self, number, first, end):
        """How many messages of a number, each recipient counted, were charged from `first` until before `end`."""
        return self._base.execute(
            "SELECT COUNT(*) FROM charges WHERE number = ? AND kind = 'sent' AND state != 'released'"
            " AND date >= ? AND date < ?",
            (number, first, end),
        ).fetchone()[0]

    def add_copy(self, message, recipient, charge):
        """Keep that `message` is on its way to a recipient for a Charge."""
        self._base.execute("INSERT OR IGNORE INTO copies VALUES (?, ?, ?, NULL)", (message, recipient, charge.id))

    def end_copy(self, message, recipient, status):
        """Keep how a delivery ended; whether that is news."""
        ended = self._base.execute(
            "UPDATE copies SET status = ? WHERE message = ? AND recipient = ? AND status IS NULL",
            (status, message, recipient),
        )
        return ended.rowcount > 0

    def together(self, message):
        """(Charge, statuses of its copies, None for one on its way) for all charges of the submission of `message`."""
        origins = "SELECT DISTINCT charges.message FROM copies JOIN charges ON charge = id WHERE copies.message = ?"
        found = self.charges("kind = 'sent' AND message IN (%s)" % origins, message)
        copies = "SELECT status FROM copies WHERE charge = ?"
        return [(charge, [row[0] for row in self._base.execute(copies, (charge.id,))]) for charge in found]

    def record(self, **fields):
        """Keep one record, which gets the next sequence number; a date in it is seconds since 1970."""
        sequence = self._base.execute("INSERT INTO records (line) VALUES ('')").lastrowid
        line = json.dumps({"record": fields.pop("record"), "sequence": sequence, **fields})
        self._base.execute("UPDATE records SET line = ? WHERE sequence = ?", (line, sequence))

    def records(self, after=0):
        """The records with a sequence number above `after`, in order, as lines of JSON."""
        rows = self._base.execute("SELECT line FROM records WHERE sequence > ? ORDER BY sequence", (after,))
        return [row[0] for row in rows]

    def add_text(self, number, words):
        """Keep a text for a subscriber until it is on its way."""
        self._base.execute("INSERT INTO texts (number, words) VALUES (?, ?)", (number, words))

    def texts(self):
        """(id, number, words) of all texts that are not on their way yet."""
        return self._base.execute("SELECT id, number, words FROM texts ORDER BY id").fetchall()

    def drop_text(self, key):
        """Forget a text that is on its way."""
        self._base.execute("DELETE FROM texts WHERE id = ?", (key,))
