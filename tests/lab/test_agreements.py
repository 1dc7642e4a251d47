"""Agreements of operators, and the way that a message takes by them."""

import asyncio

import aiohttp
import pytest

from tools.lab import dates, world
from tools.lab.interconnect import Agreements
from tools.lab.network.mmsc.routing import Router
from tools.lab.places import Control, Places
from tools.lab.world import WorldError

O2, ORANGE, T_MOBILE, VODAFONE = "23410", "23433", "23430", "23415"
GERMAN = ("26207", "26201", "26202")
NOW = 1043658000  # 27 January 2003, 09:00 in London


def agreements():
    surroundings = world.load()
    return Agreements(surroundings, {row.mccmnc: dates.calendar(row.mccmnc) for row in surroundings.operators})


def test_the_world_has_seven_operators_and_one_without_agreements():
    surroundings, table = world.load(), agreements()
    codes = [row.mccmnc for row in surroundings.operators]
    assert sorted(codes) == sorted((O2, ORANGE, T_MOBILE, VODAFONE, *GERMAN))
    assert surroundings.operator(O2).domain == "mms.mnc010.mcc234.gprs"
    assert {row.home for row in surroundings.subscribers} == set(codes)
    for code in codes:
        others = [other for other in codes if other != code and table.passes(code, other, 1, NOW)]
        assert bool(others) == (code != VODAFONE)


def test_an_agreement_counts_one_way_from_a_date_and_up_to_a_size():
    table = agreements()
    table.change({"between": [O2, VODAFONE], "state": "one-way", "since": "2003-02-01", "octets": 30000})
    midnight = 1044057600
    assert table.passes(O2, VODAFONE, 30000, midnight) and not table.passes(O2, VODAFONE, 30001, midnight)
    assert not table.passes(O2, VODAFONE, 1, midnight - 1) and not table.passes(VODAFONE, O2, 1, midnight)
    own, peer = "mms.mnc010.mcc234.gprs", "mms.mnc015.mcc234.gprs"
    assert table.allows(own, peer, 1, midnight, "out") and table.allows(peer, own, 1, midnight, "in")
    assert not table.allows(own, peer, 1, midnight, "in") and not table.allows("mms.else", own, 1, midnight, "out")
    table.change({"between": ["26207", O2], "since": "2003-02-01"})
    assert table.passes(O2, "26207", 1, midnight - 3600) and not table.passes(O2, "26207", 1, midnight - 3601)


@pytest.mark.parametrize(
    "line",
    (
        "agreement 23410",
        "agreement 23410 99999 on",
        "agreement 23410 23410 on",
        "agreement 23410 23415 perhaps",
        "agreement 23410 23415 on tomorrow",
        "agreement 23410 23415 on 2003-02-31",
        "agreement 23410 23415 on -5",
    ),
)
def test_a_line_that_is_no_agreement_is_refused_and_changes_nothing(line):
    table = agreements()
    before = table.told()
    with pytest.raises(WorldError):
        table.perform(line.split())
    assert table.told() == before


def test_agreements_are_listed_and_signed_at_the_terminal_and_on_http():
    table = agreements()
    told = table.perform("agreement 23410 23415 one-way 2003-02-01 30000".split())
    assert told[-1] == "23410 O2 - UK and 23415 vodafone UK: one-way, from 2003-02-01, up to 30000 octets"

    async def story():
        control = Control(Places(world.load(), {}), desks=[table])
        await control.start()
        try:
            async with aiohttp.ClientSession(control.url) as session:
                answers = []
                for body in ('{"between": ["23433", "23415"]}', '{"between": 5}', "x", "[" * 9000):
                    async with session.post("/agreements", data=body) as answer:
                        answers.append(answer.status)
                async with session.get("/agreements") as answer:
                    return answers, await answer.json()
        finally:
            await control.stop()

    statuses, rows = asyncio.run(story())
    assert statuses == [200, 400, 400, 400] and rows == table.told()
    assert table.passes(ORANGE, VODAFONE, 1 << 20, NOW) and table.passes(VODAFONE, ORANGE, 1, NOW)


OLD, OWN, PORTED = "+447700900006", "+447700900001", "+447700900010"


@pytest.mark.parametrize(
    "sender, recipient, octets, way",
    (
        (OWN, "+447700900002", 1, None),
        (OWN, OLD, 1, "page"),  # his handset takes no MMS
        (OWN, "+447700900133", 1, "mm4"),
        (OWN, "+447700900133", 50001, "page"),  # larger than what the operators agreed on
        (OWN, PORTED, 1, "mm4"),  # one digit from a number of O2
        (OWN, "+447700900115", 1, "page"),  # no agreement
        (OWN, "+447700900999", 1, ""),
        (OWN, "you@mail.example", 1, "mm3"),
        (OWN, "25286", 1, "album"),
        (OWN, "25287", 1, ""),
        ("+447700900133", "+447700900002", 1, None),
        ("+447700900133", OLD, 1, "page"),
        ("+447700900133", PORTED, 1, ""),  # from another operator to another one
    ),
)
def test_a_message_takes_the_way_that_the_table_of_numbers_has(sender, recipient, octets, way):
    table = agreements()
    table.change({"between": [O2, ORANGE], "octets": 50000})
    numbers = world.load().numbers
    router = Router(O2, numbers, {"25286": "album"}, table.passes, lambda number: number != OLD, lambda now: NOW)
    assert router(sender, recipient, 0, octets) == way
