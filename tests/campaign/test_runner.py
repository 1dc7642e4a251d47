"""The runner: many attempts at once, each probe in one, and whatever happens to a probe or a disk, the others go on."""

import collections

import pytest

from tests.kit.campaign.fakes import Played, outcomes, play
from tools.campaign import journal
from tools.campaign import plan as plans
from tools.campaign.cases.case import Case
from tools.campaign.journal import JournalError
from tools.campaign.runner import Stopped

GIVEN = {
    "campaign": {"name": "try", "repetitions": 2, "pause_s": 5},
    "probes": [
        {"name": "a", "kind": "simulated", "role": "mo"},
        {"name": "b", "kind": "simulated", "role": "mt"},
        {"name": "c", "kind": "simulated", "role": "mo"},
        {"name": "d", "kind": "simulated", "role": "mt"},
    ],
    "networks": [{"mccmnc": "23205"}, {"mccmnc": "26001"}, {"mccmnc": "20801"}],
    "cases": [{"case": "pair"}],
}
PAIR = 3 * 2  # attempts


async def _pair(attempt):
    await attempt.register("mo")
    await attempt.ask("mo", "send", to=[attempt.mt.facts["number"]])
    attempt.note(text="halfway")
    await attempt.clock.sleep(10)
    await attempt.ask("mt", "inbox")


async def _alone(attempt):
    await attempt.ask("mo", "scan")


async def _impossible(attempt):
    attempt.impossible("this modem has no recorder")


async def _wrong(attempt):
    attempt.fail("compare", 7, "two messages came", "look at the MMSC")


async def _waits(attempt):
    await attempt.seen("mo", "confirmed", id="00000001")


async def _hangs(attempt):
    await attempt.clock.sleep(1000)


def _case(name, run, roles=("mo",), costs=False):
    return Case(name, "test", roles, name, name, "a test", 60, costs, run)


@pytest.fixture(autouse=True)
def cases(monkeypatch):
    """The cases of this file, in place of the catalogue."""
    rows = [_case("pair", _pair, ("mo", "mt"), True), _case("alone", _alone), _case("impossible", _impossible)]
    rows += [_case("wrong", _wrong), _case("waits", _waits), _case("hangs", _hangs)]
    monkeypatch.setattr(plans, "cases", lambda: {row.name: row for row in rows})


def given(*cases, **campaign):
    """The plan with other cases, and other values of [campaign]."""
    rows = [{"case": name} for name in cases] or GIVEN["cases"]
    return {**GIVEN, "campaign": {**GIVEN["campaign"], **campaign}, "cases": rows}


def campaign_of(folder, plan, prepare=lambda probes: None, resumed=False):
    """(entries of the journal, the probes by name, the error that ended the campaign or None)."""

    async def story():
        played = Played(folder, plan, resumed)
        prepare(played.probes)
        try:
            await played.run()
        except (Stopped, JournalError) as error:
            return played.entries(), played.probes, error
        return played.entries(), played.probes, None

    return play(story())


