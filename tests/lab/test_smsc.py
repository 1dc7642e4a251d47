"""The SMS centre's shell over real sockets: what a modem's control and an MMSC see of it."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from tools.lab.modem.shell import Modem
from tools.lab.network.smsc.shell import Smsc
from tools.lab.shell import Server

ALICE, BOB = "+447700900001", "+447700900002"
SUBMIT = "012a0c91447700090020000005e8329bfd06"


class Control:
    """A modem's control that answers by a list of statuses, and 200 after that."""

    def __init__(self, *statuses):
        self.statuses, self.got = list(statuses), []
        self.server = Server([web.post("/sms", self._sms)])

    async def _sms(self, request):
        self.got.append(bytes.fromhex(await request.text()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


def run(story, *statuses):
    async def whole():
        control = Control(*statuses)
        await control.server.start()
        smsc = Smsc({BOB: control.server.url}, speed=1000)
        await smsc.start()
        try:
            async with aiohttp.ClientSession(smsc.url) as session:
                return await story(session, control)
        finally:
            await smsc.stop()
            await control.server.stop()

    return asyncio.run(whole())


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_submission_is_answered_with_its_reference_and_reaches_the_modem():
    async def story(session, control):
        async with session.post("/submit", params={"from": ALICE}, data=SUBMIT) as answer:
            assert await answer.json() == {"reference": 1}
        await until(lambda: control.got)
        assert control.got[0].hex().startswith("040c914477000900100000")

    run(story)


def test_a_push_reaches_the_modem_in_order_although_it_refused_at_first():
    async def story(session, control):
        body = bytes(range(200))
        async with session.post("/push", params={"to": BOB, "from": "MMSC"}, data=body) as answer:
            assert await answer.json() == {"segments": 2}
        await until(lambda: len(control.got) == 4)
        assert control.got[0] == control.got[1] == control.got[2]
        assert control.got[2][-128:] + control.got[3][-72:] == body

    run(story, 503, 500)


def test_what_is_wrong_is_refused_with_a_reason():
    async def story(session, control):
        for path, status in (
            ("/submit", 400),
            ("/push", 400),
            ("/submit?from=x", 400),
            ("/push?to=%2B447700900099&from=MMSC", 404),
        ):
            async with session.post(path, data="zz") as answer:
                assert answer.status == status and await answer.text()
        assert control.got == []

    run(story)


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 200),
        ({"Host": "localhost:{port}"}, 200),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "http://rebound.example:{port}"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "rebound.example:{port}"}, 403),
        ({"Host": "127.0.0.1.rebound.example:{port}"}, 403),
        ({"Host": "127.0.0.1"}, 403),
    ],
)
def test_a_web_page_reaches_no_control(tmp_path, headers, status):
    """By a form of its own origin (CSRF), or by a name of its own for our address (DNS rebinding)."""

    async def story():
        modem = Modem(tmp_path / "modem")
        smsc = Smsc({})
        await modem.start()
        await smsc.start()
        try:
            async with aiohttp.ClientSession() as session:
                sent = {key: value.format(port=modem.control_url.rpartition(":")[2]) for key, value in headers.items()}
                async with session.post(modem.control_url + "/do/power_off", headers=sent) as answer:
                    assert answer.status == status
                sent = {key: value.format(port=smsc.url.rpartition(":")[2]) for key, value in headers.items()}
                async with session.post(smsc.url + "/submit", headers=sent) as answer:
                    assert answer.status == (400 if status == 200 else status)
        finally:
            await smsc.stop()
            await modem.stop()

    asyncio.run(story())
