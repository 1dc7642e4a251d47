"""Whole handsets on the lab's lines with flow control, and with modems that sleep."""

import asyncio
import os
import termios

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools.lab import families

CONTROL = 2  # of what tcgetattr returns: the flags of the hardware
MODEMS = families.names("modem")


def controlled(path):
    """Whether the line at a path has flow control."""
    number = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        return bool(termios.tcgetattr(number)[CONTROL] & termios.CRTSCTS)
    finally:
        os.close(number)


@pytest.mark.parametrize("family", MODEMS)
def test_a_line_with_rts_and_cts_loses_nothing_while_the_board_is_deaf(tmp_path, family):
    async def story():
        async with Laboratory(tmp_path, modems=(family,)) as lab:
            modem, line = lab.network.modems["alice"], lab.network.lines("alice")[0]
            assert not controlled(line)
            alice = await lab.ready("alice", modem={"baud": 115200, "flow": True})
            assert controlled(line) and modem.machine.obeys_rts()
            bob = await lab.ready("bob", press={"to": [lab.number("alice")]})
            id = (await bob.ask("press", SECONDS))["id"]
            await bob.seen("confirmed", SECONDS, id=id)
            while not any(event["event"] in ("retrieved", "failed") for event in alice.events):
                modem.line.deafen()
                await asyncio.sleep(0.02)
            await alice.seen("acknowledged", SECONDS)
            names = [event["event"] for event in alice.events]
            assert names.count("connected") <= 2 and "failed" not in names  # for the message, and for its answer
            assert not controlled(lab.network.lines("bob")[0])

    asyncio.run(asyncio.wait_for(story(), SECONDS))


@pytest.mark.parametrize("family", MODEMS)
def test_a_modem_that_sleeps_wakes_for_a_message_and_for_a_command(tmp_path, family):
    async def story():
        async with Laboratory(tmp_path, modems=(family,)) as lab:
            modem = lab.network.modems["bob"]
            bob = await lab.ready("bob", modem={"baud": 115200, "sleep": True})
            alice = await lab.ready("alice")
            for text in ("one", "two"):
                await asyncio.sleep(1)  # 20 seconds of the modem
                modem.kick()
                assert modem.machine.sleep.asleep() == (family != "bg95")  # which sleeps by DTR alone
                id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text=text))["id"]
                await alice.seen("confirmed", SECONDS, id=id)
                await bob.seen("acknowledged", SECONDS)
                bob.events.clear()
            await asyncio.sleep(1)
            assert (await bob.ask("status", SECONDS))["network"]["status"] == "home"

    asyncio.run(asyncio.wait_for(story(), SECONDS))
