"""The journal of an MMSC on disk: one event a line of JSON, each exactly once however often the MMSC was killed."""

import json
import logging
import os

from tools.lab.shell import private

_LOG = logging.getLogger("lab.mmsc")
_ROOM = "journal"  # of the store
_REFUSALS = ("failed", "missed", "refused", "rejected", "stray")  # their events are warnings in the log
_TOLD = ("event", "sender", "recipient", "to", "message_id", "tid", "status", "what", "octets", "port", "deviations")
_TAIL = 1 << 16  # octets at the end of the file, among which the last lines are


class Journal:
    """The events of an MMSC in a file at `path`, and in the log.

    A line is a row of the store until it is in the file: so an event and the change of the queue that it tells of are
    durable together. `entries` are those of this process.
    """

    def __init__(self, path, store):
        self._path, self._store = path, store
        self._file = open(path, "a+b", opener=private)
        self._written, self._count = [], 0
        self._recover()
        self._start = self._file.seek(0, os.SEEK_END)

    def _recover(self):
        """Write the lines that a killed process left in the store; cut off what it left of a line."""
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(0, size - _TAIL))
        *lines, rest = self._file.read().split(b"\n")
        self._file.truncate(size - len(rest))
        for key, row in self._store.all(_ROOM).items():
            if row["line"].encode() not in lines:
                self._file.write(row["line"].encode() + b"\n")
            self._written.append(key)
        self._file.flush()
        self._forget()

    def _forget(self):
        for key in self._written:
            self._store.drop(_ROOM, key)
        self._written.clear()

    def __call__(self, entry):
        line = json.dumps(entry)
        level = logging.WARNING if entry["event"] in _REFUSALS else logging.INFO
        _LOG.log(level, "%s", json.dumps({key: value for key, value in entry.items() if key in _TOLD}))
        self._count += 1
        key = "%012d" % self._count
        with self._store:
            self._forget()
            self._store.put(_ROOM, key, {"line": line})
            self._store.after(lambda: self._write(key, line))

    def _write(self, key, line):
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        self._written.append(key)

    @property
    def entries(self):
        """The entries of this process, oldest first, read from the file."""
        with open(self._path, "rb") as file:
            file.seek(self._start)
            return [json.loads(line) for line in file]

    def all(self, event):
        """The entries of that event, oldest first."""
        return [entry for entry in self.entries if entry["event"] == event]

    def close(self):
        """Write no more."""
        self._file.close()
