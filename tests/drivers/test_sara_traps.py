"""The driver of SARA-G3, U2 and R4 meets the simulated one: each switch, and what the driver makes of it.

The two share nothing but the octets between them, and the time, which is virtual.
"""

import functools

import pytest

from drivers.modem import auto, sara
from mms import clock
from mms.errors import BearerError, ModemError
from tests.kit.lab import traps
from tests.kit.lab.traps import EVERY, LINES, PUSH, Settings, arrived, exchange, fails, online, read
from tools.lab.modem.environment import Cell, Environment, Profile
from tools.lab.modem.registration import EUTRAN
from tools.lab.modem.sara import SWITCHES, Sara

play = functools.partial(traps.play, family=sara.open)
OCTETS = EVERY * 36 + LINES  # more than the modem's buffer holds


OTHERS = [(name, value) for name in sorted(SWITCHES) if name != "unread" for value in SWITCHES[name][0][1:]]


@pytest.mark.parametrize("name, value", OTHERS)
def test_the_driver_bears_every_switch(name, value):
    machine = Sara()
    machine.turn(name, value)
    machine.deliver(PUSH)

    play(lambda wire, driver: traps.use(wire, driver, OCTETS), machine, False)


@pytest.mark.parametrize("family", (sara.open, auto.open))
def test_a_module_whose_rts_leads_nowhere_is_heard_at_the_first_start(family):
    machine = Sara()
    machine.turn("rts", "open")

    async def story(wire, driver):
        assert await driver.start() == "ready"
        machine.brown_out()  # it has the flow control of the factory again
        await clock.sleep(5000)
        assert machine.options["&K"] == 3 and await driver.start() == "ready" and machine.options["+IFC"] == (0, 0)

    traps.play(story, machine, False, family)


def test_a_silent_modem_keeps_its_flow_control_on_a_line_that_uses_it():
    async def story(wire, driver):
        wire.flow, wire.set_flow = False, lambda on: setattr(wire, "flow", on)
        assert await driver.start() == "ready" and wire.flow
        wire.typed = b""
        machine.deaf()
        await fails(ModemError, driver.dialogue.sync())
        assert b"AT\r" in wire.typed and b"&K0" not in wire.typed

    machine = Sara()
    play(story, machine, False)


NEWER = ("attach-itself", "blank-lines", "close", "define-active", "failed-connect", "lost-sockets", "uauthreq")


@pytest.mark.parametrize("model, access", (("SARA-R412M", 0), ("SARA-R410M", EUTRAN)))
@pytest.mark.parametrize("name", NEWER)
def test_the_driver_bears_the_switches_of_an_r4_with_a_user(name, model, access):
    machine = Sara(environment=Environment([Cell("23410", "O2 - UK", access=access)], [Profile("mms", "me", "it")]))
    machine.turn("model", model)
    machine.turn(name, SWITCHES[name][0][1])

    async def story(wire, driver):
        for _ in range(2):  # the second time by another attach
            await driver.register()
            await driver.attach(Settings("mms", "me", "it", "pap"))
            stream = await driver.open("10.1.1.1", 8080)
            key = max(wire.far)
            await stream.write(OCTETS)
            await arrived(wire, key, len(OCTETS))
            wire.answers[key] = LINES
            assert wire.far[key] == OCTETS and await read(stream, len(LINES)) == LINES
            stream.close()
            await driver.release()

    play(story, machine)


def test_octets_that_a_closed_connection_has_lost_leave_an_end_and_no_wait():
    async def story(wire, driver):
        stream = await online(driver)
        key = max(wire.far)
        wire.answers[key] = OCTETS
        since, octets = wire.now, await read(stream, len(OCTETS))
        assert OCTETS.startswith(octets) and len(octets) < len(OCTETS) and wire.now - since < 20000

    machine = Sara()
    machine.turn("unread", "lost")
    play(story, machine)


def test_octets_of_a_block_whose_connection_the_peer_has_closed_do_not_become_commands():
    machine = Sara()

    async def story(wire, driver):
        async def write(octets):  # at the rate of the line, and the peer closes before the second piece
            for at in range(0, len(octets), 64):
                await usual(octets[at : at + 64])
                await clock.sleep(6)
                if machine.terminal.busy and bytes(octets[at : at + 4]) == b"1234":
                    machine.sockets.by_key(key).ended()

        stream = await online(driver)
        key, usual = max(wire.far), wire.write
        wire.write = write
        await stream.write(b"1234" + bytes(500) + b"\rAT+CPWROFF\r" + bytes(500))
        await fails(BearerError, stream.drain())
        await exchange(wire, driver, OCTETS, key + 1)
        assert b"CPWROFF" not in wire.typed and machine.on

    play(story, machine)


def test_a_name_that_nobody_knows_is_told_and_the_next_connection_opens():
    async def story(wire, driver):
        await driver.register()
        await driver.attach(Settings())
        await fails(BearerError, driver.open("nowhere.example", 80))
        await clock.sleep(1000)
        await driver.attach(Settings())
        await driver.open("10.1.1.1", 8080)

    play(story, Sara())


def test_a_wrong_apn_is_a_bearer_error():
    around = Environment([Cell("23410", "O2 - UK", "O2")], [Profile("mms", "me", "it")])

    async def story(wire, driver):
        await driver.register()
        error = await fails(BearerError, driver.attach(Settings("other", "me", "it", "pap")))
        assert "Missing or unknown APN" in str(error)
        wire.machine.turn("reason", "stale")
        error = await fails(BearerError, driver.attach(Settings("other", "me", "it", "pap")))
        assert "Unspecified GPRS error" not in str(error)
        await driver.attach(Settings("mms", "me", "it", "chap"))

    play(story, Sara(environment=around))


def test_a_context_that_the_network_ends_is_brought_up_again():
    async def story(wire, driver):
        stream = await online(driver)
        wire.machine.drop_context()
        await fails(BearerError, read(stream, 1))
        stream = await online(driver)
        await stream.write(OCTETS)
        key = max(wire.far)
        await arrived(wire, key, len(OCTETS))
        assert wire.far[key] == OCTETS

    play(story, Sara())


def test_a_full_queue_is_tried_again_and_nothing_is_doubled():
    async def story(wire, driver):
        stream = await online(driver)
        for _ in range(2):
            wire.machine.send_fail()
            await stream.write(EVERY * 8)
            await stream.drain()
        key = max(wire.far)
        await arrived(wire, key, 4096)
        assert wire.far[key] == EVERY * 16

    play(story, Sara())


def test_a_brown_out_in_the_middle_is_noticed_and_survived():
    play(traps.brown_out, Sara())
