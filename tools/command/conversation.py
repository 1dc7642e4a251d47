"""A conversation by the console protocol (docs/console.md): what waits for replies and events, and gets what came.

It has no line and no clock: a client writes the commands, hands in what came, and has a `wait_for`.
"""

import asyncio
import json

_CONSOLE = "console"  # answers a line that it cannot read, or that is too long
_ANY = ("mode", "status")  # commands to which a late reply is as good as one in time


class Ended(Exception):
    """The conversation is over; the text says why."""


def parse(line):
    """("reply" or "event", a dict) of a line of the console, (None, None) of any other line."""
    try:
        said = json.loads(line)
        kind = "event" if "event" in said else "reply"
        said[kind]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, None
    return kind, said


class _Waiting:
    """It waits for the first entry of a `kind` for which `wanted(said)` is true, or raises."""

    def __init__(self, kind, name, wanted):
        self.kind, self.name = kind, name
        self.passed_by = False  # a late reply to a command of that name went by meanwhile
        self.found = asyncio.get_running_loop().create_future()
        self._wanted = wanted

    def offer(self, said):
        """Whether it has waited for that entry."""
        try:
            if self.found.done() or not self._wanted(said):
                return False
            self.found.set_result(said)
        except Exception as error:
            self.found.set_exception(error)
        return True


class Conversation:
    """One with a handset; `ended` is why it is over, or None. `wait_for(future, seconds)` is like asyncio's."""

    def __init__(self, wait_for):
        self.ended = None
        self._wait_for = wait_for
        self._waiting = []  # the oldest first
        self._late = []  # names of commands whose replies nothing waits for any more

    def begin(self):
        """Begin anew, with a handset that owes no reply."""
        self.ended = None
        self._late.clear()

    def end(self, why=""):
        """Let everything end that waits, and whatever would wait."""
        self.ended = why
        for waiting in self._waiting:
            if not waiting.found.done():
                waiting.found.set_exception(Ended(why))

    async def reply(self, do, write, seconds):
        """The reply to a command that `write()` gives; raises Ended, TimeoutError, and what `write` raises."""
        if self.ended is not None:
            raise Ended(self.ended)
        waiting = _Waiting("reply", do, lambda said: said["reply"] in (do, _CONSOLE))
        self._waiting.append(waiting)
        given = False
        try:
            await write()
            given = True
            return await self._wait_for(waiting.found, seconds)
        finally:
            self._waiting.remove(waiting)
            given_up = given and (waiting.found.cancelled() or not waiting.found.done())
            # A late reply that went by was perhaps ours: the one before it never came.
            if given_up and not waiting.passed_by and do not in _ANY:
                self._late.append(do)

    async def event(self, wanted, seconds, heard=()):
        """The first event, of those `heard` and then of new ones, for which `wanted(said)` is true.

        Raises Ended, TimeoutError, and what `wanted` raises.
        """
        waiting = _Waiting("event", None, wanted)
        for said in heard:
            waiting.offer(said)
        if self.ended is not None and not waiting.found.done():
            raise Ended(self.ended)
        self._waiting.append(waiting)
        try:
            return await self._wait_for(waiting.found, seconds)
        finally:
            self._waiting.remove(waiting)

    def hear(self, kind, said):
        """Give an entry to what waits for it; tells whether it is the late reply to a command that was given up."""
        if kind == "reply" and self._is_late(said["reply"]):
            return True
        for waiting in self._waiting:
            if waiting.kind == kind and waiting.offer(said) and kind == "reply":
                break  # one reply answers one command
        return False

    def _is_late(self, name):
        """Whether a reply is to a command that has been given up: replies come in the order of equal commands."""
        if name not in self._late:
            return False
        self._late.remove(name)
        for waiting in self._waiting:
            waiting.passed_by |= waiting.name == name
        return True
