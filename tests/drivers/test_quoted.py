"""Blocks between quotation marks, and the prompt behind which a block waits: both of u-blox."""

from drivers.modem.dialogue import Dialogue
from mms.errors import BearerError
from tests.kit.checks import raises
from tests.kit.drivers.dialogue import FINAL, MEANINGS
from tests.kit.drivers.scripted import NEWS, SIZES, Modem, Pipe, World, run

COMMANDS = """
sync|modem|AT|0.1|5|-|OK
signal|register|AT+CSQ|0.2|1|+CSQ:|OK
read|receive|AT+USORD={number},{octets}|0.2|1|+USORD:"|OK
send|send|AT+USOWR={number},{octets}|0.2|1|+USOWR:|OK
"""
SIGNAL = b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"
LINES = b'"\r\n\r\nOK\r\n\r\n+CMTI: "SM",1\r\n+USORD: 0,3,"@> '


def talk(answers, story, size=64, world=None):
    """What `story(dialogue, modem)` returns against a scripted modem, and what was heard."""
    heard = []

    async def whole():
        modem = Modem(answers)
        tables = (COMMANDS,), MEANINGS, FINAL
        dialogue = Dialogue(Pipe(modem, size), tables, lambda meaning, text, second: heard.append(meaning))
        dialogue.start()
        try:
            return await story(dialogue, modem)
        finally:
            dialogue.close()

    return run(whole(), world), heard


def read(octets, answer, size=64):
    """(octets of a block, its header, a command behind it, what was heard) of AT+USORD, whose answer is given."""

    async def story(dialogue, modem):
        target = bytearray(octets)
        taken, header = await dialogue.read_block("read", target, 1, 0, octets)
        return bytes(target[:taken]), header[:2], await dialogue.ask("signal")

    return talk({"AT+USORD=0,%d" % octets: answer, "AT+CSQ": SIGNAL}, story, size)


def test_a_block_between_quotation_marks_is_counted_at_any_read_size():
    for body in (b"", b"octets", LINES, bytes(range(256)) * 4):
        for size in SIZES:
            for news in (b"", NEWS):
                answer = news + b'\r\n+USORD: 0,%d,"' % len(body) + body + b'"\r\n' + news + b"\r\nOK\r\n"
                told, heard = read(len(body), answer, size)
                assert told == (body, ["0", "%d" % len(body)], ["+CSQ: 17,0"]), (body[:9], size)
                assert heard == ["stored"] * (2 if news else 0)


def test_nothing_to_read_may_come_without_quotation_marks():
    for size in SIZES:
        assert read(10, b"\r\n+USORD: 0,0\r\n\r\nOK\r\n", size)[0] == (b"", ["0", "0"], ["+CSQ: 17,0"])


def test_a_block_that_lost_an_octet_is_an_error_and_the_next_command_is_answered():
    async def story(dialogue, modem):
        error = None
        try:
            await dialogue.read_block("read", bytearray(6), 1, 0, 6)
        except BearerError as caught:
            error = caught
        return error.step, await dialogue.ask("signal")

    answers = {"AT+USORD=0,6": b'\r\n+USORD: 0,6,"octet"\r\n\r\nOK\r\n', "AT+CSQ": SIGNAL}
    assert talk(answers, story)[0] == ("receive", ["+CSQ: 17,0"])


def wait(prompt):
    """(lines, ms until the block came, blocks) of a command that asks for a block with a prompt."""
    world = World()

    async def story(dialogue, modem):
        begun, came = world.now, []

        def take(block):
            came.append(world.now - begun)
            return b"\r\n+USOWR: 0,6\r\n\r\nOK\r\n"

        def ask():
            modem.block(6, take)
            return prompt

        modem.answers["AT+USOWR=0,6"] = ask
        return await dialogue.send_block("send", b"octets", 0, 6), came, modem.blocks

    return talk({}, story, world=world)[0]


def test_a_block_waits_for_fifty_milliseconds_behind_this_prompt_and_not_at_all_behind_the_usual():
    assert wait(b"\r\n@") == (["+USOWR: 0,6"], [50], [b"octets"])
    assert wait(b"\r\n> ") == (["+USOWR: 0,6"], [0], [b"octets"])


def test_a_prompt_that_is_taken_back_while_the_block_waits_is_an_error():
    async def story(dialogue, modem):
        await dialogue.send_block("send", b"octets", 0, 6)

    answers = {"AT+USOWR=0,6": b"\r\n@\r\nERROR\r\n"}
    assert raises(BearerError, talk, answers, story).step == "send"
