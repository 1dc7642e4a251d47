"""The start of a modem: the SIM and its PIN, a modem that is busy, silent or left in the middle of a block."""

from drivers.modem.sim800 import Sim800
from mms import clock
from mms.advice import sentence
from mms.errors import ModemError, SimError
from tests.kit.checks import raises
from tests.kit.drivers.sim800 import (
    ANSWERS,
    OK,
    Peer,
    drive,
    failed,
    started,
)


def test_a_sim_says_what_it_wants_in_words_or_in_numbers():
    for answer, state in (
        (b"+CPIN: READY", "ready"),
        (b"+CPIN: SIM PIN", "pin"),
        (b"+CPIN: SIM PUK", "puk"),
        (b"+CME ERROR: 11", "pin"),
        (b"+CME ERROR: 12", "puk"),
        (b"+CME ERROR: 311", "pin"),
        (b"+CME ERROR: 316", "puk"),
    ):
        line = b"\r\n" + answer + b"\r\n" + (b"" if b"ERROR" in answer else OK)

        async def story(modem, pipe, said):
            return await modem.start()

        assert drive(Peer({"AT+CPIN?": line}), story) == state


def test_a_sim_that_is_absent_or_dead_is_told_apart():
    async def story(modem, pipe, said):
        pass

    for answer, code, text in (
        (b"\r\n+CME ERROR: 10\r\n", 10, "no SIM"),
        (b"\r\n+CPIN: NOT INSERTED\r\n" + OK, 10, "no SIM"),
        (b"\r\n+CME ERROR: 13\r\n", 13, "the SIM does not work"),
    ):
        error = raises(SimError, started, story, {"AT+CPIN?": answer})
        assert error.code == code and text in str(error) and "check the SIM" in sentence(error)


def test_a_modem_that_restarts_while_its_sim_is_asked_for_is_waited_for():
    async def story(modem, pipe, said):
        return modem.ready

    forgetful = (b"\r\nERROR\r\n", b"\r\n+CME ERROR: SIM busy\r\n")  # AT+CMEE is that of the factory
    for answer in forgetful:
        assert started(story, {"AT+CPIN?": [answer] * 30 + [ANSWERS["AT+CPIN?"]]})


def test_a_sim_that_wants_something_else_is_waited_for_and_then_named():
    async def story(modem, pipe, said):
        pass

    for answer, said in ((b"\r\n+CPIN: PH-NET PIN\r\n" + OK, "PH-NET PIN"), (OK, "nothing")):
        error = raises(SimError, started, story, {"AT+CPIN?": answer})
        assert "the SIM says %s" % said in str(error)
    started(story, {"AT+CPIN?": [b"\r\n+CPIN: PH-NET PIN\r\n" + OK, ANSWERS["AT+CPIN?"]]})


def test_a_sim_that_is_busy_for_ever_is_an_error():
    async def story(modem, pipe, said):
        pass

    assert raises(ModemError, started, story, {"AT+CMGF=0": b"\r\n+CMS ERROR: 314\r\n"}).code == 314


async def unlocks(modem):
    await modem.unlock("1234")
    await modem.unlocked()


def test_a_pin_is_given_only_where_one_is_wanted_and_only_a_pin():
    pin, ready, puk = (b"\r\n+CPIN: %s\r\n" % state + OK for state in (b"SIM PIN", b"READY", b"SIM PUK"))
    for states, given, code, text in (
        ([ready] * 3, 0, None, "None"),
        ([pin, pin, ready], 1, None, "None"),
        ([pin, pin] + [pin] * 9 + [ready], 1, None, "None"),
        ([pin, pin] + [pin] * 99, 1, None, "the SIM wants its PIN again"),
        ([puk, puk], 0, 12, "the SIM asks for its PUK"),
    ):

        async def story(modem, pipe, said):
            return await failed(unlocks(modem))

        peer = Peer({"AT+CPIN?": states})
        (error,) = started(story, peer=peer)
        assert peer.lines.count('AT+CPIN="1234"') == given
        assert text in str(error) and getattr(error, "code", None) == code
        assert isinstance(error, SimError) == (code is not None)

    async def wrong(modem, pipe, said):
        return await failed(*[modem.unlock(text) for text in ("12", "123456789", "12a4")])

    peer = Peer({"AT+CPIN?": [pin] * 4})
    assert all("4 to 8 digits" in str(error) for error in started(wrong, peer=peer))
    assert not [line for line in peer.lines if "AT+CPIN=" in line]


