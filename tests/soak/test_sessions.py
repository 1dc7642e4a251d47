"""Thousands of sessions with faults on CPython; hundreds of them on MicroPython as it is shipped, octet for octet."""

import pytest

from tests.kit.tier import amount
from tools import programs
from tools.soak import __main__ as soak
from tools.soak import names
from tools.soak.faults import KINDS
from tools.soak.stations import FAMILIES

SEEDS = amount(300, 5600)
FAULTED = amount(265, 5000)
EVERY = amount(9, 10)  # tenths of the kinds: some are those of one family, or of sessions with a WAP gateway
SHIPPED = amount(12, 200)  # those of each family, on either interpreter
FIRST = 1
JOBS = 2  # these files are among the last: when no other test is left both cores are theirs

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def played():
    return soak.play(("cpython",), FIRST, SEEDS, JOBS)


def _struck(result):
    """The names of the faults that met somebody; those in brackets are what came of them."""
    return {name for name in result["faults"] if name[0] != "("}


def test_no_session_on_cpython_breaks_a_promise(played):
    assert len(played) == SEEDS
    assert [result for result in played.values() if result["broken"]] == []


def test_most_sessions_are_faulted_by_every_kind_and_others_are_not(played):
    faulted = [result for result in played.values() if _struck(result)]
    assert FAULTED <= len(faulted) < SEEDS
    struck = set().union(*map(_struck, faulted))
    spared = [kind for kind in KINDS if not struck.intersection(names.told(kind))]
    assert len(KINDS) >= 30 and len(spared) * 10 <= len(KINDS) * (10 - EVERY), spared


@pytest.mark.parametrize("family", FAMILIES)
def test_sessions_on_micropython_are_the_same(family):
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    # Two families are busy at different times, and each interpreter has its own order for what is due at once.
    here, there = [soak.play((name,), FIRST, SHIPPED, JOBS, modems=(family,)) for name in ("cpython", "micropython")]
    assert [result for result in [*here.values(), *there.values()] if result["broken"]] == []
    # Where a program waits for its flash, several tasks are late, in an order of the interpreter's, too.
    quick = [seed for seed in there if names.TRAITS["deaf"] not in here[seed]["faults"]]
    same = sum(1 for seed in quick if there[seed]["digest"] == here[seed]["digest"])
    assert len(quick) > SHIPPED // 2
    assert same >= len(quick) * 9 // 10  # the rest: where a float, or what two tasks do in one millisecond differs


def test_no_session_of_two_families_on_micropython_breaks_a_promise():
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    there = soak.play(("micropython",), FIRST, SHIPPED, JOBS)
    assert [result for result in there.values() if result["broken"]] == []


def test_a_modem_that_was_reset_is_back_within_a_minute():
    played = soak.play(("cpython",), FIRST, 100, JOBS, "brown-out")
    resets = [ms for result in played.values() for ms in result["recovered_ms"]]
    assert len(resets) >= 40
    assert soak.prompt(resets) >= soak.PROMPT
    assert "%d modem resets: " % len(resets) in " ".join(soak.summary({1: dict(_QUIET, recovered_ms=resets)}, 1))


_QUIET = {"seed": 1, "broken": [], "faults": {}, "ms": 1, "digest": ""}


@pytest.mark.parametrize("slow, status", ((1, 0), (2, 1)))
def test_modems_that_are_not_back_in_time_fail_the_soak(monkeypatch, capsys, slow, status):
    resets = [soak.RECOVERY_MS] * (100 - slow) + [soak.RECOVERY_MS + 1] * slow
    monkeypatch.setattr(soak, "play", lambda *_: {1: dict(_QUIET, recovered_ms=resets)})
    monkeypatch.setattr("sys.argv", ["soak", "--seeds", "1", "--interpreter", "cpython", "--modem", "bg95"])
    assert soak.main() == status
    assert bool(capsys.readouterr().err) == bool(status)


def test_a_broken_promise_is_told_with_the_command_that_repeats_it(monkeypatch, capsys):
    bad = dict(_QUIET, seed=5, broken=["lost: 00000000"], recovered_ms=[])

    def play(interpreters, first, count, jobs, fault, heard, modems, scheduler):
        heard(bad)
        return {5: bad}

    monkeypatch.setattr(soak, "play", play)
    monkeypatch.setattr(
        "sys.argv", ["soak", "--seeds", "1", "--first", "5", "--interpreter", "cpython", "--modem", "bg95"]
    )
    assert soak.main() == 1
    assert "python -m tools.soak --seeds 1 --first 5 --interpreter cpython --modem bg95" in capsys.readouterr().out
