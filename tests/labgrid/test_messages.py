"""A campaign sends messages between simulated boards at places of labgrid: real handsets, found by their tags."""

import asyncio

from tests.kit.places import SECONDS
from tools.campaign import journal as journals
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan, open_probes
from tools.campaign.probes.probe import Around
from tools.campaign.runner import Runner
from tools.labgrid.house import House
from tools.labgrid.racks import Racks

SPEED = 5.0
PLAN = {
    "campaign": {"name": "racks", "repetitions": 1, "pause_s": 0},
    "probes": [
        {"name": role, "kind": "place", "tags": {"role": role, "pair": "02", "family": "sim800"}, "role": role}
        for role in ("mo", "mt")
    ],
    "networks": [{"mccmnc": "23410"}],
    "cases": [{"case": "sms"}, {"case": "mms-1"}],
}


def test_messages_go_from_one_board_to_the_other(loop, tmp_path, monkeypatch):
    async def story():
        racks = Racks(tmp_path / "racks", 2, speed=SPEED, processes=2)
        house = House(tmp_path / "house", racks)
        monkeypatch.setenv("LG_COORDINATOR", house.address)
        plan, clock = Plan(PLAN), Clock(speed=SPEED)
        journal = journals.Journal(tmp_path / "journal.jsonl")
        try:
            await racks.start()
            await house.start()
            probes = open_probes(plan, Around(clock, tmp_path, plan.networks, SPEED))
            await racks.lateness()
            await asyncio.wait_for(Runner(plan, plan.attempts(), probes, clock, journal).run(), SECONDS)
            assert (await racks.lateness())[0] > 100  # batches of octets: the counts of both processes came
        finally:
            await house.stop()
            await racks.stop()
        return list(journals.read(tmp_path / "journal.jsonl"))

    entries = loop.run(story())
    outcomes = [(entry["verdict"], entry["text"]) for entry in entries if entry["what"] == "outcome"]
    assert outcomes == [("passed", "")] * 2
