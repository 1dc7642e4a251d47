"""The report of a campaign: verdict, lights, the worst attempts first, and texts of a journal that stay texts."""

import html.parser
import json
import random
import re

import pytest
from rich.console import Console

from tests.kit.campaign import journals
from tools.campaign.figures import kpis, lights, measure, statistics
from tools.campaign.report import page, plots, strips, terminal, verdict, worst

THRESHOLDS = {
    "mms-send-failure-ratio": {"green": 0.05, "yellow": 0.1},
    "mms-send-time": {"green": 15, "yellow": 30},
}
SEND, INTEGRITY = kpis.BY_NAME["mms-send-failure-ratio"], kpis.BY_NAME["content-integrity-ratio"]
NEVER = dict.fromkeys(journals.Chances.DEFAULTS, 0)


def measured(lines):
    """(Figures, lines) of a journal."""
    lines = list(lines)
    return measure.measure(lines), lines


def mms(fail, repetitions=80, networks=("23410", "20801"), seconds=(), **about):
    """A journal of MMS, of which a share of `fail` is not sent on the second network, and nothing else fails."""
    chances = {network: journals.Chances({**NEVER, "intact": 0}) for network in networks}
    chances[networks[1]].fail["send"] = fail
    chances[networks[1]].seconds.update(seconds)
    about.setdefault("thresholds", THRESHOLDS)
    return journals.journal(networks, (("mms-30", "mms", 30720),), repetitions, chances=chances, **about)


@pytest.mark.parametrize(
    "k, n, word",
    [
        (0, 200, "good"),
        (0, 30, "too few"),
        (15, 200, "too few"),
        (30, 200, "bad"),
        (1600, 20000, "fair"),
        (0, 0, "not tried"),
    ],
)
def test_a_light_is_lit_by_the_whole_interval(k, n, word):
    threshold = {"green": 0.05, "yellow": 0.1}
    assert lights.light(SEND, statistics.ratio(k, n), threshold).word == word
    if n:
        turned = {"green": 0.95, "yellow": 0.9}
        assert lights.light(INTEGRITY, statistics.ratio(n - k, n), turned).word == word
        assert lights.light(SEND, statistics.ratio(k, n), None).word == "no threshold"


def test_a_light_says_how_many_attempts_would_do():
    told = lights.light(SEND, statistics.ratio(0, 30), {"green": 0.05, "yellow": 0.1}).why
    enough = lights.enough(0.05)
    assert "%d attempts without a failure" % enough in told
    assert statistics.ratio(0, enough).high <= 0.05 < statistics.ratio(0, enough - 1).high


def test_a_median_without_a_bound_is_too_few():
    time = kpis.BY_NAME["mms-send-time"]
    assert lights.light(time, statistics.times([1.0] * 4), {"green": 15, "yellow": 30}).word == "too few"
    assert lights.light(time, statistics.times([1.0] * 30), {"green": 15, "yellow": 30}).word == "good"
    assert lights.light(time, statistics.times([], 4), {"green": 15, "yellow": 30}).word == "not tried"


def test_the_verdict_claims_what_the_intervals_show():
    bad, _ = measured(mms(0.5))
    judged = verdict.judge(bad)
    ratio = bad.cells["20801", SEND.name]
    assert judged.light is lights.BAD and judged.sentence.startswith("20801 (Country 1) fails: MMS send failure ratio ")
    assert (
        "(%d of 80), at least %.1f %% with 95 %% confidence, where 10 %% is the limit."
        % (
            ratio.k,
            100 * ratio.low,
        )
        in judged.sentence
    )
    good = verdict.judge(measured(mms(0))[0])
    assert (good.light, good.sentence) == (
        lights.GOOD,
        "All 2 networks are good: each of 4 figures is within its threshold with 95 % confidence.",
    )
    figures, _ = measured(mms(0, repetitions=10))
    few = verdict.judge(figures)
    number = [light.name for light in verdict.lit_cells(figures).values()].count("few")
    assert few.light is lights.FEW and number >= 2  # no ratio of ten attempts lies under 5 %
    assert "for %d of 4 figures there are too few attempts to tell." % number in few.sentence
    fair = verdict.judge(measured(mms(0, seconds={"send": 20}))[0])
    assert (fair.light, fair.sentence) == (lights.FAIR, "No network fails, but one is only fair: 20801 (Country 1).")
    assert verdict.judge(measured(mms(0, thresholds={}))[0]).sentence.startswith(
        "No verdict: the plan has no thresholds."
    )
    assert "Nothing was measured" in verdict.judge(measured(mms(0, repetitions=0))[0]).sentence


