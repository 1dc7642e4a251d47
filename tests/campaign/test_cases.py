"""Each test case of a campaign passes where all goes well, and ends with the step and the code of what does not."""

import asyncio
import json

import pytest

from tests.kit.campaign.handsets import HOME, OTHER, VISITED, play
from tools.campaign.cases.catalogue import cases
from tools.campaign.plan import PlanError

ROW = {  # what a case needs in its row of the plan
    "mms-mail": {"to": "gran@mail.example"},
    "steering": {"steered": True},
}
OF_TWO_OPERATORS = ("mms-other-operator", "mms-no-agreement")


def prepare(mo, mt, case):
    """Let all go well for a case."""
    if case == "mms-no-agreement":
        mt.takes_mms = False
    if case == "expired":
        mo.statuses["delivered"] = "expired"
    if case == "sms-report":
        mo.statuses["delivered"] = "delivered"
    if case == "refused":
        mo.refused_networks[VISITED] = (32, "Roaming not allowed in this location area")
    if case == "price":
        mo.bill = {"GBP": 100}


def run(case, change=lambda mo, mt: None, **row):
    """Make an attempt of a case for which all goes well but for `change`."""

    def both(mo, mt):
        prepare(mo, mt, case)
        change(mo, mt)

    home = OTHER if case in OF_TWO_OPERATORS else HOME
    network = {"expect": "refused"} if case == "refused" else {}
    return play(case, both, home, network, **{**ROW.get(case, {}), **row})


@pytest.mark.parametrize("case", sorted(cases()))
def test_a_case_passes_and_leaves_both_handsets_as_it_found_them(case):
    outcome, journal, mo, mt = run(case)
    assert (outcome["verdict"], outcome["text"]) == ("passed", "")
    assert mo.left() == ([], True, True) and mt.left() == ([], True, True)
    assert not [line for line in journal.lines if "left" in line]


def refuse(role, do, *error):
    """A change: a handset refuses a command with (step, code, text)."""
    return lambda mo, mt: {"mo": mo, "mt": mt}[role].refusing.update({do: error})


def fail(role, event, *error):
    """A change: in place of an event comes a final `failed` with (step, code, text)."""
    return lambda mo, mt: {"mo": mo, "mt": mt}[role].failing.update({event: error})


def silence(role, event):
    """A change: an event does not come."""
    return lambda mo, mt: {"mo": mo, "mt": mt}[role].silent.add(event)


def let(role, **fields):
    """A change: a handset is otherwise."""
    return lambda mo, mt: {"mo": mo, "mt": mt}[role].__dict__.update(fields)


