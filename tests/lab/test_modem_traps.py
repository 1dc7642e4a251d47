"""The driver of the SIM800 meets the simulated one: each trap, and what the driver makes of it.

The two share nothing but the octets between them, and the time, which is virtual.
"""

from mms import clock
from mms.errors import BearerError, Coverage, ModemError, SimError
from tests.kit.lab.traps import EVERY, LINES, PUSH, SUBMIT, Settings, arrived, fails, next_sms, online, play, read
from tools.lab.modem.sim800 import Card, Cell, Environment, Profile, Sim800

TEXT = bytes.fromhex("04038177f70000112233445566770141")


# SIM


def test_a_modem_that_boots_with_a_busy_sim_gets_ready():
    async def story(wire, driver):
        sim = await driver.sim()
        assert (sim.imsi, sim.home, sim.number) == ("234100000000001", "23410", "+447700900001")
        assert sim.iccid == "8944110000000000016"

    play(story)


def test_a_modem_without_a_fixed_rate_swallows_the_first_line():
    machine = Sim800()
    machine.options["+IPR"] = 0

    async def story(wire, driver):
        assert await driver.start() == "ready"

    play(story, machine, False)


def test_a_pin_is_typed_once_and_never_again():
    card = Card()
    card.pin = "1234"

    async def story(wire, driver):
        assert await driver.start() == "pin"
        await fails(SimError, driver.unlock("9999"))
        assert wire.typed.count(b"AT+CPIN=") == 1 and card.retries[0] == 2
        await driver.unlock("1234")
        await driver.unlocked()
        assert (await driver.sim()).imsi == "234100000000001"

    play(story, Sim800(card), False)


def test_three_wrong_pins_leave_a_sim_that_wants_its_puk():
    card = Card()
    card.pin, card.retries[0] = "1234", 0

    async def story(wire, driver):
        assert await driver.start() == "puk"

    play(story, Sim800(card), False)


def test_no_sim_is_an_error_of_its_own():
    card = Card()
    card.present = False

    async def story(wire, driver):
        assert (await fails(SimError, driver.start())).code == 10

    play(story, Sim800(card), False)


# network


def test_a_denied_registration_is_told_as_such():
    async def story(wire, driver):
        assert (await fails(Coverage, driver.register())).code == 3

    play(story, Sim800(environment=Environment([Cell("23410", "O2 - UK", allowed=False)])))


def test_a_visited_network_is_roaming():
    async def story(wire, driver):
        await driver.register()
        network = await driver.network()
        assert (network.mccmnc, network.status, network.roaming) == ("20801", "roaming", True)
        assert network.signal == -95

    play(story, Sim800(environment=Environment([Cell("20801", "Orange F", signal=9)])))


def test_operators_are_listed_with_their_status():
    cells = [Cell("23410", "O2 - UK"), Cell("23430", "T-Mobile, UK (2)", allowed=False)]

    async def story(wire, driver):
        found, _ = await driver.operators()
        assert [row[:2] for row in found] == [
            ("23410", "O2 - UK"),
            ("23430", "T-Mobile, UK (2)"),
        ]

    play(story, Sim800(environment=Environment(cells)))


def test_a_wrong_apn_or_password_is_a_bearer_error():
    async def story(wire, driver):
        await driver.register()
        await fails(BearerError, driver.attach(Settings("internet")))
        await fails(BearerError, driver.attach(Settings("mms", "me", "no")))
        await driver.attach(Settings("mms", "me", "yes"))

    play(story, Sim800(environment=Environment(profiles=[Profile("mms", "me", "yes")])))


def test_a_host_that_nobody_knows_is_a_bearer_error_and_the_next_one_opens():
    async def story(wire, driver):
        await fails(BearerError, online(driver, "nowhere.example"))
        await online(driver)

    play(story)


# octets


def test_every_octet_arrives_in_order():
    octets = EVERY * 80 + LINES  # 20 kB and more than the modem's buffer holds

    async def story(wire, driver):
        stream = await online(driver)
        for start in range(0, len(octets), 1460):
            await stream.write(memoryview(octets)[start : start + 1460])
        await stream.drain()
        await arrived(wire, 1, len(octets))
        assert wire.far[1] == octets
        assert stream.accepted == len(octets)

    play(story)


def test_what_looks_like_lines_comes_back_as_octets():
    octets = LINES * 30 + EVERY * 60

    async def story(wire, driver):
        stream = await online(driver)
        wire.answers[1] = octets
        assert await read(stream, len(octets) + 1) == octets

    play(story)


