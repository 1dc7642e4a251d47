"""The cells that a modem tells: none where it refuses, and what is wrong elsewhere is an error."""

import asyncio

from drivers.modem import ceng, cged, cpsi, qeng_gsm
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
    for room in (ceng, cged, cpsi, qeng_gsm):
        assert asyncio.run(room.read(Modem(step="register"))) == []
        assert asyncio.run(room.read(Modem())) == []
        raises(ModemError, asyncio.run, room.read(Modem(step="modem")))


def test_cells_of_lte_have_a_tracking_area():
    line = "LTE,Online,234-10,0x1A2B,27447553,128,EUTRAN-BAND3,1650,5,5,-94,-850,-545,15"
    assert asyncio.run(cpsi.read(Modem([line]))) == [("23410", "1A2B", "27447553", None)]
    assert asyncio.run(cpsi.read(Modem(["NO SERVICE,Online"]))) == []


def test_cells_of_gsm_by_quectel_have_ten_values_for_each_neighbour():
    lines = (  # as a log has them
        "+QENG: 1,1",
        "+QENG: 0,404,20,3a9a,1429,1,63,-68,147,147,5,5,x,x,x,x,x,x,x",
        "+QENG: 1,1,8,-71,32,134,134,404,20,3a9a,142a,2,12,-77,19,110,110,404,20,3a9a,142b,3,9,x,x,x,x,x,x,x,x",
    )
    assert asyncio.run(qeng_gsm.read(Modem(lines))) == [
        ("40420", "3A9A", "1429", -68),
        ("40420", "3A9A", "142A", -71),
        ("40420", "3A9A", "142B", -77),
    ]


def test_the_serving_cell_of_ublox_has_a_padded_network():
    lines = ["+CGED: MCC:230, MNC:  3, LAC:878c, CI:2a95, BSIC:34, Arfcn:00865, RxLev:052"]
    assert asyncio.run(cged.read(Modem(lines))) == [("23003", "878C", "2A95", None)]
    assert (
        asyncio.run(cged.read(Modem(["+CGED: MCC:222, MNC: 10, LAC:4e54", "CI:ffffffff, RxLev:10"])))[0][0] == "22210"
    )