def test_each_network_and_cause_comes_once_before_any_comes_twice():
    chances = {
        network: journals.Chances({**NEVER, "send": 0.2, "register": 0.1}) for network in ("23410", "20801", "26207")
    }
    figures, _ = measured(journals.journal(tuple(chances), repetitions=40, chances=chances))
    chosen = worst.choose(figures.attempts)
    groups = [(one.network, one.step) for one in chosen]
    assert len(chosen) == worst.MOST and len(set(groups[:6])) == 6 and {one.verdict for one in chosen} == {"failed"}
    for group in set(groups):
        same = [one.seconds for one in figures.attempts if (one.network, one.step) == group]
        assert next(one.seconds for one in chosen if (one.network, one.step) == group) == max(same)


def test_where_nothing_failed_the_slowest_of_their_case_are_shown():
    figures, lines = measured(mms(0))
    chosen = worst.choose(figures.attempts)
    longest = max(figures.attempts, key=lambda one: one.seconds)
    assert chosen[0] is longest and len(chosen) == 3
    assert "No attempt failed." in page.text(figures, lines)


def test_a_trace_tells_the_whole_story_and_how_many_lines_are_left_out():
    figures, lines = measured(mms(1, repetitions=1))
    (failed,) = [one for one in figures.attempts if one.verdict == "failed"]
    own = [line for line in lines if line.get("attempt") == failed.number]
    rows = worst.trace(failed, own)
    assert [row["kind"] for row in rows][-2:] == ["event", "end"] and rows[-1]["wrong"] and rows[-2]["wrong"]
    ats = sum(row["kind"] == "at" for row in rows)
    assert not any(row["wrong"] for row in rows[:-2]) and rows[1]["text"].startswith("→ AT+COPS=1,2,")
    noise = {"what": "trace", "at": failed.at, "probe": "alice", "line": "modem", "sent": True, "text": "AT"}
    story = [row for row in rows if row["kind"] != "at"]
    rows = worst.trace(failed, [*[noise] * 1000, *own])
    gaps = [row["lines"] for row in rows if row["kind"] == "gap"]
    assert [row for row in rows if row["kind"] not in ("at", "gap")] == story
    assert len(rows) < worst.LINES + 2 and sum(gaps) + len(rows) - len(gaps) == 1000 + len(story) + ats
    parts = [{"what": "event", "at": failed.at, "probe": "alice", "event": "received", "octets": at} for at in range(9)]
    rows = worst.trace(failed, [line for part in parts for line in (part, noise)] + own)
    assert [row["text"] for row in rows if "received" in row.get("text", "")] == ["received  octets=8"]
    ask = {"what": "ask", "at": failed.at, "probe": "alice", "do": "status"}
    rows = worst.trace(failed, [*own[:-1], *[ask] * 1000, own[-1], {**noise, "at": failed.ended + 1}])
    assert len(rows) <= worst.LINES + 3 and rows[-2]["wrong"] and rows[-1]["gap"].startswith("1 line after the end")
    sent = {**noise, "line": "network", "text": "POST http://mmsc/... M-Send.req"}
    rows = worst.trace(failed, [*own[:-1], *[ask] * 500, sent, *[ask] * 500, own[-1]])
    assert [row["text"] for row in rows if row["kind"] == "net"] == ["→ " + sent["text"]]
    assert len(worst.trace(failed, [*own[:-1], *[ask, sent] * 500, own[-1]])) < 3 * worst.LINES


def test_the_phases_of_an_attempt_fill_it_without_overlap():
    figures, _ = measured(journals.journal(repetitions=30))
    for attempt in figures.attempts:
        found = strips.phases(attempt)
        assert found[0][1] == attempt.at and found[-1][2] == pytest.approx(attempt.ended)
        assert all(before[2] == after[1] for before, after in zip(found, found[1:], strict=False))
        assert ("failed here" in [name for name, _, _ in found]) <= (attempt.verdict == "failed")
    names = {name for attempt in figures.attempts for name, _, _ in strips.phases(attempt)}
    assert {"registration", "MMS send: upload", "notification", "MMS retrieval: download"} <= names


