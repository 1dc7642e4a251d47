"""Every test case against the lab network, with handsets that are the real program on MicroPython."""

import asyncio
import collections
import json

from tests.kit import tier
from tools.campaign import campaign
from tools.campaign.cases.catalogue import cases
from tools.campaign.figures import kpis, measure
from tools.campaign.journal import read
from tools.campaign.plan import Plan

SPEED = 40
IRISH, GERMAN, STEERED, REFUSING = "27202", "26207", "26201", "20416"
NAMES = ("alice", "bob", "carol", "erin")
# More of a row of [[cases]], where a case needs more than a sender and a recipient of O2 UK.
ROWS = {
    "mms-other-operator": {"mt": "carol"},  # Orange UK, with which O2 UK has an agreement
    "mms-no-agreement": {"mt": "erin"},  # of Vodafone UK, which has none
    "mms-mail": {"to": "gran@mail.example"},
    "refused": {"cause": "Roaming not allowed"},
    "expired": {"validity": 60},
}
LARGE = ("mms-100", "mms-300")


def rows():
    """The rows of [[cases]]: every case, and some of them to visited networks and from one to another."""
    found = []
    for name, case in cases().items():
        if name not in LARGE or tier.LONG:
            named = {"mo": "alice", **({"mt": "bob"} if "mt" in case.roles else {})}
            found.append({"case": name, **named, **ROWS.get(name, {})})
    for travels in ("mt", "both"):
        found += [{"case": name, "mo": "bob", "mt": "alice", "travels": travels} for name in ("sms", "mms-10")]
    return found


def plan():
    """The plan of the campaign; networks on which the home network steers take a minute to be left."""
    networks = [IRISH, REFUSING] + tier.amount([], [GERMAN, STEERED])
    return Plan(
        {
            "campaign": {"name": "every-case", "repetitions": 1, "pause_s": 0, "date": "2003-02-03 09:00"},
            "probes": [{"name": name, "kind": "simulated", "subscriber": name} for name in NAMES],
            "networks": [{"mccmnc": code, **({"expect": "refused"} if code == REFUSING else {})} for code in networks],
            "cases": rows(),
        }
    )


def run(folder):
    """The lines of the journal of the whole campaign."""
    made = plan()
    journal, standing = campaign.open_journal(made, folder, speed=SPEED)
    asyncio.run(campaign.run(made, folder, journal, standing))
    journal.close()
    return list(read(folder / campaign.NAME))


def test_every_case_passes_on_real_handsets_and_leaves_them_as_it_found_them(tmp_path):
    lines = run(tmp_path)
    names = {line["attempt"]: line["case"] for line in lines if line["what"] == "attempt"}
    ended = [(names[line["attempt"]], line["verdict"], line["text"]) for line in lines if line["what"] == "outcome"]
    assert ended == [(name, "passed", "") for name, _, _ in ended]
    assert {name for name, _, _ in ended} == set(cases()) - tier.amount(set(LARGE), set())

    notes = collections.defaultdict(list)
    for line in lines:
        for key in line if line["what"] == "note" else ():
            notes[key].append((names[line["attempt"]], line[key]))
    assert not notes["left"] and not notes["already"] and not notes["by"]
    assert all(intact for _, intact in notes["intact"]) and {copies for _, copies in notes["copies"]} == {1}
    assert {how for name, how in notes["compared"] if name in ("mms-10", "mms-30", *LARGE)} == {"SHA-256"}
    for name, octets in notes["octets"]:
        if name == "mms-picture":
            assert 10000 < octets <= cases()[name].octets
            continue
        assert abs(octets - cases()[name].octets) < 0.02 * cases()[name].octets, name
    (_, shown), (_, billed), (_, kept) = notes["shown"][0], notes["billed"][0], notes["kept"][0]
    assert shown == billed == kept == 40
    assert "Roaming not allowed" in notes["cause"][0][1]

    figures = measure.measure(lines)
    assert set(figures.kpis) == {kpi.name for kpi in kpis.KPIS}
    failed = {
        (attempt.case, step.procedure) for attempt in figures.attempts for step in attempt.steps if step.stop is None
    }
    assert failed == {("refused", "network-registration")}

    for name in NAMES:
        store = tmp_path / "probes" / name / "store"
        assert not [path.name for path in store.iterdir() if path.suffix in (".o", ".m")]
        texts = [path.read_bytes() for path in store.iterdir() if path.suffix == ".x"]
        assert all(text.startswith(b"Refund GBP 0.40") for text in texts)  # for the one that expired
        kept = json.loads((tmp_path / "probes" / (name + ".json")).read_text())
        assert kept.get("retrieve", {}).get("roaming", "manual") == "manual"
        assert not kept.get("read_report_allowed")
