"""The portal's SQLite file: codes, sessions, albums and sent messages, used by one thread of its own."""

import asyncio
import concurrent.futures
import sqlite3

from tools.lab.shell import private

_SCHEMA = """
CREATE TABLE IF NOT EXISTS challenges (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, mac BLOB NOT NULL, expires REAL NOT NULL, tries INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS asked (number TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, token TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS pictures (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, place INTEGER NOT NULL, caption TEXT NOT NULL, steps TEXT NOT NULL,
    done INTEGER NOT NULL, version INTEGER NOT NULL, date INTEGER NOT NULL, deleted REAL, delivery TEXT
);
CREATE INDEX IF NOT EXISTS of_owner ON pictures (owner, place);
CREATE INDEX IF NOT EXISTS of_delivery ON pictures (delivery);
CREATE TABLE IF NOT EXISTS originals (picture TEXT PRIMARY KEY, octets BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sent (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, message_id TEXT NOT NULL, date INTEGER NOT NULL, subject TEXT NOT NULL,
    summary TEXT NOT NULL, octets INTEGER NOT NULL, report INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sent_of_owner ON sent (owner, date);
CREATE TABLE IF NOT EXISTS recipients (
    sent TEXT NOT NULL, address TEXT NOT NULL, status TEXT NOT NULL, read TEXT NOT NULL, PRIMARY KEY (sent, address)
);
"""


def connect(path):
    """A connection to the file at `path`, or ":memory:", with every table there is."""
    if path != ":memory:":
        open(path, "ab", opener=private).close()
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(_SCHEMA)
    return connection


class Database:
    """The file at `path`; one call at a time, in the order in which they come."""

    def __init__(self, path):
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "portal")
        self._connection = connect(path)

    async def do(self, function, *arguments):
        """The result of function(connection, *arguments), a transaction of its own: all of it is kept, or nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, function, arguments)

    def close(self):
        """Finish what is under way, and close the file."""
        self._thread.shutdown()
        self._connection.close()

    def _transact(self, function, arguments):
        with self._connection:
            return function(self._connection, *arguments)
