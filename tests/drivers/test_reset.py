"""A modem that restarts, is silent or is cut off, while the driver thinks that it is ready."""

import asyncio

from drivers.modem.sim800 import Sim800
from mms import clock
from mms.errors import BearerError, ModemError, SimError
from mms.events import Events
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import (
    ANSWERS,
    OK,
    OPEN,
    Peer,
    Profile,
    connected,
    drive,
    failed,
    message,
    names,
)


def test_a_modem_that_falls_silent_is_told_as_a_reset():
    async def story(modem, pipe, said):
        await modem.start()
        peer._answer = lambda line: b""
        for _ in range(2):
            try:
                await modem.network()
            except ModemError:
                pass
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["modem_reset"]


def test_a_reset_in_the_middle_is_told_and_start_begins_anew():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.answers["AT+CIMI"] = lambda: b"\r\nRDY\r\n"
        try:
            await modem.sim()
        except ModemError as error:
            assert "reset" in str(error)
        try:
            await stream.write(bytes(3000))
            raise AssertionError("the stream went on")
        except BearerError as error:
            assert (error.step, error.text) == ("send", "the modem was reset: RDY")
        peer.answers["AT+CIMI"] = ANSWERS["AT+CIMI"]
        assert await modem.start() == "ready"
        return (await modem.sim()).home, names(said)[-1]

    peer = Peer()
    assert drive(peer, story) == ("310260", "modem_reset")


def test_between_reset_and_start_every_command_fails_at_once():
    async def story(modem, pipe, said):
        await connected(modem)
        pipe.say(b"\r\nUNDER-VOLTAGE POWER DOWN\r\n")
        peer._answer = lambda line: b""
        await asyncio.sleep(0.01)
        since = clock.ticks()
        for verb in (modem.sim, modem.network, modem.register):
            try:
                await verb()
                raise AssertionError("it went on")
            except ModemError as error:
                assert "reset" in str(error) and not isinstance(error, SimError)
        return clock.since(since)

    peer = Peer()
    assert drive(peer, story) < 200


def test_a_modem_that_has_not_started_is_not_waited_for_until_it_registers():
    async def story(modem, pipe, said):
        assert await modem.start() == "pin"
        (error,) = await failed(modem.register())
        return str(error)

    answers = {"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, "AT+CREG?": b"\r\n+CREG: 0,2\r\n" + OK}
    assert drive(Peer(answers), story) == "register: the modem has to be started first"


def test_an_echo_after_start_betrays_a_silent_reset():
    async def story(modem, pipe, said):
        await modem.start()
        peer.echo = True
        try:
            await modem.network()
        except ModemError:
            pass
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["modem_reset"]


def test_a_modem_that_keeps_its_echo_off_betrays_a_reset_by_any_line_of_its_beginning():
    """ATE0 was saved by AT&W; while autobauding no RDY is said. Calls and messages are ready late after any start."""
    resets = []
    boot = b"\r\n+CFUN: 1\r\n", b"\r\n+CPIN: READY\r\n", b"\r\nCall Ready\r\n", b"\r\nSMS Ready\r\n"

    async def story(modem, pipe, said):
        for lines in (boot, boot[:1], boot[1:2], boot[2:], boot[3:]):
            stream = await connected(modem)
            for seconds in (0, 70):
                await asyncio.sleep(seconds)
                before = names(said).count("modem_reset")
                for line in lines:
                    pipe.say(line)
                    await asyncio.sleep(0.5)
                resets.append(names(said).count("modem_reset") - before)
                assert stream.up == (not resets[-1])
                if resets[-1]:
                    break

    drive(Peer(), story)
    assert resets == [1, 1, 1] + [0, 1] * 2


def test_a_modem_that_takes_no_connection_any_more_gets_its_context_anew():
    async def story(modem, pipe, said):
        (await connected(modem)).close()
        await asyncio.sleep(1)
        peer.answers[OPEN] = b"\r\nERROR\r\n"  # it was reset, and said nothing
        try:
            await modem.open("proxy.example", 8080)
        except BearerError:
            peer.answers[OPEN] = ANSWERS[OPEN]
        await modem.attach(Profile())
        await modem.open("proxy.example", 8080)
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["attached", "context_up", "connected"] * 2


def test_a_line_that_breaks_ends_every_wait_with_its_reason():
    class Broken(Pipe):
        async def write(self, buf):
            if buf[:7] == b"AT+CSQ\r":
                raise OSError(5)
            await super().write(buf)

    async def story():
        pipe = Broken(Peer())
        modem = Sim800(pipe, Events())
        await modem.start()
        waiting = asyncio.create_task(message(modem))
        errors = await failed(modem.network(), modem.network())
        pipe.close()
        errors += await failed(waiting)
        modem.close()
        return errors

    errors = run(story())
    assert all(error.step == "line" and "the line is closed" in str(error) for error in errors)
