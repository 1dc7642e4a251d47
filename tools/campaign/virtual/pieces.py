"""The pieces of a campaign in virtual time, and the one journal that becomes of theirs.

A piece is one country and a few repetitions, in a world of its own with a seed of its own. It does not matter which
worker plays it, or when: the same plan gives the same journal, but for the date.
"""

import json
import pathlib
import tempfile
import typing
import zlib

from tools import cluster
from tools.campaign import campaign, journal
from tools.campaign.plan import Plan, PlanError
from tools.campaign.virtual.world import Virtual
from tools.lab.world import WorldError

REPETITIONS = 25  # of a piece at most: some ten seconds of work
_GAP_S = 60.0  # between the pieces of a merged journal
_ENDED = ("passed", "not possible")  # the AT lines of such attempts are left out


class Piece(typing.NamedTuple):
    """One piece: `given` is its plan as a file has it, `offset` the number of repetitions before its first.

    `chances` are rows as tools.lab.world.chances reads them, None for the lab's own.
    """

    given: dict
    seed: int
    offset: int = 0
    chances: dict | None = None


class Played(typing.NamedTuple):
    """A piece that was played: its journal, compressed, and ids of messages that were lost in its world."""

    journal: bytes
    lost: tuple


def cut(plan, repetitions=REPETITIONS, chances=None):
    """The pieces of a Plan, in their order: a list of Piece, of so many repetitions at most."""
    world = Virtual(0)
    countries = {}
    for row in plan.given["networks"]:
        try:
            countries.setdefault(world.country(row["mccmnc"]), []).append(row)
        except WorldError as error:
            raise PlanError("%s: tools/lab/countries.toml has the networks" % error) from None
    most = max(row["repetitions"] for _, row in plan.cases)
    found = []
    for offset in range(0, most, repetitions):
        for networks in countries.values():
            cases = _cases(plan, offset, repetitions)
            seed = plan.campaign["seed"] * 100003 + len(found)
            head = {**plan.given["campaign"], "seed": seed % 2**31}
            given = {**plan.given, "campaign": head, "networks": networks, "cases": cases}
            found.append(Piece(given, seed, offset, chances))
    return found


def _cases(plan, offset, repetitions):
    """The rows [[cases]] of a piece, each with its own share of the repetitions."""
    found = []
    for (_, row), given in zip(plan.cases, plan.given["cases"], strict=True):
        left = min(row["repetitions"] - offset, repetitions)
        if left > 0:
            found.append({**given, "repetitions": left})
    return found


def play(piece):
    """Play a Piece in this process: a Played. Raises what tools.campaign.campaign raises, and Fault."""
    world = Virtual(piece.seed, piece.chances)
    with tempfile.TemporaryDirectory(prefix="mms-piece-", dir=cluster.folder()) as name:
        path = pathlib.Path(name, campaign.NAME)

        async def story():
            written = journal.Journal(path)
            try:
                await campaign.run(Plan(piece.given), path.parent, written, campaign.Standing(()))
            finally:
                written.close()

        world.play(story())
        return Played(zlib.compress(_without_traces(path).encode(), 1), tuple(world.lost()))


def _without_traces(path):
    """The lines of a journal but for the AT lines of attempts that went well."""
    every = list(journal.read(path))
    well = {line["attempt"] for line in every if line["what"] == "outcome" and line["verdict"] in _ENDED}
    kept = [line for line in every if line["what"] != "trace" or line["attempt"] not in {None, *well}]
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in kept)


def lines(played):
    """The lines of the journal of a piece, as dicts."""
    return [json.loads(line) for line in zlib.decompress(played.journal).decode().splitlines()]


class Merged:
    """The journal of a whole campaign at `path`, to which pieces are added in their order; raises JournalError.

    Moments and numbers of attempts go on from one piece to the next, and so do the repetitions in their keys.
    """

    def __init__(self, path, plan, date):
        self.attempts, self.verdicts, self.lost = 0, {}, []
        self._at, self._waiting, self._next = 0.0, {}, 0
        self._plan, self._date = plan, date
        self._file = open(path, "w", encoding="utf-8")

    def add(self, number, piece, played):
        """Take the piece of that number, and write all whose turn has come."""
        self._waiting[number] = piece, played
        while self._next in self._waiting:
            self._write(*self._waiting.pop(self._next))
            self._next += 1

    def close(self):
        """Close the file."""
        self._file.close()

    def _write(self, piece, played):
        self.lost.extend(played.lost)
        number, began, end = self.attempts, self._at, self._at
        for line in lines(played):
            if line["what"] in ("campaign", "run"):
                if began or number:
                    continue
                line["date"] = self._date
            if line["what"] == "campaign":
                line["plan"], line["plan_sha256"] = self._plan.given, self._plan.sha256
            for name in ("at", "over"):
                if line.get(name) is not None:
                    line[name] = round(began + line[name], 4)
                    end = max(end, line[name])
            self._count(line, number, piece.offset)
            self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._at = round(end + _GAP_S, 4)

    def _count(self, line, number, offset):
        if line.get("attempt") is not None:
            line["attempt"] += number
            self.attempts = max(self.attempts, line["attempt"])
        if line["what"] == "attempt":
            line["repetition"] += offset
            line["key"] = "%s/%d" % (line["key"].rpartition("/")[0], line["repetition"])
        elif line["what"] == "outcome":
            self.verdicts[line["verdict"]] = self.verdicts.get(line["verdict"], 0) + 1
