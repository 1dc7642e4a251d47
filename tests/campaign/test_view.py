"""The live view: a line for each outcome and for each probe that goes or comes, and a table on a terminal."""

import io
import json

from rich.console import Console

from tools.campaign.view import Rows, View


def entry(what, **fields):
    """A line of a journal, of second 12."""
    return {"what": what, "at": 12.0, **fields}


def attempt(number, **more):
    """The line of an attempt's beginning."""
    fields = {"case": "mms-30", "network": "23205", "mo": "alice", "mt": "bob", **more}
    return entry("attempt", attempt=number, **fields)


def outcome(number, verdict, **more):
    """The line of an outcome."""
    fields = {"step": None, "code": None, "text": "", "advice": "", "spent": None, **more}
    return {**entry("outcome", attempt=number, verdict=verdict, **fields), "at": 20.5}


def shown(*entries, terminal=False):
    """The text that a view shows of the entries."""
    out = io.StringIO()
    view = View(10, 2, Console(file=out, force_terminal=terminal, width=110, highlight=False, color_system=None))
    for each in entries:
        view.hear(each)
    if terminal:
        view.console.print(view._draw())
    view.close()
    return out.getvalue()


def test_each_outcome_is_a_line_with_step_code_and_advice():
    text = shown(
        attempt(3),
        outcome(3, "passed"),
        attempt(4),
        outcome(4, "failed", step="register", code=30, text="no service", advice="try another one"),
        attempt(5, mt=None),
        outcome(5, "not possible", text="[red]this modem cannot\x1b[2J"),
    )
    assert text.splitlines() == [
        "     20.5 s  3 of 10  mms-30 on 23205, alice to bob: passed in 8.5 s",
        "     20.5 s  4 of 10  mms-30 on 23205, alice to bob: failed at register (30): no service; try another one",
        "     20.5 s  5 of 10  mms-30 on 23205, alice: not possible: [red]this modem cannot?[2J",
    ]


def test_for_programs_each_outcome_is_an_object_without_its_guard_time_and_the_rest_is_for_the_console(capsys):
    out = io.StringIO()
    view = Rows(10, 2, Console(file=out))
    for number in (1, 2):
        view.hear(attempt(number, key="mms-30/23205/home/%d" % number, mt_network="23410"))
        view.hear(outcome(number, "not possible", step="budget", text="it is spent", over=18.25))
    view.hear(entry("probe", probe="alice", state="gone", text=""))
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["key"] for row in rows] == ["mms-30/23205/home/1", "mms-30/23205/home/2"]
    told = {"case": "mms-30", "network": "23205", "mt_network": "23410", "mo": "alice", "mt": "bob", "code": None}
    told |= {"verdict": "not possible", "step": "budget", "text": "it is spent", "advice": "", "seconds": 6.25}
    assert {**rows[0], **told} == rows[0] and out.getvalue().split() == ["12.0", "s", "alice", "is", "gone"]


def test_a_spent_budget_is_one_line_however_many_attempts_it_ends():
    entries = [
        each for number in (1, 2, 3) for each in (attempt(number), outcome(number, "not possible", step="budget"))
    ]
    assert len(shown(*entries).splitlines()) == 1


def test_probes_that_go_and_come_and_notes_are_lines():
    text = shown(
        entry("probe", probe="alice", state="gone", text="/dev/ttyUSB0 was pulled out"),
        entry("probe", probe="alice", state="back", text=""),
        entry("note", attempt=None, text="the date of this machine jumped"),
        entry("note", attempt=3, text="the probe is lost"),
    )
    assert [line.strip() for line in text.splitlines()] == [
        "12.0 s  alice is gone: /dev/ttyUSB0 was pulled out",
        "12.0 s  alice is back",
        "12.0 s  the date of this machine jumped",
    ]


def test_a_terminal_has_a_table_of_probes_with_the_step_that_each_is_at():
    text = shown(
        entry("probe", probe="alice", state="ready", text=""),
        entry("probe", probe="bob", state="ready", text=""),
        attempt(3),
        entry("ask", attempt=3, probe="alice", do="send"),
        entry("event", attempt=3, probe="alice", event="sent"),
        entry("event", attempt=3, probe="bob", event="notified"),
        terminal=True,
    )
    rows = [line.split() for line in text.splitlines() if line.startswith(("alice", "bob"))]
    assert rows[-2:] == [
        ["alice", "ready", "mms-30", "on", "23205,", "alice", "to", "bob", "send"],
        ["bob", "ready", "mms-30", "on", "23205,", "alice", "to", "bob", "notified"],
    ]
    assert "2 of 10 attempts, 0 min" in text
