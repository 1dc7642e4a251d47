"""The dialogue where the modem is silent, cut off, or says what nobody can use; in virtual time."""

import asyncio

from drivers.modem.dialogue import Dialogue, fill, read_number
from mms.errors import BearerError, ModemError, SimError, UsageError
from mms.limits import AT_LINES
from tests.kit.checks import raises
from tests.kit.drivers.dialogue import COMMANDS, FINAL, MEANINGS
from tests.kit.drivers.scripted import Modem, Pipe, run

OK = b"\r\nOK\r\n"


def talk(answers, story):
    """Run `story(dialogue, modem, pipe)`: what it returns, and what was heard."""
    heard = []

    async def whole():
        modem = Modem(answers)
        pipe = Pipe(modem)
        tables = (COMMANDS,), MEANINGS, FINAL
        dialogue = Dialogue(pipe, tables, lambda meaning, text, second: heard.append(meaning))
        dialogue.start()
        try:
            return await story(dialogue, modem, pipe)
        finally:
            dialogue.close()

    return run(whole()), heard


async def failed(call):
    try:
        await call
    except ModemError as error:
        return error


def test_a_sim_that_is_never_answered_for_is_the_modems_fault():
    async def story(dialogue, modem, pipe):
        silent = await failed(dialogue.ask("imsi"))
        return silent, await failed(dialogue.ask("imsi"))

    (silent, refused), _ = talk({"AT+CIMI": [b"", b"\r\n+CME ERROR: 13\r\n"]}, story)
    assert not isinstance(silent, SimError) and "no answer" in str(silent)
    assert isinstance(refused, SimError) and refused.code == 13


def test_an_answer_without_its_number_is_an_error_of_its_step():
    for lines in ([], ["+CIPACK: 1,x"], ["+CIPACK: 1"]):
        assert raises(BearerError, read_number, "send", lines, 1).step == "send"
    assert read_number("send", ["+CIPACK: 7,8,9"], 1) == 8


def test_a_command_line_takes_as_many_arguments_as_it_has_places():
    assert fill("AT+CIPSEND={number},{octets}", (0, 5)) == "AT+CIPSEND=0,5"
    for values in ((), (1,), (1, 2, 3)):
        raises(UsageError, fill, "AT+CIPSEND={number},{octets}", values)


def test_a_block_without_a_prompt_is_not_taken_for_sent():
    async def story(dialogue, modem, pipe):
        unasked = await failed(dialogue.send_block("send", b"octets", 0, 6))
        silent = await failed(dialogue.send_block("send", b"octets", 0, 6))
        return unasked, silent, modem.blocks

    answers = {"AT+CIPSEND=0,6": [b"\r\nDATA ACCEPT:0,6\r\n", b""]}
    (unasked, silent, blocks), _ = talk(answers, story)
    assert "no prompt" in str(unasked) and "no answer" in str(silent) and blocks == []


def test_a_block_that_is_asked_for_and_not_there_is_no_octets():
    async def story(dialogue, modem, pipe):
        target = bytearray(10)
        nothing = await dialogue.read_block("read", target, 2, 0, 10)
        return nothing, await failed(dialogue.read_block("read", target, 2, 0, 10))

    (nothing, silent), _ = talk({"AT+CIPRXGET=2,0,10": [OK, b""]}, story)
    assert nothing == (0, []) and silent.step == "receive"


def test_a_modem_that_answers_nothing_is_lost_until_it_is_synchronised():
    async def story(dialogue, modem, pipe):
        usual, modem._answer = modem._answer, lambda line: b""
        errors = [await failed(dialogue.ask("signal"))]
        errors.append(await failed(dialogue.ask("signal")))
        modem._answer = usual
        await dialogue.sync()
        return errors, await dialogue.ask("signal")

    (errors, lines), heard = talk({"AT+CSQ": b"\r\n+CSQ: 17,0\r\n" + OK}, story)
    assert [error.step for error in errors] == ["register", "modem"] and lines == ["+CSQ: 17,0"]
    assert heard.count("lost") == 1


