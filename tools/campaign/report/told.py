"""The words around the figures: facts, definitions, how it was measured, and what was not tried."""

import collections

from tools.campaign.figures import kpis, measure
from tools.campaign.plan import Plan, PlanError
from tools.campaign.report import words

_CLOCK = (
    "One clock stamps everything: that of the host, when the octets of a line arrive from a handset. It only goes "
    "forward."
)
_MIXED = (
    "Networks were interleaved, in an order drawn from the seed %s: attempts on one network rarely follow each other."
)
_IN_A_ROW = (
    "Networks were not interleaved: %d %% of the attempts followed another one on the same network, and share its hour."
)
_INTERVALS = (
    "Ratios have exact intervals after Clopper and Pearson, at 95 %.",
    "Medians and 95th percentiles have those of order statistics; “?” is a bound that so few values cannot have.",
)
_COUNTED = (
    "Attempts that failed have no time: they are counted beside the times, never among them. Both depend on the "
    "timeout.",
    "Attempts that were not possible or broken off, and those on networks that should refuse, count for no figure.",
)

_CHANCE = 0.01  # that such a sentence is wrong


class Seen:
    """The probes, runs and notes of a journal, which a second reading of it keeps beside the traces."""

    def __init__(self):
        self.probes = {}
        self.runs = []
        self.notes = []
        self.lost = collections.Counter()

    def watch(self, lines):
        """The lines of a journal, one after the other; keeps those that are about the campaign as a whole."""
        for line in lines:
            self._take(line)
            yield line

    def _take(self, line):
        what = line["what"]
        if what == "probe":
            facts = self.probes.setdefault(line.get("probe"), {})
            facts.update({key: value for key, value in (line.get("facts") or {}).items() if value})
            if line.get("state") in ("silent", "gone"):
                self.lost[line.get("probe"), line["state"]] += 1
        elif what == "run":
            self.runs.append(line)
        elif what == "note" and line.get("attempt") is None and line.get("text"):
            self.notes.append(line["text"])


def facts(figures):
    """(label, value) of a campaign."""
    campaign, attempts = figures.campaign, figures.attempts
    verdicts = collections.Counter(one.verdict for one in attempts)
    ends = [one.ended for one in attempts if one.ended is not None]
    spent = collections.Counter()
    for one in attempts:
        if one.spent:
            spent[one.spent.get("currency")] += one.spent.get("minor") or 0
    yield "Begun", words.date(campaign.get("date"))
    yield "Took", words.duration(max(ends, default=0)) + (" of virtual time" if _virtual(campaign) else "")
    yield "Networks", format(len({one.network for one in attempts}), ",")
    yield "Attempts", format(len(attempts), ",")
    for verdict in ("passed", "failed", "not possible", "broken off"):
        if verdicts[verdict] or verdict in ("passed", "failed"):
            yield verdict.capitalize(), format(verdicts[verdict], ",")
    if spent:
        yield "Spent", words.money(spent)


def warnings(figures):
    """Sentences that stand above all figures."""
    kinds = {probe.get("kind") for probe in (figures.campaign.get("plan") or {}).get("probes") or ()}
    if kinds and kinds <= {"simulated", "virtual"} or _virtual(figures.campaign):
        yield "Every probe was simulated: these figures are about the lab's networks, and say nothing of real ones."
    speed = figures.campaign.get("speed") or 1
    if speed != 1 and not _virtual(figures.campaign):
        yield (
            "The lab ran %g times as fast as the world: what handsets and this computer take counts %g times, so only "
            "times taken at speed 1 are true." % (speed, speed)
        )


def definitions(figures):
    """For each KPI with a figure its title and (label, value) of its trigger points, with the waiting times beside."""
    by_procedure = {}
    for name in figures.kpis:
        kpi = kpis.BY_NAME[name]
        by_procedure.setdefault(kpi.procedure, []).append(kpi)
    for group in by_procedure.values():
        first = group[0]
        found = figures.conditions[first.name]
        pairs = [
            ("Start", first.start),
            ("Stop", first.stop),
            ("Counts as a failure" if first.better == "lower" else "Counts against it", first.failure),
            ("Row", "the sender's network" if first.role == "mo" else "the recipient's network"),
            ("Timeout", _range(found.timeout_s)),
            ("Pause, guard time", "%s, %s" % (_range(found.pause_s), _range(found.guard_s))),
            ("Cases", words.listed(found.cases, 12)),
            ("Definition", first.source),
        ]
        yield {"title": " and ".join(_titles(group)), "pairs": [(label, _code(value)) for label, value in pairs]}


