"""The truth about a simulated network, and the figures of campaigns on it: their intervals hold what is true."""

import pytest

from tests.kit.tier import LONG, amount
from tools.campaign.figures import measure
from tools.campaign.figures.statistics import ratio, times
from tools.campaign.virtual import coverage, pieces, truth
from tools.campaign.virtual.truth import Truth
from tools.lab import world

MEDIANS = {"registration": 3.05, "attach": 2.0, "context": 1.6, "sms": 4.0, "mmsc": 3.0}
CALM = {name: (seconds * 1000, 0.0) for name, seconds in MEDIANS.items()}
AS_LONG_S = 0.06  # of times in a world whose delays are all alike
SEEDS, ATTEMPTS = amount(2, 6), amount(20, coverage.ATTEMPTS)


def test_in_a_calm_world_every_time_is_the_true_one():
    true = truth.truth({}, CALM, size=10)
    for given, kpis in zip(coverage.plans(1, attempts=4), (coverage.OF_SERVICE, coverage.OF_MESSAGES), strict=True):
        played = pieces.play(pieces.Piece(given, 1, chances={coverage.NETWORK: ({}, CALM)}))
        samples = measure.measure(pieces.lines(played)).samples
        for kpi in kpis[1::2]:
            seconds = samples[measure.ALL, kpi]
            assert seconds[len(seconds) // 2] == pytest.approx(true[kpi].median, abs=AS_LONG_S), kpi


def test_ratios_are_those_of_the_chances_retries_included():
    failures = {"registration": 0.5, "attach": 0.1, "context": 0.5, "sms": 0.2, "mmsc": 0.3}
    true = truth.truth(failures, CALM, size=400000)

    def told(name):
        return true[name + "-failure-ratio"].ratio

    assert told("attach") == pytest.approx(0.1, abs=0.003)
    assert told("context-activation") == pytest.approx(0.5, abs=0.003)
    assert told("sms") == pytest.approx(0.2, abs=0.003)
    assert told("network-registration") == pytest.approx(0.5**7, abs=0.001)
    sent = (1 - 0.5**4) * (1 - 0.3**3)
    assert told("mms-send") == pytest.approx(1 - sent, abs=0.003)
    assert told("mms-notification") == pytest.approx(1 - 0.8**2, abs=0.003)
    came = (1 - 0.5**3) * (1 - 0.3**3)
    assert told("mms-end-to-end") == pytest.approx(1 - sent * 0.8**2 * came, abs=0.01)  # some come too late
    assert told("mms-retrieval") == pytest.approx(1 - came * (1 - 0.3**3), abs=0.02)


def test_quantiles_are_those_of_the_delays():
    delays = {**CALM, "attach": (2000, 0.5)}
    true = truth.truth({}, delays, size=400000)["attach-time"]
    assert true.median == pytest.approx(2.008, abs=0.01)
    assert true.p95 == pytest.approx(2 * 2.71828 ** (0.5 * 1.64485), rel=0.01)


def test_a_world_that_the_model_does_not_have_is_refused():
    with pytest.raises(ValueError, match="dropped"):
        truth.truth({"dropped": 0.1}, CALM, size=10)
    assert "dropped" in world.chances()["usual"][0]


def test_a_figure_whose_interval_holds_the_truth_too_seldom_is_named():
    tally = coverage.Tally({"a-ratio": Truth(ratio=0.1), "a-time": Truth(median=5.0, p95=9.4)})
    for k in (20, 20, 60):
        tally.add({"a-ratio": ratio(k, 200)})
    tally.add({"a-time": times([1 + at / 20 for at in range(180)], failed=7)})
    assert tally.poor(0.9) == ["a-ratio"] and tally.poor(0.6) == []
    table = "\n".join(tally.lines())
    assert "2 of 3" in table and "187" in table
    tally.add({"a-time": times([7.0] * 200)})
    assert tally.poor(0.6) == ["a-time, median", "a-time, p95"]


@pytest.mark.long
def test_intervals_hold_the_truth():
    tally = coverage.run(range(1, SEEDS + 1), ATTEMPTS, jobs=2)
    figures = 3 * len(coverage.OF_SERVICE + coverage.OF_MESSAGES) // 2
    assert len(tally.held) == figures and set(tally.seeds.values()) == {SEEDS}
    assert min(tally.least.values()) >= ATTEMPTS * 0.9
    assert sum(tally.held.values()) >= 0.9 * figures * SEEDS, "\n".join(tally.lines())
    assert not LONG or tally.poor(0.7) == [], "\n".join(tally.lines())
