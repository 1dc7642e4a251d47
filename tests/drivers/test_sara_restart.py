"""A SARA says nothing of a restart, unless it was given a text for that, nor of its SIM: the driver notices both."""

from drivers.modem.sara import Sara as Driver
from mms import clock
from mms.errors import ModemError
from tests.kit.lab import traps
from tests.kit.lab.traps import fails, online
from tools.lab.modem.environment import Card
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


def test_a_sim_that_comes_back_locked_is_noticed_by_the_next_sweep():
    card = Card()
    card.pin = "1234"

    async def story(wire, driver):
        assert await driver.start() == "pin"
        await driver.unlock("1234")
        await driver.unlocked()
        wire.machine.remove_sim()
        await clock.sleep(1000)
        wire.machine.insert_sim()
        since = wire.now
        while driver.ready and wire.now - since < 600000:
            await clock.sleep(1000)
        assert not driver.ready and wire.now - since < 180000

    traps.play(story, Sara(card), False, Driver)
