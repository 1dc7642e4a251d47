"""The documents of the command: each line that they show is understood, and they name each verb and status."""

import re
import shlex

import pytest

from tools.command import others
from tools.command.parser import STATUSES, create
from tools.programs import ROOT


def lines():
    """The command lines of docs/command.md and of the examples in each --help."""
    texts = [(ROOT / "docs/command.md").read_text(), *(parser.epilog or "" for parser in create().verbs.values())]
    return sorted(
        {line for text in texts for line in re.findall(r"^ +mms (.*?)(?:   .*| [|>].*)?$", text, re.MULTILINE)}
    )


@pytest.mark.parametrize("line", lines())
def test_each_line_that_is_shown_is_understood(line):
    assert create().parse_args(shlex.split(line)).verb


def test_each_verb_and_each_status_is_written_down():
    text = (ROOT / "docs/command.md").read_text()
    verbs = set(re.findall(r"`([a-z]+)[ `]", text))
    assert set(create().verbs) <= verbs and set(others.known()) <= verbs
    assert re.findall(r"^  (\d+) ", STATUSES, re.MULTILINE) == [
        row for row in re.findall(r"^\| (\d+) \|", text, re.MULTILINE) if row != "141"
    ]


def test_help_fits_into_80_columns():
    for parser in (create(), *create().verbs.values()):
        assert max(map(len, parser.epilog.split("\n") if parser.epilog else [""])) < 80


@pytest.mark.parametrize("verb", others.known())
def test_a_verb_that_is_a_program_of_its_own_shows_examples(verb, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", [])
    monkeypatch.setenv("COLUMNS", "80")
    assert others.run(verb, ["--help"]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"^  mms %s \S" % verb, said.partition("examples:\n")[2], re.MULTILINE)
    usage = said.partition("\n\n")[0].splitlines()
    assert max(map(len, usage)) <= 80
