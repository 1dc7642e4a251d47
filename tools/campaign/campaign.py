"""A whole campaign in its folder: begins it, or goes on where it was."""

from mms import __version__
from tools.campaign import journal as journals
from tools.campaign.clock import Clock
from tools.campaign.plan import open_probes
from tools.campaign.probes.probe import Around
from tools.campaign.runner import Runner, date

NAME = "journal.jsonl"


class Standing:
    """The standing of a campaign after the runs in a journal: `plan`, `sha256`, `runs`, `at`, `number`, `done` keys,
    `spent`.

    `broken` are the numbers of attempts without an outcome.
    """

    def __init__(self, entries, currency=None):
        self.plan, self.sha256, self.runs, self.at, self.number, self.spent = None, None, 0, 0.0, 0, 0
        self.done, keys = set(), {}
        for entry in entries:
            self.at = max(self.at, entry.get("at") or 0.0)
            if entry["what"] == "campaign":
                self.plan, self.sha256 = entry["plan"], entry["plan_sha256"]
            elif entry["what"] == "run":
                self.runs += 1
            elif entry["what"] == "attempt":
                keys[entry["attempt"]] = entry["key"]
                self.number = max(self.number, entry["attempt"])
            elif entry["what"] == "outcome":
                key = keys.pop(entry["attempt"], None)
                if entry["verdict"] != "broken off":
                    self.done.add(key)
                spent = entry.get("spent")
                if spent and spent.get("currency") == currency:
                    self.spent += spent["minor"]
        self.broken = sorted(keys)


async def run(plan, folder, journal, standing, speed=1.0, listeners=()):
    """Make all attempts of `plan` that have no outcome in `journal`; raises PlanError, Stopped, JournalError."""
    clock = Clock(begun=standing.at, speed=speed)
    around = Around(clock, folder, plan.networks, speed)
    probes = open_probes(plan, around)
    journal.listeners.extend(listeners)
    if not standing.runs:
        journal.write(
            "campaign",
            version=journals.VERSION,
            name=plan.campaign["name"],
            plan=plan.given,
            plan_sha256=plan.sha256,
            clock=clock.kind,
            speed=speed,
            date=date(),
            program=__version__,
        )
    journal.write("run", run=standing.runs + 1, at=clock.now(), date=date())
    for number in standing.broken:
        text = "the program ended before the attempt did; it is tried again"
        fields = {"step": None, "code": None, "text": text, "advice": "", "spent": None}
        journal.write("outcome", at=clock.now(), attempt=number, verdict="broken off", **fields)
    planned = [each for each in plan.attempts() if each.key not in standing.done]
    runner = Runner(plan, planned, probes, clock, journal, standing.number, standing.spent)
    await runner.run()
