"""A running campaign is watched by Prometheus: its text format says what the figures say."""

import pytest

from tests.kit.campaign import journals
from tests.kit.campaign.scrape import free_port, scraped
from tools.campaign.figures import measure
from tools.campaign.outputs import prometheus


def test_counters_and_histograms_are_those_of_the_figures():
    lines = list(journals.journal(repetitions=4, chances={"26207": journals.Chances({"send": 0.4})}))
    metrics, port, figures = prometheus.Metrics(), free_port(), measure.measure(lines)
    for line in lines:
        metrics.handle(line)
    with prometheus.serve("127.0.0.1:%d" % port, metrics):
        found = scraped(port)
    for (network, kpi), cell in figures.cells.items():
        labels = ("kpi", kpi), ("network", network)
        if network == measure.ALL:
            continue
        if kpi.endswith("-time"):
            assert found.get(("campaign_kpi_seconds_count", *labels), 0) == cell.n
            total = found.get(("campaign_kpi_seconds_sum", *labels), 0)
            assert total == pytest.approx(sum(figures.samples[network, kpi]))
        else:
            assert found["campaign_kpi_tries_total", *labels] == cell.n
            assert found["campaign_kpi_counted_total", *labels] == cell.k
    passed = [attempt for attempt in figures.attempts if (attempt.case, attempt.network) == ("sms", "26207")]
    key = ("campaign_attempts_total", ("case", "sms"), ("network", "26207"), ("verdict", "passed"))
    assert found[key] == sum(attempt.verdict == "passed" for attempt in passed)
    spent = sum(attempt.spent["minor"] for attempt in figures.attempts if attempt.spent)
    assert found["campaign_spent_minor_total", ("currency", "GBP")] == spent


def test_a_campaign_that_runs_shows_its_probes_and_its_attempts_under_way():
    metrics, port = prometheus.Metrics(), free_port()
    lines = list(journals.journal(repetitions=1))
    with prometheus.serve(str(port), metrics):
        for line in lines[:6]:
            metrics.handle(line)
        before = scraped(port)
        metrics.handle({"what": "probe", "at": 999.0, "probe": "bob", "state": "gone", "text": "", "facts": {}})
        after = scraped(port)
    assert before["campaign_attempts_running",] == 1
    assert before["campaign_clock_seconds",] == lines[5]["at"] and after["campaign_clock_seconds",] == 999
    states = [
        {key[2][1]: value for key, value in found.items() if key[:2] == ("campaign_probe_state", ("probe", "bob"))}
        for found in (before, after)
    ]
    assert [[state for state, value in each.items() if value] for each in states] == [["ready"], ["gone"]]


@pytest.mark.parametrize(
    "text, wanted",
    (("9100", ("127.0.0.1", 9100)), ("127.0.0.1:9100", ("127.0.0.1", 9100)), ("[::1]:9100", ("::1", 9100))),
)
def test_an_address_is_of_the_loopback_unless_it_says_otherwise(text, wanted):
    assert prometheus.address(text) == wanted


@pytest.mark.parametrize("text", ("", ":9100", "here", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "localhost:http"))
def test_an_address_that_is_none_is_one_line_with_an_example(text):
    with pytest.raises(prometheus.ListenError, match="^--listen %s: .*127.0.0.1:9100$" % text):
        prometheus.address(text)


def test_an_address_that_is_taken_is_one_line_with_what_to_do():
    port = str(free_port())
    with prometheus.serve(port, prometheus.Metrics()):
        with pytest.raises(prometheus.ListenError, match="take another port"):
            with prometheus.serve(port, prometheus.Metrics()):
                pass
    with prometheus.serve(port, prometheus.Metrics()):
        assert scraped(int(port))  # the port is free again
