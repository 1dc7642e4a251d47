"""A journal is measured: each figure by its trigger points, whatever became of the campaign."""

import pytest

from tests.kit import tier
from tests.kit.campaign import journals
from tools.campaign.figures import kpis, measure

HOME, ABROAD, REFUSING = "23410", "26207", "20801"
MMS = (("mms-30", "mms", 30720),)
NEVER = journals.Chances(dict.fromkeys((*journals.Chances.DEFAULTS, "intact"), 0))


def one_message(**chances):
    """The lines of one attempt with a message from ABROAD to HOME, which fails where `chances` say so."""
    failing = journals.Chances({**NEVER.fail, **chances})
    return list(journals.journal((HOME, ABROAD), MMS, 1, chances={HOME: NEVER, ABROAD: failing}))[:4] + [
        line
        for line in journals.journal((HOME, ABROAD), MMS, 1, chances={HOME: NEVER, ABROAD: failing})
        if line.get("attempt") == 2
    ]


def place(lines, name):
    """The place of the first ask or event of a name."""
    return next(at for at, line in enumerate(lines) if name in (line.get("event"), line.get("do"), line.get("what")))


def figure(lines, kpi, network=ABROAD):
    """(failures, tries) of a KPI in a network."""
    found = measure.measure(lines).cells.get((network, kpi))
    return found and (found[0], found[1]) if kpi.endswith("ratio") else found and (found.failed, found.failed + found.n)


def test_every_kpi_of_the_table_has_a_figure():
    found = measure.measure(journals.journal(repetitions=3))
    assert found.kpis == tuple(kpi.name for kpi in kpis.KPIS)
    assert found.networks == (HOME, ABROAD, REFUSING)
    assert found.campaign["name"] == "sample" and len(found.attempts) == 3 * 3 * len(journals.CASES)


def test_times_are_those_between_the_trigger_points():
    lines = one_message()
    found = measure.measure(lines)
    at = {
        line.get("event") or line.get("do"): line["at"] for line in reversed(lines) if line["what"] in ("ask", "event")
    }
    replied = lines[place(lines, "registered") + 1]["at"]
    for network, kpi, seconds in (
        (ABROAD, "network-registration-time", replied - at["register"]),
        (ABROAD, "mms-send-time", at["confirmed"] - at["send"]),
        (HOME, "mms-notification-time", at["notified"] - at["confirmed"]),
        (HOME, "mms-retrieval-time", at["acknowledged"] - at["notified"]),
        (ABROAD, "mms-end-to-end-time", at["retrieved"] - at["send"]),
        (ABROAD, "delivery-report-time", at["delivered"] - at["confirmed"]),
    ):
        assert found.cells[network, kpi].median == round(seconds, 4) == found.samples[network, kpi][0], kpi


def test_a_late_reply_to_a_command_of_the_attempt_before_is_none_of_this_one():
    lines = one_message()
    at = place(lines, "register")
    late = dict(lines[place(lines, "registered") + 1], at=lines[at]["at"], ok=False)
    assert late["do"] == "register" and late["what"] == "reply"
    told = measure.measure(lines[:at] + [late] + lines[at:])
    assert told.cells == measure.measure(lines).cells


@pytest.mark.parametrize(
    "step, failed, untried",
    (
        ("register", ["network-registration"], ["mms-send", "mms-end-to-end", "mms-notification", "mms-retrieval"]),
        ("send", ["mms-send", "mms-end-to-end"], ["mms-notification", "mms-retrieval"]),
        ("notify", ["mms-notification", "mms-end-to-end"], ["mms-retrieval"]),
        ("retrieve", ["mms-retrieval", "mms-end-to-end"], []),
        ("intact", ["mms-retrieval", "mms-end-to-end"], []),
    ),
)
def test_a_failure_counts_where_it_happened_and_in_the_whole_but_not_in_what_was_not_tried(step, failed, untried):
    lines = one_message(**{step: 1.0})
    for procedure in ("network-registration", "mms-send", "mms-notification", "mms-retrieval", "mms-end-to-end"):
        network = HOME if procedure in ("mms-notification", "mms-retrieval") else ABROAD
        wanted = None if procedure in untried else (1, 1) if procedure in failed else (0, 1)
        assert figure(lines, procedure + "-failure-ratio", network) == wanted, procedure
        assert figure(lines, procedure + "-time", network) == wanted, procedure


