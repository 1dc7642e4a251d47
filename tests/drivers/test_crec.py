"""Sound by the microphone of a SIM800: the driver on the simulated modem, whose recorder is the manual's."""

from mms import clock
from mms.errors import BearerError, ModemError
from tests.kit.lab.traps import Settings, fails, play
from tools.lab.modem.environment import Environment
from tools.lab.modem.sim800 import Sim800

FRAME = bytes([0x04]) + b"\r\n+CREC: 2\r\n"  # octets that look like lines
SOUND = b"#!AMR\n" + FRAME + b"\x04" + bytes(range(12))


def machine():
    environment = Environment()
    environment.sound = SOUND
    return Sim800(environment=environment)


async def record(driver, seconds, size=100):
    async with driver.record(seconds) as sound:
        got, buf = b"", bytearray(size)
        count = await sound.readinto(buf)
        while count:
            got += buf[:count]
            count = await sound.readinto(buf)
    assert sound.media == "audio/amr" and sound.octets == len(got) <= sound.most
    return got


def test_a_recording_is_read_whole_and_erased():
    modem = machine()

    async def story(wire, driver):
        for seconds, size in ((1, 7), (3, 1460)):
            since = wire.now
            got = await record(driver, seconds, size)
            assert wire.now - since >= 1000 * seconds
            assert got == b"#!AMR\n" + (SOUND[6:] * 25 * seconds), got[:60]
            assert modem.recorder.files == {}

    play(story, modem)


def test_messages_and_a_connection_go_on_during_a_recording():
    modem = machine()

    async def story(wire, driver):
        await driver.attach(Settings())
        connection = await driver.open("10.1.1.1", 8080)
        task = clock.within(record(driver, 2), 60000)
        await connection.write(b"octets")
        await task
        await connection.drain()
        assert wire.far[1] == b"octets"

    play(story, modem)


def test_the_modem_refuses_for_a_reason_and_what_it_had_begun_ends():
    modem = machine()

    async def story(wire, driver):
        for code in (5000, 5002):
            modem.refuse_record(code)
            error = await fails(ModemError, record(driver, 1))
            assert (error.step, error.code) == ("record", code)
        modem.recorder.exists = False
        error = await fails(ModemError, record(driver, 1))
        assert (error.step, error.text) == ("record", "this modem has no recorder")
        modem.recorder.exists = True
        assert len(await record(driver, 1)) == 6 + 50 * 13

    play(story, modem)


def test_a_task_that_is_cancelled_ends_its_recording():
    modem = machine()

    async def story(wire, driver):
        try:
            await clock.within(record(driver, 50), 5000)
        except Exception as error:
            assert type(error).__name__ == "TimeoutError"
        await clock.sleep(100)
        assert await driver.ask("sync") == [] and modem.recorder._under_way is None
        assert len(await record(driver, 1)) == 6 + 50 * 13

    play(story, modem)


def test_a_call_ends_a_recording_early_and_so_much_as_there_is_counts():
    modem = machine()

    async def story(wire, driver):
        modem.agenda.after(1150, modem.recorder.call)
        assert len(await record(driver, 5)) == 6 + 50 * 13

    play(story, modem)


def test_a_modem_that_restarts_loses_the_recording():
    modem = machine()

    async def story(wire, driver):
        modem.agenda.after(1000, modem.brown_out)
        await fails(ModemError, record(driver, 5))
        error = await fails(BearerError, record(driver, 5))
        assert error.step == "record"
        await driver.start()
        assert len(await record(driver, 1)) == 6 + 50 * 13

    play(story, modem)


def test_a_recording_that_does_not_end_is_ended_and_then_given_up():
    modem, kept = machine(), []

    async def story(wire, driver):
        after = modem.agenda.after
        modem.agenda.after = lambda ms, action: None if ms == 1000 else after(ms, action)
        assert len(await record(driver, 1)) > 6 + 50 * 13  # AT+CREC=2 has ended it
        modem.recorder._stop = kept.append
        error = await fails(ModemError, record(driver, 1))
        assert error.text == "the recording does not end" and kept

    play(story, modem)


def test_a_modem_without_room_for_a_file_gives_frames_at_once():
    modem = machine()

    async def story(wire, driver):
        modem.recorder.flash = 0
        for seconds, size in ((1, 7), (4, 1460)):
            since, pipe = wire.now, driver.dialogue.pipe
            assert await record(driver, seconds, size) == b"#!AMR\n" + SOUND[6:] * 25 * seconds
            assert 1000 * seconds <= wire.now - since < 1000 * seconds + 1500
            assert driver.dialogue.pipe is pipe and modem.recorder._stream is None
            assert await driver.ask("sync") == []
        modem.recorder.exists, modem.recorder.streams = False, True
        assert len(await record(driver, 2)) == 6 + 100 * 13
        await driver.attach(Settings())
        connection = await driver.open("10.1.1.1", 8080)
        await connection.write(SOUND)
        await clock.sleep(5000)
        assert wire.far[1] == SOUND

    play(story, modem)


def test_frames_that_are_spoilt_or_end_early_are_an_error_and_the_modem_answers_again():
    modem = machine()
    modem.recorder.flash = 0

    async def story(wire, driver):
        for spoil in (
            lambda: modem.terminal.raw(b"\xff" * 9),
            lambda: setattr(modem.recorder, "_stream", None),
            lambda: modem.receive(b"x", wire.now),
            modem.brown_out,
        ):
            modem.agenda.after(1000, spoil)
            error = await fails(ModemError, record(driver, 3))
            assert error.step in ("record", "modem"), error
            if spoil == modem.brown_out:
                await driver.start()
            assert len(await record(driver, 1)) == 6 + 50 * 13

    play(story, modem)


def test_a_task_that_is_cancelled_ends_its_frames():
    modem = machine()
    modem.recorder.flash = 0

    async def story(wire, driver):
        try:
            await clock.within(record(driver, 50), 5000)
        except Exception as error:
            assert type(error).__name__ == "TimeoutError"
        await clock.sleep(1000)
        assert modem.recorder._stream is None
        assert len(await record(driver, 1)) == 6 + 50 * 13

    play(story, modem)
