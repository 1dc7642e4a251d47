"""Hundreds of sessions with faults, on CPython and on MicroPython as it is shipped: the same ones, octet for octet."""

import pytest

from tools import phone
from tools.soak import __main__ as soak
from tools.soak.faults import KINDS

SEEDS = 200
FIRST = 1
JOBS = 2


@pytest.fixture(scope="module")
def played():
    return soak.play(("cpython",), FIRST, SEEDS, JOBS)


def test_no_session_on_cpython_breaks_a_promise(played):
    assert len(played) == SEEDS
    assert [result for result in played.values() if result["broken"]] == []


def test_many_kinds_of_fault_strike(played):
    struck = {name for result in played.values() for name in result["faults"] if name[0] != "("}
    assert len(struck) >= 25 and len(KINDS) >= 30
    assert sum(1 for result in played.values() if result["faults"]) > SEEDS // 2


def test_sessions_on_micropython_are_the_same(played):
    if not phone.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    there = soak.play(("micropython",), FIRST, SEEDS, JOBS)
    assert [result for result in there.values() if result["broken"]] == []
    same = sum(1 for seed, result in there.items() if result["digest"] == played[seed]["digest"])
    assert same >= SEEDS * 9 // 10  # the rest: where a float or the order of tasks differs


def test_a_modem_that_was_reset_is_back_within_a_minute():
    played = soak.play(("cpython",), FIRST, 100, JOBS, "brown-out")
    resets = [ms for result in played.values() for ms in result["recovered_ms"]]
    assert len(resets) >= 40
    assert soak.prompt(resets) >= 0.99
    assert "%d modem resets: " % len(resets) in " ".join(soak.summary({1: dict(_QUIET, recovered_ms=resets)}, 1))


_QUIET = {"seed": 1, "broken": [], "faults": {}, "ms": 1, "digest": ""}


def test_a_broken_promise_is_told_with_the_command_that_repeats_it(monkeypatch, capsys):
    bad = dict(_QUIET, seed=5, broken=["lost: 00000000"], recovered_ms=[])

    def play(interpreters, first, count, jobs, fault, heard):
        heard(bad)
        return {5: bad}

    monkeypatch.setattr(soak, "play", play)
    monkeypatch.setattr("sys.argv", ["soak", "--seeds", "1", "--first", "5", "--interpreter", "cpython"])
    assert soak.main() == 1
    assert "python -m tools.soak --seeds 1 --first 5 --interpreter cpython" in capsys.readouterr().out
