"""kill -9 at any moment: what was accepted arrives, and arrives twice only in doubt, and then flagged."""

import asyncio
import random

import pytest

from tests.kit.laboratory import SECONDS, Laboratory

MOMENTS = 50
ROUNDS = 5  # each with a lab of its own, and kills of both handsets
SMALL = {"family": "vc0706", "baud": 115200, "size": "QQVGA", "quality": 79}
JOURNEY_SECONDS = 1.6  # about what a small message takes at this speed, from the shutter to the report


async def _restart(phone):
    phone.events.clear()
    await phone.start()
    await phone.seen("ready", SECONDS)


async def _until(condition, what):
    """Wait until `await condition()` holds."""
    for _ in range(SECONDS * 10):
        if await condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never came to this: " + what)


async def _messages(phone, box):
    return (await phone.ask(box, SECONDS))["messages"]


async def _one_journey(lab, alice, bob, victim, moment):
    """Press the shutter, kill `victim` after `moment` seconds, restart it, and see what became of it."""
    before = {message["id"] for message in await _messages(alice, "outbox")}
    known = {message["id"] for message in await _messages(bob, "inbox")}
    await alice.tell("press")
    await asyncio.sleep(moment)
    await victim.kill()
    await _restart(victim)
    new = [message for message in await _messages(alice, "outbox") if message["id"] not in before]
    if not new and victim is alice:
        return "not accepted"
    if not new:
        await alice.seen("accepted", SECONDS)
        new = [message for message in await _messages(alice, "outbox") if message["id"] not in before]
    (id,) = [message["id"] for message in new]

    async def arrived():
        sent = {m["id"]: m for m in await _messages(alice, "outbox")}[id]["state"] == "sent"
        fresh = [m for m in await _messages(bob, "inbox") if m["id"] not in known]
        submissions = [entry for entry in lab.journal("submitted") if entry["tid"] == id]
        done = all(message["state"] == "acknowledged" for message in fresh)
        return sent and done and len(fresh) == len(submissions) >= 1

    await _until(arrived, "message %s sent, received and acknowledged" % id)
    status = {m["id"]: m for m in await _messages(alice, "outbox")}[id]
    submissions = [entry for entry in lab.journal("submitted") if entry["tid"] == id]
    assert len(submissions) <= 2
    assert len(submissions) == 1 or status["maybe_duplicate"]
    assert len({entry["pdu_sha256"] for entry in submissions}) == 1
    return "twice, and flagged" if len(submissions) == 2 else "once"


async def _round(folder, seed):
    dice = random.Random(seed)
    came = []
    async with Laboratory(folder) as lab:
        press = {"to": [lab.number("bob")], "subject": "A picture", "text": "Hello"}
        alice = await lab.ready("alice", press=press, camera=SMALL)
        bob = await lab.ready("bob")
        for _ in range(MOMENTS // ROUNDS):
            victim = dice.choice((alice, bob))
            came.append(await _one_journey(lab, alice, bob, victim, dice.uniform(0, JOURNEY_SECONDS)))
    return came


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_kill_at_a_random_moment_loses_nothing(tmp_path, seed):
    came = asyncio.run(_round(tmp_path, seed))
    assert len(came) == MOMENTS // ROUNDS
    assert "once" in came


async def _killed_in_doubt(folder):
    async with Laboratory(folder) as lab:
        press = {"to": [lab.number("bob")], "subject": "A picture", "text": "Hello"}
        alice = await lab.ready("alice", press=press, camera=SMALL)
        bob = await lab.ready("bob")
        id = (await alice.ask("press", SECONDS))["id"]
        for _ in range(1000):
            if any(entry["tid"] == id for entry in lab.journal("submitted")):
                break  # the MMSC has it, its answer is on the way
            await asyncio.sleep(0.002)
        await alice.kill()
        await _restart(alice)
        await alice.seen("confirmed", SECONDS, id=id)
        await bob.seen("acknowledged", SECONDS)
        (message,) = await _messages(alice, "outbox")
        submissions = [entry for entry in lab.journal("submitted") if entry["tid"] == id]
        return message, submissions


def test_a_kill_between_the_last_octet_and_the_confirmation_sends_twice_and_says_so(tmp_path):
    message, submissions = asyncio.run(_killed_in_doubt(tmp_path))
    assert message["state"] == "sent" and message["maybe_duplicate"]
    assert len(submissions) == 2 and submissions[0]["pdu_sha256"] == submissions[1]["pdu_sha256"]
