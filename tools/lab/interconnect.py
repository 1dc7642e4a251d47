"""Agreements of the lab's operators on messages between them, and the numbers that each operator serves.

An agreement is on, off, or one-way from its first operator to its second; from a date on, and up to a size. It is
changed while the lab runs: by a line of the terminal, and by HTTP.
"""

import dataclasses
import json
import re

from aiohttp import web

from tools.lab import dates
from tools.lab.shell import refusing
from tools.lab.world import WorldError

STATES = ("on", "off", "one-way")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?")
_FORM = "say two operators, one of %s, and a date (YYYY-MM-DD) or a size in octets where they count" % ", ".join(STATES)


@dataclasses.dataclass(frozen=True)
class Agreement:
    """`since` is a local date at the first operator, or "" for always; `octets` 0 for any size."""

    first: str
    second: str
    state: str = "on"
    since: str = ""
    octets: int = 0


class Agreements:
    """The agreements of a world: `calendars` {code of a network: Calendar} tell in which zone a date begins."""

    WORDS = ("agreements", "agreement")
    HELP = (
        "agreements            list who exchanges messages with whom",
        "agreement 23410 23415 on|off|one-way [DATE] [OCTETS]",
    )

    def __init__(self, world, calendars):
        self._operators, self._calendars = {row.mccmnc: row for row in world.operators}, calendars
        self._domains = {row.domain: row.mccmnc for row in world.operators}
        self._rows, self._since = {}, {}
        for row in world.interconnect:
            self.change(row)

    def change(self, row):
        """Let an agreement be as a dict says: `between`, and where they count `state`, `since`, `octets`.

        Raises WorldError, and changes nothing then.
        """
        row = dict(row) if isinstance(row, dict) else {}
        between, state = row.pop("between", None), row.pop("state", "on")
        since, octets = row.pop("since", ""), row.pop("octets", 0)
        if not isinstance(between, list) or len(between) != 2 or row:
            raise WorldError("an agreement has between, state, since and octets: %s" % _FORM)
        for code in between:
            if code not in self._operators:
                raise WorldError("no operator %r: there are %s" % (code, ", ".join(sorted(self._operators))))
        if between[0] == between[1] or state not in STATES:
            raise WorldError("no agreement %s of %s: %s" % (state, " and ".join(between), _FORM))
        if not isinstance(since, str) or since and not _DATE.fullmatch(since):
            raise WorldError("no date %r: %s" % (since, _FORM))
        if isinstance(octets, bool) or not isinstance(octets, int) or octets < 0:
            raise WorldError("no size %r: %s" % (octets, _FORM))
        pair = frozenset(between)
        moment = dates.seconds(since, self._calendars[between[0]].zone) if since else 0
        first, second = between
        self._rows[pair], self._since[pair] = Agreement(first, second, state, since, octets), moment

    def passes(self, source, target, octets, date):
        """Whether a message of so many octets may go from one operator to another at a date, seconds since 1970."""
        pair = frozenset((source, target))
        row = self._rows.get(pair)
        if row is None or row.state == "off" or date < self._since[pair]:
            return False
        return (row.state == "on" or row.first == source) and octets <= (row.octets or octets)

    def allows(self, own, peer, octets, date, direction):
        """As MM4 asks: by names of MMSCs, and with the direction "out" or "in"."""
        ends = self._domains.get(own), self._domains.get(peer)
        return self.passes(*(ends if direction == "out" else ends[::-1]), octets, date)

    def told(self):
        """A dict for each agreement, as `change` takes it."""
        return [
            {"between": [row.first, row.second], "state": row.state, "since": row.since, "octets": row.octets}
            for row in self._rows.values()
        ]

    def perform(self, words):
        """Do what the words of a line say; the lines of the answer. Raises WorldError."""
        if words[0] == "agreement":
            self.change(_read(words[1:]))
        return [self._line(row) for row in self._rows.values()]

    def _line(self, row):
        names = ["%s %s" % (code, self._operators[code].name) for code in (row.first, row.second)]
        since = ", from %s" % row.since if row.since else ""
        octets = ", up to %d octets" % row.octets if row.octets else ""
        return "%s and %s: %s%s%s" % (*names, row.state, since, octets)

    def routes(self):
        """GET /agreements lists them; POST /agreements changes one, as it is in world.toml."""
        return [web.get("/agreements", self._get), web.post("/agreements", self._post)]

    async def _get(self, request):
        return web.json_response(self.told())

    async def _post(self, request):
        with refusing("the body is a JSON object: %s" % _FORM):
            self.change(json.loads(await request.text()))
        return web.json_response(self.told())


def _read(words):
    row = {"between": words[:2], "state": words[2] if len(words) > 2 else None}
    for word in words[3:]:
        if word.isdecimal() and len(word) < 10:
            row["octets"] = int(word)
        else:
            row["since"] = word
    return row