def test_two_pairs_work_at_once_and_no_probe_is_in_two_attempts(tmp_path):
    entries, probes, _ = campaign_of(tmp_path, given())
    assert collections.Counter(verdict for _, verdict, _ in outcomes(entries)) == {"passed": PAIR}
    under_way, most = {}, 0
    for entry in entries:
        if entry["what"] == "attempt":
            busy = [name for names in under_way.values() for name in names]
            assert entry["mo"] not in busy and entry["mt"] not in busy
            under_way[entry["attempt"]] = entry["mo"], entry["mt"]
            most = max(most, len(under_way))
        elif entry["what"] == "outcome":
            del under_way[entry["attempt"]]
    assert most == 2 and not under_way
    assert {len(probe.moved) for probe in probes.values()} == {PAIR // 2}


def test_a_probe_rests_for_the_pause_and_what_comes_within_the_guard_time_belongs_to_its_attempt(tmp_path):
    def prepare(probes):
        probes["a"].clock.loop.call_later(11, lambda: probes["a"].say("text", id="00000009"))

    plan = given(guard_s=3, pause_s=7)
    plan["probes"] = plan["probes"][:2]
    entries, _, _ = campaign_of(tmp_path, plan, prepare)
    attempts = [entry["at"] for entry in entries if entry["what"] == "attempt"]
    ends = [entry["at"] for entry in entries if entry["what"] == "outcome"]
    assert [round(begun - end, 2) for begun, end in zip(attempts[1:], ends, strict=False)] == [7.0] * (PAIR - 1)
    assert ends[0] - attempts[0] >= 10 + 3
    assert [entry["attempt"] for entry in entries if entry["what"] == "event"] == [1]


def test_every_stamp_is_of_one_clock_and_goes_forward(tmp_path):
    entries, _, _ = campaign_of(tmp_path, given("alone"))
    stamps = [entry["at"] for entry in entries if "at" in entry]
    assert stamps == sorted(stamps) and len(stamps) > 20
    asked, replied = (
        [entry["at"] for entry in entries if entry["what"] == what and entry["do"] == "scan"]
        for what in ("ask", "reply")
    )
    assert [round(end - begin, 4) for begin, end in zip(asked, replied, strict=True)] == [0.1] * len(asked)


def test_how_a_case_ends_is_its_verdict_with_step_and_code(tmp_path):
    def prepare(probes):
        for probe in probes.values():
            probe.answers["scan"] = {
                "ok": False,
                "step": "scan",
                "code": 30,
                "error": "scan: no service",
                "advice": "wait",
            }

    plan = given("alone", "impossible", "wrong", "waits", "hangs", repetitions=1)
    plan["networks"] = plan["networks"][:1]
    entries, _, _ = campaign_of(tmp_path, plan, prepare)
    found = {key.partition("/")[0]: entry for key, entry in _by_key(entries).items()}
    shown = {name: tuple(found[name][key] for key in ("verdict", "step", "code", "text")) for name in found}
    assert shown["alone"] == ("failed", "scan", 30, "no service") and found["alone"]["advice"] == "wait"
    assert shown["impossible"] == ("not possible", None, None, "this modem has no recorder")
    assert shown["wrong"] == ("failed", "compare", 7, "two messages came")
    assert shown["waits"][:2] == ("failed", "confirmed") and "in 60 s" in shown["waits"][3]
    assert shown["hangs"] == ("failed", "timeout", None, "the attempt was not over after 60 s")


def _by_key(entries):
    keys = {entry["attempt"]: entry["key"] for entry in entries if entry["what"] == "attempt"}
    return {keys[entry["attempt"]]: entry for entry in entries if entry["what"] == "outcome"}


def test_a_failed_event_of_the_message_refuses_what_waits_for_it_and_that_of_another_does_not(tmp_path):
    def prepare(probes):
        for name, id in (("a", "00000001"), ("c", "00000002")):
            more = {"id": id, "step": "mmsc", "code": 135, "text": "no credit", "advice": "top up", "final": True}
            probes[name].clock.loop.call_later(3, lambda probe=probes[name], more=more: probe.say("failed", **more))

    plan = given("waits", repetitions=1)
    plan["networks"] = plan["networks"][:2]
    entries, _, _ = campaign_of(tmp_path, plan, prepare)
    assert [(step, verdict) for _, verdict, step in outcomes(entries)] == [("mmsc", "failed"), ("confirmed", "failed")]


@pytest.mark.parametrize("trouble", ["silent", "anew", "pulled out"])
def test_a_probe_that_is_lost_fails_its_attempt_at_the_step_probe_and_comes_back_while_the_others_go_on(
    tmp_path, trouble
):
    def prepare(probes):
        def strike():
            if trouble == "silent":
                usual, probes["a"].answers = probes["a"].answers, collections.defaultdict(lambda: None)
                probes["a"].answers.update(dict.fromkeys(usual))
                probes["a"].clock.loop.call_later(200, lambda: setattr(probes["a"], "answers", usual))
            elif trouble == "anew":
                probes["a"].hear(b"* ready, at O2 with a SIM of 23410")
            else:
                probes["a"].away = "there is no /dev/ttyUSB0"
                probes["a"].lose("/dev/ttyUSB0 was pulled out, or went away")
                probes["a"].clock.loop.call_later(100, lambda: setattr(probes["a"], "away", None))

        probes["a"].clock.loop.call_later(0.35, strike)  # while it registers

    entries, probes, _ = campaign_of(tmp_path, given(repetitions=10), prepare)
    found = outcomes(entries)
    assert len(found) == 30
    assert [(verdict, step) for _, verdict, step in found if verdict != "passed"] == [("failed", "probe")]
    states = [entry["state"] for entry in entries if entry["what"] == "probe" and entry["probe"] == "a"]
    assert states == ["ready", "silent" if trouble == "silent" else "gone", "back", "ended"]
    (failed,) = [entry for entry in entries if entry["what"] == "outcome" and entry["verdict"] == "failed"]
    assert failed["at"] - failed["over"] < 1  # a probe that is lost is not waited for again
    after = [entry for entry in entries if entry["what"] == "attempt" and entry["mo"] == "a"]
    assert len(after) > 2 and probes["a"].opened >= 2


def test_a_probe_that_is_lost_while_it_rests_fails_no_attempt(tmp_path):
    def prepare(probes):
        def strike():
            probes["a"].away = "there is no /dev/ttyUSB0"
            probes["a"].lose("/dev/ttyUSB0 was pulled out, or went away")
            probes["a"].clock.loop.call_later(10, lambda: setattr(probes["a"], "away", None))

        probes["a"].clock.loop.call_later(20, strike)

    entries, probes, _ = campaign_of(tmp_path, given("alone", repetitions=10, pause_s=30), prepare)
    assert {verdict for _, verdict, _ in outcomes(entries)} == {"passed"}
    states = [entry["state"] for entry in entries if entry["what"] == "probe" and entry["probe"] == "a"]
    assert states == ["ready", "gone", "back", "ended"] and probes["a"].opened == 2


def test_a_probe_that_never_comes_leaves_its_attempts_for_resume(tmp_path):
    def prepare(probes):
        probes["b"].away = probes["d"].away = "there is no /dev/ttyUSB1"

    entries, _, error = campaign_of(tmp_path, given("pair", "alone", repetitions=1, absent_s=30), prepare)
    assert sorted({key.partition("/")[0] for key, _, _ in outcomes(entries)}) == ["alone"]
    assert str(error) == "no probe is there for 3 attempts; look at the boards, then go on with --resume"
    told = [entry["text"] for entry in entries if entry["what"] == "probe" and entry["state"] == "gone"]
    assert told == ["there is no /dev/ttyUSB1; plug it in"] * 2
    again, _, error = campaign_of(tmp_path, given("pair", "alone", repetitions=1, absent_s=30), resumed=True)
    assert error is None
    keys = [key for key, _, _ in outcomes(again)]
    assert len(keys) == len(set(keys)) == 6 and again[: len(entries)] == entries


def test_a_full_disk_ends_the_campaign_in_one_line_and_what_was_measured_stays(tmp_path, monkeypatch):
    usual, room = journal.Journal.write, [2]  # for so many outcomes

    def write(self, what, **fields):
        room[0] -= what == "outcome"
        if room[0] < 0:
            raise JournalError("%s cannot be written: No space left on device; make room" % self.path)
        usual(self, what, **fields)

    monkeypatch.setattr(journal.Journal, "write", write)
    entries, _, error = campaign_of(tmp_path, given())
    assert "No space left on device" in str(error)
    assert len(outcomes(entries)) == 2
    room[0] = PAIR * 2
    again, _, error = campaign_of(tmp_path, given(), resumed=True)
    assert error is None and again[: len(entries)] == entries
    passed = [key for key, verdict, _ in outcomes(again) if verdict == "passed"]
    assert len(passed) == len(set(passed)) == PAIR


def test_a_price_limit_ends_what_costs_and_nothing_else(tmp_path):
    def prepare(probes):
        for probe in probes.values():
            probe.answers["send"] = {"id": "00000001", "price": 40, "currency": "GBP"}
            probe.answers["price"] = {"known": True, "amount": 40, "due": 0, "currency": "GBP"}

    plan = given("pair", "alone", budget="1.10 GBP")
    entries, _, _ = campaign_of(tmp_path, plan, prepare)
    verdicts = collections.Counter((key.partition("/")[0], verdict, step) for key, verdict, step in outcomes(entries))
    assert verdicts == {
        ("pair", "passed", None): 2,
        ("pair", "not possible", "budget"): 4,
        ("alone", "passed", None): 6,
    }
    spent = [entry["spent"] for entry in entries if entry["what"] == "outcome" and entry["spent"]]
    assert spent == [{"minor": 40, "currency": "GBP"}] * 2


def test_a_price_in_another_currency_than_the_budget_is_not_spent(tmp_path):
    def prepare(probes):
        for probe in probes.values():
            probe.answers["price"] = {"known": True, "amount": 39, "due": 0, "currency": "EUR"}

    entries, probes, _ = campaign_of(tmp_path, given("pair", budget="5.00 GBP", repetitions=1), prepare)
    assert [(verdict, step) for _, verdict, step in outcomes(entries)] == [("not possible", "budget")] * 3
    assert "send" not in [command["do"] for probe in probes.values() for command in probe.asked]


def test_a_case_that_an_answer_has_surprised_fails_alone(tmp_path):
    def prepare(probes):
        probes["a"].answers["register"] = {}

    entries, _, _ = campaign_of(tmp_path, given(), prepare)
    found = [(verdict, step) for _, verdict, step in outcomes(entries)]
    assert set(found) == {("passed", None), ("failed", "case")} and len(found) == PAIR


def test_numbers_are_masked_wherever_they_stand(tmp_path):
    campaign_of(tmp_path, given())
    text = (tmp_path / "journal.jsonl").read_text()
    assert "7700900" not in text and "***********02" in text


def test_an_attempt_that_waits_for_a_named_probe_leaves_the_others_free(tmp_path):
    plan = given("hangs", "alone", repetitions=1)
    plan["cases"] = [{"case": "hangs", "mo": "a"}, {"case": "alone", "mo": "a"}, {"case": "alone", "mo": "c"}]
    entries, _, _ = campaign_of(tmp_path, plan)
    mos = {entry["attempt"]: entry["mo"] for entry in entries if entry["what"] == "attempt"}
    order = [mos[entry["attempt"]] for entry in entries if entry["what"] == "outcome"]
    assert order[:3] == ["c"] * 3 and len(order) == 9


def test_a_probe_that_is_named_for_one_role_is_not_taken_for_the_other(tmp_path):
    plan = given(repetitions=1, absent_s=10)
    plan["probes"] = [{"name": name, "kind": "simulated"} for name in ("b", "a")]
    plan["cases"] = [{"case": "pair", "mt": "b"}]
    entries, _, error = campaign_of(tmp_path, plan)
    assert error is None and [verdict for _, verdict, _ in outcomes(entries)] == ["passed"] * 3
