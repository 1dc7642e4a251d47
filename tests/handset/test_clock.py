"""The clock on a board: ticks wrap, and the date is not known before somebody sets it."""

import asyncio
import sys
import time

import mms
from mms import clock
from tests.kit.checks import raises

WRAP = 1 << 30  # of MicroPython's ticks


class BoardTime:
    """The `time` of a board that counts from 2000."""

    ticks, seconds = WRAP - 100, 0

    def ticks_ms(self):
        return self.ticks % WRAP

    def ticks_diff(self, end, start):
        return (end - start + WRAP // 2) % WRAP - WRAP // 2

    def gmtime(self, seconds):
        return (2000, 1, 1, 0, 0, 0, 5, 1)

    def time(self):
        return self.seconds


class BoardAsyncio:
    """What MicroPython's asyncio has for milliseconds."""

    async def sleep_ms(self, ms):
        await asyncio.sleep(ms / 1000)

    async def wait_for_ms(self, awaitable, ms):
        return await asyncio.wait_for(awaitable, ms / 1000)


def on_a_board():
    """The clock as a board imports it, and the time there."""
    usual, there = {name: sys.modules.pop(name, None) for name in ("time", "asyncio", "mms.clock")}, BoardTime()
    sys.modules["time"] = there
    sys.modules["asyncio"] = asyncio if sys.implementation.name == "micropython" else BoardAsyncio()
    try:
        return __import__("mms.clock", None, None, ("*",)), there
    finally:
        for name in usual:
            del sys.modules[name]
            if usual[name] is not None:
                sys.modules[name] = usual[name]
        mms.clock = clock


def test_time_passes_though_the_ticks_of_a_board_wrap():
    board, there = on_a_board()
    start = board.ticks()
    there.ticks += 250
    assert board.ticks() < start and board.since(start) == 250


def test_the_date_is_unknown_until_it_is_set_wherever_the_days_are_counted_from():
    board, there = on_a_board()
    assert board.now() is None
    there.seconds = 1800000000 - 946684800
    assert board.now() == 1800000000


def test_waiting_takes_its_time_and_ends_at_its_limit():
    async def story(one):
        start = time.time()
        await one.sleep(20)
        assert time.time() - start >= 0.015
        assert await one.within(soon(one), 5000) == 7
        await one.within(never(), 1)

    async def soon(one):
        await one.sleep(1)
        return 7

    async def never():
        await asyncio.sleep(60)

    for one in (clock, on_a_board()[0]):
        raises(asyncio.TimeoutError, asyncio.run, story(one))
