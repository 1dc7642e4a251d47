"""Probes that are played by a test, under virtual time, and a campaign over them."""

import json

from tools.campaign import campaign, journal
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan
from tools.campaign.probes.probe import Gone, Probe
from tools.sim import ticks

NUMBERS = {"a": "+447700900101", "b": "+447700900102", "c": "+447700900103", "d": "+447700900104"}


class World:
    """A world with nothing in it but time."""

    now = 0
    wraps_at = 0

    def next(self):
        """Nothing is ever due."""

    def date(self):
        """Seconds since 1970."""
        return 1_000_000_000 + self.now // 1000

    def stray(self, error):
        """The runner looks at the errors of its tasks itself."""


def play(story):
    """The result of a coroutine under virtual time."""
    return ticks.run(World(), story)


class Fake(Probe):
    """A handset that answers each command after `answer_s` with `answers[do]`.

    An answer is a dict, or a callable that takes the command and gives one. A command with the answer None is never
    answered. `away` is why the line cannot be opened, or None; `asked` lists commands, `moved` the networks it was
    carried to.
    """

    kind = "fake"
    answer_s = 0.1

    def __init__(self, name, clock, role="any"):
        super().__init__(name, clock, role, NUMBERS.get(name))
        self.answers = {
            "mode": {},
            "status": {"home": "23410", "interpreter": "fake", "network": {"mccmnc": "23410", "status": "home"}},
            "register": lambda command: {"network": {"mccmnc": command["network"], "status": "roaming"}},
            "send": {"id": "00000001"},
        }
        self.away = None
        self.asked, self.moved = [], []
        self.opened = 0

    def say(self, event, **fields):
        """Say an event."""
        self.hear(json.dumps(dict(fields, event=event)).encode())

    async def move(self, network):
        self.moved.append(network)

    async def _open(self):
        if self.away:
            raise Gone("probe", None, self.away, "plug it in")
        self.opened += 1

    async def _close(self):
        pass

    async def _write(self, octets):
        command = json.loads(octets)
        self.asked.append(command)
        answer = self.answers.get(command["do"], {})
        if callable(answer):
            answer = answer(command)
        if answer is not None:
            said = {"reply": command["do"], "ok": True, **answer}
            self.clock.loop.call_later(
                self.answer_s, lambda: self._conversation.ended is None and self.hear(json.dumps(said).encode())
            )


class Played:
    """A campaign over fake probes in a folder: `probes` by name; `run()` makes its attempts and gives the entries."""

    def __init__(self, folder, given, resumed=False, speed=1.0):
        self.folder = folder
        self.plan = Plan(given)
        self.journal, self.standing = campaign.open_journal(self.plan, folder, resumed)
        self.clock = clock = Clock(self.standing.resumes_at(), speed)
        self.probes = {row["name"]: Fake(row["name"], clock, row["role"]) for row in self.plan.probes}

    async def run(self):
        """The entries of the journal after all attempts; raises Stopped, JournalError."""
        try:
            probes = list(self.probes.values())
            await campaign.make(self.plan, probes, self.journal, self.standing, self.clock)
        finally:
            self.journal.close()
        return self.entries()

    def entries(self, *what):
        """The entries of the journal, or those of some kinds."""
        found = list(journal.read(self.folder / campaign.NAME))
        return [entry for entry in found if not what or entry["what"] in what]


def outcomes(entries):
    """[(key, verdict, step)] of a journal's entries, in the order of the outcomes."""
    keys = {entry["attempt"]: entry["key"] for entry in entries if entry["what"] == "attempt"}
    return [
        (keys[entry["attempt"]], entry["verdict"], entry["step"]) for entry in entries if entry["what"] == "outcome"
    ]
