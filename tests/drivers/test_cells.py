"""The cells that a modem tells: none where it refuses, and what is wrong elsewhere is an error."""

import asyncio

from drivers.modem import ceng, cpsi
from mms.errors import ModemError
from tests.kit.checks import raises


class Modem:
    """Answers every command with `lines`, or with an error of the step `step`."""

    def __init__(self, lines=(), step=None):
        self._lines, self._step = list(lines), step

    async def ask(self, name):
        if self._step:
            raise ModemError(self._step, None, "refused")
        return self._lines

    ask_optional = ask


def test_a_modem_that_refuses_tells_no_cells_and_a_dead_one_is_an_error():
    for room in (ceng, cpsi):
        assert asyncio.run(room.read(Modem(step="register"))) == []
        assert asyncio.run(room.read(Modem())) == []
        raises(ModemError, asyncio.run, room.read(Modem(step="modem")))


def test_cells_of_lte_have_a_tracking_area():
    line = "LTE,Online,234-10,0x1A2B,27447553,128,EUTRAN-BAND3,1650,5,5,-94,-850,-545,15"
    assert asyncio.run(cpsi.read(Modem([line]))) == [("23410", "1A2B", "27447553", None)]
    assert asyncio.run(cpsi.read(Modem(["NO SERVICE,Online"]))) == []
