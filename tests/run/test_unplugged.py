"""A USB cable that is pulled out and plugged in again: the handset waits for its lines and loses nothing."""

import asyncio
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory

COMMANDS = {"MicroPython": None, "CPython": [sys.executable, "main.py"]}
SPEED = 5.0  # slow enough to be struck in the middle of a picture


async def until(condition):
    """Wait until `await condition()` holds."""
    for _ in range(SECONDS * 10):
        if await condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never came to this")


async def messages(phone, box):
    return (await phone.ask(box, SECONDS))["messages"]


async def story(folder, command):
    async with Laboratory(folder, SPEED) as lab:
        modem_line, camera = lab.network.modems["alice"].line, lab.network.cameras["alice"]
        bob = await lab.ready("bob")
        alice = await lab.ready("alice", command, press={"to": [lab.number("bob")]})
        await alice.ask("press", SECONDS)
        await alice.seen("sent", SECONDS)  # some octets of it
        await modem_line.stop()
        await alice.seen("line_lost", SECONDS)
        await asyncio.sleep(3)
        assert [message["state"] for message in await messages(alice, "outbox")] != ["failed"]
        await modem_line.start()
        await alice.seen("line_back", SECONDS)

        async def sent():
            return [message["state"] for message in await messages(alice, "outbox")] == ["sent"]

        await until(sent)
        submitted = len(lab.journal("submitted"))
        (message,) = await messages(alice, "outbox")
        assert submitted == 1 or submitted == 2 and message["maybe_duplicate"]
        for end in (camera.stop, camera.start):
            await end()
        alice.events.clear()
        await alice.ask("press", SECONDS)
        await alice.seen("confirmed", SECONDS)

        async def received():
            states = [message["state"] for message in await messages(bob, "inbox")]
            return states == ["acknowledged"] * (submitted + 1)

        await until(received)
        assert [event["event"] for event in alice.events].count("line_lost") == 0
        assert "Traceback" not in alice.log.read_text()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_handset_waits_for_lines_that_are_pulled_out_and_loses_nothing(tmp_path, name):
    asyncio.run(story(tmp_path, COMMANDS[name]))
