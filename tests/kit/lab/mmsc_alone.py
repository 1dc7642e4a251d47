"""An MMSC in a process of its own (`python -m tools.lab.network.mmsc`), and an SMS centre that keeps its pushes."""

import asyncio
import contextlib
import signal
import socket
import sys

import aiohttp
from aiohttp import web

from mms.codec import mm1, push
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.shell import Server
from tools.programs import ROOT

MMSC = ("-m", "tools.lab.network.mmsc")


def free():
    """HOST:PORT where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return "127.0.0.1:%d" % server.getsockname()[1]


@contextlib.asynccontextmanager
async def process(*words, end=signal.SIGTERM):
    """The URL of an MMSC in a process, which ends by the signal."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, *MMSC, "--speed", "50", *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 60)
        yield "http://" + line.decode().split(": ")[1].strip()
    finally:
        child.send_signal(end)
        await child.wait()


@contextlib.asynccontextmanager
async def centre():
    """(URL of an SMS centre, a queue of (number, Pdu) that were pushed)."""
    pushed, known = asyncio.Queue(), set()

    async def took(request):
        octets, id = await request.read(), request.query["id"]
        if id in known:  # an SMS centre keeps pushes apart by their ids
            return web.Response()
        known.add(id)
        pushed.put_nowait((request.query["to"], mm1.parse(octets[push.parse(octets).body :])))
        return web.Response()

    server = Server([web.post("/push", took)])
    await server.start()
    try:
        yield server.url, pushed
    finally:
        await server.stop()


async def post(url, number, octets):
    """The answer of an MMSC to a PDU of the subscriber."""
    headers = {MSISDN: number, "Content-Type": mm1.MEDIA}
    async with aiohttp.ClientSession() as session:
        async with session.post(url + "/", data=octets, headers=headers) as answer:
            return await answer.read()
