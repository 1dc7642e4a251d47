"""The driver of the family meets the simulated M66, with each switch turned and each trap sprung."""

import functools

import pytest

from drivers.modem import auto, m66
from mms import clock
from mms.errors import BearerError, ModemError
from tests.kit.lab import traps
from tests.kit.lab.traps import EVERY, LINES, PUSH, Settings, arrived, fails, online, read
from tools.lab.modem.environment import Cell, Environment, Profile
from tools.lab.modem.m66 import M66, SWITCHES

play = functools.partial(traps.play, family=m66.open)
OCTETS = EVERY * 36 + LINES + b"\r\nSEND OK\r\n+PDP DEACT\r\n+QIRDI: 0,1,0\r\n0, CLOSED\r\n"
UNBORNE = (("unread", "lost"),)  # the modem forgets the end of an answer
TURNED = [(name, value) for name in sorted(SWITCHES) for value in SWITCHES[name][0][1:]]


async def exchange(wire, driver, key=1):
    """OCTETS out and in."""
    await traps.exchange(wire, driver, OCTETS, key)


@pytest.mark.parametrize("name, value", [turned for turned in TURNED if turned not in UNBORNE])
def test_the_driver_bears_every_switch(name, value):
    machine = M66()
    machine.turn(name, value)
    machine.deliver(PUSH)

    play(lambda wire, driver: traps.use(wire, driver, OCTETS), machine, False)


def test_it_is_found_without_its_name():
    async def story(wire, driver):
        await exchange(wire, driver)

    play(story, M66(), family=auto.open)


def test_a_wrong_apn_or_password_is_a_bearer_error():
    async def story(wire, driver):
        await driver.register()
        await fails(BearerError, driver.attach(Settings("internet", "me", "it", "pap")))
        await fails(BearerError, driver.attach(Settings("mms", "me", "no", "pap")))
        await driver.attach(Settings("mms", "me", "it", "pap"))
        await driver.open("10.1.1.1", 8080)

    play(story, M66(environment=Environment(profiles=[Profile("mms", "me", "it")])))


@pytest.mark.parametrize("failed_open", SWITCHES["failed-open"][0])
def test_an_unknown_host_is_a_bearer_error_and_the_next_connection_works(failed_open):
    machine = M66()
    machine.turn("failed-open", failed_open)

    async def story(wire, driver):
        await driver.register()
        await driver.attach(Settings())
        for host in ("nowhere.example", "10.1.1.2"):
            await fails(BearerError, driver.open(host, 80))
        await driver.open("10.1.1.1", 8080)

    play(story, machine)


@pytest.mark.parametrize("trouble", ("drop_context", "brown_out", "lose_coverage"))
@pytest.mark.parametrize("after", ("deactivate", "free"))
def test_after_a_loss_in_the_middle_of_a_write_the_next_one_works(trouble, after):
    machine = M66()
    machine.turn("after-deactivation", after)

    async def story(wire, driver):
        await traps.lose(wire, driver, trouble, OCTETS)

    play(story, machine)


def test_a_context_that_ends_while_the_answer_is_read_ends_the_reading():
    async def story(wire, driver):
        stream = await online(driver)
        wire.answers[1] = EVERY
        assert await read(stream, 100)
        wire.machine.drop_context()
        await fails((BearerError, ModemError), read(stream, 10000))
        await exchange(wire, driver, 2)

    play(story, M66())


@pytest.mark.parametrize("trouble", ("send_fail", "lose_prompt"))
def test_a_send_that_fails_doubles_nothing(trouble):
    async def story(wire, driver):
        stream = await online(driver)
        getattr(wire.machine, trouble)()
        try:
            await stream.write(OCTETS)
            await arrived(wire, 1, len(OCTETS))
            assert wire.far[1] == OCTETS
        except (BearerError, ModemError):
            assert OCTETS.startswith(wire.far[1])
            await exchange(wire, driver, 2)

    play(story, M66())


def test_half_of_a_send_that_failed_is_never_sent_twice():
    machine = M66()
    machine.turn("send-fail", "half")

    async def story(wire, driver):
        stream = await online(driver)
        machine.send_fail()
        try:
            await stream.write(OCTETS)
            await stream.drain()
        except (BearerError, ModemError):
            pass
        await clock.sleep(60000)
        assert OCTETS.startswith(wire.far[1])

    play(story, machine)


def test_the_cells_around_are_told():
    async def story(wire, driver):
        await driver.register()
        assert (await driver.operators())[1] == [("23410", "00C3", "7ED1", -79), ("23415", "00C3", "7ED2", -93)]

    play(story, M66(environment=Environment([Cell("23410", "O2 - UK"), Cell("23415", "Vodafone", signal=10)])))
