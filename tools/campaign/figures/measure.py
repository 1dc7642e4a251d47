"""Measures a journal: measure(lines) -> Figures. The report, the tables and Prometheus show what stands there.

    Figures     campaign   the journal's first line, {} where it is missing
                networks   ("23410", ...) in the order of the journal; KPIs of the recipient stand in its network's row
                kpis       names of kpis.KPIS of which at least one network has a figure, in the order of that table
                cells      {(network, kpi): Ratio | Times}; (ALL, kpi) is that of all networks together
                samples    {(network, kpi): seconds, sorted} of each time: its distribution
                attempts   (Attempt, ...) in the order in which they began, broken ones included
                conditions {kpi: Conditions} under which it was measured: its figures depend on them
                clusters   {(network, kpi): p} of ratios: the chance that independent failures come in so few groups

    Attempt     what the lines `attempt` and `outcome` say (see its fields); `ended` is None where there is no outcome
                steps      (Step(procedure, role, start, stop), ...): `stop` None failed
                stamps     (Stamp(at, role, name), ...): asks and events of both handsets, for a timeline
                marks      {kpi: whether it counts in k} of the ratios without times

`lines` are those of the journal, as dicts in their order, of which one at a time is in memory. Seconds are those of the
campaign's own clock.

Not every attempt counts: "not possible" is none, "broken off" (no outcome: the program ended) is none of the network's
failures, and one on a network of which the plan expects a refusal is shown, and not counted. Of an attempt that failed
because of the probe or the case itself, procedures that were not over do not count.
"""

from typing import NamedTuple

from tools.campaign.figures import kpis, statistics
from tools.campaign.figures.course import Course

ALL = "all"
BROKEN = "broken off"
_COUNTED = ("passed", "failed")
_OURS = ("probe", "case")  # steps of an outcome whose reason is the probe or the case, and not the network
_HEAD = (
    *("key", "case", "group", "network", "mt_network", "repetition", "mo", "mt", "octets"),
    *("timeout_s", "pause_s", "guard_s"),
)
_END = ("verdict", "step", "code", "text", "advice", "spent")


class Stamp(NamedTuple):
    """An ask or an event of a handset: `at` in seconds, `role` "mo" or "mt"; an ask is named "ask send"."""

    at: float
    role: str
    name: str


class Attempt(NamedTuple):
    """One attempt, as the module's docstring has it."""

    number: int
    key: str
    case: str
    group: str
    network: str
    mt_network: str
    repetition: int
    mo: str
    mt: str
    octets: int
    timeout_s: float
    pause_s: float
    guard_s: float
    at: float
    ended: float | None
    verdict: str
    step: str | None
    code: int | None
    text: str
    advice: str
    spent: dict | None
    expect: str | None
    steps: tuple
    stamps: tuple
    marks: dict

    @property
    def seconds(self):
        """How long it took, or None for one that was broken off."""
        return None if self.ended is None else self.ended - self.at

    @property
    def counts(self):
        """Whether figures have it."""
        return self.verdict in _COUNTED and self.expect != "refused"


class Figures(NamedTuple):
    """The figures of a journal, as the module's docstring has them."""

    campaign: dict
    networks: tuple
    kpis: tuple
    cells: dict
    samples: dict
    attempts: tuple
    conditions: dict
    clusters: dict


class Conditions(NamedTuple):
    """The different values that the attempts behind a KPI had, each sorted: seconds, octets and names of cases."""

    timeout_s: tuple
    pause_s: tuple
    guard_s: tuple
    octets: tuple
    cases: tuple


class Observer:
    """Takes the lines of a journal one by one, as they are read or written, and gives each Attempt when it is over."""

    def __init__(self):
        self.campaign = {}
        self._expected = {}
        self._open = {}

    def handle(self, line):
        """The Attempts that are over with this line: none mostly, one with an outcome, more with a new run."""
        what = line.get("what")
        if what == "campaign":
            self.campaign = line
            networks = (line.get("plan") or {}).get("networks") or ()
            self._expected = {network.get("mccmnc"): network.get("expect") for network in networks}
        elif what == "run":
            return self.end()
        elif what == "attempt":
            broken = self._open.pop(line["attempt"], None)
            self._open[line["attempt"]] = Course(line)
            return [self._close(broken)] if broken else []
        elif line.get("attempt") in self._open:
            if what == "outcome":
                course = self._open.pop(line["attempt"])
                course.outcome = line
                return [self._close(course)]
            self._open[line["attempt"]].handle(line)
        return []

    @property
    def running(self):
        """How many attempts are under way."""
        return len(self._open)

    def end(self):
        """The attempts that are open, broken off: a run or the journal ends with them."""
        courses, self._open = self._open, {}
        return [self._close(course) for course in courses.values()]

    def _close(self, course):
        head, end = course.head, course.outcome or {"verdict": BROKEN}
        steps, marks = _observe(course)
        return Attempt(
            number=head["attempt"],
            **{name: head.get(name) for name in _HEAD},
            **{name: end.get(name) for name in _END},
            at=head["at"],
            ended=end.get("over") or end.get("at"),
            expect=self._expected.get(head.get("network")) or self._expected.get(head.get("mt_network")),
            steps=steps,
            stamps=tuple(Stamp(e.at, e.role, _name(e)) for e in course.entries if e.what != "reply"),
            marks=marks,
        )


