"""Compares two campaigns: compare(before, after) -> Comparison, whose verdicts say when the samples are too few.

    Comparison  verdicts   (Verdict, ...) by network and KPI; those of all networks together last, unless they differ
                changed    sentences on conditions that differ: figures depend on timeouts, pauses and sizes
                before_only, after_only    networks that only one of the two campaigns has

    Verdict     verdict    BETTER, WORSE, SAME ("no difference shown") or FEW ("too few samples")
                p          the chance of such samples without a difference, corrected for the number of comparisons
                difference after - before: of shares, or of medians in seconds; low, high: its interval, for shares only
                relevant   the difference that matters: by the plan's thresholds, or else 5 points, or 20 % of the
                           median and at least 0.1 s
                needed     how many samples on each side would show `relevant` in four campaigns of five

Shares are compared by Fisher's exact test, times by that of Mann and Whitney; the rate of false discoveries is held at
5 % (Benjamini and Hochberg 1995). `needed` is after Fleiss, Tytun and Ury (1980) for shares and Noether (1987) for
times, at a level that holds for all comparisons together. Times are those of successes: see the failures beside them.
"""

import math
from typing import NamedTuple

import numpy
from scipy import stats

from tools.campaign.figures import kpis, measure

BETTER, WORSE, SAME, FEW = "better", "worse", "no difference shown", "too few samples"
LEVEL = 0.05
POWER = 0.8
_SHARE = 0.05  # a difference of shares that matters, where the plan has no thresholds
_OF_MEDIAN, _LEAST_SECONDS = 0.2, 0.1  # the same for times: a part of the median, and no less than this
_CONDITIONS = ("octets", "timeout_s", "pause_s", "guard_s", "mo", "mt_network")


class Verdict(NamedTuple):
    """One figure of two campaigns: `before` and `after` are both a Ratio, or both Times."""

    network: str
    kpi: str
    before: tuple
    after: tuple
    verdict: str
    p: float
    difference: float
    low: float | None
    high: float | None
    relevant: float
    needed: int


class Comparison(NamedTuple):
    """The verdicts on two campaigns, as the module's docstring has them."""

    verdicts: tuple
    changed: tuple
    before_only: tuple
    after_only: tuple


class _Pair(NamedTuple):
    """One figure on its way to a Verdict; `chance` is its p before the correction, `rises` whether `after` has more."""

    key: tuple
    before: tuple
    after: tuple
    chance: float
    rises: bool
    difference: float
    bounds: tuple
    relevant: float


def compare(before, after):
    """The Comparison of two Figures."""
    thresholds = (after.campaign.get("plan") or {}).get("thresholds") or {}
    pairs = [_pair(key, before, after, thresholds) for key in _shared(before, after)]
    chances = stats.false_discovery_control([pair.chance for pair in pairs]) if pairs else []
    level = LEVEL / max(1, len(pairs))
    return Comparison(
        tuple(_judge(pair, float(p), level, before, after) for pair, p in zip(pairs, chances, strict=True)),
        tuple(_changes(before, after)),
        tuple(network for network in before.networks if network not in after.networks),
        tuple(network for network in after.networks if network not in before.networks),
    )


def newcombe(k, n, k_after, n_after):
    """The 95 % interval of k_after / n_after - k / n, by Newcombe's hybrid of two score intervals (1998, method 10)."""
    share, share_after = k / n, k_after / n_after
    one = stats.binomtest(k, n).proportion_ci(method="wilson")
    two = stats.binomtest(k_after, n_after).proportion_ci(method="wilson")
    difference = share_after - share
    low = difference - math.hypot(share_after - two.low, one.high - share)
    return low, difference + math.hypot(two.high - share_after, share - one.low)


def needed_for_shares(share, other, level=LEVEL, power=POWER):
    """How many attempts on each side show that two shares differ, with the correction for continuity."""
    z = stats.norm.isf(level / 2), stats.norm.isf(1 - power)
    difference, middle = abs(other - share), (share + other) / 2
    spread = z[0] * math.sqrt(2 * middle * (1 - middle)) + z[1] * math.sqrt(share * (1 - share) + other * (1 - other))
    plain = (spread / difference) ** 2
    return math.ceil(plain / 4 * (1 + math.sqrt(1 + 4 / (plain * difference))) ** 2)


