"""The MMSC over HTTP, with handsets that ask it."""

import asyncio

import aiohttp
from aiohttp import web

from mms.codec import mm1, multipart
from tools.lab.network.gateway.shell import Gateway
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.smsc.shell import Smsc
from tools.lab.shell import Server

ALICE, BOB = "+447700900001", "+447700900002"
MEDIA = {"Content-Type": mm1.MEDIA}
PICTURE = bytes(range(256)) * 1000


def submission(tid="t1"):
    fields = [
        (mm1.TRANSACTION_ID, tid),
        (mm1.VERSION, 0x12),
        (mm1.FROM, None),
        (mm1.TO, mm1.address(BOB)),
        (mm1.DELIVERY_REPORT, True),
        (mm1.SUBJECT, "What can be seen from the hill above the town"),
        (mm1.CONTENT_TYPE, mm1.ContentType("application/vnd.wap.multipart.mixed", [])),
    ]
    entry = multipart.entry("image/jpeg", len(PICTURE), location="p.jpg")
    return mm1.build(mm1.SEND_REQ, fields) + multipart.count(1) + entry + PICTURE


class Handset:
    """A modem's control that takes short messages, and HTTP through the gateway."""

    def __init__(self, number, address):
        self.number, self.address = number, address
        self.sms = []
        self.control = Server([web.post("/sms", self._sms)])

    async def _sms(self, request):
        self.sms.append(bytes.fromhex(await request.text()))
        return web.Response()

    async def pushed(self, count):
        """The MM1 PDU in `count` short messages, put together."""
        async with asyncio.timeout(10):
            while len(self.sms) < count:
                await asyncio.sleep(0.01)
        data = b""
        for tpdu in self.sms[:count]:
            length = tpdu[1]
            at = 1 + 2 + (length + 1) // 2 + 2 + 7 + 1
            data += tpdu[at + 1 + tpdu[at] :]
        self.sms = self.sms[count:]
        return mm1.parse(data[data.index(b"\x8c") :])

    async def http(self, gateway, method, url, octets=None):
        connector = aiohttp.TCPConnector(local_addr=(self.address, 0))
        async with aiohttp.ClientSession(connector=connector) as session:
            proxy = "http://" + gateway.address
            async with session.request(method, url, data=octets, headers=MEDIA, proxy=proxy) as answer:
                return answer.status, await answer.read()


class Network:
    def __init__(self, folder):
        self.alice, self.bob = Handset(ALICE, "127.0.3.1"), Handset(BOB, "127.0.3.2")
        self.smsc = Smsc({}, speed=50)
        self.gateway = Gateway({}, {"127.0.3.1": ALICE, "127.0.3.2": BOB}, speed=50)
        self.folder = folder
        self.mmsc = None

    async def __aenter__(self):
        for handset in (self.alice, self.bob):
            await handset.control.start()
            self.smsc.subscribers[handset.number] = handset.control.url
        await self.smsc.start()
        self.mmsc = Mmsc(self.folder, self.smsc.url, (ALICE, BOB), speed=50)
        await self.mmsc.start()
        self.gateway.hosts[self.mmsc.host] = self.mmsc.address
        await self.gateway.start()
        self.url = "http://%s:8002/" % self.mmsc.host
        return self

    async def __aexit__(self, *what):
        for shell in (self.gateway, self.mmsc, self.smsc, self.alice.control, self.bob.control):
            await shell.stop()