def measured(figures, seen):
    """Sentences on clock, probes, order, intervals, and on what counts."""
    campaign, plan = figures.campaign, figures.campaign.get("plan") or {}
    if _virtual(campaign):
        yield "The clock is that of a simulated world: no time of this computer is in any figure."
    else:
        yield _CLOCK
    rows = {row.get("name"): row for row in plan.get("probes") or ()}
    for name, found in seen.probes.items():
        known = [str(rows.get(name, {}).get("kind") or "")] + ["%s %s" % (key, found[key]) for key in sorted(found)]
        yield "Probe %s: %s." % (name, ", ".join(part for part in known if part))
    for (name, state), times in seen.lost.items():
        yield "Probe %s was %s %s." % (name, state, words.count(times, "time"))
    if len(seen.runs) > 1:
        moments = words.listed(words.date(run.get("date")) for run in seen.runs[1:])
        yield "The campaign was interrupted, and went on at %s." % moments
    yield _order(figures, plan)
    yield from _INTERVALS
    yield "Each interval holds for itself: of %d figures about %d may lie outside theirs by chance." % (
        len(figures.cells),
        round(0.05 * len(figures.cells)),
    )
    yield from _clusters(figures)
    yield from _COUNTED
    for note in seen.notes:
        yield "Note: %s" % note
    told = (campaign.get("plan_sha256", ""), campaign.get("program", ""))
    yield "The plan's SHA-256 is %s, the program's version %s." % told


def _clusters(figures):
    """A sentence on the ratios whose failures came together, where chance does not explain it in any of them."""
    known = {key: p for key, p in figures.clusters.items() if key[0] != measure.ALL}
    found = [(p, key) for key, p in known.items() if p < _CHANCE / len(known)]
    if found:
        told = ["%s on %s" % (kpis.BY_NAME[name].title, row) for _, (row, name) in sorted(found)]
        yield "Failures came together, so these intervals are too narrow: %s." % words.listed(told, 8)


def _order(figures, plan):
    """Whether attempts on one network followed each other, as the journal has them."""
    networks = [one.network for one in figures.attempts]
    same = sum(one == other for one, other in zip(networks, networks[1:], strict=False))
    if len(set(networks)) > 1 and same > len(networks) / 2:
        return _IN_A_ROW % (100 * same / (len(networks) - 1))
    return _MIXED % (plan.get("campaign") or {}).get("seed", 1)


def untried(figures, names):
    """Sentences on networks, figures and attempts that the plan or the KPIs have and the journal has not."""
    tried = {one.network for one in figures.attempts if one.verdict in ("passed", "failed")}
    missing = [names.whole(code) for code in names.planned() if code not in tried]
    if missing:
        yield "Networks of the plan without an attempt that ended: %s." % words.listed(missing, 24)
    left = _left(figures)
    if left:
        yield left
    found = collections.Counter((one.case, one.text) for one in figures.attempts if one.verdict == "not possible")
    for (case, text), times in found.most_common():
        told = (case, words.count(times, "attempt"), text)
        yield "%s: %s not possible: %s" % told
    lacking = collections.defaultdict(list)  # the figures that the same networks lack
    for name in figures.kpis:
        without = [names.title(row) for row in figures.networks if (row, name) not in figures.cells]
        if without and len(without) < len(figures.networks):
            lacking[words.listed(without, 8)].append(kpis.BY_NAME[name].title)
    for without, titles in lacking.items():
        yield "Without a figure on %s: %s." % (without, words.listed(titles, 20))
    never = [kpi.title for kpi in kpis.KPIS if kpi.name not in figures.kpis]
    if never:
        yield "No attempt was about: %s." % words.listed(never, 20)
    yield "This program has met no real network and no real board: see the probes above for what stood in."


def _left(figures):
    """How many attempts of the plan have not come to an end, or "" for none."""
    try:
        planned = {attempt.key for attempt in Plan(figures.campaign.get("plan") or {}).attempts()}
    except PlanError as error:
        return "The plan in the journal is not one of this program's: %s." % error
    ended = {attempt.key for attempt in figures.attempts if attempt.ended is not None}
    left = len(planned - ended)
    return (
        "Of %s of the plan %s not made."
        % (
            words.count(len(planned), "attempt"),
            words.count(left, "was", "were"),
        )
        if left
        else ""
    )


def _virtual(campaign):
    return campaign.get("clock") == "virtual"


def _range(values):
    found = sorted({value for value in values if value is not None})
    if not found:
        return words.NONE
    return "%g s" % found[0] if len(found) == 1 else "%g to %g s" % (found[0], found[-1])


def _titles(group):
    return [group[0].title, *(kpi.title.rpartition(" ")[2] for kpi in group[1:])]


def _code(text):
    return text.replace("`", "")