def test_an_abort_fails_what_waits_and_what_comes_until_the_next_synchronisation():
    async def story(dialogue, modem, pipe):
        waiting = asyncio.create_task(failed(dialogue.ask("signal")))
        await asyncio.sleep(0.01)
        dialogue.abort("the modem was reset")
        errors = [await waiting, await failed(dialogue.ask("imsi"))]
        await dialogue.sync()
        return errors, await dialogue.ask("often")

    (errors, lines), _ = talk({"AT+CSQ": b""}, story)
    assert [error.step for error in errors] == ["modem", "modem"] and lines == []
    assert all("was reset" in str(error) for error in errors)


def test_a_line_that_closes_in_the_middle_ends_the_wait():
    async def cut(dialogue, modem, pipe):
        waiting = asyncio.create_task(failed(dialogue.ask("signal")))
        await asyncio.sleep(0.01)
        pipe.close()
        return [await waiting, await failed(dialogue.ask("signal")), await failed(dialogue.sync())]

    async def while_synchronised(dialogue, modem, pipe):
        modem._answer = lambda line: b""
        waiting = asyncio.create_task(failed(dialogue.sync()))
        await asyncio.sleep(0.01)
        pipe.close()
        return [await waiting]

    async def unplugged(dialogue, modem, pipe):
        async def readinto(buf):
            raise OSError(5)

        pipe.readinto = readinto
        pipe.say(OK)
        await asyncio.sleep(0.01)
        return [await failed(dialogue.ask("signal"))]

    for story in (cut, while_synchronised, unplugged):
        errors, heard = talk({"AT+CSQ": b""}, story)
        assert all(error.step == "line" for error in errors) and "ended" in heard, errors


def once(error, function):
    """`function`, which raises `error` before it does its work for the first time."""
    errors = [error]

    def other(*arguments):
        if errors:
            raise errors.pop()
        return function(*arguments)

    return other


def test_what_fails_while_it_is_heard_costs_its_command_and_not_the_line():
    async def story(dialogue, modem, pipe):
        dialogue.digester.digest = once(MemoryError(), dialogue.digester.digest)
        pipe.say(b"\r\n+CMTI: x\r\n")
        await asyncio.sleep(1)
        dialogue.hear = once(OSError(28), dialogue.hear)
        pipe.say(b"\r\n+CMTI: x\r\n")
        await asyncio.sleep(1)
        assert await dialogue.ask("signal") == ["+CSQ: 17,0"]
        dialogue._handle = once(MemoryError(), dialogue._handle)
        lost = await failed(dialogue.read_block("read", bytearray(10), 2, 0, 10))
        dialogue._listener.cancel()  # or whatever else may end it
        await asyncio.sleep(1)
        dialogue.start()
        return lost, await dialogue.ask("signal")

    block = b"\r\n+CIPRXGET: 2,0,4,0\r\nabcd" + OK
    answers = {"AT+CSQ": b"\r\n+CSQ: 17,0\r\n" + OK, "AT+CIPRXGET=2,0,10": block}
    (lost, lines), heard = talk(answers, story)
    assert "were lost" in str(lost) and lines == ["+CSQ: 17,0"]
    assert heard == ["stored"]


def test_an_answer_without_an_end_keeps_so_many_lines_and_no_more():
    async def story(dialogue, modem, pipe):
        return await dialogue.ask("imsi")

    lines, _ = talk({"AT+CIMI": b"\r\n17\r\n" * (AT_LINES + 5) + OK}, story)
    assert lines == ["17"] * AT_LINES


def test_a_dialogue_that_never_began_can_be_closed():
    pipe = Pipe(Modem({}))
    Dialogue(pipe, ((COMMANDS,), MEANINGS, FINAL), None).close()
    assert pipe._closed