def test_a_wrong_pin_is_tried_once():
    async def story(modem, pipe, said):
        assert await modem.start() == "pin"
        try:
            await modem.unlock("4711")
        except SimError as error:
            assert error.code == 16 and "4711" not in str(error)
        return peer.lines.count('AT+CPIN="4711"')

    peer = Peer({"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, 'AT+CPIN="4711"': b"\r\n+CME ERROR: 16\r\n"})
    assert drive(peer, story) == 1


def test_no_sim_and_no_modem():
    async def story(modem, pipe, said):
        await modem.start()

    assert raises(SimError, drive, Peer({"AT+CPIN?": b"\r\n+CME ERROR: 10\r\n"}), story).code == 10
    busy = [b"\r\n+CME ERROR: 14\r\n", b"\r\n+CPIN: READY\r\n" + OK]
    drive(Peer({"AT+CPIN?": busy}), story)


def test_short_messages_are_waited_for_as_long_as_a_busy_sim():
    async def story(modem, pipe, said):
        return peer.lines

    for answer in (b"ERROR", b"+CMS ERROR: 302", b"+CME ERROR: 100", b"+CMS ERROR: 521"):
        refusal = b"\r\n" + answer + b"\r\n"
        for command in ("AT+CMGF=0", 'AT+CPMS="SM","SM","SM"', "AT+CNMI=2,1,0,1,0"):
            peer = Peer({command: [refusal] * 20})
            assert started(story, peer=peer).count(command) == 21
            peer = Peer({command: refusal})
            assert raises(ModemError, started, story, peer=peer).step == "sms"
            assert peer.lines.count(command) > 20


def test_a_modem_that_refuses_everything_at_first_is_waited_for_as_long_as_a_busy_sim():
    async def story(modem, pipe, said):
        begun = clock.ticks()
        peer.answers["AT"] = lambda: OK if clock.since(begun) > refusing_ms[0] else b"\r\nERROR\r\n"
        return await modem.start()

    refusing_ms, peer = [0], Peer()
    for refusing_ms[0] in (6500, 19000):
        assert drive(peer, story) == "ready"
    refusing_ms[0] = 30000
    assert str(raises(ModemError, drive, peer, story)) == "modem: the modem refused AT"


def test_the_lines_of_network_time_are_switched_off_where_the_modem_knows_them():
    async def story(modem, pipe, said):
        return peer.lines.count("AT+CLTS=0")

    for answer in (OK, b"\r\nERROR\r\n", b"\r\n+CME ERROR: 100\r\n"):
        peer = Peer({"AT+CLTS=0": answer})
        assert started(story, peer=peer) == 1


def test_a_board_switches_a_silent_modem_off_and_on():
    async def power():
        peer.asleep = False

    async def story(modem, pipe, said):
        return await modem.start()

    def make(pipe, events):
        return Sim800(pipe, events, power)

    class Sleeper(Peer):
        asleep = True

        def _answer(self, line):
            return b"" if self.asleep else super()._answer(line)

    peer = Sleeper()
    raises(ModemError, drive, peer, story)
    peer = Sleeper()
    assert drive(peer, story, 64, make) == "ready"


def test_a_block_that_a_killed_program_left_open_is_ended_and_its_context_dropped():
    async def story(modem, pipe, said):
        assert await modem.start() == "ready"
        return peer.lines

    for left in (4, 700, 1459):
        peer = Peer()
        peer.block(left, lambda block: b"\r\nDATA ACCEPT:0,1459\r\n")
        lines = drive(peer, story)
        commands = [line for line in lines if line.startswith("AT")]
        assert len(peer.blocks) == 1
        assert commands[0] == "AT+CIPSHUT"  # before anything else
