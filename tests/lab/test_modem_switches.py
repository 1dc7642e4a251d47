"""The driver meets a modem with each switch turned: what real modems differ in keeps it from nothing."""

import pytest

from mms.errors import BearerError, ModemError
from tests.kit.lab.traps import EVERY, LINES, PUSH, SUBMIT, arrived, at_last, next_sms, online, play, read
from tools.lab.modem.sim800 import Sim800
from tools.lab.modem.sim800.options import SWITCHES


@pytest.mark.parametrize("name, value", [(name, value) for name in sorted(SWITCHES) for value in SWITCHES[name][0][1:]])
def test_the_driver_bears_every_switch(name, value):
    machine, octets = Sim800(), EVERY * 20 + LINES
    machine.turn(name, value)
    machine.deliver(PUSH)

    async def story(wire, driver):
        assert await at_last(driver.start, ModemError) == "ready"
        assert (await driver.sim()).number == "+447700900001"
        sms = await next_sms(driver)
        assert bytes(sms.tpdu) == PUSH
        await driver.done(sms)
        assert await driver.send_sms(SUBMIT) == 42
        stream = await at_last(lambda: online(driver), BearerError)
        await stream.write(octets)
        await arrived(wire, 1, len(octets))
        wire.answers[1] = octets
        assert wire.far[1] == octets and await read(stream, len(octets) + 1) == octets

    play(story, machine, False)
