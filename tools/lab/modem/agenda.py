"""The timers of a machine. Time is passed in: milliseconds from any start."""


class Agenda:
    """Calls functions when they are due; `now` is the time of the call under way."""

    def __init__(self):
        self.now = 0
        self._entries = []

    def after(self, ms, action):
        """Call `action()` in `ms` milliseconds; returns what `cancel` takes."""
        entry = (self.now + ms, action)
        position = len(self._entries)
        while position and self._entries[position - 1][0] > entry[0]:
            position -= 1
        self._entries.insert(position, entry)
        return entry

    def cancel(self, entry):
        """Do not call what `after` returned `entry` for; one that was called already is ignored."""
        self._entries = [other for other in self._entries if other is not entry]

    def clear(self):
        """Forget everything."""
        self._entries = []

    def next(self):
        """The time of the next call, or None."""
        return self._entries[0][0] if self._entries else None

    def advance(self, now):
        """Do all that is due until `now`, each at its own time."""
        while self._entries and self._entries[0][0] <= now:
            due, action = self._entries.pop(0)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, now)
