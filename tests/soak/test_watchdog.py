"""The simulated watchdog of a board: it bites who hangs, and nobody else, however long he waits or sends."""

import pytest

from mms import clock, limits
from mms.handset.sending.message import Message
from mms.handset.supervisor import Supervisor
from tests.kit.tier import amount
from tools.soak import session, stations

DAYS = amount(3, 30)
DAY_MS = 86400000


class Watched(session.Session):
    """A session whose handsets do only what a test asks; `fed` is how often a watchdog was."""

    def __init__(self, seed=1):
        super().__init__(seed, "none")
        self.fed = 0

    async def _press(self):
        pass


def fed(monkeypatch, world):
    usual = stations.Watchdog.feed

    def feed(self):
        world.fed += 1
        usual(self)

    monkeypatch.setattr(stations.Watchdog, "feed", feed)


def test_a_handset_that_hangs_is_bitten_and_loses_nothing():
    bitten = 0
    for seed in range(1, 9):
        result = session.play(seed, "stuck")
        assert result["broken"] == []
        bitten += result["faults"].get("(watchdog)", 0)
    assert bitten >= 2


def test_a_watchdog_that_is_fed_while_a_duty_hangs_is_seen_by_the_soak(monkeypatch):
    async def work(self, watchdog):
        while True:
            watchdog.feed()
            await clock.sleep(limits.WATCHDOG_MS // 4)

    monkeypatch.setattr(Supervisor, "work", work)
    monkeypatch.setattr(session, "BUDGET_MS", 7200000)
    assert any("late" in " ".join(session.play(seed, "stuck")["broken"]) for seed in range(1, 9))


@pytest.mark.long
def test_an_idle_handset_is_fed_day_after_day(monkeypatch):
    world = Watched()
    fed(monkeypatch, world)
    alice, bob = world.stations

    async def story():
        alice.start()
        await world.wait(DAYS * DAY_MS)
        alice.kill(0)

    session.run(world, story())
    assert world.broken == [] and "(watchdog)" not in world.faults and alice.lives == 1
    assert world.fed >= DAYS * DAY_MS // limits.WATCHDOG_MS


def test_the_largest_message_at_the_speed_of_gprs_is_fed_throughout(monkeypatch):
    world = Watched()
    fed(monkeypatch, world)
    monkeypatch.setattr(world.network.relay, "octets", limits.MESSAGE)
    alice = world.stations[0]
    alice.settings = stations.checked.check(dict(stations.SETTINGS[False, "proxy"], operators=_operators()))

    async def story():
        alice.start()
        while alice.handset is None or alice.handset.bearer.profile is None:
            await world.wait(1000)
        message = Message(stations.NUMBERS[stations.BOB], "A picture")
        message.file(_picture(world.disk))
        await alice.handset.send(message)
        since = world.now
        while not [entry for entry in world.network.journal if entry["event"] == "submitted"]:
            assert world.now - since < 3600000
            await world.wait(1000)
        world.took = world.now - since

    session.run(world, story())
    assert world.broken == [] and "(watchdog)" not in world.faults and alice.lives == 1
    assert world.took > 120000 and world.fed >= world.took // limits.WATCHDOG_MS


def _picture(disk):
    """The path of a picture of 1,075,203 octets on the flash of the first handset, in its first life."""
    path = stations.ALICE + ".1/picture.jpg"
    with disk.open(path, "wb") as file:
        file.write(b"\xff\xd8\xff" + bytes(range(256)) * 4200)
    return path


def _operators():
    operator = dict(stations.SETTINGS[False, "proxy"]["operators"]["23410"], octets=1100000)
    return {"23410": operator}
