"""The commands status, check and quit, at a console of a whole handset."""

import asyncio
import json

import pytest

from mms import clock
from mms.advice import advice
from mms.errors import BearerError, Coverage, UsageError
from mms.handset import rooms
from mms.handset.console.console import Console
from tests.kit.handset.console import Typist
from tests.kit.handset.phone import MINUTE, Phone


def test_a_person_asks_where_the_handset_stands_and_quits():
    phone = Phone()
    phone.modem.slow_ms = 5000
    typist = Typist("status", "check", "status", "outbox", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    starting, ready, rest = typist.said.partition("* ready")
    assert starting == "! the modem is still starting\n" and ready
    steps = [row.split(":")[0] for row in rest.split("\n") if row.startswith("* checked")]
    wanted = "modem sim signal register attach context mmsc".split()  # the operator of this phone has no proxy
    assert steps == ["* checked, " + step for step in wanted]
    assert "network:  23410, home, GSM, -79 dBm\n" in rest and "a SIM of 23410\n" in rest
    assert rest.endswith("outbox: nothing\ngoodbye\n")


def test_a_person_sees_the_networks_and_chooses_one():
    phone = Phone()
    typist = Typist("help", "scan", "register 23433", "register auto", "register Orange", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    assert "23410   O2 - UK, current, GSM\n23433   Orange, forbidden, GSM\n" in typist.said
    assert "cell    23410, area 00C3, cell 7ED1, -79 dBm\n" in typist.said
    assert "network:  23433, roaming, GSM, -79 dBm\n" in typist.said
    assert "network:  23410, home, GSM, -79 dBm\n" in typist.said
    assert "! a network, please" in typist.said
    assert phone.modem.log[-4:] == ["release", "register 23433", "release", "register auto"]


def test_a_person_sees_which_ways_to_the_message_centre_are_known_and_which_is_used():
    async def story():
        await clock.sleep(MINUTE)

    phone = Phone()
    typist = Typist("help", "operators", "quit")
    phone.live(story, Console(typist, phone.handset, phone.events))
    told = typist.said
    assert "> O2: mms.example, http://mmsc.example/, no proxy (settings)\n" in told
    assert "  O2: wap.o2.co.uk, http://mmsc.mms.o2.co.uk:8002, 193.113.200.195:8080\n" in told
    assert "(operators.bin)" in told and "password" not in told
    phone = Phone(operators={})
    typist = Typist("help", "operators", '{"do": "mode", "mode": "json"}', '{"do": "operators"}', "quit")
    phone.live(story, Console(typist, phone.handset, phone.events))
    assert "> O2: wap.o2.co.uk" in typist.said
    (answer,) = [json.loads(line) for line in typist.said.split("\n") if '"candidates"' in line]
    assert [one["used"] for one in answer["candidates"]] == [True, False, False] and answer["home"] == "23410"
    assert {one["password"] for one in answer["candidates"]} == {"**"} and answer["fault"] is None


def test_a_network_that_refuses_is_answered_with_its_cause_and_the_next_thing_to_do():
    phone = Phone()
    phone.modem.faults["register 23433"] = [Coverage("register", 113, "the modem refused AT+COPS")]
    typist = Typist("help", "register 23433", "quit")

    async def story():
        await clock.sleep(MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    told = " ".join(typist.said.split())
    assert "! register: the modem refused AT+COPS (113); this network refuses roaming in this area: type scan" in told


def test_neither_scan_nor_register_disturbs_a_message_on_its_way():
    phone = Phone()

    async def story():
        await phone.handset.bearer.line.acquire()
        for work in (rooms.checkup.scan(phone.handset.bearer), rooms.checkup.select(phone.handset.bearer, "23433")):
            with pytest.raises(UsageError, match="on its way"):
                await work
        return "register 23433" in phone.modem.log

    assert phone.live(story) is False


def test_of_two_checks_at_once_one_is_refused_and_the_modem_stays_the_bearers_own():
    phone = Phone()

    async def story():
        bearer, events = phone.handset.bearer, phone.events
        checks = [asyncio.create_task(rooms.checkup.check(bearer, events)) for _ in range(2)]
        told = await asyncio.gather(*checks, return_exceptions=True)
        return bearer.modem is phone.modem, [str(one) for one in told if isinstance(one, UsageError)]

    assert phone.live(story) == (True, ["another check is under way: wait until it has ended"])


def test_a_check_ends_at_the_first_step_that_fails_and_says_what_to_do():
    phone = Phone()
    phone.modem.faults["attach"] = [BearerError("context", 148, "")] * 9
    typist = Typist("help", "check", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    _, _, rest = typist.said.partition("* checked, register")
    told = "! context: error 148; %s " % advice(BearerError("context", 148, ""))
    assert told in " ".join(rest.split()) and "checked, c" not in rest
