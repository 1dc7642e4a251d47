"""The board of the lab: a program that reads the console presses the power key of the modem and moves its DTR."""

import asyncio
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory

COMMANDS = {"MicroPython": None, "CPython": [sys.executable, "main.py"]}


class Hand:
    """Does to a simulated modem what the events of a handset's board say; `moved` has them."""

    def __init__(self, machine):
        self._machine = machine
        self.moved = []

    def __call__(self, name, event):
        if event["event"] != "wire":
            return
        move = event["wire"], event["level"]
        self.moved.append(move)
        verbs = {"supply 0": "power_off", "power_key 1": "power_on", "dtr 0": "dtr_on", "dtr 1": "dtr_off"}
        verb = verbs.get("%s %d" % move)
        if verb:
            getattr(self._machine, verb)()


async def story(folder, command):
    async with Laboratory(folder) as lab:
        machine = lab.network.modems["alice"].machine
        machine.power_off()
        hand = Hand(machine)
        bob = await lab.ready("bob")
        alice = await lab.ready("alice", command, hand, board="lab", modem={"family": "sim800", "sleep": True})
        assert hand.moved[:4] == [("supply", 0), ("supply", 1), ("power_key", 0), ("power_key", 1)]

        async def asleep():
            while not machine.sleep.asleep():
                await asyncio.sleep(0.05)

        await asyncio.wait_for(asleep(), SECONDS)
        assert hand.moved[-1] == ("dtr", 1)
        await bob.ask("send", SECONDS, to=[lab.number("alice")], text="Are you awake?")
        await alice.seen("retrieved", SECONDS)
        assert ("dtr", 0) in hand.moved[4:]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_program_stands_in_for_the_power_key_and_dtr_of_a_board(tmp_path, name):
    asyncio.run(story(tmp_path, COMMANDS[name]))


async def presses(folder, command):
    async with Laboratory(folder) as lab:
        hand = Hand(lab.network.modems["alice"].machine)
        bob = await lab.ready("bob")
        favourite = {"to": [lab.number("bob")], "text": "Look"}
        alice = await lab.ready("alice", command, hand, board="lab", panel={}, press=favourite)
        kept = await alice.ask("press", SECONDS, kind="long")
        assert kept["path"].endswith(".jpg") and lab.journal("submitted") == []
        sent = await alice.ask("press", SECONDS, kind="short")
        await bob.seen("retrieved", SECONDS)
        (submission,) = lab.journal("submitted")
        assert submission["tid"] == sent["id"]
        assert ("led", 1) in hand.moved and ("led", 0) in hand.moved
        await bob.ask("send", SECONDS, to=[lab.number("alice")], text="Nice fox")
        await alice.seen("retrieved", SECONDS)
        read = await alice.ask("press", SECONDS, kind="double")
        assert read["text"] == "Nice fox" and read["sender"] == lab.number("bob")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_button_and_the_led_of_a_board_are_console_messages(tmp_path, name):
    asyncio.run(presses(tmp_path, COMMANDS[name]))
