"""The rows of an MMSC in a file of SQLite: what store.py has in memory."""

import json
import os
import sqlite3

from tools.lab.network.mmsc.store import Memory
from tools.lab.shell import private

_SETUP = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-64",  # kilobytes: SQLite would take 2 MB for each operator, little by little
    "CREATE TABLE IF NOT EXISTS rows (place INTEGER PRIMARY KEY, room TEXT, key TEXT, value TEXT, UNIQUE (room, key))",
)


class Disk(Memory):
    """Rows in a file of SQLite at `path`, which one process may have open at a time. Raises OSError."""

    def __init__(self, path):
        super().__init__()
        os.close(private(path, os.O_RDWR | os.O_CREAT))
        self._base = sqlite3.connect(path, isolation_level=None)
        try:
            for command in _SETUP:
                self._base.execute(command)
        except sqlite3.Error as error:
            raise OSError("%s: %s" % (path, error)) from None

    def put(self, room, key, value):
        """Keep a dict of what JSON can write, instead of the one that is there."""
        self._base.execute(
            "INSERT INTO rows (room, key, value) VALUES (?, ?, ?)"
            " ON CONFLICT (room, key) DO UPDATE SET value = excluded.value",
            (room, key, json.dumps(value)),
        )

    def get(self, room, key):
        """The dict of that key, or None."""
        found = self._base.execute("SELECT value FROM rows WHERE room = ? AND key = ?", (room, key)).fetchone()
        return found and json.loads(found[0])

    def all(self, room):
        """{key: dict}, the oldest key first."""
        rows = self._base.execute("SELECT key, value FROM rows WHERE room = ? ORDER BY place", (room,))
        return {key: json.loads(value) for key, value in rows}

    def drop(self, room, key):
        """Keep it no more; a key that is not there is none."""
        self._base.execute("DELETE FROM rows WHERE room = ? AND key = ?", (room, key))

    def close(self):
        """Let go of the file."""
        self._base.close()

    def _begin(self):
        self._base.execute("BEGIN IMMEDIATE")

    def _commit(self):
        self._base.execute("COMMIT")

    def _abandon(self):
        self._base.execute("ROLLBACK")
