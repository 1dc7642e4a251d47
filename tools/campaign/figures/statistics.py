"""Ratios and times with their intervals, as scipy computes them (docs/kpis.md, "Statistics").

A bound that the samples cannot give is None: the p95 of ten values has no upper bound.
"""

from typing import NamedTuple

import numpy
from scipy import stats

CONFIDENCE = 0.95
_POINTS = 200  # of a distribution, which is as many as a plot can show


class Ratio(NamedTuple):
    """`k` of `n` attempts, with the exact interval of Clopper and Pearson (1934): `low`, `high`, None for n = 0."""

    k: int
    n: int
    low: float | None
    high: float | None

    @property
    def value(self):
        """k / n, or None where nothing was tried."""
        return self.k / self.n if self.n else None


class Times(NamedTuple):
    """Seconds of `n` successes, and beside them the number of attempts that `failed` and so have no time.

    The intervals of median and p95 are order statistics: two of the measured times, or None where n is too small.
    """

    n: int
    failed: int
    median: float | None
    median_low: float | None
    median_high: float | None
    p95: float | None
    p95_low: float | None
    p95_high: float | None
    minimum: float | None
    maximum: float | None


def ratio(k, n, confidence=CONFIDENCE):
    """The Ratio of `k` in `n`; raises ValueError for k > n or k < 0."""
    if not n:
        return Ratio(k, n, None, None)
    interval = stats.binomtest(k, n).proportion_ci(confidence, "exact")
    return Ratio(k, n, float(interval.low), float(interval.high))


def quantile(seconds, p, confidence=CONFIDENCE):
    """(estimate, low, high) of the quantile `p` of at least one time, without an assumption on the distribution.

    The estimate is the median-unbiased one of Hyndman and Fan (1996, definition 8), the interval that of Conover
    (1999, 3.2): its ends are order statistics.
    """
    interval = stats.quantile_test(seconds, p=p).confidence_interval(confidence)
    estimate = float(numpy.quantile(seconds, p, method="median_unbiased"))
    return estimate, *(None if numpy.isnan(bound) else float(bound) for bound in interval)


def times(seconds, failed=0, confidence=CONFIDENCE):
    """The Times of a sequence of seconds, of which there may be none."""
    if not len(seconds):
        return Times(0, failed, None, None, None, None, None, None, None, None)
    median, median_low, median_high = quantile(seconds, 0.5, confidence)
    p95, p95_low, p95_high = quantile(seconds, 0.95, confidence)
    ends = float(min(seconds)), float(max(seconds))
    return Times(len(seconds), failed, median, median_low, median_high, p95, p95_low, p95_high, *ends)


def clustering(k, n, groups):
    """The chance that `k` failures among `n` attempts come in at most so many `groups`, if each is independent.

    A group is a row of failures without a success between them. Their number has the hypergeometric distribution
    (Mood 1940, the distribution theory of runs). A small chance says that an interval of the ratio is too narrow.
    """
    return float(stats.hypergeom(n, n - k + 1, k).cdf(groups)) if k else 1.0


def ecdf(seconds, most=_POINTS):
    """Points (seconds, share of the times that are not larger) of the empirical distribution, `most` at the utmost.

    The first point is the smallest time, the last one the largest with the share 1.
    """
    if not len(seconds):
        return []
    found = stats.ecdf(seconds).cdf
    points = list(zip(found.quantiles.tolist(), found.probabilities.tolist(), strict=True))
    if len(points) <= most:
        return points
    chosen = numpy.linspace(0, len(points) - 1, most).round().astype(int)
    return [points[at] for at in chosen]
