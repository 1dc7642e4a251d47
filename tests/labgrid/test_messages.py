"""A campaign sends messages between simulated boards at places of labgrid: real handsets, found by their tags."""

import asyncio

from tests.kit.places import SECONDS
from tools.campaign import journal as journals
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan, open_probes
from tools.campaign.probes.probe import Around
from tools.campaign.runner import Runner
from tools.labgrid.house import House
from tools.labgrid.rack import Rack

SPEED = 5.0
PLAN = {
    "campaign": {"name": "racks", "repetitions": 1, "pause_s": 0},
    "probes": [
        {"name": role, "kind": "place", "tags": {"role": role, "family": "sim800"}, "role": role}
        for role in ("mo", "mt")
    ],
    "networks": [{"mccmnc": "23410"}],
    "cases": [{"case": "sms"}, {"case": "mms-1"}],
}


def test_messages_go_from_one_board_to_the_other(loop, tmp_path, monkeypatch):
    async def story():
        rack = Rack(tmp_path / "racks", 1, speed=SPEED)
        house = House(tmp_path / "house", rack)
        monkeypatch.setenv("LG_COORDINATOR", house.address)
        plan, clock = Plan(PLAN), Clock(speed=SPEED)
        journal = journals.Journal(tmp_path / "journal.jsonl")
        try:
            await rack.start()
            await house.start()
            probes = open_probes(plan, Around(clock, tmp_path, plan.networks, SPEED))
            await asyncio.wait_for(Runner(plan, plan.attempts(), probes, clock, journal).run(), SECONDS)
        finally:
            await house.stop()
            await rack.stop()
        return list(journals.read(tmp_path / "journal.jsonl"))

    entries = loop.run(story())
    outcomes = [(entry["verdict"], entry["text"]) for entry in entries if entry["what"] == "outcome"]
    assert outcomes == [("passed", "")] * 2