def test_figures_of_all_networks_are_their_sum():
    found = measure.measure(journals.journal(repetitions=8))
    for kpi in found.kpis:
        cells = [found.cells[network, kpi] for network in found.networks if (network, kpi) in found.cells]
        assert found.cells[measure.ALL, kpi].n == sum(cell.n for cell in cells)


def test_attempts_that_are_not_possible_or_broken_off_count_nowhere():
    lines = one_message()
    assert measure.measure(lines[:-1]).cells == {}
    assert [one.verdict for one in measure.measure(lines[:-1]).attempts] == [measure.BROKEN]
    assert measure.measure([*lines[:-1], {**lines[-1], "verdict": "not possible"}]).cells == {}


def test_a_resumed_campaign_has_the_figures_of_its_whole_attempts():
    lines = one_message()
    again = [dict(line, at=line["at"] + 1000, attempt=line.get("attempt") and 3) for line in lines[4:]]
    resumed = [*lines[:-3], {"what": "run", "run": 2, "at": 1000.0}, *again]
    found = measure.measure(resumed)
    assert found.cells == measure.measure(lines).cells
    assert [(one.number, one.verdict) for one in found.attempts] == [(2, measure.BROKEN), (3, "passed")]
    assert [line["what"] for line in measure.excerpts(resumed, [2])[2]] == [line["what"] for line in lines[4:-3]]


def test_a_number_that_is_used_again_stands_for_the_later_attempt():
    lines = one_message()
    twice = [*lines[:-3], *lines[4:]]
    assert measure.measure(twice).cells == measure.measure(lines).cells
    assert measure.excerpts(twice, [2]) == {2: lines[4:]}


def test_a_network_of_which_a_refusal_is_expected_counts_nowhere_but_is_shown():
    found = measure.measure(journals.journal((HOME, REFUSING), repetitions=2, expect=REFUSING))
    assert found.networks == (HOME,) and (REFUSING, "mms-send-failure-ratio") not in found.cells
    assert {one.network for one in found.attempts} == {HOME, REFUSING}


@pytest.mark.parametrize("step", ("probe", "case"))
def test_a_probe_that_is_lost_ends_no_procedure_of_the_network(step):
    lines = one_message(retrieve=1.0)
    lines[-1] = dict(lines[-1], step=step)
    assert figure(lines, "mms-retrieval-failure-ratio", HOME) is None
    assert figure(lines, "mms-send-failure-ratio") == (0, 1)


def test_a_confirmation_after_the_timeout_is_a_failure():
    lines = one_message()
    lines = [dict(line, timeout_s=8) if line["what"] == "attempt" else line for line in lines]
    assert figure(lines, "mms-send-failure-ratio") == (1, 1)


def test_a_message_that_the_handset_refuses_is_no_try():
    lines = one_message()
    at = place(lines, "send") + 1
    lines[at] = dict(lines[at], ok=False, step="message", error="too large")
    assert figure(lines, "mms-send-failure-ratio") is None


def test_a_late_message_of_another_attempt_is_not_taken_for_this_one():
    lines = one_message(notify=1.0)
    late = dict(lines[place(lines, "confirmed")], probe="bob", event="notified", id="0badcafe", octets=99)
    told = {"what": "reply", "at": late["at"], "attempt": 2, "probe": "bob", "do": "inbox", "ok": True}
    inbox = dict(told, messages=[{"id": "0badcafe", "subject": "sample 00000001"}])
    assert figure([*lines[:-1], late, inbox, lines[-1]], "mms-notification-failure-ratio", HOME) == (1, 1)
    assert figure([*lines[:-1], late, lines[-1]], "mms-notification-failure-ratio", HOME) == (0, 1)


