"""The driver of the BG95 meets the simulated one: each trap, and what the driver makes of it.

The two share nothing but the octets between them, and the time, which is virtual.
"""

import pytest

from drivers.modem.bg95 import Bg95 as Driver
from mms.errors import BearerError
from tests.kit.lab import traps
from tests.kit.lab.traps import EVERY, LINES, PUSH, SUBMIT, Settings, arrived, fails, next_sms, online, read
from tools.lab.modem.bg95 import Bg95
from tools.lab.modem.environment import Cell, Environment, Profile
from tools.lab.modem.registration import EUTRAN


def play(story, machine=None, **switches):
    machine = machine or Bg95()
    for name in switches:
        machine.turn(name.replace("_", "-"), switches[name])
    traps.play(story, machine, True, Driver)


@pytest.mark.parametrize(
    "switches",
    (
        {},
        {"prompt": "bare"},
        {"prompt": "lined"},
        {"contexts": "apart"},
        {"recv_length": "shown"},
        {"connected_state": "3"},
        {"app_ready": "silent", "sms_done": "silent"},
        {"packet_attach": "asked"},
        {"failed_open": "free"},
        {"ip_errors": "coded"},
        {"model": "EC25"},
    ),
)
def test_octets_go_and_come_as_they_are_whatever_the_build(switches):
    async def story(wire, driver):
        stream = await online(driver)
        sent = EVERY * 20 + LINES
        await stream.write(sent)
        await stream.drain()
        key = max(wire.far)
        await arrived(wire, key, len(sent))
        assert wire.far[key] == sent
        wire.answers[key] = answer = (LINES + EVERY) * 12
        since = wire.now
        assert await read(stream, len(answer)) == answer
        assert wire.now - since < 4000  # the line that tells of octets is heard: nothing is waited for

    play(story, **switches)


def test_a_full_buffer_is_tried_again_and_nothing_is_doubled():
    async def story(wire, driver):
        stream = await online(driver)
        wire.machine.send_fail()
        await stream.write(EVERY * 8)
        wire.machine.send_fail()
        await stream.write(EVERY * 8)
        await stream.drain()
        key = max(wire.far)
        await arrived(wire, key, 4096)
        assert wire.far[key] == EVERY * 16

    play(story)


def test_a_name_that_nobody_knows_is_told_and_the_next_connection_opens():
    async def story(wire, driver):
        await driver.register()
        await driver.attach(Settings())
        await fails(BearerError, driver.open("nowhere.example", 80))
        await driver.open("10.1.1.1", 8080)

    play(story)


def test_a_wrong_apn_or_password_is_a_bearer_error():
    def around():
        return Environment([Cell("23410", "O2 - UK", "O2")], [Profile("mms", "me", "it")])

    async def story(wire, driver):
        await driver.register()
        await fails(BearerError, driver.attach(Settings("other", "me", "it", "pap")))
        await fails(BearerError, driver.attach(Settings("mms", "me", "no", "pap")))
        await driver.attach(Settings("mms", "me", "it", "chap"))

    play(story, Bg95(environment=around()))


def test_lte_is_registered_and_a_visited_network_is_roaming():
    async def story(wire, driver):
        await driver.register()
        network = await driver.network()
        assert (network.mccmnc, network.status, network.roaming) == ("26201", "roaming", True)
        await driver.attach(Settings())

    for sms_only in (False, True):  # +CREG says 5, or 7
        cell = Cell("26201", "T-Mobile D", access=EUTRAN, sms_only=sms_only)
        play(story, Bg95(environment=Environment([cell])))


def test_a_network_for_short_messages_only_is_told_and_no_context_is_tried():
    async def story(wire, driver):
        await driver.register()
        assert (await driver.network()).sms_only
        error = await fails(BearerError, driver.attach(Settings()))
        assert error.step == "attach" and "only short messages" in str(error)

    play(story, service="sms-only")


def test_messages_come_and_go():
    async def story(wire, driver):
        await driver.register()
        wire.machine.deliver(PUSH)
        sms = await next_sms(driver)
        assert bytes(sms.tpdu) == PUSH
        await driver.done(sms)
        assert not any(wire.machine.sim.card.slots["SM"] + wire.machine.sim.card.slots["ME"])
        assert await driver.send_sms(SUBMIT) == 42 and wire.submitted == [SUBMIT]

    play(story)


def test_a_brown_out_in_the_middle_is_noticed_and_survived():
    play(traps.brown_out)


@pytest.mark.parametrize(
    "accesses, cells",
    (
        ((EUTRAN, EUTRAN, 0), [("23410", "C3", "7ED1", -107), (None, None, "PCI 85", -107)]),
        ((0, 0, EUTRAN), [("23410", "C3", "7ED1", -79), ("23415", "C3", "7ED2", -79)]),
        ((2,), [("23410", "C3", "7ED1", -79)]),
    ),
)
@pytest.mark.parametrize("model", ("BG96", "EC25"))
def test_the_cells_around_are_told(model, accesses, cells):
    networks = ("23410", "23415", "23433")
    around = Environment([Cell(networks[at], "Net", access=accesses[at]) for at in range(len(accesses))])

    async def story(wire, driver):
        await driver.register()
        told = (await driver.operators())[1]
        assert told[0] == cells[0] and [cell for cell in cells if cell not in told] == []

    play(story, Bg95(environment=around), model=model)