class Page(html.parser.HTMLParser):
    """The elements of a page, and its texts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.outside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.outside += [value for name, value in attributes if name in ("src", "href") and not value.startswith("#")]
        self.outside += [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b[31m\x00{{ 7 * 7 }}'\"&amp;</style>"


def poisoned(value, dice):
    """A value of a journal with markup and control characters in all texts, but for those that have a meaning."""
    if isinstance(value, str):
        return value[: len(value) // 2] + MARKUP + value[len(value) // 2 :] if dice.random() < 0.5 else value + MARKUP
    if isinstance(value, list):
        return [poisoned(one, dice) for one in value]
    kept = ("what", "event", "do", "verdict", "probe", "mo", "mt", "kind", "id", "clock", "action", "expect")
    return (
        {k: v if k in kept or k == "thresholds" else poisoned(v, dice) for k, v in value.items()}
        if value and isinstance(value, dict)
        else value
    )


def test_markup_and_control_characters_of_a_journal_stay_text():
    lines = [json.loads(json.dumps(line)) for line in mms(0.5, repetitions=10)]
    clean, dice = page.text(*measured(lines)), random.Random(1)
    networks = {}
    for line in lines:
        for key, value in list(line.items()):
            if key in ("network", "mt_network") and value:
                line[key] = networks.setdefault(value, value + MARKUP)
            elif key == "plan":
                line[key] = poisoned(value, dice)
                for row, code in zip(line[key]["networks"], ("23410", "20801"), strict=True):
                    row.update(mccmnc=code + MARKUP, name="Net" + MARKUP)
            elif key != "thresholds":
                line[key] = poisoned({key: value}, dice)[key]
    text = page.text(*measured(lines))
    found = Page(text)
    assert sorted(set(found.tags)) == sorted(set(Page(clean).tags)) and found.tags.count("script") == 1
    assert found.outside == [] and "49" not in "".join(found.texts).split()
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 50
    assert not any(c in text for c in "\u202e\x1b\x00") and "\N{REPLACEMENT CHARACTER}[31m" in text


def test_the_page_holds_all_it_needs_and_its_style_forbids_the_rest():
    text = page.text(*measured(journals.journal(thresholds=THRESHOLDS)))
    found = Page(text)
    assert found.outside == [] and found.tags.count("svg") > 50 and "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" in text
    for word in ("Every probe was simulated", "after ETSI TS 102 250-2", "timeout 300 s", "Clopper and Pearson"):
        assert word in text


def test_the_summary_fits_on_a_screen():
    networks = tuple("20%03d" % number for number in range(24))
    figures, _ = measured(journals.journal(networks, repetitions=3, thresholds=THRESHOLDS))
    console = Console(width=100, record=True, quiet=False, file=open("/dev/null", "w"))
    console.print(terminal.summary(figures))
    shown = console.export_text().splitlines()
    assert len(shown) <= 40 and "16 networks more: see the report" in "\n".join(shown)


def test_failures_that_came_together_are_told():
    lines = list(mms(0.0, 100))
    late = {line["attempt"] for line in lines if line["what"] == "attempt" and line["network"] == "20801"}
    late = set(sorted(late)[40:50])
    torn = [line for line in lines if not (line.get("event") == "confirmed" and line["attempt"] in late)]
    wanted = "intervals are too narrow: MMS send failure ratio on 20801"
    assert wanted in page.text(measure.measure(torn), torn)
    assert "too narrow" not in page.text(*measured(mms(0.1, 100)))


def test_a_lab_that_ran_faster_than_the_world_is_told_above_all_figures():
    assert "The lab ran 10 times as fast" in page.text(*measured(mms(0.1, 3, speed=10.0)))
    for about in ({"speed": 1.0}, {"speed": 10.0, "clock": "virtual"}, {}):
        assert "times as fast" not in page.text(*measured(mms(0.1, 3, **about)))


def test_an_order_that_was_not_interleaved_is_told():
    lines = list(mms(0, repetitions=20))
    assert "Networks were interleaved, in an order drawn from the seed 1" in page.text(*measured(lines))
    figures, _ = measured(lines)
    figures = figures._replace(attempts=sorted(figures.attempts, key=lambda one: one.network))
    text = page.text(figures, lines)
    assert "Networks were not interleaved: 97 % of the attempts followed another one on the same network" in text


def test_labels_of_a_plot_keep_their_digits():
    curve = plots.Curve([(3.021, 0.25), (3.033, 0.5), (3.044, 0.75), (3.055, 1.0)], 1.0, 0)
    labels = re.findall(r">([\d.]+)</text>", plots.ecdf("a time", [curve]))
    assert len(labels) == len(set(labels)) > 2


def test_a_network_without_any_time_is_told_beside_the_curves():
    text = page.text(*measured(mms(1, repetitions=20)))
    assert "20 times and 20 failures; all failed on 20801 (Country 1)" in text