def test_a_message_that_arrives_at_its_sender_was_announced_to_the_recipient():
    lines = [dict(line, arrived="0badcafe") if "arrived" in line else line for line in one_message()]
    assert figure(lines, "mms-notification-failure-ratio", HOME) == (0, 1)  # it was forwarded, back to the sender


def test_a_notification_before_the_confirmation_takes_no_time():
    lines = one_message()
    at = place(lines, "notified")
    lines.insert(place(lines, "confirmed"), lines.pop(at))
    lines = [dict(line, at=90.0) if line.get("event") == "notified" else line for line in lines]
    at = lines[place(lines, "send")]["at"]
    lines = [dict(line, at=at + 1) if line.get("event") == "notified" else line for line in lines]
    assert measure.measure(lines).cells[HOME, "mms-notification-time"].median == 0


def test_cases_that_want_no_retrieval_count_for_none():
    lines = [dict(line, case="expired") if line["what"] == "attempt" else line for line in one_message()]
    assert figure(lines, "mms-end-to-end-time") is None and figure(lines, "mms-retrieval-time", HOME) is None
    assert figure(lines, "mms-notification-time", HOME) == (0, 1) == figure(lines, "mms-send-time")
    lines = [dict(line, case="mms-no-agreement") if line["what"] == "attempt" else line for line in one_message()]
    assert figure(lines, "mms-notification-time", HOME) is None


def test_a_deferred_message_is_retrieved_from_the_moment_of_fetch_on():
    lines = [dict(line, case="deferred") if line["what"] == "attempt" else line for line in one_message()]
    at = place(lines, "notified")
    deferred, fetch = (dict(lines[at], event="deferred"), {**lines[at], "what": "ask", "do": "fetch"})
    del fetch["event"]
    fetch["at"] = round(lines[at]["at"] + 2, 4)
    lines[at + 1 : at + 1] = [deferred, fetch]
    found = measure.measure(lines)
    acknowledged = lines[place(lines, "acknowledged")]["at"]
    assert found.cells[HOME, "mms-retrieval-time"].median == round(acknowledged - fetch["at"], 4)
    assert (ABROAD, "mms-end-to-end-time") not in found.cells


def test_a_context_is_cut_off_only_by_the_network():
    lines = one_message()
    at = place(lines, "confirmed")
    lost = dict(lines[at], event="context_lost")
    assert figure(lines, "context-cut-off-ratio") == (0, 1)
    assert figure([*lines[:at], lost, *lines[at:]], "context-cut-off-ratio") == (1, 1)
    detach = {"what": "ask", "at": lost["at"], "attempt": 2, "probe": "alice", "do": "probe", "action": "detach"}
    assert figure([*lines[:at], detach, dict(lost, at=lost["at"] + 1), *lines[at:]], "context-cut-off-ratio") == (0, 1)


@pytest.mark.parametrize("note", ("steered", "already"))
def test_a_registration_that_was_steered_or_there_already_is_not_counted(note):
    lines = one_message()
    told = {"what": "note", "at": 30.0, "attempt": 2, note: True}
    assert figure([*lines[:-1], told, lines[-1]], "network-registration-failure-ratio") is None


def test_prices_and_copies_count_as_the_case_noted_them():
    lines = one_message()
    noted = {"what": "note", "at": 30.0, "attempt": 2, "shown": 40, "billed": 41, "copies": 2}
    lines.insert(-1, noted)
    assert figure(lines, "price-agreement-ratio") == (0, 1) and figure(lines, "duplicate-ratio") == (1, 1)
    assert figure(lines, "content-integrity-ratio") == (1, 1)


