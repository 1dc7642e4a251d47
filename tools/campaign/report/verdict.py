"""The sentence that a campaign comes to, which an engineer and everybody above can stand by.

It claims no more than the intervals show: a network fails when the whole interval of one of its figures is beyond the
yellow threshold, and is good when all of its figures are good.
"""

import dataclasses
import math

from tools.campaign.figures import kpis, lights, statistics
from tools.campaign.report import words


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A Light, the sentence, and the lines that stand beside it."""

    light: lights.Light
    sentence: str
    beside: tuple


def judge(figures):
    """The Verdict on Figures, by the thresholds of their plan."""
    names = words.Networks(figures.campaign)
    lit = {key: light for key, light in lit_cells(figures).items() if light is not lights.UNTRIED}
    by_name = {name: [key for key in lit if lit[key].name == name] for name in ("bad", "fair", "few", "good")}
    judged = sum(map(len, by_name.values()))
    counted = [attempt for attempt in figures.attempts if attempt.counts]
    beside = tuple(_beside(figures))
    if not counted:
        return Verdict(lights.NONE, "Nothing was measured: no attempt came to an end that counts.", beside)
    if not judged:
        return Verdict(lights.NONE, "No verdict: the plan has no thresholds. " + _passed(counted), beside)
    if by_name["bad"]:
        return Verdict(lights.BAD, _bad(figures, names, by_name["bad"]), beside)
    if by_name["few"]:
        sentence = "Not decided: no network is shown to fail, but for %d of %s there are too few attempts to tell."
        return Verdict(lights.FEW, sentence % (len(by_name["few"]), words.count(judged, "figure")), beside)
    if by_name["fair"]:
        rows = _rows(figures, by_name["fair"])
        sentence = "No network fails, but %s only fair: %s." % (
            "one is" if len(rows) == 1 else "%d are" % len(rows),
            words.listed(names.whole(row) for row in rows),
        )
        return Verdict(lights.FAIR, sentence, beside)
    sentence = "%s good: each of %s is within its threshold with 95 %% confidence."
    rows = len({row for row, _ in lit})
    whole = "The network is" if rows == 1 else "All %d networks are" % rows
    return Verdict(lights.GOOD, sentence % (whole, words.count(judged, "figure")), beside)


def lit_cells(figures):
    """{(network, kpi): Light} of every network by every KPI, in the order of both."""
    thresholds = lights.thresholds_of(figures)
    return {
        (network, name): lights.light(kpis.BY_NAME[name], figures.cells.get((network, name)), thresholds.get(name))
        for network in figures.networks
        for name in figures.kpis
    }


def _rows(figures, keys):
    found = {row for row, _ in keys}
    return [network for network in figures.networks if network in found]


def _bad(figures, names, keys):
    """The sentence for networks that fail; the worst figure is the one furthest beyond its threshold."""
    thresholds = lights.thresholds_of(figures)

    def beyond(key):
        kpi, figure = kpis.BY_NAME[key[1]], figures.cells[key]
        low, high = lights.interval(figure)
        yellow = thresholds[kpi.name]["yellow"]
        if kpi.better == "higher":
            return (1 - high) / (1 - yellow) if yellow < 1 else math.inf
        return low / yellow if yellow else math.inf

    worst = max(keys, key=beyond)
    kpi, figure, rows = kpis.BY_NAME[worst[1]], figures.cells[worst], _rows(figures, keys)
    write, (low, high) = words.write(kpi), lights.interval(figure)
    sure = "at most %s" % write(high) if kpi.better == "higher" else "at least %s" % write(low)
    value = "%s (%d of %d)" % (write(figure.value), figure.k, figure.n) if kpi.kind == "ratio" else write(figure.median)
    told = "%s %s, %s with 95 %% confidence, where %s is the limit" % (
        kpi.title if kpi.kind == "ratio" else "median " + kpi.title,
        value,
        sure,
        words.bound(kpi, thresholds[kpi.name]["yellow"]),
    )
    if len(rows) == 1:
        return "%s fails: %s." % (names.whole(rows[0]), told)
    return "%d of %d networks fail. The worst is %s: %s." % (
        len(rows),
        len(figures.networks),
        names.whole(worst[0]),
        told,
    )


def _passed(counted):
    passed = sum(attempt.verdict == "passed" for attempt in counted)
    ratio = statistics.ratio(passed, len(counted))
    told = (format(passed, ","), words.count(len(counted), "attempt"), words.percent(ratio.value))
    return "%s of %s passed (%s, 95 %% interval %s)." % (*told, words.span(ratio.low, ratio.high, words.percent))


def _beside(figures):
    counted = [attempt for attempt in figures.attempts if attempt.counts]
    names, bad = words.Networks(figures.campaign), {}
    for (network, name), light in lit_cells(figures).items():
        if light is lights.BAD:
            bad.setdefault(network, []).append(kpis.BY_NAME[name].title)
    if len([title for titles in bad.values() for title in titles]) > 1:
        told = ["%s: %s" % (names.title(network), words.listed(titles)) for network, titles in bad.items()]
        yield "Bad are, %s." % "; ".join(told[:6] + (["%d networks more" % (len(told) - 6)] if len(told) > 6 else []))
    if counted and lights.thresholds_of(figures):
        yield _passed(counted)
    let_in = [attempt for attempt in figures.attempts if attempt.expect == "refused" and attempt.verdict == "failed"]
    if let_in:
        rows = words.listed(names.whole(row) for row in dict.fromkeys(attempt.network for attempt in let_in))
        yield "Not as the plan expects, where it expects a refusal: %s on %s." % (
            words.count(len(let_in), "attempt"),
            rows,
        )
