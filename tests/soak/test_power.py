"""Each simulated modem goes off when told to, comes back to its handset, and is no modem of another family."""

import pytest

from drivers import modem as modems
from drivers.modem.auto import Auto
from drivers.modem.family import Family
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


class Barred(session.Session):
    """A session in which alice's SIM is barred from GPRS whenever she wants to send one of two pictures."""

    async def _press(self):
        said = self.network.journal
        for pictures in (1, 2):
            self.stations[0].modem.registration.bar()
            before, self.accepted = self.accepted, []
            await super()._press()
            self.accepted = before + self.accepted
            while len([entry for entry in said if entry["event"] == "submitted"]) < pictures:
                await self.wait(1000)


@pytest.mark.parametrize("cuts", [True, False])
def test_a_modem_goes_off_again_whose_sim_is_barred_after_data_passed_or_that_did_not_go_off(monkeypatch, cuts):
    monkeypatch.setattr(session, "_traits", lambda seed, only: {"off"} if cuts else set())
    usual, cycles = Family.power_cycle, []

    async def power_cycle(modem, on=True):
        cycles.append(on)
        if len(cycles) == 1:
            raise ModemError("modem")
        await usual(modem, on)

    monkeypatch.setattr(Family, "power_cycle", power_cycle)
    played = Barred(1, "none")
    session.run(played, played.story())
    assert played.broken == [] and len(played.accepted) == 2
    assert cycles == [True] * 3 and played.now < 1200000


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
