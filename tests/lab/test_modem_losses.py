"""Octets that the serial line loses: what the driver types afterwards must not reach the peer in their place."""

from mms import clock
from mms.errors import BearerError
from tests.kit.lab.traps import Settings, fails, play


def lossy(write, count):
    """`write` without the last `count` octets of a block."""

    async def written(octets):
        await write(octets[:-count] if len(octets) > 500 and b"CIPSHUT" not in bytes(octets) else octets)

    return written


def test_what_replaces_lost_octets_of_a_block_never_reaches_the_peer():
    async def story(wire, driver):
        wire.machine.environment.delays.shut = 1  # what leaves the modem before nobody can call back
        await driver.register()
        await driver.attach(Settings())
        stream = await driver.open("10.1.1.1", 8080)
        usual, wire.write = wire.write, lossy(wire.write, 5)
        await stream.write(bytes(600))
        await fails(BearerError, stream.drain())
        wire.write = usual
        await clock.sleep(60000)
        assert wire.far[1] == b""
        await driver.attach(Settings())  # and what that took away is built up again
        again = await driver.open("10.1.1.1", 8080)
        await again.write(b"once more")
        await again.drain()

    play(story)
