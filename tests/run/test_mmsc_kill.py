"""An MMSC that is killed at any moment, under traffic: its queue is on disk."""

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
from aiohttp import web

from mms.codec import mm1, push
from tests.kit.lab.mmsc_machine import submission
from tests.kit.lab.mmsc_process import ALICE, BOB, CREDIT
from tools.lab.network.billing import bills
from tools.lab.network.billing.accounts import Accounts
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.shell import Server
from tools.programs import ROOT

KILLS, SPEED, SENDERS = 50, 200, 12
REPORT = (mm1.DELIVERY_REPORT, True)


class Peers:
    """The SMS centre and the handsets of an MMSC: alice sends, bob retrieves and says so, until `over`."""

    def __init__(self, port):
        self.url = "http://127.0.0.1:%d" % port
        self.pushes = {}  # by id, as an SMS centre keeps them apart
        self.accepted, self.over = [], False
        self.centre = Server([web.post("/push", self._push)])
        self._tasks = set()
        self.session = None

    async def _push(self, request):
        octets, key = await request.read(), request.query["id"]
        assert self.pushes.setdefault(key, octets) == octets
        pdu = mm1.parse(octets[push.parse(octets).body :])
        if pdu.type == mm1.NOTIFICATION_IND:
            task = asyncio.create_task(self._retrieve(pdu))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response()

    async def _retrieve(self, notification):
        path = "/m/" + notification.get(mm1.CONTENT_LOCATION).split("/m/")[1]
        tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
        response = mm1.build(mm1.NOTIFYRESP_IND, [tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)])
        await self._ask("GET", path, BOB)
        await self._ask("POST", "/", BOB, response)

    async def _ask(self, method, path, number, octets=None):
        """The answer, asked for until there is one."""
        headers = {MSISDN: number, "Content-Type": mm1.MEDIA}
        while True:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self.session.request(method, self.url + path, data=octets, headers=headers) as answer:
                    assert answer.status == 200
                    return await answer.read()
            await asyncio.sleep(0.01)

    async def send(self, sender):
        """Send one message after the other, each until it is confirmed."""
        while not self.over:
            tid = "t%d-%d" % (sender, len(self.accepted))
            confirmation = mm1.parse(await self._ask("POST", "/", ALICE, submission(REPORT, tid=tid)))
            assert confirmation.get(mm1.RESPONSE_STATUS) == mm1.OK
            self.accepted.append(confirmation.get(mm1.MESSAGE_ID))

    def reports(self):
        """{message id: delivery reports} that came to alice."""
        found = [mm1.parse(octets[push.parse(octets).body :]) for octets in self.pushes.values()]
        return collections.Counter(pdu.get(mm1.MESSAGE_ID) for pdu in found if pdu.type == mm1.DELIVERY_IND)


def told(folder):
    """The events of the journal, those that a killed process left in the store included."""
    lines = (folder / "journal.jsonl").read_bytes().split(b"\n")[:-1]
    base = sqlite3.connect("file:%s?mode=ro" % (folder / "queue.sqlite"), uri=True)
    rows = base.execute("SELECT value FROM rows WHERE room = 'journal' ORDER BY place")
    lines += [line for line in (json.loads(value)["line"].encode() for (value,) in rows) if line not in lines[-500:]]
    waiting = [json.loads(value) for (value,) in base.execute("SELECT value FROM rows WHERE room = 'delivery'")]
    base.close()
    return [json.loads(line) for line in lines], {row["message"] for row in waiting}


def ids(entries, event):
    return [entry["message_id"] for entry in entries if entry["event"] == event]


def test_a_killed_mmsc_goes_on_where_it_was_and_loses_nothing(tmp_path):
    dice = random.Random(13)

    async def story():
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        peers = Peers(port)
        await peers.centre.start()
        words = ["-m", "tests.kit.lab.mmsc_process", tmp_path, str(port), peers.centre.url, str(SPEED)]
        parent = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )

        async def begin():
            parent.stdin.write(b"\n")
            return int(await asyncio.wait_for(parent.stdout.readline(), 30))

        try:
            async with aiohttp.ClientSession() as peers.session:
                process = await begin()
                senders = [asyncio.create_task(peers.send(number)) for number in range(SENDERS)]
                for _ in range(KILLS):
                    await asyncio.sleep(dice.uniform(0.01, 0.2))
                    os.kill(process, signal.SIGKILL)
                    entries, waiting = told(tmp_path)
                    assert waiting == set(ids(entries, "submitted")) - set(ids(entries, "delivered"))
                    process = await begin()
                peers.over = True
                await asyncio.gather(*senders)
                async with asyncio.timeout(60):
                    while sum(peers.reports().values()) < len(set(ids(told(tmp_path)[0], "submitted"))):
                        await asyncio.sleep(0.05)
                await asyncio.sleep(0.1)
                os.kill(process, signal.SIGKILL)
        finally:
            parent.stdin.close()
            await parent.wait()
            await peers.centre.stop()
        return peers

    peers = asyncio.run(story())
    entries, waiting = told(tmp_path)
    submitted = ids(entries, "submitted")
    assert len(submitted) == len(set(submitted)) > KILLS and set(peers.accepted) <= set(submitted)
    assert not waiting and sorted(ids(entries, "delivered")) == sorted(submitted)
    assert peers.reports() == dict.fromkeys(submitted, 1)
    assert all((tmp_path / "bodies" / key).exists() for key in submitted)
    accounts = Accounts(tmp_path / "billing" / "billing.sqlite")
    charged = [charge.tid for charge in accounts.charges("kind = 'sent' AND state != 'released'")]
    assert sorted(charged) == sorted({entry["tid"] for entry in entries if entry["event"] == "submitted"})
    spent = CREDIT - accounts.account(ALICE).balance
    assert spent == 40 * len(charged) == bills.sums(bills.entries(accounts, ALICE))["GBP"]
    accounts.close()
