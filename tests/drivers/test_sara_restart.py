"""A SARA says nothing when it restarts, unless it was given a text for that: the driver hears of it then."""

from drivers.modem.sara import Sara as Driver
from mms.errors import ModemError
from tests.kit.lab import traps
from tests.kit.lab.traps import fails, online
from tools.lab.modem.sara import Sara


def test_a_restart_in_the_middle_of_a_command_is_heard_when_the_modem_is_back():
    async def story(wire, driver):
        await online(driver)
        wire.machine.environment.delays.dns = 100000
        wire.machine.agenda.after(500, wire.machine.brown_out)
        since = wire.now
        await fails(ModemError, driver.open("mmsc.example", 80))  # AT+USOCO may take 130 s
        assert wire.now - since < 5000 and not driver.ready

    traps.play(story, Sara(), True, Driver)
