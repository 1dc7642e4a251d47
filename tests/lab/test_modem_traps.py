"""The driver of the SIM800 meets the simulated one: each trap, and what the driver makes of it.

The two share nothing but the octets between them, and the time, which is virtual.
"""

import asyncio

from drivers.modem.sim800 import Sim800 as Driver
from mms import clock
from mms.errors import BearerError, Coverage, ModemError, SimError
from mms.events import Events
from tools.lab.modem.sim800 import Card, Cell, Profile, Sim800, World
from tools.sim import ticks

PUSH = bytes.fromhex("44038177f7000411223344556677" + "0b" + "0605040b8423f0" + "01020304")
TEXT = bytes.fromhex("04038177f70000112233445566770141")
SUBMIT = bytes.fromhex("01000c9144770009002000000441e19008")
EVERY = bytes(range(256))
LINES = b'\r\nOK\r\n\r\nCLOSED\r\n+CMTI: "SM",1\r\n+PDP: DEACT\r\n> \r\nRDY\r\n+CIPRXGET: 1\r\n'


class Settings:
    """A bearer as the operator's profile has it."""

    def __init__(self, apn="mms", user="", password="", auth=""):
        self.apn, self.user, self.password, self.auth = apn, user, password, auth


class Wire:
    """A Stream between driver and machine, and their time; behind the machine a network that `answers`."""

    wraps_at = 10000  # milliseconds: in the middle of a story

    def __init__(self, machine):
        self.machine = machine
        self.now = 0
        self.far, self.submitted, self.typed = {}, [], b""
        self.answers = {}  # key: octets that are sent back, and then the end
        self.at = {}  # octets that reached a far end: what happens then
        self.strays = []  # errors that nobody awaits
        self._said, self._more = b"", asyncio.Event()
        machine.power_on()

    async def readinto(self, buffer):
        while not self._said:
            self._more.clear()
            await self._more.wait()
        octets, self._said = self._said[: len(buffer)], self._said[len(buffer) :]
        buffer[: len(octets)] = octets
        return len(octets)

    async def write(self, octets):
        self.typed += bytes(octets)
        self.machine.receive(bytes(octets), self.now)
        self._carry()

    async def drain(self):
        pass

    def close(self):
        pass

    # the world that tools/sim/ticks.py asks

    def next(self):
        if self._carry():
            return self.now
        due = self.machine.next()
        return due if due is None else int(due) + (due > int(due))

    def turn(self):
        self.machine.advance(self.now)
        self._carry()

    def date(self):
        return 0

    def stray(self, error):
        if ticks.untyped(error):
            self.strays.append(error)

    # the network

    def _carry(self):
        """Pass on what machine and network have for each other and for the handset; whether there was anything."""
        effects = self.machine.effects()
        for effect in effects:
            getattr(self, "_" + effect[0])(*effect[1:])
        moved = [key for key in sorted(self.answers) if self._answer(key)]
        said = self.machine.take()
        if said:
            self._said += said
            self._more.set()
        return effects or moved or said

    def _open(self, key, host, port, udp):
        self.far[key] = b""
        if host == "10.1.1.1":
            self.machine.established(key)
        else:
            self.machine.refused(key, True)

    def _send(self, key, octets):
        self.far[key] += octets
        for count in sorted(self.at):
            if len(self.far[key]) >= count:
                self.at.pop(count)()

    def _close(self, key):
        self.answers.pop(key, None)

    def _submit(self, tpdu):
        self.submitted.append(tpdu)
        self.machine.submitted(42)

    def _answer(self, key):
        octets = self.answers[key]
        room = self.machine.room(key)
        if octets and room:
            self.machine.arrived(key, octets[:room])
            self.answers[key] = octets[room:]
        elif not octets:
            self.machine.ended(key)
            self.answers.pop(key)
        return room or not octets


def play(story, machine=None, started=True):
    """Run `story(wire, driver)` with a driver that has been started."""
    wire = Wire(Sim800() if machine is None else machine)

    async def run():
        driver = Driver(wire, Events())
        try:
            if started:
                assert await clock.within(driver.start(), 60000) == "ready"
            return await clock.within(story(wire, driver), 1800000)
        finally:
            driver.close()

    ticks.run(wire, run())
    assert not wire.strays, wire.strays


async def fails(error, awaitable, ms=600000):
    """The `error` that comes of it."""
    try:
        result = await clock.within(awaitable, ms)
    except error as raised:
        return raised
    raise AssertionError("%s was not raised; the result is %r" % (error.__name__, result))


async def online(driver, host="10.1.1.1"):
    await driver.register()
    await driver.attach(Settings())
    return await driver.open(host, 8080)


async def read(stream, count):
    buffer, octets = bytearray(1460), b""
    while len(octets) < count:
        got = await stream.readinto(buffer)
        if not got:
            break
        octets += bytes(buffer[:got])
    return octets


async def arrived(wire, key, count):
    while len(wire.far[key]) < count:
        await clock.sleep(5)


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

    play(story, Sim800(world=World([Cell("23410", "O2 - UK", allowed=False)])))


def test_a_visited_network_is_roaming():
    async def story(wire, driver):
        await driver.register()
        network = await driver.network()
        assert (network.mccmnc, network.status, network.roaming) == ("20801", "roaming", True)
        assert network.signal == -95

    play(story, Sim800(world=World([Cell("20801", "Orange F", signal=9)])))


def test_operators_are_listed_with_their_status():
    cells = [Cell("23410", "O2 - UK"), Cell("23430", "T-Mobile, UK (2)", allowed=False)]

    async def story(wire, driver):
        found = await driver.operators()
        assert [(code, name) for code, name, _ in found] == [
            ("23410", "O2 - UK"),
            ("23430", "T-Mobile, UK (2)"),
        ]

    play(story, Sim800(world=World(cells)))


def test_a_wrong_apn_or_password_is_a_bearer_error():
    async def story(wire, driver):
        await driver.register()
        await fails(BearerError, driver.attach(Settings("internet")))
        await fails(BearerError, driver.attach(Settings("mms", "me", "no")))
        await driver.attach(Settings("mms", "me", "yes"))

    play(story, Sim800(world=World(profiles=[Profile("mms", "me", "yes")])))


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


async def next_sms(driver):
    async for sms in driver.sms:
        if sms is not None:
            return sms


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
