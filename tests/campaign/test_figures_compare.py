"""Two campaigns compared: verdicts that are right as often as they say, against published examples."""

import math

import numpy
import pytest
from scipy import stats

from tests.kit import tier
from tests.kit.campaign import journals
from tools.campaign.figures import compare, measure

ONE = "26207"
MMS = (("mms-30", "mms", 30720),)


def figures(repetitions=60, seed=1, networks=(ONE,), fail=0.02, seconds=None, cases=MMS, **about):
    chances = {network: journals.Chances({"send": fail}, seconds or {}) for network in networks}
    return measure.measure(journals.journal(networks, cases, repetitions, seed, chances, trace=False, **about))


def verdict(comparison, kpi, network=ONE):
    return next(one for one in comparison.verdicts if (one.network, one.kpi) == (network, kpi))


def test_a_difference_of_shares_has_the_interval_of_newcombes_example():
    low, high = compare.newcombe(48, 80, 56, 70)  # table II, (a), method 10
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    low, high = compare.newcombe(0, 10, 10, 10)  # table II, (h)
    assert (round(low, 4), round(high, 4)) == (0.6075, 1.0)


@pytest.mark.parametrize("share, other, n", ((0.1, 0.2, 219), (0.5, 0.7, 103), (0.05, 0.1, 474), (0.3, 0.4, 376)))
def test_as_many_attempts_are_needed_as_in_the_tables_of_fleiss(share, other, n):
    assert abs(compare.needed_for_shares(share, other) - n) <= 1


def test_as_many_times_are_needed_as_noether_says():
    assert compare.needed_for_times(0.7) == math.ceil((1.959964 + 0.841621) ** 2 / 0.24)


def test_the_samples_that_are_needed_show_the_difference_in_four_campaigns_of_five():
    dice, n = numpy.random.default_rng(14), compare.needed_for_shares(0.02, 0.1)
    tables = (
        [[k, n - k], [m, n - m]] for k, m in zip(dice.binomial(n, 0.02, 300), dice.binomial(n, 0.1, 300), strict=True)
    )
    shown = numpy.mean([stats.fisher_exact(table).pvalue < 0.05 for table in tables])
    assert 0.74 < shown < 0.92
    times = stats.lognorm(0.5, scale=10)
    larger = numpy.mean(times.rvs(100000, random_state=dice) + 2 > times.rvs(100000, random_state=dice))
    n = compare.needed_for_times(larger)
    draws = ((times.rvs(n, random_state=dice), times.rvs(n, random_state=dice) + 2) for _ in range(300))
    shown = numpy.mean([stats.mannwhitneyu(one, two).pvalue < 0.05 for one, two in draws])
    assert 0.74 < shown < 0.92


def test_a_network_that_fails_more_often_is_worse_and_the_other_way_round_better():
    good, bad = figures(120), figures(120, 2, fail=0.4)
    found = verdict(compare.compare(good, bad), "mms-send-failure-ratio")
    assert found.verdict == compare.WORSE and found.p < 0.001 and 0 < found.low < found.difference < found.high
    assert verdict(compare.compare(bad, good), "mms-send-failure-ratio").verdict == compare.BETTER


def test_a_network_that_is_slower_is_worse_even_when_as_many_messages_arrive():
    quick, slow = figures(80), figures(80, 2, seconds={"send": 20.0})
    found = verdict(compare.compare(quick, slow), "mms-send-time")
    assert found.verdict == compare.WORSE and 4 < found.difference < 12
    assert verdict(compare.compare(slow, quick), "mms-send-time").verdict == compare.BETTER


def test_a_ratio_of_which_more_is_better_is_worse_when_it_falls():
    chances = {ONE: journals.Chances({"intact": 0.5})}
    torn = measure.measure(journals.journal((ONE,), MMS, 100, 2, chances))
    assert verdict(compare.compare(figures(100), torn), "content-integrity-ratio").verdict == compare.WORSE


def test_few_samples_are_told_with_how_many_are_needed():
    found = verdict(compare.compare(figures(10), figures(10, 2, fail=0.2)), "mms-send-failure-ratio")
    assert found.verdict == compare.FEW and found.needed > 100


def test_many_samples_without_a_difference_show_none():
    found = compare.compare(figures(1500), figures(1500, 2))
    assert verdict(found, "mms-send-failure-ratio").verdict == compare.SAME
    assert verdict(found, "mms-send-time").verdict == compare.SAME


def test_the_difference_that_matters_is_that_of_the_thresholds():
    limits = {"mms-send-failure-ratio": {"green": 0.02, "yellow": 0.22}, "mms-send-time": {"green": 10, "yellow": 40}}
    wide = compare.compare(figures(80), figures(80, 2, thresholds=limits))
    narrow = compare.compare(figures(80), figures(80, 2))
    for kpi in limits:
        assert verdict(wide, kpi).needed < verdict(narrow, kpi).needed
    assert (verdict(wide, "mms-send-time").relevant, round(verdict(wide, "mms-send-failure-ratio").relevant, 4)) == (
        30,
        0.2,
    )


@pytest.mark.long
def test_equal_campaigns_are_seldom_told_to_differ():
    wrong, rounds = 0, tier.amount(8, 24)
    for seed in range(rounds):
        pair = (figures(30, 2 * seed + at, (ONE, "20801"), 0.1) for at in (1, 2))
        wrong += any(one.verdict in (compare.BETTER, compare.WORSE) for one in compare.compare(*pair).verdicts)
    assert wrong <= 0.15 * rounds  # comparisons of some forty figures each: without the correction most would be wrong


def test_conditions_and_networks_that_differ_are_told():
    before = list(journals.journal((ONE, "20801"), MMS, 2))
    after = [
        dict(line, timeout_s=120) if line["what"] == "attempt" else line
        for line in journals.journal((ONE, "22210"), MMS, 2)
    ]
    found = compare.compare(measure.measure(before), measure.measure(after))
    assert found.changed == ("timeout_s of mms-30 was 300 and is 120",)
    assert (found.before_only, found.after_only) == (("20801",), ("22210",))
    assert {one.network for one in found.verdicts} == {ONE}  # all together would be other networks


def test_a_campaign_in_virtual_time_is_told_from_one_of_the_clock():
    found = compare.compare(figures(2, speed=1.0), figures(2, clock="virtual", speed=10.0))
    assert found.changed == ("clock was monotonic and is virtual", "speed was 1.0 and is 10.0")


def test_campaigns_that_share_nothing_have_no_verdicts():
    found = compare.compare(figures(2), figures(2, networks=("20801",), cases=(("sms", "sms", None),)))
    assert found.verdicts == ()
    assert found.changed == ("mms-30 is a case of one campaign only", "sms is a case of one campaign only")
