"""The comparison of two campaigns: its sentence, its tables, and the command that writes it."""

import json

import pytest
from rich.console import Console

from tests.kit.campaign import journals
from tools.campaign import __main__ as program
from tools.campaign import results
from tools.campaign.figures import compare, measure
from tools.campaign.report import comparison, words

BAD = {"20801": journals.Chances({"send": 0.4}, {"send": 25})}


def compared(before, after):
    """(Figures, Figures, Comparison) of two journals."""
    one, two = measure.measure(before), measure.measure(after)
    return one, two, compare.compare(one, two)


@pytest.fixture(scope="module")
def worse():
    """Two campaigns, in the second of which one network sends worse."""
    return compared(journals.journal(repetitions=60), journals.journal(repetitions=60, seed=2, chances=BAD))


def test_the_sentence_names_the_surest_change(worse):
    _, two, found = worse
    kind, sentence, beside = comparison.judge(found, words.Networks(two.campaign))
    counted = [one for one in found.verdicts if one.network != measure.ALL]
    number = sum(one.verdict == compare.WORSE for one in counted)
    assert kind == "worse" and sentence.startswith("Worse: %d of %d figures are worse." % (number, len(counted)))
    assert " on 20801 (Country 2), from " in sentence and beside[0].startswith("%d worse, 0 better" % number)


def test_the_other_way_round_is_better(worse):
    one, two, _ = worse
    kind, sentence, _ = comparison.judge(compare.compare(two, one), words.Networks(one.campaign))
    assert kind == "better" and sentence.startswith("Better: ")


def test_few_samples_show_no_change_and_say_so():
    _, two, found = compared(journals.journal(repetitions=3), journals.journal(repetitions=3, seed=2))
    kind, sentence, _ = comparison.judge(found, words.Networks(two.campaign))
    assert kind == "few" and sentence.startswith("No change is shown, and for ") and "too few" in sentence
    none = comparison.judge(compare.Comparison((), (), ("1",), ("2",)), words.Networks({}))
    assert none[:2] == ("few", "The two campaigns have no figure in common.")


def test_changes_of_conditions_and_markup_in_names_are_shown_as_text(worse):
    one, two, found = worse
    name = "<b>\x1b[2J\u202ename</b>"
    one, two = (figures._replace(campaign={**figures.campaign, "name": name}) for figures in (one, two))
    found = found._replace(changed=("timeout_s of mms-30 was 300 and is <i>60</i>",), after_only=("26201",))
    text = comparison.text(one, two, found)
    assert "Not under the same conditions: timeout_s of mms-30 was 300 and is &lt;i&gt;60&lt;/i&gt;." in text
    assert "Only the second campaign has 26201." in text
    assert "<b>" not in text and "<i>" not in text and "\x1b" not in text and "\u202e" not in text
    assert text.count("<tr>") == len(found.verdicts) + 2 and text.count('class="plot"') >= 2
    console = Console(width=100, file=open("/dev/null", "w"), record=True)
    console.print(comparison.summary(two, found))
    shown = console.export_text()
    assert "■ worse" in shown and "Only the second campaign has 26201." in shown


def test_the_command_writes_the_page_beside_the_second_journal(tmp_path, capsys):
    paths = []
    for name, chances in (("before", None), ("after", BAD)):
        folder = tmp_path / name
        folder.mkdir()
        lines = journals.journal(repetitions=40, chances=chances)
        (folder / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        paths.append(str(folder))
    assert program.main(["compare", *paths]) == 1
    assert "■ Worse: " in capsys.readouterr().out
    assert "Figures that changed" in (tmp_path / "after" / results.COMPARISON).read_text("utf-8")
    assert program.main(["compare", paths[0], paths[0], "--out", str(tmp_path / "same")]) == 0
    assert (tmp_path / "same" / results.COMPARISON).exists()
