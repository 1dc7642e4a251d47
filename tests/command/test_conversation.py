"""What every client of the console gives for each command, whatever the handset answers, and when."""

import asyncio
import json
import sys

import pytest

from tests.kit.laboratory import SECONDS
from tools.command import phone as library
from tools.journey import phone as journey

BAD = {"reply": "console", "ok": False, "error": "this line is no JSON"}
DEEP = b"[" * 100_000


def scanned(network):
    """A reply to `scan`."""
    return {"reply": "scan", "ok": True, "network": network}


class Stream:
    """A line whose handset says the lines of `answers[n]` after the n-th command, and answers `mode` before."""

    def __init__(self, answers):
        self._answers = iter(answers)
        self._said = asyncio.Queue()

    async def readinto(self, octets):
        """The next line."""
        line = await self._said.get()
        octets[: len(line)] = line
        return len(line)

    async def write(self, octets):
        """Take a command."""
        if octets.strip():
            is_mode = json.loads(octets)["do"] == "mode"
            for said in [{"reply": "mode", "ok": True}] if is_mode else next(self._answers):
                self.say(json.dumps(said).encode())

    def say(self, octets):
        """Say a line."""
        for at in range(0, len(octets), 4096):
            self._said.put_nowait(octets[at : at + 4096])
        self._said.put_nowait(b"\n")

    def close(self):
        """Nothing is open."""


PROGRAM = """
import json, sys
answers = iter(json.loads(%r))
for line in sys.stdin:
    do = json.loads(line)["do"]
    if do == "quit":
        break
    if do == "deep":
        print("[" * 100000)
    for said in [{"reply": "mode", "ok": True}] if do == "mode" else next(answers):
        print(json.dumps(said), flush=True)
"""


async def of_library(folder, answers):
    """The library's phone on a line with those answers."""
    phone = library.Phone(Stream(answers))
    await phone.start()
    return phone


async def of_journey(folder, answers):
    """A journey's phone, whose program gives those answers."""
    command = [sys.executable, "-c", PROGRAM % json.dumps(answers)]
    phone = journey.Phone("alice", {}, folder, "none", command=command)
    await phone.start()
    await phone.ask("mode", SECONDS)
    return phone


CLIENTS = pytest.mark.parametrize(
    "opened, failed", [(of_library, library.Failed), (of_journey, journey.Failed)], ids=["library", "journey"]
)


@CLIENTS
def test_a_late_reply_is_not_taken_for_that_to_the_next_command(tmp_path, opened, failed):
    async def story():
        phone = await opened(tmp_path, [[], [scanned("23205"), scanned("26001")]])
        with pytest.raises(failed):
            await phone.ask("scan", 0.2)
        found = await phone.ask("scan", SECONDS)
        await phone.stop()
        return found["network"]

    assert asyncio.run(story()) == "26001"


@CLIENTS
def test_two_equal_commands_at_once_have_a_reply_each(tmp_path, opened, failed):
    async def story():
        phone = await opened(tmp_path, [[], [scanned("23205"), scanned("26001")]])
        found = await asyncio.gather(*(phone.ask("scan", 10) for _ in range(2)))
        await phone.stop()
        return [said["network"] for said in found]

    assert asyncio.run(story()) == ["23205", "26001"]


@CLIENTS
def test_a_line_that_the_console_cannot_read_fails_the_oldest_command(tmp_path, opened, failed):
    async def story():
        phone = await opened(tmp_path, [[dict(scanned(""), reply="inbox")], [], [BAD, scanned("26001")]])
        await phone.ask("inbox", SECONDS)
        oldest = asyncio.create_task(phone.ask("export", 10))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(phone.ask("inbox", 0.5))
        with pytest.raises(failed, match="no JSON"):
            await oldest
        with pytest.raises(failed):
            await second
        await phone.stop()

    asyncio.run(story())


@CLIENTS
def test_a_line_that_is_nested_too_deep_is_for_nobody(tmp_path, opened, failed):
    async def story():
        phone = await opened(tmp_path, [[], [scanned("26001")]])
        await phone.tell("deep")
        if opened is of_library:
            phone._stream.say(DEEP)
        found = await phone.ask("scan", 10)
        await phone.stop()
        return found["network"]

    assert asyncio.run(story()) == "26001"
