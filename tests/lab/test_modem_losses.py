"""Octets that the serial line loses: what the driver types afterwards must not reach the peer in their place."""

import pytest

from mms import clock
from mms.errors import BearerError
from tests.kit.lab import bench, bench66, bench95, bench7600, bench_sara
from tests.kit.lab.traps import Settings, fails, play

SENDS = (
    (bench.Bench, b"AT+CIPSEND=3\r"),
    (bench7600.Bench, b"AT+CIPSEND=0,3\r"),
    (bench95.Bench, b"AT+QISEND=0,3\r"),
    (bench66.Bench, b"AT+QISEND=0,3\r"),
    (bench_sara.Bench, b"AT+USOWR=0,3\r"),
)


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


@pytest.mark.parametrize("kind, line", SENDS)
def test_a_modem_whose_prompt_is_lost_waits_for_the_octets_nevertheless(kind, line):
    modem = kind()
    key = modem.connect()
    modem.modem.lose_prompt()
    assert modem.type(line, 5000) == b""
    assert modem.type(b"one", 3000) != b"" and modem.far[key] == b"one"
    assert modem.send(b"two") != []
    modem.wait(3000)
    assert modem.far[key] == b"onetwo"