def needed_for_times(larger, level=LEVEL, power=POWER):
    """How many times on each side show a difference, of which one is `larger` than another with that chance."""
    z = stats.norm.isf(level / 2) + stats.norm.isf(1 - power)
    return math.ceil(z**2 / (6 * (larger - 0.5) ** 2))


def _shared(before, after):
    """The keys of cells that both have, network by network; all together only where the networks are the same."""
    rows = [network for network in before.networks if network in after.networks]
    rows += [measure.ALL] if set(before.networks) == set(after.networks) else []
    keys = ((row, kpi) for row in rows for kpi in before.kpis)
    return [key for key in keys if _n(before, key) and _n(after, key)]


def _n(figures, key):
    return figures.cells[key].n if key in figures.cells else 0


def _pair(key, before, after, thresholds):
    one, two = before.cells[key], after.cells[key]
    limits = thresholds.get(key[1])
    relevant = abs(limits["yellow"] - limits["green"]) if limits else 0
    if kpis.BY_NAME[key[1]].kind == "ratio":
        chance = stats.fisher_exact([[one.k, one.n - one.k], [two.k, two.n - two.k]]).pvalue
        bounds, difference = newcombe(one.k, one.n, two.k, two.n), two.value - one.value
        return _Pair(key, one, two, chance, difference > 0, difference, bounds, relevant or _SHARE)
    test = stats.mannwhitneyu(after.samples[key], before.samples[key])
    rises = test.statistic > one.n * two.n / 2
    relevant = relevant or max(_LEAST_SECONDS, _OF_MEDIAN * one.median)
    return _Pair(key, one, two, test.pvalue, rises, two.median - one.median, (None, None), relevant)


def _judge(pair, p, level, before, after):
    kpi = kpis.BY_NAME[pair.key[1]]
    if kpi.kind == "ratio":
        needed = _needed_of_share(pair, kpi, level)
    else:
        seconds = numpy.concatenate((before.samples[pair.key], after.samples[pair.key]))
        needed = _needed_of_times(seconds, pair.relevant, level)
    if p < LEVEL:
        verdict = WORSE if pair.rises == (kpi.better == "lower") else BETTER
    else:
        verdict = SAME if min(pair.before.n, pair.after.n) >= needed else FEW
    (network, name), (low, high) = pair.key, pair.bounds
    told = (pair.difference, low, high, pair.relevant, needed)
    return Verdict(network, name, pair.before, pair.after, verdict, p, *told)


def _needed_of_share(pair, kpi, level):
    """The attempts that would show a share worse by `relevant` than that of both campaigns together."""
    share = (pair.before.k + pair.after.k) / (pair.before.n + pair.after.n)
    worse = share + (pair.relevant if kpi.better == "lower" else -pair.relevant)
    if not 0 <= worse <= 1:
        worse = share - (worse - share)
    return needed_for_shares(share, worse, level)


def _needed_of_times(seconds, relevant, level):
    """The times that would show a shift by `relevant` seconds, in a distribution as that of both campaigns together."""
    seconds = numpy.sort(seconds)
    below = numpy.searchsorted(seconds, seconds + relevant, "left")
    until = numpy.searchsorted(seconds, seconds + relevant, "right")
    larger = float((below + until).mean()) / 2 / len(seconds)
    return needed_for_times(larger, level)


def _changes(before, after):
    """A sentence for each condition that differs between the campaigns."""
    for name in ("clock", "speed"):
        pair = before.campaign.get(name), after.campaign.get(name)
        if pair[0] != pair[1]:
            yield "%s was %s and is %s" % (name, *pair)
    old, new = _conditions(before), _conditions(after)
    for case in old:
        for name in _CONDITIONS:
            if case in new and old[case][name] != new[case][name]:
                yield "%s of %s was %s and is %s" % (name, case, _told(old[case][name]), _told(new[case][name]))
    for case in sorted(set(old) ^ set(new)):
        yield "%s is a case of one campaign only" % case


def _conditions(figures):
    found: dict[str, dict] = {}
    for attempt in figures.attempts:
        if attempt.counts:
            of_case = found.setdefault(attempt.case, {name: set() for name in _CONDITIONS})
            for name in _CONDITIONS:
                of_case[name].add(getattr(attempt, name))
    return found


def _told(values):
    return ", ".join(sorted("none" if value is None else "%s" % value for value in values))