def _name(entry):
    """The name of a stamp; names are few, so the equal ones are one object."""
    name = "ask %s" % entry.name if entry.what == "ask" else entry.name
    return _NAMES.setdefault(name, name)


_NAMES: dict[str, str] = {}


def _observe(course):
    """(Steps, marks) of an attempt; a procedure that a failure of probe or case has ended is left out."""
    steps = [step for step in (procedure.find(course) for procedure in kpis.PROCEDURES) if step]
    if course.outcome and course.outcome.get("step") in _OURS:
        steps = [step for step in steps if step.stop is not None]
    marks = {mark.name: mark.find(course) for mark in kpis.MARKS}
    return tuple(steps), {name: value for name, value in marks.items() if value is not None}


def observations(attempt):
    """(network, Kpi, seconds or None, whether it counts in k) of each KPI that an attempt counts for."""
    if not attempt.counts:
        return
    networks = {"mo": attempt.network, "mt": attempt.mt_network or attempt.network}
    for step in attempt.steps:
        for kind in ("%s-failure-ratio", "%s-time"):
            kpi = kpis.BY_NAME.get(kind % step.procedure)
            if kpi:
                yield networks[kpi.role], kpi, step.seconds, step.stop is None
    for name, counted in attempt.marks.items():
        kpi = kpis.BY_NAME[name]
        yield networks[kpi.role], kpi, None, counted


class _Sum:
    """One figure until the journal is over: `k` of `n`, the `seconds` of successes, and how often failures began."""

    def __init__(self):
        self.k, self.n, self.seconds, self.groups = 0, 0, [], 0
        self._bad = False  # the last attempt

    def add(self, kpi, seconds, counted):
        self.k += counted
        self.n += 1
        if seconds is not None and kpi.kind == "time":
            self.seconds.append(seconds)
        bad = counted == (kpi.better == "lower")
        self.groups += bad and not self._bad
        self._bad = bad

    def cell(self, kpi):
        return statistics.ratio(self.k, self.n) if kpi.kind == "ratio" else statistics.times(self.seconds, self.k)

    def clustering(self, kpi):
        bad = self.k if kpi.better == "lower" else self.n - self.k
        return statistics.clustering(bad, self.n, self.groups)


class _Sums:
    """All figures until the journal is over: `found` {(network, Kpi): _Sum}, and their conditions."""

    def __init__(self):
        self.found = {}
        self._conditions = {}

    def add(self, attempt):
        for network, kpi, seconds, counted in observations(attempt):
            known = self._conditions.setdefault(kpi.name, [set() for _ in Conditions._fields])
            for name, values in zip(Conditions._fields, known, strict=True):
                value = attempt.case if name == "cases" else getattr(attempt, name)
                if value is not None:
                    values.add(value)
            for row in (network, ALL):
                self.found.setdefault((row, kpi), _Sum()).add(kpi, seconds, counted)

    def conditions(self):
        return {
            name: Conditions(*(tuple(sorted(values)) for values in sets)) for name, sets in self._conditions.items()
        }


def read(lines):
    """(the journal's first line, its Attempts in the order in which they began); raises ValueError."""
    observer, attempts = Observer(), []
    for number, line in enumerate(lines, 1):
        try:
            attempts += observer.handle(line)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("line %d of the journal is not as a campaign writes it: %r; repair it" % (number, error))
    attempts += observer.end()
    return observer.campaign, tuple(sorted(attempts, key=lambda attempt: (attempt.at, attempt.number)))


def measure(lines):
    """The Figures of a journal, given as its lines: dicts, in their order; raises ValueError, which names the line."""
    return summarise(*read(lines))


def by_case(figures):
    """{case: the Figures of its attempts alone}: sizes and ways that differ have different times."""
    cases = dict.fromkeys(attempt.case for attempt in figures.attempts)
    chosen = {case: tuple(attempt for attempt in figures.attempts if attempt.case == case) for case in cases}
    return {case: summarise(figures.campaign, attempts) for case, attempts in chosen.items()}


def summarise(campaign, attempts):
    """The Figures of Attempts, which stand in the order in which they began; `campaign` is the journal's first line."""
    sums = _Sums()
    for attempt in attempts:
        sums.add(attempt)
    rows = {row for row, _ in sums.found}
    seen = [network for attempt in attempts for network in (attempt.network, attempt.mt_network)]
    tried = {kpi for _, kpi in sums.found}
    return Figures(
        campaign,
        tuple(network for network in dict.fromkeys(seen) if network in rows),
        tuple(kpi.name for kpi in kpis.KPIS if kpi in tried),
        {(row, kpi.name): one.cell(kpi) for (row, kpi), one in sums.found.items()},
        {(row, kpi.name): sorted(one.seconds) for (row, kpi), one in sums.found.items() if kpi.kind == "time"},
        attempts,
        sums.conditions(),
        {(row, kpi.name): one.clustering(kpi) for (row, kpi), one in sums.found.items() if kpi.kind == "ratio"},
    )


def excerpts(lines, numbers):
    """{number of an attempt: its lines in the journal}, with the AT lines: the trace of the worst ones."""
    found = {number: [] for number in numbers}
    for line in lines:
        if line.get("attempt") in found:
            if line["what"] == "attempt":
                found[line["attempt"]].clear()  # the number was used before an end of the program
            found[line["attempt"]].append(line)
    return found
