"""A coordinator and two exporters of labgrid for the tests of a file: boards gprs-01 to gprs-04 answer at once."""

import asyncio

import pytest

from tests.kit.places import Rack
from tools.labgrid import programs
from tools.labgrid.house import House


@pytest.fixture(scope="session", autouse=True)
def installed():
    if not programs.is_installed():
        pytest.skip("needs build/labgrid: %s" % programs.INSTALL)


@pytest.fixture(scope="module")
def loop():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def house(loop, tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"), Rack(4))
    try:
        loop.run(house.racks.start())
        loop.run(house.start())
        yield house
    finally:
        loop.run(house.stop())
        loop.run(house.racks.stop())