REFUSED = "register", 32, "PLMN not allowed"
DENIED = {"network": {"mccmnc": None, "status": "denied"}, "refusing": {"register": REFUSED}}
FAILURES = [  # case, change, step, code
    ("register", refuse("mo", "register", *REFUSED), "register", 32),
    ("register-auto", refuse("mo", "register", *REFUSED), "register", 32),
    ("scan", let("mo", networks=[HOME]), "scan", None),
    ("scan", refuse("mo", "scan", "register", 100, "unknown"), "register", 100),
    ("refused", let("mo", refused_networks={}), "register", None),
    ("refused", let("mo", refused_networks={VISITED: (30, "no network service")}), "register", 30),
    ("refused", let("mo", refused_networks={VISITED: REFUSED[1:], "auto": (3, "Illegal MS")}), "register", 3),
    ("steering", let("mo", network={"mccmnc": VISITED, "status": "roaming"}), "steering", None),
    ("steering", refuse("mo", "register", "register", 30, "no network service"), "register", 30),
    ("attach", refuse("mo", "register", *REFUSED), "register", 32),
    ("attach", refuse("mo", "probe detach", "attach", 100, "unknown"), "attach", 100),
    ("attach", refuse("mo", "probe attach", "attach", 148, "GPRS services not allowed in this PLMN"), "attach", 148),
    ("context", refuse("mo", "probe attach", "attach", 107, "GPRS services not allowed"), "attach", 107),
    ("context", refuse("mo", "probe context", "context", 133, "not subscribed"), "context", 133),
    ("mmsc", refuse("mo", "check", "mmsc", 404, "nothing there"), "mmsc", 404),
    ("sms", let("mt", **DENIED), "register", 32),
    ("sms", refuse("mo", "sms", None, None, "no such number"), "sms", None),
    ("sms", fail("mo", "confirmed", "sms", 38, "network out of order"), "sms", 38),
    ("sms", silence("mo", "confirmed"), "confirmed", None),
    ("sms", silence("mt", "text"), "text", None),
    ("sms-long", let("mt", altered=lambda text: text[:153]), "content", None),
    ("sms-report", let("mo", statuses={"delivered": "expired"}), "report", None),
    ("sms-report", silence("mo", "delivered"), "delivered", None),
    ("mms-1", refuse("mo", "register", *REFUSED), "register", 32),
    ("mms-1", let("mt", **DENIED), "register", 32),
    ("mms-1", refuse("mo", "send", "price", None, "above spending.message"), "price", None),
    ("mms-1", fail("mo", "confirmed", "context", 133, "not subscribed"), "context", 133),
    ("mms-1", fail("mo", "confirmed", "confirmation", 0x84, "address unresolved"), "confirmation", 0x84),
    ("mms-1", silence("mo", "confirmed"), "confirmed", None),
    ("mms-1", silence("mt", "notified"), "notified", None),
    ("mms-1", fail("mt", "retrieved", "retrieve", 0xE2, "not found"), "retrieve", 0xE2),
    ("mms-1", silence("mt", "retrieved"), "retrieved", None),
    ("mms-1", fail("mt", "acknowledged", "answer", 500, "no"), "answer", 500),
    ("mms-1", refuse("mt", "read", "store", 5, "damaged"), "store", 5),
    ("mms-1", let("mt", altered=lambda text: text[:-1]), "content", None),
    ("mms-10", let("mt", altered=lambda text: text[:99] + "?" + text[100:]), "content", None),
    ("mms-10", refuse("mo", "more", "store", 28, "no room"), "store", 28),
    ("mms-picture", let("mt", taken_off=9000), "content", None),
    ("mms-picture", refuse("mo", "send", "price", None, "above spending.message"), "price", None),
    ("mms-no-agreement", let("mt", takes_mms=True), "agreement", None),
    ("mms-no-agreement", silence("mt", "text"), "text", None),
    ("mms-mail", let("mo", statuses={"delivered": "rejected"}), "report", None),
    ("mms-mail", silence("mo", "delivered"), "delivered", None),
    ("delivery-report", let("mo", statuses={"delivered": "rejected"}), "report", None),
    ("delivery-report", silence("mo", "delivered"), "delivered", None),
    ("read-report", let("mo", statuses={"read": "deleted"}), "report", None),
    ("read-report", silence("mt", "read_reported"), "read_reported", None),
    ("deferred", silence("mt", "deferred"), "deferred", None),
    ("deferred", refuse("mt", "fetch", None, None, "it is retrieved"), "fetch", None),
    ("deferred", fail("mt", "retrieved", "retrieve", 404, "gone"), "retrieve", 404),
    ("forward", fail("mt", "confirmed", "confirmation", 0xE5, "content not accepted"), "confirmation", 0xE5),
    ("forward", silence("mo", "notified"), "notified", None),
    ("expired", let("mo", statuses={"delivered": "retrieved"}), "report", None),
    ("price", let("mo", charge=50), "price", None),
]


