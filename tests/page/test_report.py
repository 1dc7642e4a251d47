"""The report of a campaign in a real browser, Chromium; PICTURES=FOLDER keeps what it looks like."""

import os
import pathlib

import pytest

from tests.kit.campaign import journals
from tools.campaign.figures import compare, measure
from tools.campaign.report import comparison, page
from tools.phone import browser

pytestmark = pytest.mark.usefixtures("chromium")

STORIES = pathlib.Path(__file__).with_name("report.mjs")
MESSAGES, OCTETS, SECONDS = 20000, 3_000_000, 2  # of the largest report
THRESHOLDS = {
    "mms-send-failure-ratio": {"green": 0.05, "yellow": 0.1},
    "mms-send-time": {"green": 15, "yellow": 30},
    "sms-time": {"green": 5, "yellow": 10},
    "content-integrity-ratio": {"green": 0.95, "yellow": 0.9},
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of 360 attempts, in which one network is bad and another one fair."""
    chances = {
        "20801": journals.Chances({"send": 0.4, "attach": 0.2}, {"send": 20}),
        "26207": journals.Chances(seconds={"send": 20}),
    }
    lines = list(journals.journal(repetitions=20, chances=chances, thresholds=THRESHOLDS))
    path = tmp_path_factory.mktemp("report") / "report.html"
    page.write(measure.measure(lines), lines, path)
    return path


def tell(name, path, *words):
    """What a story of the report says, which has to come true."""
    status, said = browser.run(STORIES, name, path.as_uri(), *map(str, words), seconds=120)
    assert status == 0, said
    return said


def test_everybody_can_read_it(report):
    tell("read", report, os.environ.get("PICTURES", ""))


def test_everybody_can_read_a_comparison(tmp_path):
    before = measure.measure(journals.journal(repetitions=40, thresholds=THRESHOLDS))
    chances = {"20801": journals.Chances({"send": 0.4}, {"send": 25})}
    after = measure.measure(journals.journal(repetitions=40, seed=2, chances=chances, thresholds=THRESHOLDS))
    path = tmp_path / "comparison.html"
    comparison.write(before, after, compare.compare(before, after), path)
    tell("read", path, "")


def test_a_click_sorts_and_nothing_needs_a_script(report):
    tell("sort", report)


def test_it_prints_on_a4(report):
    tell("print", report, report.with_suffix(".pdf"), 14)


def test_a_report_of_20000_messages_is_small_and_quick_and_prints(tmp_path, record_property):
    networks = tuple("2%04d" % (10 * number) for number in range(24))
    repetitions = -(-MESSAGES // len(networks))
    cases = (("mms-30", "mms", 30720),)
    lines = list(journals.journal(networks, cases, repetitions, trace=False, thresholds=THRESHOLDS))
    path = tmp_path / "report.html"
    figures = measure.measure(lines)
    page.write(figures, lines, path)
    assert len(figures.attempts) >= MESSAGES
    said = "%d octets, %s" % (path.stat().st_size, tell("fast", path, SECONDS).strip())
    record_property("report of %d messages" % MESSAGES, said)
    print(said)
    assert path.stat().st_size < OCTETS
    tell("print", path, path.with_suffix(".pdf"), 24)
