"""Campaigns whose probes are places of labgrid: taken in turn, lost and found again, and given back."""

import asyncio
import json

import pytest

from tests.kit.places import SECONDS, Place
from tools.campaign import journal as journals
from tools.campaign.cases.case import Case
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan, PlanError, Planned
from tools.campaign.probes.place import open_probes
from tools.campaign.probes.probe import Around, Gone
from tools.campaign.runner import Runner

NETWORK = {"mccmnc": "23410"}


@pytest.fixture(autouse=True)
def coordinator(house, monkeypatch):
    monkeypatch.setenv("LG_COORDINATOR", house.address)
    for board in house.racks.boards.values():
        board.status = {"home": "23410", "settings": {"number": "+447700900002"}}


def probes(tmp_path, **wishes):
    """The probes of one campaign, {name: Place}; a wish is a name of a place, or tags."""
    row = {"role": "any", "number": None, "place": None, "tags": None}
    rows = [{**row, "name": name, "tags" if isinstance(wish, dict) else "place": wish} for name, wish in wishes.items()]
    return {probe.name: probe for probe in open_probes(rows, Around(Clock(), tmp_path, [NETWORK]))}


async def start(campaign):
    await asyncio.wait_for(asyncio.gather(*(probe.start() for probe in campaign.values())), SECONDS)


async def stop(campaign):
    await asyncio.gather(*(probe.stop() for probe in campaign.values()))


def test_a_probe_is_asked_by_way_of_its_place(loop, tmp_path):
    async def story():
        campaign = probes(tmp_path, one={"number": "02"})
        try:
            await start(campaign)
            reply = await campaign["one"].ask("outbox", SECONDS)
            assert reply["ok"] and campaign["one"].facts["home"] == "23410"
            assert campaign["one"].facts["number"] == "+447700900002"
        finally:
            await stop(campaign)
        assert campaign["one"].state == "ended"

    loop.run(story())


def test_two_campaigns_that_want_the_same_two_places_have_them_one_after_the_other(loop, tmp_path):
    async def work(campaign, heard):
        await start(campaign)
        heard.append("begins")
        await asyncio.sleep(0.2)
        heard.append("ends")
        await stop(campaign)

    async def story():
        heard = []
        first = probes(tmp_path, mo="gprs-01", mt="gprs-02")
        second = probes(tmp_path, mo="gprs-02", mt="gprs-01")
        await asyncio.gather(work(first, heard), work(second, heard))
        assert heard == ["begins", "ends"] * 2

    loop.run(story())


def test_a_place_that_is_taken_holds_up_those_behind_it_and_its_holder_is_named(loop, house, tmp_path):
    async def story():
        async with Place(house.address, name="gprs-01") as other:
            await other.said(place="ready")
            campaign = probes(tmp_path, mt="gprs-01", mo="gprs-02")
            campaign["mt"].wait_s = campaign["mo"].wait_s = 1
            results = await asyncio.gather(*(probe.start() for probe in campaign.values()), return_exceptions=True)
            assert all(isinstance(result, Gone) for result in results)
            assert "place gprs-02 is taken after gprs-01, and gprs-01 is taken by " in results[1].text
            assert results[0].text.startswith("gprs-01 is taken by ")
            await stop(campaign)
        try:
            await start(campaign)
        finally:
            await stop(campaign)

    loop.run(story())


def test_probes_without_a_place_leave_the_others_alone(loop, tmp_path):
    async def story():
        campaign = probes(tmp_path, lte={"kind": "lte"}, one={"number": "01"})
        try:
            await campaign["one"].start()
            with pytest.raises(Gone, match="no place has kind=lte: there are gprs-01 "):
                await campaign["lte"].start()
        finally:
            await stop(campaign)

    loop.run(story())


def planned(run, count):
    case = Case("try", "tries", ("mo",), "", "", "", 60, False, run)
    return [Planned("try/23410/home/%d" % at, case, NETWORK, None, at, None, 60, {}) for at in range(1, count + 1)]


def test_an_exporter_that_dies_costs_one_attempt_and_the_campaign_goes_on(loop, house, tmp_path, monkeypatch):
    monkeypatch.setattr("tools.campaign.pool._MEND_S", 0.5)

    async def story():
        campaign = probes(tmp_path, a="gprs-01", b="gprs-04")
        begun, over = asyncio.Event(), []

        async def case(attempt):
            await attempt.ask("mo", "status")
            if attempt.mo is campaign["b"] and not begun.is_set():
                begun.set()
                await attempt.seen("mo", "confirmed")
            over.append(attempt.mo.name)

        async def accident():
            await begun.wait()
            await house.end("rack-b", kill=True)
            while over.count("a") < 2:  # the other board goes on meanwhile
                await asyncio.sleep(0.05)
            await house.start_exporter("rack-b")

        plan = Plan(
            {
                "campaign": {"name": "try", "pause_s": 1},
                "probes": [{"name": "a", "kind": "place", "place": "x"}],
                "networks": [NETWORK],
                "cases": [{"case": "mms-1"}],
            }
        )
        journal = journals.Journal(tmp_path / "journal.jsonl")
        breaking = asyncio.create_task(accident())
        clock = campaign["a"].clock
        await Runner(plan, planned(case, 12), list(campaign.values()), clock, journal).run()
        await breaking
        assert over[-1] == "b" or "b" in over[2:]

    loop.run(story())
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    outcomes = [line for line in lines if line["what"] == "outcome"]
    [failed] = [line for line in outcomes if line["verdict"] != "passed"]
    assert (failed["verdict"], failed["step"]) == ("failed", "probe") and len(outcomes) == 12
    assert failed["text"] == "the exporter of rack-b/gprs-04/NetworkSerialPort has gone"
    states = [line["state"] for line in lines if line["what"] == "probe" and line["probe"] == "b"]
    assert states == ["ready", "gone", "back", "ended"]


@pytest.mark.parametrize("wish", [{}, {"place": "gprs-01", "tags": {"number": "01"}}])
def test_a_probe_takes_a_place_or_tags(loop, tmp_path, wish):
    async def story():
        row = {"name": "a", "role": "any", "number": None, "place": None, "tags": None, **wish}
        with pytest.raises(PlanError, match="probe a: it takes either place, or tags"):
            open_probes([row], Around(Clock(), tmp_path, [NETWORK]))

    loop.run(story())
