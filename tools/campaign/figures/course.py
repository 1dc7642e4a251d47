"""The course of one attempt: the lines of its journal between `attempt` and `outcome`, by role."""

import math
from typing import NamedTuple

_PROGRESS = frozenset(("sent", "received", "picture", "shrinking"))  # of which the first and the last line count


class Entry(NamedTuple):
    """One ask, reply or event of a handset: `at` in seconds, `role` "mo" or "mt", `name` the command or the event."""

    at: float
    role: str
    what: str
    name: str
    fields: dict


class Step(NamedTuple):
    """A procedure of the network in an attempt: `start` in seconds, and `stop`, which is None where it never came."""

    procedure: str
    role: str
    start: float
    stop: float | None

    @property
    def seconds(self):
        """How long the procedure took, or None where it failed."""
        return None if self.stop is None else round(max(0.0, self.stop - self.start), 4)


class Course:
    """Takes the lines of one attempt in their order; `head` is its line `attempt`, `outcome` its last one or None."""

    def __init__(self, head):
        self.head = head
        self.outcome = None
        self.entries = []
        self.notes = {}
        self._until = head["at"] + (head.get("timeout_s") or math.inf)
        self._roles = {head.get("mo"): "mo"}
        if head.get("mt"):
            self._roles[head["mt"]] = "mt"

    def handle(self, line):
        """Add an ask, a reply, an event or a note; lines of other probes and of other kinds are left out."""
        what = line["what"]
        if what == "note":
            self.notes.update(line)
        role = self._roles.get(line.get("probe"))
        name = line.get("event") if what == "event" else line.get("do")
        if role is None or not isinstance(name, str) or what not in ("ask", "reply", "event"):
            return
        if what == "reply" and line.get("late") is True:  # to a command that was given up, perhaps of another attempt
            return
        if name in _PROGRESS and self._repeats(role, name, line.get("id")):
            self.entries.pop()
        self.entries.append(Entry(line["at"], role, what, name, line))

    def _repeats(self, role, name, id):
        """Whether the last two entries are of the same progress, so that the later one gives way to the next."""
        last = self.entries[-2:]
        return len(last) == 2 and all((e.role, e.name, e.fields.get("id")) == (role, name, id) for e in last)

    def every(self, role, what, names, since=None, **fields):
        """The Entries from `since` (seconds) on whose name is one of `names` and that have `fields`, in their order.

        Events after the attempt's timeout are left out: cases clean up then.
        """
        for entry in self.entries:
            if entry.role != role or entry.what != what or entry.name not in names:
                continue
            if since is not None and entry.at < since or what == "event" and entry.at > self._until:
                continue
            if all(entry.fields.get(key) == value for key, value in fields.items()):
                yield entry

    def first(self, role, what, names, since=None, **fields):
        """The first Entry of `every`, or None."""
        return next(self.every(role, what, names, since, **fields), None)

    def reply(self, ask):
        """The reply to an ask, or None: replies come in the order of the asks of the same command.

        One before the first ask belongs to an attempt that did not wait for it.
        """
        same = [e for e in self.entries if (e.role, e.name) == (ask.role, ask.name)]
        asks = [entry for entry in same if entry.what == "ask"]
        replies = [entry for entry in same[same.index(asks[0]) :] if entry.what == "reply"]
        place = next(at for at, entry in enumerate(asks) if entry is ask)
        return replies[place] if place < len(replies) else None

    def subject(self, role, id):
        """The subject of a message, as replies to `inbox` have it, or None where none has."""
        for entry in self.entries:
            if entry.role != role or entry.what != "reply":
                continue
            messages = entry.fields.get("messages")
            for message in messages if isinstance(messages, list) else ():
                if isinstance(message, dict) and message.get("id") == id and message.get("subject"):
                    return message["subject"]
        return None

    @property
    def passed(self):
        """Whether the case ended as it should."""
        return self.outcome is not None and self.outcome["verdict"] == "passed"
