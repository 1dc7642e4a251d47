"""A campaign for other programs: what JUnit's readers, spreadsheets and Wireshark find in its files."""

import csv

import junitparser
import pytest

from tests.kit import tshark
from tests.kit.campaign import journals
from tools.campaign.figures import measure
from tools.campaign.outputs import files, junit, tables, trace
from tools.campaign.report import verdict

NASTY = "=cmd|' /C calc'!A0\x00\x1b]0;x\x07 <b>&\ud800"


@pytest.fixture(scope="module")
def lines():
    failing = journals.Chances({"send": 0.5, "register": 0.2})
    limits = {
        "mms-send-failure-ratio": {"green": 0.001, "yellow": 0.01},
        "mms-send-time": {"green": 999, "yellow": 999},
    }
    return list(journals.journal(repetitions=3, chances={"26207": failing}, thresholds=limits))


@pytest.fixture(scope="module")
def figures(lines):
    return measure.measure(lines)


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_one(verdict, **fields):
    """Figures of a journal with one attempt that ended with `verdict`."""
    found = list(journals.journal(("23410",), (("register", "network", None),), 1))
    return measure.measure([*found[:-1], {**found[-1], "verdict": verdict, **fields}])


def test_all_files_of_a_campaign_are_written(tmp_path, figures, lines):
    paths = files.write(figures, lines, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    assert all(path.stat().st_size > 1000 for path in paths)


def test_junit_has_a_test_for_each_attempt_and_a_suite_for_each_case(tmp_path, figures):
    junit.write(figures, tmp_path / "junit.xml")
    report = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    failed = [attempt for attempt in figures.attempts if attempt.verdict == "failed"]
    assert [suite.name for suite in report] == [case for case, _, _ in journals.CASES]
    assert (report.tests, report.failures, report.errors) == (len(figures.attempts), len(failed), 0)
    failures = [test.result[0] for suite in report for test in suite if test.result]
    assert {(failure.type, failure.message) for failure in failures} == {
        ("%s %s" % (one.step, one.code), "%s; %s" % (one.text, one.advice) if one.advice else one.text)
        for one in failed
    }
    assert sum(test.time for suite in report for test in suite) == pytest.approx(
        sum(a.seconds for a in figures.attempts)
    )


@pytest.mark.parametrize(
    "verdict, kind",
    (("not possible", junitparser.Skipped), ("broken off", junitparser.Error), ("failed", junitparser.Failure)),
)
def test_junit_tells_verdicts_apart(tmp_path, verdict, kind):
    junit.write(of_one(verdict, step="register", text="no"), tmp_path / "junit.xml")
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert [type(test.result[0]) for test in suite] == [kind]


def test_texts_of_handsets_are_only_texts_in_junit_and_csv(tmp_path):
    found = of_one("failed", step="register", text=NASTY)
    junit.write(found, tmp_path / "junit.xml")
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert [test.result[0].message for test in suite] == ["=cmd|' /C calc'!A0??]0;x? <b>&?"]
    tables.write_attempts(found, tmp_path / "attempts.csv")
    (row,) = rows(tmp_path / "attempts.csv")
    assert row["text"].startswith("'=cmd|") and "\x00" not in row["text"]


def test_tables_have_each_figure_with_its_interval_timeout_and_trigger_points(tmp_path, figures):
    tables.write_figures(figures, tmp_path / "figures.csv")
    table = rows(tmp_path / "figures.csv")
    found = {(row["network"], row["kpi"]): row for row in table if row["case"] == measure.ALL}
    lit = {key: light.word for key, light in verdict.lit_cells(figures).items() if key in found}
    assert {key: row["light"] for key, row in found.items() if key[0] != measure.ALL} == lit
    assert {"good", "bad", "no threshold"} <= set(lit.values())
    assert found.keys() == figures.cells.keys() and len(table) == len({tuple(row.values()) for row in table})
    for key, cell in figures.cells.items():
        row = found[key]
        for name in cell._fields:
            value = getattr(cell, name)
            assert row[name] == ("" if value is None else str(value)), (key, name)
        assert row["timeout_s"] == "300" and row["guard_s"] == "5" and row["start"] and row["stop"]
    big = [row for row in table if (row["case"], row["kpi"], row["network"]) == ("mms-300", "mms-send-time", "26207")]
    assert [row["n"] for row in big] == [str(measure.by_case(figures)["mms-300"].cells["26207", "mms-send-time"].n)]


def test_tables_have_each_attempt_and_each_of_its_steps(tmp_path, figures):
    tables.write_attempts(figures, tmp_path / "attempts.csv")
    tables.write_steps(figures, tmp_path / "steps.csv")
    attempts, steps = rows(tmp_path / "attempts.csv"), rows(tmp_path / "steps.csv")
    assert [int(row["number"]) for row in attempts] == [attempt.number for attempt in figures.attempts]
    assert len(steps) == sum(len(attempt.steps) for attempt in figures.attempts)
    assert {row["stop"] == "" for row in steps if row["verdict"] == "passed"} == {False}
    sent = [float(row["seconds"]) for row in steps if row["procedure"] == "mms-send" and row["seconds"]]
    assert sorted(sent) == figures.samples[measure.ALL, "mms-send-time"]


def test_wireshark_shows_at_lines_and_the_console_with_attempt_and_time(tmp_path, lines):
    trace.write(lines, tmp_path / "trace.pcapng")
    told = [line for line in lines if line.get("attempt") and line["what"] in ("ask", "reply", "event", "trace")]
    packets = [dict(packet) for packet in tshark.decoded(tmp_path / "trace.pcapng", "frame")]
    assert len(packets) == len(told)
    began = float(packets[0]["frame.time_epoch"]) - told[0]["at"]
    for packet, line in zip(packets, told, strict=True):
        assert float(packet["frame.time_epoch"]) - began == pytest.approx(line["at"], abs=1e-4)
        assert packet["frame.protocols"].endswith("at" if line["what"] == "trace" else "json")
        assert packet["frame.comment"].endswith("attempt %d" % line["attempt"])
    assert packets[0]["frame.time_epoch"].startswith("17958312")  # 2026-11-28T02:00
    confirmed = tshark.decoded(tmp_path / "trace.pcapng", 'frame.comment contains "event confirmed"')
    assert len(confirmed) == sum(line.get("event") == "confirmed" for line in lines)


def test_a_trace_of_chosen_attempts_has_no_others(tmp_path, lines):
    trace.write(lines, tmp_path / "trace.pcapng", {2})
    packets = tshark.decoded(tmp_path / "trace.pcapng", "frame")
    kinds = ("ask", "reply", "event", "trace")
    assert len(packets) == sum(line.get("attempt") == 2 and line["what"] in kinds for line in lines)


def test_secrets_in_at_lines_are_masked_once_more(tmp_path):
    found = list(journals.journal(("23410",), (("register", "network", None),), 1))
    secret = {"what": "trace", "at": 3.0, "attempt": 1, "probe": "alice", "line": "modem", "sent": True}
    trace.write([*found, dict(secret, text='AT+CPIN="4711"')], tmp_path / "trace.pcapng")
    assert b"4711" not in (tmp_path / "trace.pcapng").read_bytes()


def test_files_of_a_campaign_without_attempts_can_be_read(tmp_path):
    files.write(measure.measure([]), [], tmp_path)
    assert list(junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))) == []
    assert rows(tmp_path / "figures.csv") == [] and tshark.decoded(tmp_path / "trace.pcapng", "frame") == []


def test_of_many_attempts_the_trace_has_those_that_failed(tmp_path, figures, lines, monkeypatch):
    monkeypatch.setattr(files, "_TRACED", 10)
    files.write(figures, lines, tmp_path)
    comments = {dict(packet)["frame.comment"] for packet in tshark.decoded(tmp_path / "trace.pcapng", "frame")}
    numbers = {int(comment.rpartition(" ")[2]) for comment in comments}
    assert numbers == {attempt.number for attempt in figures.attempts if attempt.verdict == "failed"}
