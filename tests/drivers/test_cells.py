"""The cells that a modem tells: none where it refuses, and what is wrong elsewhere is an error."""

import asyncio

from drivers.modem import cged, cpsi, qeng_gsm, qeng_lte, selection
from drivers.modem.dialogue import make_error
from mms.errors import ModemError
from tests.kit.checks import raises


class Modem:
    """Answers every command with `lines`, or with an error of the step `step`."""

    def __init__(self, lines=(), step=None, neighbours=None):
        self._lines, self._step, self._neighbours = list(lines), step, neighbours
        self.dialogue = self

    async def ask(self, name):
        if self._step:
            raise make_error(self._step, None, "refused")
        return self._lines if self._neighbours is None or name != "neighbours" else self._neighbours

    ask_optional = ask

    def add(self, commands):
        """The commands of a room are known."""

    remove = add


def test_a_modem_that_refuses_tells_no_cells_and_a_dead_one_is_an_error():
    for room in ("ceng", "cged", "cpsi", "qeng_gsm", "qeng_lte"):
        for step, error in (("register", None), (None, None), ("modem", ModemError)):
            modem = Modem(step=step)
            modem.CELLS = room
            told = selection._read_cells(modem)
            assert raises(error, asyncio.run, told) if error else asyncio.run(told) == []


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


def test_the_serving_cell_of_a_sara_r4_has_a_level_and_no_network():
    class Newer(Modem):
        async def ask(self, name):
            if name == "cells":
                raise make_error("register", None, "refused")
            return self._lines

    lines = ['+RSRP: 476,5110,"-096.50",', '+RSRQ: 476,5110,"-20.00",']  # as a log has them
    assert asyncio.run(cged.read(Newer(lines))) == [(None, None, "PCI 476", -96)]
    for odd in ([], ["+RSRP: "], ['+RSRP: 476,5110,"x"'], lines[1:]):
        assert asyncio.run(cged.read(Newer(odd))) == []


def test_cells_of_lte_by_quectel_and_their_neighbours():
    serving = ['+QENG: "servingcell","NOCONN","LTE","FDD",302,610,844D92A,248,900,2,5,5,D6E7,-89,-8,-61,17,38']
    neighbours = [  # as logs have them, the serving cell the first of them
        '+QENG: "neighbourcell intra","LTE",900,248,-8,-89,-61,-,-,-,-,-,-',
        '+QENG: "neighbourcell intra","LTE",275,280,-14,-99,-67,-,-,-,-,-,-',
        '+QENG: "neighbourcell inter","LTE",3250,-,-,-,-,-,-,0,16,5',
        '+QENG: "neighbourcell","WCDMA",3062,3,16,2,-,-,-,-',
        '+QENG: "neighbourcell","GSM",234,10,00c3,7ed1,31,81,-71,20,20',
    ]
    first = ("302610", "D6E7", "844D92A", -89)
    others = [(None, None, "PCI 280", -99), ("23410", "00C3", "7ED1", -71)]
    assert asyncio.run(qeng_lte.read(Modem(serving, neighbours=neighbours))) == [first] + others
    for line, told in (
        (
            '+QENG: "servingcell","CONNECT","CAT-M","FDD",234,10,1A2D001,1,1300,3,3,3,12B4,-',
            ("23410", "12B4", "1A2D001", None),
        ),
        ('+QENG: "servingcell","NOCONN","GSM",234,10,00c3,7ed1,31,81,0,-71,0', ("23410", "00C3", "7ED1", -71)),
        ('+QENG: "LTE","FDD",222,01,328261F,280,275,1,4,4,BE3,-99,-14,-66', ("22201", "BE3", "328261F", -99)),
        ('+QENG: "servingcell","SEARCH"', None),
        ('+QENG: "servingcell","LIMSRV","LTE"', None),
    ):
        assert asyncio.run(qeng_lte.read(Modem([line], neighbours=[]))) == ([told] if told else []), line