@pytest.mark.parametrize("case,change,step,code", FAILURES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_case_fails_at_the_step_that_failed_and_leaves_no_trace(case, change, step, code):
    outcome, journal, mo, mt = run(case, change, seconds=0.4)
    assert (outcome["verdict"], outcome["step"], outcome["code"]) == ("failed", step, code)
    assert outcome["text"]
    mo.refusing, mt.refusing = {}, {}
    for handset in (mo, mt):
        messages, settings, network = handset.left()
        assert (messages, settings) == ([], True)


IMPOSSIBLE = [  # case, change, words
    ("mms-other-operator", let("mt", home=HOME), "both probes are of operator 23410"),
    ("mms-no-agreement", let("mt", home=HOME), "both probes are of operator 23410"),
    ("mms-1", let("mt", facts={"number": None, "home": HOME}), "the number of mt is not known"),
    ("sms", let("mt", facts={"number": None, "home": HOME}), "the number of mt is not known"),
    ("forward", let("mo", facts={"number": None, "home": HOME}), "the number of mo is not known"),
    ("mms-picture", refuse("mo", "send", "camera", None, "no answer"), "mo takes no picture: no answer"),
    ("price", let("mo", bill=None), "the operator tells no bill to this probe"),
    ("price", let("mo", rate=None), "the handset knows no price: the date is not known"),
    ("scan", refuse("mo", "scan", None, None, "x is not on this board: it was left out"), "mo: x is not on this board"),
]


@pytest.mark.parametrize("case,change,words", IMPOSSIBLE, ids=lambda one: one if isinstance(one, str) else "")
def test_a_case_that_cannot_be_made_says_why_and_costs_nothing(case, change, words):
    outcome, journal, mo, mt = run(case, change)
    assert outcome["verdict"] == "not possible" and words in outcome["text"]
    assert mo.sent == {} and "sms" not in dict(mo.done)
    assert mo.left()[:2] == ([], True) and mt.left()[:2] == ([], True)


def test_mail_needs_an_address_in_the_plan():
    outcome, *_ = run("mms-mail", to="+447700900002")
    assert outcome["verdict"] == "not possible" and 'to = "you@mail.example"' in outcome["text"]


def test_a_network_that_refuses_is_for_the_case_refused_alone():
    for case, network in (("mms-1", {"expect": "refused"}), ("refused", {})):
        with pytest.raises(PlanError, match="no case for any of the networks"):
            play(case, network=network)


def test_the_cause_of_a_refusal_can_be_wanted():
    assert run("refused", cause="Roaming not allowed")[0]["verdict"] == "passed"
    outcome, *_ = run("refused", cause="PLMN not allowed")
    assert (outcome["verdict"], outcome["step"], outcome["code"]) == ("failed", "register", 32)


def test_a_handset_that_is_taken_nowhere_else_goes_home():
    def change(mo, mt):
        mo.refused_networks["auto"] = (3, "Illegal MS")
        mo.at_home = lambda: mo.refused_networks.pop("auto")

    outcome, _, mo, _ = run("refused", change)
    assert outcome["verdict"] == "passed" and mo.country == HOME and mo.network["status"] == "home"


def test_a_modem_without_the_steps_of_probe_is_asked_to_check():
    for case in ("attach", "context"):
        outcome, journal, mo, _ = run(case, let("mo", rooms=set()))
        assert outcome["verdict"] == "passed" and journal.notes()["by"] == "check"
        outcome, *_ = run(case, lambda mo, mt: (mo.rooms.clear(), refuse("mo", "check", "attach", 148, "no")(mo, mt)))
        assert (outcome["verdict"], outcome["step"], outcome["code"]) == ("failed", "attach", 148)


def test_a_network_that_the_handset_is_on_already_is_left_before_it_is_chosen():
    there = {"network": {"mccmnc": VISITED, "status": "roaming"}}
    outcome, journal, mo, _ = run("register", let("mo", **there))
    assert [command["line"] for do, command in mo.done if do == "probe"] == ["AT+COPS=2"]
    assert "already" not in journal.notes()
    outcome, journal, *_ = run("register", let("mo", rooms=set(), **there))
    assert outcome["verdict"] == "passed" and journal.notes()["already"]


def test_steering_is_noted_and_fails_where_it_is_not_expected():
    outcome, journal, *_ = play("steering", let("mo", steered_to=OTHER))
    assert outcome["verdict"] == "passed" and journal.notes()["steered"] and journal.notes()["by_hand"] == OTHER
    outcome, *_ = play("steering", let("mo", steered_to=OTHER), steered=False)
    assert (outcome["verdict"], outcome["step"]) == ("failed", "steering")
    outcome, journal, *_ = play("steering", refuse("mo", "register", "register", 117, "Network failure"), steered=True)
    assert outcome["verdict"] == "passed" and journal.notes()["by_hand"] is None


@pytest.mark.parametrize("line", [2048, 256])
@pytest.mark.parametrize("octets", [1000, 10000])
def test_a_text_goes_in_pieces_that_fit_into_the_line_of_the_console(line, octets):
    outcome, journal, mo, mt = play("mms-1", let("mo", line=line), octets=octets)
    assert outcome["verdict"] == "passed"
    assert abs(journal.notes()["octets"] - octets) < 0.02 * octets
    longest = max(len(json.dumps(dict(command, do=do))) for do, command in mo.done if do == "more")
    assert longest < line and (octets < line or longest > 0.9 * line)


def test_the_journal_has_the_beginning_of_a_long_text_alone():
    _, journal, *_ = play("mms-10")
    texts = [line["text"] for line in journal.lines if line["what"] == "ask" and line.get("text")]
    assert texts[0].startswith("mms-10 ") and texts[0].endswith(" characters)") and max(map(len, texts)) < 600


def test_a_long_text_is_compared_by_its_digest_where_the_handset_has_one():
    late = let("mt", altered=lambda text: text[:-2] + "?" + text[-1:])  # behind the octets that `read` shows
    outcome, journal, *_ = play("mms-10", late)
    assert (outcome["step"], journal.notes()["intact"], journal.notes()["compared"]) == ("content", False, "SHA-256")
    outcome, journal, *_ = play("mms-10", lambda mo, mt: (late(mo, mt), mt.rooms.clear()))
    assert outcome["verdict"] == "passed" and "first 2000 octets" in journal.notes()["compared"]


def test_copies_are_counted_with_those_that_come_in_the_guard_time():
    _, journal, *_ = play("mms-1", let("mt", copies=3))
    assert journal.notes()["copies"] == 3
    late = []

    def change(mo, mt):
        keep = mt.do_read

        def read(id):
            row = mt.received[id]
            again = mo, "0badcafe", row["subject"], row["body"], {}
            late.append(asyncio.get_running_loop().call_later(0.1, mt.announce, *again))
            return keep(id)

        mt.do_read = read

    _, journal, _, mt = play("mms-1", change, campaign={"guard_s": 0.3})
    assert late and journal.notes()["copies"] == 2 and mt.left()[0] == []


def test_a_late_message_of_another_attempt_is_no_answer_and_is_tidied_away():
    def change(mo, mt):
        send = mo.do_send

        def late(**command):
            if "old" in mt.failing:
                mt.failing = {"retrieved": ("retrieve", 404, "gone")}
            mt.announce(mo, "0badcafe", "mms-1 0badcafe", "mms-1 0badcafe\nold", {})
            mt.failing = {}
            return send(**command)

        mo.do_send = late

    for failing in ({}, {"old": ()}):
        outcome, journal, mo, mt = play("mms-1", lambda mo, mt, f=failing: (change(mo, mt), mt.failing.update(f)))
        assert outcome["verdict"] == "passed" and journal.notes()["copies"] == 1
        assert mt.left()[0] == []


def test_a_message_without_its_subject_in_the_announcement_is_taken_by_its_place():
    for case in ("mms-1", "deferred"):
        assert play(case, let("mt", subject_kept=False))[0]["verdict"] == "passed"
    unfetched = refuse("mt", "fetch", "retrieve", 404, "gone")
    outcome, _, _, mt = play("deferred", lambda mo, mt: (let("mt", subject_kept=False)(mo, mt), unfetched(mo, mt)))
    assert outcome["verdict"] == "failed" and mt.left()[0] == []


def test_a_probe_that_was_lost_is_put_back_when_it_is_there_again():
    usual = {"home": "manual", "roaming": "manual"}

    def change(mo, mt):
        mt.settings["retrieve"] = dict(usual)
        take = mt._take

        def die(octets):
            if b'"read"' in octets:
                mt._take = take
                mt.lose("pulled out")
            else:
                take(octets)

        mt._take = die

    outcome, journal, mo, mt = play("mms-1", change, campaign={"repetitions": 2})
    assert (outcome["verdict"], outcome["step"]) == ("failed", "probe")
    notes = [line for line in journal.lines if "left" in line]
    assert {note["left"] for note in notes} >= {"set", "tidy_inbox"} and {note["role"] for note in notes} == {"mt"}
    assert mt.settings["retrieve"] == usual and mt.left()[0] == [] and mo.left() == ([], True, True)
