"""Each simulated modem goes off when told to, comes back to its handset, and is no modem of another family."""

import pytest

from drivers import modem as modems
from drivers.modem.auto import Auto
from mms.advice import sentence
from mms.errors import ModemError
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


class Profile:
    apn, user, password, auth = "mms.o2.example", stations.USER, stations.PASSWORD, "pap"


@pytest.mark.parametrize("family", stations.FAMILIES)
def test_a_modem_of_another_family_than_the_settings_name_is_told_as_such(family):
    for other in stations.FAMILIES:
        played, told = session.Session(1, "none", (other, other)), []
        alice = played.stations[0]
        alice.modem.terminal.heard = lambda line: None  # it does not know each of these commands

        async def story(alice=alice, told=told):
            modem = modems.driver(family)(alice.line.open(), Events())
            try:
                await alice.session.wait(10000)
                assert await modem.start() == "ready" and await modem.register() == "home"
                await modem.attach(Profile())
            except ModemError as error:
                told.append(sentence(error))
            modem.close()

        session.run(played, story())
        assert played.broken == [] and len(told) == (other != family), (other, told, played.broken)
        assert all("the modem refused AT+" in line and "modem.family" in line for line in told), (other, told)
