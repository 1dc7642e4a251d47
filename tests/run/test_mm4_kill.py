"""Two MMSCs joined by MM4, either of which is killed at any moment: each message arrives, and none twice."""

import asyncio
import collections
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import sys

import aiohttp
import pytest
from aiohttp import web

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, CAROL, O2, ORANGE
from tests.kit.lab.mmsc_machine import submission
from tests.kit.programs import stop, until
from tests.kit.tier import amount
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.shell import Server
from tools.programs import ROOT


class Process:
    """One MMSC: `url` is where it listens while it lives."""

    def __init__(self, domain, folder, ports, smsc):
        self.folder, self.url = folder, "http://127.0.0.1:%d" % ports[0]
        self._words = [domain, str(folder), *map(str, ports), smsc]

    async def start(self):
        self._parent = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.kit.lab.mm4_process", *self._words,
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self.begin()

    async def begin(self):
        self._parent.stdin.write(b"\n")
        self._child = int(await asyncio.wait_for(self._parent.stdout.readline(), 60))

    def kill(self):
        os.kill(self._child, signal.SIGKILL)

    async def stop(self):
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        await stop(self._parent)

    def rows(self, room):
        """{key: row} of a room of its store."""
        base = sqlite3.connect("file:%s?mode=ro" % (self.folder / "queue.sqlite"), uri=True)
        found = base.execute("SELECT key, value FROM rows WHERE room = ?", (room,)).fetchall()
        base.close()
        return {key: json.loads(value) for key, value in found}

    def accepted(self):
        """The message ids of the other side in what came by MM4, one for each time that it was accepted."""
        return [row["reply"]["message_id"] for row in self.rows("message").values() if row["port"] == "mm4"]


def free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


async def send(o2, session, confirmed):
    """alice sends to carol, one message after the other, each until it is confirmed; a message may then be two."""
    headers = {MSISDN: ALICE, "Content-Type": mm1.MEDIA}
    while True:
        octets = submission(to=(CAROL,), tid="t%d" % len(confirmed))
        with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
            async with session.post(o2.url + "/", data=octets, headers=headers) as answer:
                confirmed.append(mm1.parse(await answer.read()).get(mm1.MESSAGE_ID))
        await asyncio.sleep(0.02)


async def take(request):
    return web.Response()


@pytest.mark.long
def test_messages_cross_once_whichever_side_is_killed(tmp_path):
    kills, dice = amount(12, 50), random.Random(4)

    async def story(o2, orange):
        confirmed = []
        async with aiohttp.ClientSession() as session:
            sender = asyncio.create_task(send(o2, session, confirmed))
            for _ in range(kills):
                await asyncio.sleep(dice.uniform(0.05, 0.5))
                victim = dice.choice((o2, orange))
                victim.kill()
                await victim.begin()
            sender.cancel()
        await until(lambda: not o2.rows("delivery") and set(confirmed) <= set(orange.accepted()), 60)
        assert len(confirmed) > kills
        twice = [key for key, count in collections.Counter(orange.accepted()).items() if count > 1]
        assert twice == []

    async def whole():
        centre = Server([web.post("/push", take)])
        await centre.start()
        here, there, first, second = free_ports(4)
        o2 = Process(O2, tmp_path / "o2", (here, first, second), centre.url)
        orange = Process(ORANGE, tmp_path / "orange", (there, second, first), centre.url)
        await o2.start()
        await orange.start()
        try:
            await story(o2, orange)
        finally:
            await o2.stop()
            await orange.stop()
            await centre.stop()

    asyncio.run(whole())
