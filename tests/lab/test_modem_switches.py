"""The driver meets a modem with each switch turned: what real modems differ in keeps it from nothing."""

import pytest

from tests.kit.lab.traps import EVERY, LINES, PUSH, play, use
from tools.lab.modem.sim800 import Sim800
from tools.lab.modem.sim800.options import SWITCHES


@pytest.mark.parametrize("name, value", [(name, value) for name in sorted(SWITCHES) for value in SWITCHES[name][0][1:]])
def test_the_driver_bears_every_switch(name, value):
    machine, octets = Sim800(), EVERY * 20 + LINES
    machine.turn(name, value)
    machine.deliver(PUSH)

    play(lambda wire, driver: use(wire, driver, octets), machine, False)
