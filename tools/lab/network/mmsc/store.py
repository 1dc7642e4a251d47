"""The rows of an MMSC: dicts by room and key, in memory; disk.py keeps the same in a file.

Rooms are "message", "delivery" and "capable" of the relay, "push" and "journal" of its shell, and one for each port, by
its name. `with store:` makes one change of all that is put and dropped in it, however deep it is nested: a process that
is killed leaves all of it or nothing. Octets are durable against the end of the process, not of the machine's power.
"""


class Memory:
    """Rows that end with the process."""

    def __init__(self):
        self._rooms = {}
        self._depth = 0
        self._later = []

    def __enter__(self):
        if not self._depth:
            self._begin()
        self._depth += 1
        return self

    def __exit__(self, kind, error, trace):
        self._depth -= 1
        if self._depth:
            return
        if kind:
            self._later.clear()
            self._abandon()
            return
        self._commit()
        while self._later and not self._depth:
            self._later.pop(0)()

    def after(self, story):
        """Call `story()` once the change is durable, at once outside of one; never when the change fails."""
        self._later.append(story)
        with self:
            pass

    def put(self, room, key, value):
        """Keep a dict of what JSON can write, instead of the one that is there."""
        self._rooms.setdefault(room, {})[key] = value

    def get(self, room, key):
        """The dict of that key, or None."""
        return self._rooms.get(room, {}).get(key)

    def all(self, room):
        """{key: dict}."""
        return dict(self._rooms.get(room, {}))

    def drop(self, room, key):
        """Keep it no more; a key that is not there is none."""
        self._rooms.get(room, {}).pop(key, None)

    def close(self):
        """Let go of the file, if there is one."""

    def _begin(self):
        pass

    def _commit(self):
        pass

    def _abandon(self):
        pass
