"""docs/kpis.md says what the code does: the table of KPIs, the metrics, the bounds of small samples."""

import re

from prometheus_client import generate_latest

from tests.kit.campaign import journals
from tools.campaign.cases.catalogue import cases
from tools.campaign.figures import kpis, measure, statistics, triggers
from tools.campaign.outputs import files, prometheus
from tools.programs import ROOT

TEXT = (ROOT / "docs/kpis.md").read_text()
PROSE = " ".join(TEXT.split())


def test_the_table_is_that_of_the_code():
    rows = {}
    for kpi in kpis.KPIS:
        points = (kpi.role.upper(), kpi.start, kpi.stop, kpi.failure, kpi.source)
        rows.setdefault(points, []).append("`%s`" % kpi.name)
    wanted = ["| %s | %s |" % (", ".join(names), " | ".join(points)) for points, names in rows.items()]
    assert [line for line in TEXT.split("\n") if re.match(r"\| `[\w-]+-(ratio|time)`", line)] == wanted


def test_the_good_ones_are_counted_where_it_says_so():
    named = re.search(r"- (`[^.]*) count the good ones", PROSE).group(1)
    assert set(re.findall(r"`([\w-]+)`", named)) == {kpi.name for kpi in kpis.KPIS if kpi.better == "higher"}


def test_cases_that_are_left_out_are_in_the_catalogue_and_in_the_document():
    left_out = {*triggers.BY_HAND, *triggers.NOT_RETRIEVED}
    assert left_out <= set(cases())
    assert set(re.findall(r"`([\w-]+)`", re.search(r"The cases (.*?) are", PROSE).group(1))) == left_out


def test_metrics_and_files_are_those_of_the_document(tmp_path):
    metrics, lines = prometheus.Metrics(), list(journals.journal(repetitions=1))
    for line in lines:
        metrics.handle(line)
    found = set(re.findall(r"^# TYPE (\w+) ", generate_latest(metrics.registry).decode(), re.MULTILINE))
    assert found == set(re.findall(r"`(campaign_\w+)`", TEXT))
    written = {path.name for path in files.write(measure.measure(lines), lines, tmp_path)}
    assert written == set(re.findall(r"`(\w+\.(?:csv|xml|pcapng))`", TEXT))


def test_small_samples_have_the_bounds_that_the_document_says():
    median, upper, lower = re.search(
        r"from (\d+) times on, .* from (\d+) times on, a lower one from (\d+)", TEXT
    ).groups()
    for n, name in ((median, "median_low"), (upper, "p95_high"), (lower, "p95_low")):
        assert getattr(statistics.times(range(int(n))), name) is not None
        assert getattr(statistics.times(range(int(n) - 1)), name) is None
