"""The connection that opens while the shutter is open: used by the next exchange, or closed with nothing sent on it."""

import asyncio

from mms.errors import BearerError
from mms.handset.carrying import early
from mms.link.url import parse_url
from tests.kit.drivers.scripted import World, run
from tests.kit.handset.bearer import Modem, bearer
from tests.kit.stream import Content

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
PROXY = ("10.1.1.9", 8080)


class Patient(Modem):
    """Connections take a second; `up` is what they say of themselves."""

    up, error = True, None

    async def open(self, host, port):
        self.opened.append((host, port))
        await asyncio.sleep(1)
        if self.error:
            raise self.error
        return self


async def status(response, buffer):
    return response.status


def played(story, **more):
    """(What `story(bearer, task)` returns, the modem), a second after the connection began to open."""
    modem = Patient(answer=ANSWER)

    async def whole():
        world = bearer(modem, **more)
        await world.start()
        task = asyncio.create_task(early.connect(world))
        try:
            await asyncio.sleep(0.1)
            return await story(world, task)
        finally:
            task.cancel()

    return run(whole(), World()), modem


async def post(world):
    return await world.request("POST", parse_url("http://mmsc.example:8002/"), status, Content(b"message"))


def test_the_next_exchange_uses_the_connection_and_waits_no_second_time_for_it():
    async def story(world, task):
        answered = await post(world)
        await asyncio.sleep(0.1)
        return answered, world.early, task.done()  # a task that waited on would keep its room in memory

    (answered, left, done), modem = played(story)
    assert answered == 200 and left is None and done
    assert modem.opened == [PROXY] and modem.closed == 1
    assert modem.written.endswith(b"message")


def test_a_message_that_fails_leaves_nothing_behind_and_sends_nothing():
    for seconds in (0.2, 3):  # while the connection opens, and after that

        async def story(world, task, seconds=seconds):
            await asyncio.sleep(seconds)
            task.cancel()
            await asyncio.sleep(2)
            return world.early

        left, modem = played(story)
        assert left is None and modem.opened == [PROXY]
        assert modem.written == b"" and modem.closed == (seconds > 1)


def test_a_connection_that_nobody_takes_is_closed_after_a_while():
    async def story(world, task):
        await asyncio.sleep(29)
        before = modem_closed(world)
        await asyncio.sleep(3)
        return before, modem_closed(world), world.early

    def modem_closed(world):
        return world.modem.closed

    (before, after, left), _ = played(story)
    assert (before, after, left) == (0, 1, None)


def test_a_connection_that_the_proxy_has_closed_or_that_leads_elsewhere_is_replaced():
    async def closed(world, task):
        await asyncio.sleep(2)
        world.modem.up = False
        return await post(world)

    async def elsewhere(world, task):
        await asyncio.sleep(2)
        return await world.request("GET", parse_url("http://other.example/"), status)

    assert played(closed)[1].opened == [PROXY, PROXY]
    operator = {"apn": "mms.example", "mmsc": "http://mmsc.example:8002/"}
    answered, modem = played(elsewhere, operators={"23410": operator})
    assert answered == 200 and modem.opened == [("mmsc.example", 8002), ("other.example", 80)] and modem.closed == 2


def test_a_connection_that_fails_is_the_failure_of_the_exchange_that_wants_it_and_of_no_other():
    async def story(world, task):
        world.modem.error = BearerError("connect", 7, "refused")
        try:
            await post(world)
        except BearerError as error:
            world.modem.error = None
            return error.code, await post(world)

    assert played(story)[0] == (7, 200)


def test_none_is_opened_while_an_exchange_is_under_way_or_by_way_of_a_wap_gateway():
    async def story(world, task):
        task.cancel()
        await asyncio.sleep(2)
        async with world.line:
            await early.connect(world)
        return world.early

    left, modem = played(story)
    assert left is None and len(modem.opened) == 1
    operator = {"apn": "mms.example", "mmsc": "http://mmsc.example:8002/", "proxy": "wsp://10.1.1.9"}

    async def wap(world, task):
        await task
        return world.early

    left, modem = played(wap, operators={"23410": operator})
    assert left is None and modem.opened == []
