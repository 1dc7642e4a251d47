"""The driver of the family meets the simulated SIM7600, with each switch turned and each trap sprung."""

import functools

import pytest

from drivers.modem import sim7600
from mms.errors import BearerError, Coverage
from tests.kit.lab import traps
from tests.kit.lab.bench7600 import lte
from tests.kit.lab.traps import EVERY, LINES, PUSH, Settings, arrived, fails, online
from tools.lab.modem.sim7600 import SWITCHES, Environment, Profile, Sim7600

play = functools.partial(traps.play, family=sim7600.open)
OCTETS = EVERY * 36 + LINES  # more than the modem's buffer holds


async def exchange(wire, driver, key=1):
    """OCTETS out and in."""
    await traps.exchange(wire, driver, OCTETS, key)


@pytest.mark.parametrize("name, value", [(name, value) for name in sorted(SWITCHES) for value in SWITCHES[name][0][1:]])
def test_the_driver_bears_every_switch(name, value):
    machine = Sim7600()
    machine.turn(name, value)
    machine.deliver(PUSH)

    play(lambda wire, driver: traps.use(wire, driver, OCTETS), machine, False)


@pytest.mark.parametrize("sms_only", (False, True))
def test_octets_cross_eutran(sms_only):
    play(exchange, Sim7600(environment=lte(sms_only=sms_only), radio="lte-1"))


@pytest.mark.parametrize("order", SWITCHES["cgauth"][0])
def test_a_user_and_a_password_are_told_in_either_order(order):
    machine = Sim7600(environment=Environment(profiles=[Profile("mms", "user", "pass")]))
    machine.turn("cgauth", order)

    async def story(wire, driver):
        await driver.register()
        await driver.attach(Settings("mms", "user", "pass", "pap"))
        await driver.open("10.1.1.1", 8080)

    play(story, machine)


def test_a_context_that_is_refused_in_either_order_is_told_with_the_reason_of_the_first():
    environment = Environment(profiles=[Profile("mms", "user", "pass")])
    environment.cells[0].terms.context = 33

    async def story(wire, driver):
        await driver.register()
        with pytest.raises(BearerError, match="Requested service option not subscribed"):
            await driver.attach(Settings("mms", "user", "pass", "pap"))
        assert wire.typed.count(b"AT+CGAUTH=") == 2

    play(story, Sim7600(environment=environment))


def test_a_wrong_apn_is_a_bearer_error():
    async def story(wire, driver):
        await driver.register()
        await fails(BearerError, driver.attach(Settings("internet")))

    play(story, Sim7600(environment=Environment(profiles=[Profile("mms")])))


def test_an_unknown_host_is_a_bearer_error_and_the_next_connection_works():
    async def story(wire, driver):
        await driver.register()
        await driver.attach(Settings())
        await fails(BearerError, driver.open("nowhere.example", 80))
        await driver.open("10.1.1.1", 8080)

    play(story, Sim7600())


@pytest.mark.parametrize("trouble", ("drop_context", "brown_out", "lose_coverage"))
def test_after_a_loss_in_the_middle_of_a_write_the_next_one_works(trouble):
    async def story(wire, driver):
        await traps.lose(wire, driver, trouble, OCTETS)

    play(story, Sim7600())


def test_a_short_send_loses_nothing():
    async def story(wire, driver):
        stream = await online(driver)
        wire.machine.short_accept(7)
        await stream.write(OCTETS)
        await arrived(wire, 1, len(OCTETS))
        assert wire.far[1] == OCTETS

    play(story, Sim7600())


def test_a_network_of_gsm_is_found_by_hand_where_the_modem_searches_lte():  # A76XX manual V2.03, 4.2.2.1
    async def story(wire, driver):
        assert await driver.register("23410") == "home"
        await fails(Coverage, driver.register("99999"))
        assert await driver.register() == "home"

    machine = Sim7600()
    machine.turn("access-asked", "lte")
    play(story, machine)