def test_a_second_connection_follows_the_first():
    async def story(wire, driver):
        for key in (1, 2, 3):
            stream = await online(driver)
            wire.answers[key] = b"answer %d" % key
            assert await read(stream, 100) == b"answer %d" % key
            stream.close()
            await clock.sleep(3000)

    play(story)


def test_messages_that_arrive_meanwhile_disturb_nothing():
    octets = EVERY * 40

    async def story(wire, driver):
        stream = await online(driver)
        for count in range(500, 9500, 1000):
            wire.at[count] = lambda: wire.machine.deliver(TEXT)
        for start in range(0, len(octets), 1000):
            await stream.write(octets[start : start + 1000])
        await arrived(wire, 1, len(octets))
        assert wire.far[1] == octets

    play(story)


def test_a_short_accept_loses_nothing():
    octets = EVERY * 10

    async def story(wire, driver):
        stream = await online(driver)
        wire.machine.short_accept(100)
        await stream.write(octets)
        await arrived(wire, 1, len(octets))
        assert wire.far[1] == octets

    play(story)


def test_a_failed_send_ends_the_connection_and_leaves_no_gap():
    octets = EVERY * 10

    async def story(wire, driver):
        stream = await online(driver)
        await stream.write(octets)
        wire.machine.send_fail()
        await fails(BearerError, stream.write(octets))
        await clock.sleep(6000)
        assert wire.far[1] == octets[: len(wire.far[1])]

    play(story)


def test_a_lost_context_is_told_and_a_new_one_can_be_had():
    async def story(wire, driver):
        stream = await online(driver)
        await stream.write(EVERY)
        wire.machine.drop_context()
        await fails(BearerError, read(stream, 1))
        stream = await online(driver)
        await stream.write(EVERY)
        await arrived(wire, 2, 256)

    play(story)


def test_a_brown_out_in_the_middle_is_noticed_and_survived():
    async def story(wire, driver):
        stream = await online(driver)
        wire.at[3000] = wire.machine.brown_out

        async def send():
            for _ in range(100):
                await stream.write(EVERY * 4)
            await stream.drain()

        await fails(ModemError, send())
        assert await driver.start() == "ready"
        stream = await online(driver)
        await stream.write(EVERY)
        await arrived(wire, 2, 256)

    play(story)


# messages


def messages(tpdus, before=None, meanwhile=None):
    """Each TPDU is delivered, read and deleted; the machine afterwards."""
    machine = Sim800()
    if before is not None:
        before(machine)

    async def story(wire, driver):
        await driver.register()
        if meanwhile is not None:
            meanwhile(machine)
        for tpdu in tpdus:
            machine.deliver(tpdu)
            sms = await next_sms(driver)
            assert bytes(sms.tpdu) == tpdu
            await driver.done(sms)
        assert machine.sim.card.slots["SM"] == [None] * len(machine.sim.card.slots["SM"])
        assert not machine.sms.waiting

    play(story, machine)


def test_messages_are_read_and_deleted_whatever_their_label():
    messages([TEXT, PUSH, TEXT])


def test_a_message_without_an_empty_name_before_its_length_is_read():
    def nameless(machine):
        machine.turn("alpha", "absent")

    messages([PUSH, TEXT], nameless)


def test_what_is_on_the_sim_before_the_start_is_found():
    machine = Sim800()
    machine.sim.card.slots["SM"][4] = [0, PUSH]

    async def story(wire, driver):
        await driver.register()
        sms = await next_sms(driver)
        assert bytes(sms.tpdu) == PUSH
        await driver.done(sms)
        assert machine.sim.card.slots["SM"][4] is None

    play(story, machine)


def test_a_full_sim_is_emptied_and_what_waits_comes_after():
    machine = Sim800()
    machine.sim.card.slots["SM"] = [None]

    async def story(wire, driver):
        await driver.register()
        for _ in range(3):
            machine.deliver(PUSH)
        for _ in range(3):
            await driver.done(await next_sms(driver))
        assert machine.sim.card.slots["SM"] == [None] and not machine.sms.waiting

    play(story, machine)


def test_a_submission_gives_the_networks_reference():
    async def story(wire, driver):
        await driver.register()
        assert await driver.send_sms(SUBMIT) == 42
        assert wire.submitted == [SUBMIT]

    play(story)
