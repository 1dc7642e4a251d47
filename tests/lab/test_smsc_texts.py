"""Texts of an operator: the SMS centre takes them on HTTP, and a handset's decoder reads them."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from mms.codec import tpdu
from tools.lab.network.smsc.shell import Smsc
from tools.lab.shell import Server

BOB = "+447700900002"
LONG = "Media message [from] +447700900001. " * 6


async def _sent(sender, body, **more):
    """(status, answer, TPDUs that the modem got) of a POST /text, sent twice where `more` has an id."""
    got = []

    async def sms(request):
        got.append(bytes.fromhex(await request.text()))
        return web.Response()

    control = Server([web.post("/sms", sms)])
    await control.start()
    smsc = Smsc({BOB: control.url}, speed=1000)
    await smsc.start()
    try:
        async with aiohttp.ClientSession(smsc.url) as session:
            for _ in range(1 + ("id" in more)):
                async with session.post("/text", params={"to": BOB, "from": sender, **more}, data=body) as answer:
                    status, told = answer.status, await answer.text()
            async with asyncio.timeout(10):
                while status == 200 and len(got) < int(told.strip("{}").split(":")[1]):
                    await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        return status, told, got
    finally:
        await smsc.stop()
        await control.stop()


@pytest.mark.parametrize(
    "words, count",
    (("Gr\u00fc\u00dfe", 1), ("x" * 160, 1), ("\u20ac" * 81, 2), (LONG, 2), ("\u4f60\U0001f600" * 50, 3)),
)
def test_a_text_reaches_the_handset_in_as_few_short_messages_as_it_takes(words, count):
    status, told, got = asyncio.run(_sent("O2", words.encode(), id="once"))
    assert (status, told) == (200, '{"segments": %d}' % count)
    read = [tpdu.parse(octets) for octets in got]
    assert len(read) == count and {message.originator for message in read} == {"O2"}
    assert b"".join(message.data for message in read).decode("utf-16-be") == words or read[0].text == words
    assert [message.concat and message.concat[2:] for message in read] == (
        [None] if count == 1 else [(count, at) for at in range(1, count + 1)]
    )


@pytest.mark.parametrize("body, status", ((b"\xff", 400), (b"x" * 2000, 400)))
def test_what_is_no_text_or_too_long_is_refused(body, status):
    assert asyncio.run(_sent("O2", body))[0] == status