def test_an_attempt_has_its_steps_and_stamps_in_their_order():
    attempt = measure.measure(one_message()).attempts[0]
    procedures = "network-registration mms-send mms-notification mms-retrieval mms-end-to-end delivery-report"
    assert [step.procedure for step in attempt.steps] == procedures.split()
    names = [stamp.name for stamp in attempt.stamps]
    assert names.index("ask send") < names.index("context_up") < names.index("connected") < names.index("confirmed")
    assert names.count("sent") == 2  # the first and the last of them
    assert [stamp.at for stamp in attempt.stamps] == sorted(stamp.at for stamp in attempt.stamps)
    assert attempt.counts and attempt.seconds == attempt.ended - attempt.at


def test_the_guard_time_is_no_part_of_an_attempt():
    lines = one_message()
    lines[-1] = dict(lines[-1], over=lines[-1]["at"] - 5)
    assert measure.measure(lines).attempts[0].ended == lines[-1]["over"]


def test_an_empty_journal_has_no_figures():
    assert measure.measure([]) == ({}, (), (), {}, {}, (), {}, {})


def test_each_kpi_has_the_conditions_under_which_it_was_measured():
    cases = (("mms-30", "mms", 30720), ("mms-300", "mms", 307200), ("sms", "sms", None))
    found = measure.measure(journals.journal((HOME,), cases, 1, chances={HOME: NEVER})).conditions
    assert found["mms-send-time"] == ((300,), (2,), (5,), (30720, 307200), ("mms-30", "mms-300"))
    assert found["sms-time"].cases == ("sms",) and found["sms-time"].octets == ()


def test_figures_of_cases_add_up_to_those_of_the_campaign():
    found = measure.measure(journals.journal(repetitions=6))
    cases = measure.by_case(found)
    assert list(cases) == [case for case, _, _ in journals.CASES]
    for key, cell in found.cells.items():
        assert cell.n == sum(one.cells[key].n for one in cases.values() if key in one.cells), key
    assert cases["mms-300"].conditions["mms-send-time"].octets == (307200,)


def test_failures_in_a_row_are_seen_to_come_together():
    def ratio(bad):
        """The chance of clusters of a journal in which the attempts with these numbers are not sent."""
        lines = list(journals.journal((HOME,), MMS, 60, chances={HOME: NEVER}))
        late = {line["attempt"] for line in lines if line.get("attempt") in bad}
        found = [line for line in lines if not (line.get("event") == "confirmed" and line["attempt"] in late)]
        return measure.measure(found).clusters[HOME, "mms-send-failure-ratio"]

    assert ratio(range(20, 26)) < 1e-5 < 0.05 < ratio((3, 11, 19, 30, 44, 58)) and ratio(()) == 1


@pytest.mark.long
def test_the_intervals_of_a_campaign_hold_the_true_values():
    seeds, failures = (
        tier.amount(12, 100),
        {"register": 0.03, "send": 0.08, "notify": 0.05, "retrieve": 0.1, "intact": 0.02},
    )
    chances = {HOME: journals.Chances({"register": 0}), ABROAD: journals.Chances(failures, spread=0.5)}
    sent = 1 - failures["send"]
    arrived = (1 - failures["retrieve"]) * (1 - failures["intact"])
    truth = {
        (ABROAD, "network-registration-failure-ratio"): 0.03,
        (ABROAD, "mms-send-failure-ratio"): 0.08,
        (HOME, "mms-notification-failure-ratio"): 0.05,
        (HOME, "mms-retrieval-failure-ratio"): 1 - arrived,
        (ABROAD, "mms-end-to-end-failure-ratio"): 1 - sent * 0.95 * arrived,
        (HOME, "mms-notification-time"): 3.0,  # the median of its delay
    }
    held = dict.fromkeys(truth, 0)
    for seed in range(seeds):
        lines = journals.journal((HOME, ABROAD), MMS, 210, seed, chances, trace=False)
        found = measure.measure(line for line in lines if line.get("network") != HOME or line["what"] != "attempt")
        for key, value in truth.items():
            cell = found.cells[key]
            low, high = (cell.low, cell.high) if key[1].endswith("ratio") else (cell.median_low, cell.median_high)
            held[key] += low <= value <= high
    assert min(held.values()) >= 0.9 * seeds - 1, held
