"""Two MMSCs by themselves, each a process: `python -m tools.lab.network.mmsc --mm4 ... --peer ...`."""

import asyncio
import contextlib
import socket
import sys

import aiohttp
import pytest
from aiohttp import web

from mms.codec import mm1, push
from tests.kit.lab.mmsc_machine import PICTURE, submission
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.shell import Server
from tools.programs import ROOT

MMSC = ("-m", "tools.lab.network.mmsc")
ALICE, CAROL = "+447700900001", "+447700900133"
O2, ORANGE = "mms.mnc010.mcc234.gprs", "mms.mnc033.mcc234.gprs"


def free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return "127.0.0.1:%d" % server.getsockname()[1]


@contextlib.asynccontextmanager
async def process(*words):
    """The URL of an MMSC in a process of its own."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, *MMSC, "--speed", "50", *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 60)
        yield "http://" + line.decode().split(": ")[1].strip()
    finally:
        child.terminate()
        await child.wait()


def test_two_of_them_exchange_a_message_and_the_report_on_it(tmp_path):
    async def story():
        pushed = asyncio.Queue()

        async def took(request):
            octets = await request.read()
            pushed.put_nowait((request.query["to"], mm1.parse(octets[push.parse(octets).body :])))
            return web.Response()

        centre = Server([web.post("/push", took)])
        await centre.start()
        here, there = free(), free()
        first = ("--operator", "23410", "--mm4", here, "--peer", "%s=%s" % (ORANGE, there))
        second = ("--operator", "23433", "--mm4", there, "--peer", "%s=%s" % (O2, here))
        smsc = ("--smsc", centre.url)
        async with (
            process("--folder", tmp_path / "o2", *smsc, *first) as o2,
            process("--folder", tmp_path / "orange", *smsc, *second) as orange,
            aiohttp.ClientSession() as session,
            asyncio.timeout(60),
        ):

            async def post(url, number, octets):
                headers = {MSISDN: number, "Content-Type": mm1.MEDIA}
                async with session.post(url + "/", data=octets, headers=headers) as answer:
                    return await answer.read()

            sent = mm1.parse(await post(o2, ALICE, submission((mm1.DELIVERY_REPORT, True), to=(CAROL,))))
            assert sent.get(mm1.RESPONSE_STATUS) == mm1.OK
            to, notification = await pushed.get()
            assert to == CAROL and mm1.number(notification.get(mm1.FROM)) == ALICE
            path = "/m/" + notification.get(mm1.CONTENT_LOCATION).split("/m/")[1]
            async with session.get(orange + path, headers={MSISDN: CAROL}) as answer:
                octets = await answer.read()
            assert PICTURE in octets and len(octets) == notification.get(mm1.MESSAGE_SIZE)
            tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
            done = mm1.build(mm1.NOTIFYRESP_IND, [tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED)])
            await post(orange, CAROL, done)
            to, report = await pushed.get()
            assert (to, report.get(mm1.STATUS)) == (ALICE, mm1.RETRIEVED)
            assert report.get(mm1.MESSAGE_ID) == sent.get(mm1.MESSAGE_ID)
        await centre.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    "words", (("--mm4", "0.0.0.0:25"), ("--mm4", "127.0.0.1"), ("--peer", "x"), ("--operator", "99999"))
)
def test_a_wrong_word_of_the_command_line_ends_in_one_line(tmp_path, words):
    async def story():
        child = await asyncio.create_subprocess_exec(
            sys.executable, *MMSC, "--folder", tmp_path, "--smsc", "http://127.0.0.1:9", *words,
            cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await child.communicate()
        return child.returncode, said.decode()

    status, said = asyncio.run(story())
    assert status and "Traceback" not in said and words[-1] in said.splitlines()[-1]
