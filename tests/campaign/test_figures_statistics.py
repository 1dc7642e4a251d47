"""Intervals of ratios and times: against scipy, against published tables, and by what they must hold."""

import itertools
import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import special, stats

from tests.kit import tier
from tools.campaign.figures import statistics

# k of n, and the exact 95 % interval in percent as published tables have it, to a tenth.
TABLE = (
    (0, 10, 0, 30.8),
    (1, 10, 0.3, 44.5),
    (5, 10, 18.7, 81.3),
    (0, 30, 0, 11.6),
    (0, 100, 0, 3.6),
    (0, 300, 0, 1.2),
    (1, 20, 0.1, 24.9),
    (5, 100, 1.6, 11.3),
    (10, 200, 2.4, 9.0),
)
# n, and the ranks (from 1) of the two order statistics around the median with at least 95 %, as textbooks have them.
RANKS = ((6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15), (25, 8, 18), (30, 10, 21))


@pytest.mark.parametrize("k, n, low, high", TABLE)
def test_ratios_have_the_intervals_of_published_tables(k, n, low, high):
    found = statistics.ratio(k, n)
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)


def test_a_ratio_of_nothing_has_no_interval_and_no_value():
    assert statistics.ratio(0, 0) == (0, 0, None, None)
    assert statistics.ratio(0, 0).value is None
    with pytest.raises(ValueError):
        statistics.ratio(3, 2)


@settings(max_examples=60, deadline=None)
@given(some.integers(1, 400).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_the_ends_of_a_ratio_are_quantiles_of_the_beta_distribution(pair):
    k, n = pair
    found = statistics.ratio(k, n)
    assert math.isclose(found.low, special.betaincinv(k, n - k + 1, 0.025) if k else 0.0, rel_tol=1e-6)
    assert math.isclose(found.high, special.betaincinv(k + 1, n - k, 0.975) if k < n else 1.0, rel_tol=1e-6)
    assert found.low <= k / n <= found.high


@pytest.mark.parametrize("n, low, high", RANKS)
def test_a_median_lies_between_the_order_statistics_of_textbooks(n, low, high):
    found = statistics.times(list(range(1, n + 1)))
    assert (found.median, found.median_low, found.median_high) == ((n + 1) / 2, low, high)


def test_few_times_have_no_interval():
    assert statistics.times([1, 2, 3, 4, 5])[3:5] == (None, None)  # 0.5 ** 5 is more than 2.5 %
    assert statistics.times([]) == (0, 0, *[None] * 8)
    assert statistics.times([7.5], 3) == (1, 3, 7.5, None, None, 7.5, None, None, 7.5, 7.5)


def test_a_p95_has_an_upper_bound_from_72_times_on():
    assert statistics.times(list(range(71))).p95_high is None  # 0.95 ** 71 is more than 2.5 %
    assert statistics.times(list(range(72))).p95_high == 71
    assert statistics.times(list(range(10))).p95_low is not None


@settings(max_examples=60, deadline=None)
@given(some.lists(some.floats(0, 1e4), min_size=1, max_size=120), some.integers(0, 9))
def test_bounds_are_measured_times_in_their_order(seconds, failed):
    found = statistics.times(seconds, failed)
    known = [found.minimum, found.median_low, found.median, found.median_high, found.maximum]
    assert [bound for bound in known if bound is not None] == sorted(bound for bound in known if bound is not None)
    ends = (found.median_low, found.median_high, found.p95_low, found.p95_high)
    assert all(bound is None or bound in seconds for bound in ends)
    assert found.p95_low is None or found.p95_low <= found.p95
    assert found.p95_high is None or found.p95 <= found.p95_high
    assert (found.n, found.failed) == (len(seconds), failed)


@pytest.mark.long
@pytest.mark.parametrize("n", (30, 200))
def test_intervals_hold_the_true_values_as_often_as_they_say(n):
    dice = numpy.random.default_rng(14)
    held = numpy.zeros(3)
    rounds = tier.amount(150, 600)
    true = stats.lognorm(0.5, scale=10)
    for _ in range(rounds):
        found = statistics.times(true.rvs(n, random_state=dice))
        held[0] += found.median_low <= true.median() <= found.median_high
        held[1] += found.p95_low <= true.ppf(0.95) and (found.p95_high is None or true.ppf(0.95) <= found.p95_high)
        share = statistics.ratio(int(dice.binomial(n, 0.06)), n)
        held[2] += share.low <= 0.06 <= share.high
    assert (held / rounds >= 0.92).all(), held / rounds


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(0, 50), min_size=1, max_size=300), some.integers(2, 60))
def test_a_distribution_is_thinned_between_its_ends(seconds, most):
    points = statistics.ecdf(seconds, most)
    assert len(points) <= most and points == sorted(points)
    assert points[-1] == (max(seconds), 1.0) and (points[0][0] == min(seconds) or len(points) == 1)
    assert all(math.isclose(share, sum(s <= x for s in seconds) / len(seconds)) for x, share in points)


def test_a_distribution_of_nothing_has_no_points():
    assert statistics.ecdf([]) == []


@pytest.mark.parametrize("k, n", ((1, 5), (2, 6), (3, 7), (6, 7), (7, 7)))
def test_the_chance_of_groups_is_that_of_all_orders(k, n):
    orders = [[place in chosen for place in range(n)] for chosen in itertools.combinations(range(n), k)]
    groups = [sum(bad and not before for before, bad in zip([False, *order], order, strict=False)) for order in orders]
    for most in range(1, k + 1):
        share = sum(found <= most for found in groups) / len(orders)
        assert math.isclose(statistics.clustering(k, n, most), share)
    assert statistics.clustering(0, n, 0) == 1
