"""The example of docs/labgrid.md on a rack of two simulated boards: pytest, labgrid's plugin, and the strategy."""

import asyncio
import os

from tests.kit.places import SECONDS
from tools.labgrid import programs
from tools.labgrid.house import House
from tools.labgrid.rack import Rack
from tools.programs import ROOT

EXAMPLE = ROOT / "examples/labgrid"


def test_the_example_switches_a_board_on_and_sends_a_text(loop, tmp_path):
    async def run(words, around):
        process = await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, env=around, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        assert process.returncode == 0, said.decode()
        return said.decode()

    async def story():
        rack = Rack(tmp_path / "racks", 1, speed=10)
        house = House(tmp_path / "house", rack)
        around = dict(os.environ, LG_COORDINATOR=house.address, LG_PLACE="gprs-02")
        try:
            await rack.start()
            await house.start()
            await run(programs.administer("-p", "gprs-02", "acquire"), around)
            python = [str(programs.VENV / "bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            said = await run([*python, "--lg-env", str(EXAMPLE / "env.yaml"), str(EXAMPLE)], around)
            assert "1 passed" in said
            await run(programs.administer("-p", "gprs-02", "release"), around)
        finally:
            await house.stop()
            await rack.stop()

    loop.run(story())
