"""Campaigns in virtual time: pieces on workers, and the one journal that becomes of theirs."""

import asyncio
import collections
import json
import os
import signal

import pytest

from tools import cluster
from tools.campaign import journal, plan
from tools.campaign.virtual import __main__ as virtual
from tools.campaign.virtual import pieces, speed
from tools.campaign.virtual.world import Fault, Virtual

NETWORKS = ("20820", "23205", "28601")  # in Turkey there is no data service for these subscribers
REPETITIONS = 4


def planned(networks=NETWORKS, repetitions=REPETITIONS, **more):
    probe = {"kind": "virtual", "modem": "sim800"}
    return plan.Plan(
        {
            "campaign": {"name": "virtual", "seed": 3, "repetitions": repetitions, "pause_s": 200},
            "probes": [
                {"name": "alice", "subscriber": "alice", "role": "mo", **probe},
                {"name": "bob", "subscriber": "bob", "role": "mt", **probe},
            ],
            "networks": [{"mccmnc": each} for each in networks],
            "cases": [{"case": "mms-1", "timeout_s": 400}],
            **more,
        }
    )


def timeless(path):
    """The lines of a journal without the date, which is the only thing that differs between equal campaigns."""
    return [{key: line[key] for key in line if key != "date"} for line in journal.read(path)]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A campaign that one worker has played: (Merged, the lines of its journal)."""
    path = tmp_path_factory.mktemp("alone") / "journal.jsonl"
    merged = virtual.run(planned(), path, jobs=1)
    return merged, timeless(path)


def test_every_attempt_has_one_outcome_and_no_message_is_lost(alone):
    merged, lines = alone
    keys = collections.Counter(line["key"] for line in lines if line["what"] == "attempt")
    assert sorted(keys) == sorted(each.key for each in planned().attempts())
    assert set(keys.values()) == {1} and merged.lost == []
    numbers = [line["attempt"] for line in lines if line["what"] == "attempt"]
    assert numbers == list(range(1, len(keys) + 1))
    assert sorted(line["attempt"] for line in lines if line["what"] == "outcome") == numbers
    assert merged.verdicts["passed"] >= REPETITIONS and merged.verdicts["failed"] >= REPETITIONS


def test_the_journal_is_one_campaign_in_virtual_time(alone):
    _, lines = alone
    assert [line["what"] for line in lines[:2]] == ["campaign", "run"]
    assert lines[0]["plan"] == planned().given and lines[0]["clock"] == "virtual"
    assert [line for line in lines[2:] if line["what"] in ("campaign", "run")] == []
    moments = [line["at"] for line in lines if "at" in line]
    assert moments == sorted(moments) and moments[-1] > 1000
    begun = {line["attempt"]: line["at"] for line in lines if line["what"] == "attempt"}
    ended = [line for line in lines if line["what"] == "outcome"]
    assert all(begun[line["attempt"]] < line["over"] <= line["at"] for line in ended)


def test_at_lines_are_kept_of_attempts_that_failed(alone):
    _, lines = alone
    failed = {line["attempt"] for line in lines if line["what"] == "outcome" and line["verdict"] == "failed"}
    traced = {line["attempt"] for line in lines if line["what"] == "trace"}
    assert traced == failed
    assert "+44770090000" not in json.dumps(lines)


def test_a_worker_that_dies_loses_nothing_and_nothing_counts_twice(alone, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    merged = pieces.Merged(tmp_path / "journal.jsonl", planned(), "")
    cuts = pieces.cut(planned())
    with cluster.workers(jobs=2) as client:
        played = cluster.play(client, pieces.play, cuts)
        killed = []
        for number, piece in played:
            merged.add(number, cuts[number], piece)
            if not killed:
                killed = list(client.run(os.getpid).values())[:1]
                os.kill(killed[0], signal.SIGKILL)
    merged.close()
    assert killed and timeless(tmp_path / "journal.jsonl") == alone[1]
    assert os.listdir(tmp_path) == ["journal.jsonl"]


@pytest.mark.parametrize("two, change, status", ((6.5, {}, 0), (6.6, {}, 1), (1.0, {"at": 7.0}, 1)))
def test_two_workers_that_are_slow_or_give_another_journal_fail(monkeypatch, capsys, two, change, status):
    lines = {1: (10.0, [{"at": 1.0}]), 2: (two, [{"at": 1.0, **change}])}
    monkeypatch.setattr(speed, "measure", lambda planned, jobs: lines[jobs])
    monkeypatch.setattr("sys.argv", ["speed", "--repetitions", "2"])
    assert speed.main() == status
    assert "48 attempts: one worker 10.0 s" in capsys.readouterr().out


def test_pieces_share_the_repetitions_of_each_case_and_have_seeds_of_their_own():
    cases = [{"case": "mms-1"}, {"case": "mms-1", "repetitions": 7}]
    cuts = pieces.cut(planned(repetitions=5, cases=cases), repetitions=3)
    assert [[row["repetitions"] for row in piece.given["cases"]] for piece in cuts] == [[3, 3]] * 3 + [[2, 3]] * 3 + [
        [1]
    ] * 3
    assert [piece.offset for piece in cuts] == [0] * 3 + [3] * 3 + [6] * 3
    assert len({piece.seed for piece in cuts}) == len(cuts)
    assert [[row["mccmnc"] for row in piece.given["networks"]] for piece in cuts[:3]] == [[each] for each in NETWORKS]


def test_a_world_that_ends_before_its_time_is_no_result():
    async def story():
        raise ValueError("by itself")

    with pytest.raises(ValueError, match="by itself"):
        Virtual(1).play(story())

    world = Virtual(1)
    world.agenda.after(5, lambda: {}["nothing"])

    async def wait():
        await world.wait(100)

    with pytest.raises(Fault, match="nothing"):
        world.play(wait())


def test_an_error_of_a_task_that_is_none_of_our_types_is_no_result():
    world = Virtual(1)

    async def fail():
        raise KeyError("of a task")

    async def story():
        task = asyncio.create_task(fail())
        await world.wait(100)
        return task.done()

    with pytest.raises(Fault, match="of a task"):
        world.play(story())


@pytest.mark.parametrize(
    "change, told",
    (
        ({"probes": [{"name": "a", "kind": "virtual", "subscriber": "carol"}]}, "no subscriber carol: there are alice"),
        ({"probes": [{"name": "a", "kind": "virtual", "subscriber": "alice", "modem": "m67"}]}, "no modem m67"),
        ({"networks": [{"mccmnc": "99999"}]}, "99999"),
    ),
)
def test_a_wrong_plan_ends_with_one_line(tmp_path, capsys, monkeypatch, change, told):
    monkeypatch.setattr(plan, "read", lambda path: planned(**change))
    monkeypatch.setattr("sys.argv", ["virtual", "plan.toml", "--out", str(tmp_path / "out"), "--jobs", "1"])
    assert virtual.main() == 2
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1


def test_a_scheduler_that_is_not_there_is_told_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1)
    monkeypatch.setattr(plan, "read", lambda path: planned())
    words = ["virtual", "plan.toml", "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    monkeypatch.setattr("sys.argv", words)
    assert virtual.main() == 2
    said = capsys.readouterr().err
    assert "no workers at the scheduler tcp://127.0.0.1:9" in said and said.count("\n") == 1
