"""A campaign that was interrupted goes on where it was, by its journal; another plan is refused by what changed."""

import asyncio
import copy
import types

import pytest

from tests.kit.campaign.fakes import Played, outcomes, play
from tools.campaign import campaign, runner
from tools.campaign import plan as plans
from tools.campaign.cases.case import Case
from tools.campaign.plan import Plan, PlanError

GIVEN = {
    "campaign": {"name": "try", "repetitions": 3, "pause_s": 1, "budget": "2.00 GBP"},
    "probes": [{"name": "a", "kind": "simulated", "subscriber": "alice"}],
    "networks": [{"mccmnc": "23205"}, {"mccmnc": "26001"}],
    "cases": [{"case": "sends", "to": "+447700900123"}],
}
ALL = 6


async def _sends(attempt):
    await attempt.ask("mo", "send", to=[attempt.options["to"]])
    await attempt.clock.sleep(1)


@pytest.fixture(autouse=True)
def cases(monkeypatch):
    """One case, in place of the catalogue."""
    case = Case("sends", "test", ("mo",), "Sends", "sends", "a test", 60, True, _sends)
    monkeypatch.setattr(plans, "cases", lambda: {"sends": case})


def changed(*path, value):
    """The plan with another value at a path."""
    plan = copy.deepcopy(GIVEN)
    place = plan
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return plan


def run(folder, resumed=False, price=10):
    """The entries of the journal after a run."""

    async def story():
        played = Played(folder, GIVEN, resumed)
        played.probes["a"].answers["send"] = {"id": "00000001", "price": price, "currency": "GBP"}
        return await played.run()

    return play(story())


def cut(folder, count):
    """Leave a journal as a kill leaves it: so many whole attempts, one that had begun, and a torn line."""
    path = folder / campaign.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    ends = [at for at, line in enumerate(lines) if b'"what":"outcome"' in line]
    begun = next(at for at, line in enumerate(lines) if at > ends[count - 1] and b'"what":"attempt"' in line)
    path.write_bytes(b"".join(lines[: begun + 2]) + lines[begun + 2][:20])


def test_attempts_with_an_outcome_stay_and_the_one_that_was_under_way_is_broken_off_and_tried_again(tmp_path):
    first = run(tmp_path)
    assert [verdict for _, verdict, _ in outcomes(first)] == ["passed"] * ALL
    cut(tmp_path, 2)
    again = run(tmp_path, resumed=True)
    found = outcomes(again)
    assert [verdict for _, verdict, _ in found] == ["passed"] * 2 + ["broken off"] + ["passed"] * (ALL - 2)
    assert found[2][0] == found[3][0]
    assert [key for key, verdict, _ in found if verdict == "passed"] == [key for key, _, _ in outcomes(first)]
    assert [entry["run"] for entry in again if entry["what"] == "run"] == [1, 2]
    numbers = [entry["attempt"] for entry in again if entry["what"] == "attempt"]
    assert numbers == sorted(set(numbers))
    torn = [entry["text"] for entry in again if entry["what"] == "note"]
    assert len(torn) == 1 and "is torn, and left out" in torn[0]
    stamps = [entry["at"] for entry in again if "at" in entry]
    assert stamps == sorted(stamps)


def test_attempts_that_failed_in_earlier_runs_are_counted(tmp_path):
    run(tmp_path)
    text = (tmp_path / campaign.NAME).read_text().replace('"verdict":"passed"', '"verdict":"failed"', 2)
    (tmp_path / campaign.NAME).write_text(text)
    journal, standing = campaign.open_journal(Plan(GIVEN), tmp_path, is_resumed=True)
    journal.close()
    assert standing.failed == 2 and len(standing.done) == ALL


def test_a_campaign_that_is_over_has_nothing_left_to_do(tmp_path):
    first = run(tmp_path)
    again = run(tmp_path, resumed=True)
    assert outcomes(again) == outcomes(first)


def test_what_earlier_runs_have_spent_counts(tmp_path):
    run(tmp_path, price=90)
    cut(tmp_path, 2)
    again = run(tmp_path, resumed=True, price=90)
    assert [(verdict, step) for _, verdict, step in outcomes(again)] == [
        ("passed", None),
        ("passed", None),
        ("broken off", None),
        *[("passed", None)],  # the handset tells no price before: the limit is seen when it is passed
        *[("not possible", "budget")] * 3,
    ]


@pytest.mark.parametrize(
    "plan, words",
    [
        (changed("campaign", "pause_s", value=2), "campaign pause_s is 2 and was 1;"),
        (changed("networks", 1, "mccmnc", value="26201"), 'networks 2 mccmnc is "26201" and was "26001"'),
        (changed("networks", value=GIVEN["networks"][:1]), "networks 2 is not there and was .*26001"),
        (changed("cases", 0, "octets", value=5), "cases 1 octets is 5 and was not there"),
        (changed("cases", 0, "to", value="+447700900223"), "a telephone number"),
    ],
)
def test_another_plan_is_refused_by_what_changed(tmp_path, plan, words):
    run(tmp_path)
    before = (tmp_path / campaign.NAME).read_bytes()
    with pytest.raises(PlanError, match="the plan has changed since this campaign began: " + words):
        campaign.open_journal(Plan(plan), tmp_path, is_resumed=True)
    assert (tmp_path / campaign.NAME).read_bytes() == before


def test_another_speed_is_refused_and_without_a_journal_there_is_nothing_to_go_on_with(tmp_path):
    with pytest.raises(PlanError, match="there is no .*journal.jsonl to go on with"):
        campaign.open_journal(Plan(GIVEN), tmp_path, is_resumed=True)
    run(tmp_path)
    with pytest.raises(PlanError, match="began with --speed 1: go on with the same"):
        campaign.open_journal(Plan(GIVEN), tmp_path, is_resumed=True, speed=10)


def test_a_date_that_jumps_is_noted_and_changes_no_stamp(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "_WATCH_S", 0.05)
    wall = types.SimpleNamespace(ahead=0)
    usual = runner.time.time
    monkeypatch.setattr(runner.time, "time", lambda: usual() + wall.ahead)

    async def story():
        played = Played(tmp_path, GIVEN, speed=10)
        played.clock.loop.call_later(0.2, lambda: setattr(wall, "ahead", -3600))
        return await played.run()

    entries = asyncio.run(story())
    jumps = [entry for entry in entries if entry["what"] == "note"]
    assert [entry["clock_jump_s"] for entry in jumps] == [-3600.0] and "monotonic" in jumps[0]["text"]
    stamps = [entry["at"] for entry in entries if "at" in entry]
    assert stamps == sorted(stamps) and stamps[-1] < 600


def test_a_campaign_that_begins_anew_keeps_the_journal_of_the_one_before(tmp_path):
    run(tmp_path)
    before = (tmp_path / campaign.NAME).read_bytes()
    run(tmp_path, price=11)
    (kept,) = tmp_path.glob("journal-*.jsonl")
    assert kept.read_bytes() == before and (tmp_path / campaign.NAME).read_bytes() != before
