"""Each simulated modem goes off when it is told to, and its power key brings it back to the same handset."""

import pytest

from drivers.modem.auto import Auto
from mms.events import Events
from tools.soak import session, stations


@pytest.mark.parametrize("family", stations.FAMILIES)
@pytest.mark.parametrize("cuts", [True, False])
def test_it_goes_off_in_good_order_and_comes_back(family, cuts):
    played = session.Session(1, "none", (family, family))
    alice, cut = played.stations[0], []

    async def off():
        cut.append(alice.modem.on)
        alice.modem.power_off()

    async def story():
        modem = Auto(alice.line.open(), Events(), alice._power, off if cuts else None)
        assert await modem.start() == "ready"
        await modem.power_cycle(on=False)
        assert not alice.modem.on and cut == [False] * cuts  # it had left before its supply went
        assert await modem.start() == "ready" and await modem.register() == "home"
        await modem.power_cycle()
        assert await modem.start() == "ready" and await modem.register() == "home"
        modem.close()

    session.run(played, story())
    assert played.broken == []
