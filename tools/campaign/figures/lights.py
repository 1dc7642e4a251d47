"""The traffic light of a figure against its threshold.

The whole 95 % interval lights it, never the figure alone: "good" where the interval lies within the green threshold,
"fair" between green and yellow, "bad" beyond yellow. An interval that reaches over a threshold is "too few": more
attempts would tell. Each light has a shape and a word beside its colour. Of times the median counts.
"""

import dataclasses
import math

from tools.campaign.figures.statistics import CONFIDENCE, Ratio


@dataclasses.dataclass(frozen=True)
class Light:
    """A colour (a class of the page's style), its word, and why it is lit."""

    name: str
    word: str
    why: str


BAD = Light("bad", "bad", "the whole interval is beyond the yellow threshold")
FEW = Light("few", "too few", "the interval reaches over a threshold: more attempts would tell")
FAIR = Light("fair", "fair", "the whole interval lies between green and yellow")
GOOD = Light("good", "good", "the whole interval is within the green threshold")
NONE = Light("none", "no threshold", "the plan has no threshold for it")
UNTRIED = Light("untried", "not tried", "no attempt counts for it")
ALL = (GOOD, FAIR, BAD, FEW)  # as the page's key shows them
RANKS = ("untried", "none", "good", "fair", "few", "bad")  # names of lights, from the one that needs the least care


def light(kpi, figure, threshold):
    """The Light of a Ratio or Times of a Kpi; `threshold` is {green, yellow}, or None."""
    if figure is None or not figure.n:
        return UNTRIED
    if not threshold:
        return NONE
    low, high = interval(figure)
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    green, yellow = threshold["green"], threshold["yellow"]
    if kpi.better == "higher":
        low, high, green, yellow = -high, -low, -green, -yellow
    if high <= green:
        return GOOD
    if low > yellow:
        return BAD
    if low > green and high <= yellow:
        return FAIR
    return dataclasses.replace(FEW, why=_missing(kpi, figure, threshold, low > green, high <= yellow))


def interval(figure):
    """(low, high) of the ratio, or of the median of times; None for a bound that the sample cannot give."""
    return (figure.low, figure.high) if isinstance(figure, Ratio) else (figure.median_low, figure.median_high)


def value(figure):
    """The ratio, or the median of times; None where there is none."""
    return figure.value if isinstance(figure, Ratio) else figure.median


def enough(share):
    """How many attempts without a failure show that a failure ratio is at most `share` (Clopper-Pearson)."""
    return math.ceil(math.log((1 - CONFIDENCE) / 2) / math.log(1 - share))


def _missing(kpi, figure, threshold, not_good, not_bad):
    if not_good:
        return "too few attempts: certainly not good, perhaps bad"
    text = "too few attempts: " + ("not bad, perhaps good" if not_bad else "perhaps good, perhaps bad")
    share = threshold["green"] if kpi.better == "lower" else 1 - threshold["green"]
    if kpi.kind == "ratio" and 0 < share < 1:
        text += "; %s attempts without a failure would show it good" % format(enough(share), ",")
    return text


def thresholds_of(figures):
    """{kpi: {green, yellow}} of the plan of Figures."""
    return (figures.campaign.get("plan") or {}).get("thresholds") or {}
