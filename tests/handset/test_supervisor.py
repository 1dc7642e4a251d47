"""The supervisor, in virtual time: who is fed, when, and what ends it."""

import asyncio

from mms import clock, limits
from mms.errors import Stuck
from mms.events import Events
from mms.handset.supervisor import Supervisor
from tests.kit.checks import raises
from tools.sim import ticks


class World:
    """Nothing happens by itself; the ticks of a 32-bit port begin again after `wraps_at`."""

    def __init__(self, wraps_at):
        self.now, self.wraps_at, self.fed = 0, wraps_at, []

    def next(self):
        return None

    def date(self):
        return 0

    def stray(self, error):
        pass

    def feed(self):
        self.fed.append(self.now)


def supervised(ms, beats=(), wraps_at=1 << 29, promise=4000):
    """When a watchdog was fed within `ms`, beside a duty that beats at those times; and with what it ended."""
    world, told = World(wraps_at), []

    async def story():
        events = Events()
        events.listen(told.append)
        supervisor = Supervisor(events)
        supervisor.beat("receive", promise)

        async def duty():
            for at in beats:
                await clock.sleep(at - world.now)
                supervisor.beat("receive", promise)
            await clock.sleep(ms - world.now)

        feeding = asyncio.create_task(supervisor.work(world))
        await duty()
        if feeding.done():
            try:
                await feeding
            except Stuck as error:
                return error
        feeding.cancel()

    error = ticks.run(world, story())
    return world.fed, error, told


def test_a_watchdog_is_fed_often_enough_while_every_duty_keeps_its_promise():
    fed, error, told = supervised(60000, range(3000, 60000, 3000))
    gaps = [fed[at] - fed[at - 1] for at in range(1, len(fed))]
    assert fed[0] == 0 and max(gaps) <= limits.WATCHDOG_MS // 4 and fed[-1] >= 58000
    assert error is None and told == []


def test_nobody_is_fed_after_a_promise_was_broken_and_the_duty_is_named():
    fed, error, told = supervised(60000, [3000])
    assert max(fed) <= 3000 + 4000
    assert error.step == "receive"
    assert [(event["step"], event["final"]) for event in told] == [("receive", True)]
    for promise, late in ((3999, True), (4000, False), (4001, False)):
        assert (supervised(5999, promise=promise)[1] is not None) == late


def test_no_promise_breaks_when_the_ticks_begin_again():
    for wraps_at in (1, 3000, 3001, 4500):
        fed, error, _ = supervised(60000, range(3000, 60000, 3000), wraps_at)
        assert error is None and fed[-1] >= 58000
        assert supervised(60000, [3000], wraps_at)[1].step == "receive"


def test_memory_that_is_short_three_times_in_ten_minutes_ends_the_handset():
    world = World(700000)  # in the middle of it

    async def story():
        supervisor = Supervisor(Events())
        for minutes in (0, 6, 6, 6):  # never three within ten
            await clock.sleep(minutes * 60000)
            supervisor.starved()
        await clock.sleep(60000)
        return raises(Stuck, supervisor.starved)

    assert ticks.run(world, story()).step == "memory"
