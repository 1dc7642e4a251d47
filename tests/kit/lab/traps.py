"""The real driver on the simulated modem, whose traps can be switched."""

import asyncio

from drivers.modem.sim800 import Sim800 as Driver
from mms import clock
from mms.errors import BearerError, ModemError
from mms.events import Events
from tools.lab.modem.sim800 import Sim800
from tools.sim import ticks

PUSH = bytes.fromhex("44038177f7000411223344556677" + "0b" + "0605040b8423f0" + "01020304")
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
    baud = 115200

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

    def set_baud(self, baud):
        self.baud = baud

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
        said = self.machine.read()
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


def play(story, machine=None, started=True, family=Driver):
    """Run `story(wire, driver)` with a driver of a family that has been started."""
    wire = Wire(Sim800() if machine is None else machine)

    async def run():
        driver = family(wire, Events())
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


async def at_last(story, error):
    """What comes of `story()`, which a handset begins again after `error`, twice at most."""
    for _ in range(2):
        try:
            return await story()
        except error:
            await clock.sleep(1000)
    return await story()


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


async def next_sms(driver):
    async for sms in driver.sms:
        if sms is not None:
            return sms


async def exchange(wire, driver, octets, key=1):
    """Send octets over a new connection, and read them back from the far end."""
    stream = await at_last(lambda: online(driver), BearerError)
    await stream.write(octets)
    await arrived(wire, key, len(octets))
    wire.answers[key] = octets
    assert wire.far[key] == octets and await read(stream, len(octets) + 1) == octets


async def use(wire, driver, octets):
    """Start the driver, and use all that a handset uses of it: messages both ways, and a connection."""
    assert await at_last(driver.start, ModemError) == "ready"
    assert (await driver.sim()).number == "+447700900001"
    sms = await next_sms(driver)
    assert bytes(sms.tpdu) == PUSH
    await driver.done(sms)
    assert await driver.send_sms(SUBMIT) == 42
    await exchange(wire, driver, octets)


async def lose(wire, driver, trouble, octets):
    """Meet a `trouble` of the machine in the middle of a write; the next exchange works, as connection 2.

    trouble: "drop_context", "brown_out" or "lose_coverage".
    """
    stream = await online(driver)
    wire.at[3000] = getattr(wire.machine, trouble)
    await fails(ModemError, stream.write(octets * 3))
    if trouble == "lose_coverage":
        await clock.sleep(5000)
        wire.machine.find_coverage()
    await clock.sleep(20000)
    if trouble == "brown_out":
        await at_last(driver.start, ModemError)
    await exchange(wire, driver, octets, 2)


async def brown_out(wire, driver):
    """A brown-out while octets are waited for is noticed, and the modem can be started and used again."""
    stream = await online(driver)
    wire.machine.brown_out()
    await fails(ModemError, read(stream, 1))
    await clock.sleep(10000)
    assert await driver.start() == "ready"
    await online(driver)
