"""A whole campaign in its folder: begins it, or goes on where it was."""

import datetime
import json
import shutil

from mms import __version__
from tools.campaign import journal as journals
from tools.campaign.clock import Clock
from tools.campaign.plan import PlanError, open_probes
from tools.campaign.probes.probe import Around
from tools.campaign.runner import Runner, date

NAME = "journal.jsonl"
PROBES = "probes"  # the folder of their own files


class Standing:
    """The standing of a campaign after the runs in a journal: `plan`, `sha256`, `runs`, `at`, `number`, `done` keys,
    `spent`.

    `broken` are the numbers of attempts without an outcome.
    """

    def __init__(self, entries, currency=None):
        self.plan, self.sha256, self.runs, self.at, self.number, self.spent = None, None, 0, 0.0, 0, 0
        self.done, self.failed, self.torn, keys = set(), 0, [], {}
        self.speed, self.date = 1.0, None
        for entry in entries:
            self.at = max(self.at, entry.get("at") or 0.0)
            if entry["what"] == "campaign":
                self.plan, self.sha256 = entry["plan"], entry["plan_sha256"]
                self.speed, self.date = entry.get("speed", 1.0), entry["date"]
            elif entry["what"] == "run":
                self.runs += 1
            elif entry["what"] == "attempt":
                keys[entry["attempt"]] = entry["key"]
                self.number = max(self.number, entry["attempt"])
            elif entry["what"] == "outcome":
                key = keys.pop(entry["attempt"], None)
                if entry["verdict"] != "broken off":
                    self.done.add(key)
                    self.failed += entry["verdict"] == "failed"
                spent = entry.get("spent")
                if spent and spent.get("currency") == currency:
                    self.spent += spent["minor"]
        self.broken = sorted(keys)

    def resumes_at(self):
        """The moment at which the next run begins: by the date, as the monotonic clock ends with the machine's run."""
        if self.date is None:
            return 0.0
        began = datetime.datetime.fromisoformat(self.date)
        return max(self.at, (datetime.datetime.now(datetime.timezone.utc) - began).total_seconds() * self.speed)


def open_journal(plan, folder, is_resumed=False, speed=None):
    """(Journal, Standing) of the campaign in a folder, a new one unless `is_resumed`; raises PlanError, JournalError.

    A plan that is not the one in the journal is refused, and so is another speed: figures of two plans do not mix.
    """
    path = folder / NAME
    if not is_resumed:
        _put_aside(path)
        shutil.rmtree(folder / PROBES, ignore_errors=True)
    elif not path.exists():
        raise PlanError("there is no %s to go on with: run it without --resume" % path)
    torn = []
    standing = Standing(journals.read(path, torn.append) if is_resumed else (), plan.budget and plan.budget[1])
    if standing.sha256 not in (None, plan.sha256):
        changes = _changes(standing.plan, journals.masked(plan.given)) or ["a telephone number"]
        text = "the plan has changed since this campaign began: %s; take it back, or begin anew without --resume"
        raise PlanError(text % ", ".join(changes))
    if standing.sha256 and speed not in (None, standing.speed):
        raise PlanError("this campaign began with --speed %g: go on with the same" % standing.speed)
    if not standing.sha256:
        standing.speed = speed or 1.0
    standing.torn = torn
    return journals.Journal(path), standing


def _put_aside(path):
    """Keep the journal of an earlier campaign under the date of its last line: nothing that was measured is lost."""
    if path.exists() and path.stat().st_size:
        date = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.timezone.utc)
        path.replace(path.with_name("%s-%s%s" % (path.stem, date.strftime("%Y%m%dT%H%M%S.%fZ"), path.suffix)))


def _changes(old, new, where=""):
    """The keys whose values differ, as texts."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        pairs = [(key, old.get(key), new.get(key)) for key in keys]
    elif isinstance(old, list) and isinstance(new, list):
        most = max(len(old), len(new))
        old, new = (rows + [None] * (most - len(rows)) for rows in (old, new))
        pairs = [(at, *pair) for at, pair in enumerate(zip(old, new, strict=True), 1)]
    else:
        return [] if old == new else ["%s is %s and was %s" % (where, _shown(new), _shown(old))]
    return [
        text for key, one, other in pairs for text in _changes(one, other, "%s %s" % (where, key) if where else key)
    ]


def _shown(value):
    return "not there" if value is None else json.dumps(value)


async def check(plan):
    """Raise PlanError where the kinds of its probes refuse a probe or a network of a plan."""
    open_probes(plan, Around(Clock(), None, plan.networks))


async def run(plan, folder, journal, standing, listeners=(), clock=None):
    """Make all attempts of `plan` that have no outcome in `journal`; raises PlanError, Stopped, JournalError.

    `clock` is a Clock, the usual one with None; `listeners` hear every entry of the journal.
    """
    clock = clock or Clock(begun=standing.resumes_at(), speed=standing.speed)
    probes = open_probes(plan, Around(clock, folder / PROBES, plan.networks, standing.speed, plan.campaign["date"]))
    journal.listeners.extend(listeners)
    await make(plan, probes, journal, standing, clock)


async def make(plan, probes, journal, standing, clock):
    """Make the attempts with `probes`, which are not yet started; raises Stopped, JournalError."""
    if not standing.sha256:
        journal.write(
            "campaign",
            version=journals.VERSION,
            name=plan.campaign["name"],
            plan=plan.given,
            plan_sha256=plan.sha256,
            clock=clock.kind,
            speed=standing.speed,
            date=date(),
            program=__version__,
        )
    journal.write("run", run=standing.runs + 1, at=clock.now(), date=date())
    for text in standing.torn:
        journal.write("note", at=clock.now(), attempt=None, text=text)
    for number in standing.broken:
        text = "the program ended before the attempt did; it is tried again"
        fields = {"step": None, "code": None, "text": text, "advice": "", "spent": None}
        journal.write("outcome", at=clock.now(), attempt=number, verdict="broken off", **fields)
    planned = [each for each in plan.attempts() if each.key not in standing.done]
    await Runner(plan, planned, probes, clock, journal, standing.number, standing.spent).run()
