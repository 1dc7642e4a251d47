"""Every test case against the lab network, with handsets that are the real program on MicroPython."""

import asyncio
import collections
import json
import tomllib

from tests.kit import tier
from tools.campaign import campaign
from tools.campaign.cases.catalogue import cases
from tools.campaign.figures import kpis, measure
from tools.campaign.journal import read
from tools.campaign.plan import Plan
from tools.programs import ROOT

SPEED = 40
LARGE = ("mms-100", "mms-300")
SLOW = ("26207", "26201")  # networks of a country in which the home network steers, which takes a minute each time


def plan():
    """The plan of assets/campaigns/cases.toml, in the usual tier without large messages and slow networks."""
    given = tomllib.loads((ROOT / "assets/campaigns/cases.toml").read_text())
    if not tier.LONG:
        given["cases"] = [row for row in given["cases"] if row["case"] not in LARGE]
        given["networks"] = [row for row in given["networks"] if row["mccmnc"] not in SLOW]
    return Plan(given)


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

    for name in [probe["name"] for probe in plan().probes]:
        store = tmp_path / "probes" / name / "store"
        assert not [path.name for path in store.iterdir() if path.suffix in (".o", ".m")]
        texts = [path.read_bytes() for path in store.iterdir() if path.suffix == ".x"]
        assert all(text.startswith(b"Refund GBP 0.40") for text in texts)  # for the one that expired
        kept = json.loads((tmp_path / "probes" / (name + ".json")).read_text())
        assert kept.get("retrieve", {}).get("roaming", "manual") == "manual"
        assert not kept.get("read_report_allowed")
