"""Each test case of a campaign passes where all goes well, and ends with the step and the code of what does not."""

import pytest

from tests.kit.campaign.handsets import HOME, OTHER, VISITED, play
from tools.campaign.cases.catalogue import cases

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
    ("mms-10", let("mt", altered=lambda text: text.replace("a", "b", 1)), "content", None),
    ("mms-10", refuse("mo", "more", "store", 28, "no room"), "store", 28),
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
