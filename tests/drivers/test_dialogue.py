"""The dialogue: what belongs to a command, what does not, and how it recovers."""

import asyncio

from drivers.modem.dialogue import fill, quote, read_number
from drivers.modem.lines import fields, read_value
from mms.errors import BearerError, ModemError, SimError, UsageError
from tests.kit.checks import raises
from tests.kit.drivers.dialogue import talk
from tests.kit.drivers.scripted import NEWS, SIZES, World


def failing(error, answers, story):
    """The error that `story` ends with."""
    return raises(error, talk, answers, story)


def test_a_reply_is_whole_at_any_read_size_with_news_in_every_gap():
    async def story(dialogue, modem, heard):
        signal = await dialogue.ask("signal")
        imsi = await dialogue.ask("imsi")
        address = await dialogue.ask("address")
        shut = await dialogue.ask("shut")
        for _ in range(100):
            await asyncio.sleep(0)
        for meaning, text, _ in heard:
            assert (meaning, text) == ("stored", '+CMTI: "SM",3') or meaning == "echoed"
        return signal, imsi, address, shut

    answers = {
        "AT+CSQ": b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n",
        "AT+CIMI": b"\r\n234100000000001\r\n\r\nOK\r\n",
        "AT+CIFSR": b"\r\n10.0.0.7\r\n",
        "AT+CIPSHUT": b"\r\nSHUT OK\r\n",
    }
    for size in SIZES:
        for gap in (b"", NEWS, NEWS + NEWS):
            for echo in (False, True):
                replies = talk(answers, story, size, gap, echo)
                assert replies == (["+CSQ: 17,0"], ["234100000000001"], ["10.0.0.7"], ["SHUT OK"])


def test_a_direct_message_of_two_lines_is_heard_as_one():
    async def story(dialogue, modem, heard):
        lines = await dialogue.ask("signal")
        await asyncio.sleep(0.01)
        return lines, heard

    news = b"\r\n+CMT: ,4\r\n00040B91AA\r\n"
    for size in SIZES:
        lines, heard = talk({"AT+CSQ": b"\r\n+CSQ: 1,0\r\n\r\nOK\r\n"}, story, size, news)
        assert lines == ["+CSQ: 1,0"]
        assert heard == [("direct+", "+CMT: ,4", "00040B91AA")] * 3


def read(body, size, gap=b""):
    """`body` through a counted read, between other commands."""

    async def story(dialogue, modem, heard):
        target = bytearray(len(body))
        octets, header = await dialogue.read_block("read", target, 2, 0, len(body))
        assert await dialogue.ask("signal") == ["+CSQ: 17,0"]
        return bytes(target[:octets]), header, heard

    command = "AT+CIPRXGET=2,0,%d" % len(body)
    header = b"\r\n+CIPRXGET: 2,0,%d,5\r\n" % len(body)
    answers = {command: header + gap + body + b"\r\nOK\r\n", "AT+CSQ": b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"}
    return talk(answers, story, size)


def test_octets_that_look_like_lines_come_out_identical_at_every_offset():
    for text in (
        b"\r\nOK\r\n",
        b'\r\n+CMTI: "SM",1\r\n',
        b"\r\nCLOSED\r\n",
        b"\r\nERROR\r\n",
        b"\r\n+PDP: DEACT\r\n",
        b"\r\n> ",
    ):
        for offset in range(12):
            body = b"x" * offset + text + b"y" * (11 - offset)
            for size in SIZES:
                taken, header, heard = read(body, size)
                assert taken == body, (text, offset, size)
                assert header == ["2", "0", str(len(body)), "5"]
                assert heard == []


def test_news_between_header_and_data_is_not_data():
    for body in (b"0123456789" * 5, b"short", b"\r\nCLOSED\r\n" * 3):
        for size in SIZES:
            for news in (1, 2):
                taken, _, heard = read(body, size, NEWS * news)
                assert taken == body, (body, size, news)
                assert heard == [("stored", '+CMTI: "SM",3', "")] * news


def test_a_block_that_lost_octets_is_never_made_whole_with_what_follows():
    body = bytes(range(40, 80))

    async def story(dialogue, modem, heard):
        await dialogue.read_block("read", bytearray(len(body)), 2, 0, len(body))

    for lost in (1, 2):
        answers = {"AT+CIPRXGET=2,0,40": b"\r\n+CIPRXGET: 2,0,40,5\r\n" + body[lost:] + b"\r\nOK\r\n"}
        for size in SIZES:
            error = raises(BearerError, talk, answers, story, size)
            assert error.text == "octets of the answer were lost"


def test_a_block_of_any_octets_goes_out_after_the_prompt():
    body = bytes(range(256)) + b"\x1a\x1b+++AT\r"

    async def story(dialogue, modem, heard):
        lines = await dialogue.send_block("send", body, 0, len(body))
        return lines, modem.blocks

    for size in SIZES:
        for gap in (b"", NEWS):

            async def scripted(dialogue, modem, heard):
                accept = b"\r\nDATA ACCEPT:0,%d\r\n" % len(body)
                modem.answers["AT+CIPSEND=0,%d" % len(body)] = lambda: modem.block(len(body), lambda block: accept)
                return await story(dialogue, modem, heard)

            gone = talk({}, scripted, size, gap)
            assert gone == (["DATA ACCEPT:0,%d" % len(body)], [body])


def test_a_refused_block_is_not_sent():
    async def story(dialogue, modem, heard):
        await dialogue.send_block("send", b"AT+CFUN=0\r", 0, 10)

    error = failing(BearerError, {"AT+CIPSEND=0,10": b"\r\n+CME ERROR: 3\r\n"}, story)
    assert (error.step, error.code) == ("send", 3)


def test_a_late_answer_is_not_taken_for_the_next_commands():
    async def story(dialogue, modem, heard):
        try:
            await dialogue.ask("signal")
        except ModemError as error:
            assert error.code is None
        modem.answers["AT"] = b"\r\n+CSQ: 9,9\r\n\r\nOK\r\n\r\nOK\r\n"  # the late one, then ours
        modem.answers["AT+CSQ"] = b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"
        return await dialogue.ask("signal"), modem.lines

    lines, asked = talk({"AT+CSQ": b""}, story)
    assert lines == ["+CSQ: 17,0"]
    assert asked == ["AT+CSQ", "AT", "AT+CSQ"]


def test_an_answer_that_came_while_the_board_was_busy_has_come_in_time():
    world = World()

    async def story(dialogue, modem, heard):
        world.after(50, lambda: world.busy(600))  # a collection, a flash that is erased
        world.after(100, lambda: dialogue.pipe.say(b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"))
        return await dialogue.ask("signal")

    assert talk({"AT+CSQ": b""}, story, world=world) == ["+CSQ: 17,0"]


def test_an_answer_that_came_while_the_board_was_busy_is_not_the_next_commands():
    world = World()

    async def story(dialogue, modem, heard):
        def later(octets):
            world.after(20, lambda: dialogue.pipe.say(octets))
            return b""

        modem.answers["AT+CIMI"] = lambda: later(b"\r\n310260000000007\r\n\r\nOK\r\n")
        try:
            await dialogue.ask("signal")
        except ModemError as error:
            assert error.code is None
        world.after(40, lambda: world.busy(200))
        world.after(60, lambda: dialogue.pipe.say(b"\r\nOK\r\n"))  # to our AT: what came at once was a late one
        return await dialogue.ask("imsi")

    assert talk({"AT+CSQ": b"", "AT": b"\r\nOK\r\n"}, story, world=world) == ["310260000000007"]


def test_a_wait_that_is_given_up_leaves_the_dialogue_in_order():
    async def story(dialogue, modem, heard):
        task = asyncio.create_task(dialogue.ask("shut"))
        await asyncio.sleep(0.02)
        task.cancel()
        modem.answers["AT"] = b"\r\nSHUT OK\r\n\r\nOK\r\n"
        return await dialogue.ask("signal")

    answers = {"AT+CIPSHUT": b"", "AT+CSQ": b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"}
    assert talk(answers, story) == ["+CSQ: 17,0"]


def test_garbage_and_endless_lines_are_passed_over():
    noise = b"\x00\xff\xfe" * 7 + b"\r\n" + b"z" * 5000 + b"\r\n" + b"+CSQ\r\n" + NEWS

    async def story(dialogue, modem, heard):
        for _ in range(3):
            assert await dialogue.ask("signal") == ["+CSQ: 17,0"]

    for size in SIZES:
        talk({"AT+CSQ": noise + b"\r\n+CSQ: 17,0\r\n\r\nOK\r\n"}, story, size)


def test_a_command_is_tried_as_often_as_its_table_says():
    async def story(dialogue, modem, heard):
        try:
            await dialogue.ask("often")
        except ModemError:
            return modem.lines.count("ATE0")

    assert talk({"ATE0": b""}, story) == 3


def test_what_would_end_a_command_early_is_refused_and_the_argument_named():
    for bad in ("a\rAT+CFUN=0", "a\nb", "\x1a", "\x1b", "\0", 'a"b', "a\\b", "\x80", "\u0100", "x" * 101):
        error = raises(UsageError, quote, "apn", bad)
        assert "apn" in str(error) and bad not in str(error)
        raises(UsageError, fill, "AT+CSTT={apn}", (bad,))
    assert fill("AT+CSTT={apn},{user}", ("mms", "")) == 'AT+CSTT="mms",""'
    assert fill("AT+CMGR={index}", (7,)) == "AT+CMGR=7"


def test_a_refused_pin_is_in_no_error():
    async def story(dialogue, modem, heard):
        await dialogue.ask("pin", "4711")

    error = failing(SimError, {'AT+CPIN="4711"': b"\r\n+CME ERROR: 16\r\n"}, story)
    assert error.code == 16
    assert "4711" not in str(error) + repr(error)


def test_a_closed_line_ends_every_command():
    async def story(dialogue, modem, heard):
        dialogue.pipe.close()
        await asyncio.sleep(0.01)
        assert ("ended", "", "") in heard
        await dialogue.ask("signal")

    assert failing(ModemError, {}, story).step == "line"


def test_values_of_a_line():
    assert fields('+COPS: 0,2,"23410"') == ["0", "2", "23410"]
    assert fields('+CMGL: 1,0,"a,b",20') == ["1", "0", "a,b", "20"]
    assert fields("DATA ACCEPT:0,1460") == ["0", "1460"]


def test_a_value_that_an_answer_lacks_is_empty():
    whole = ['+QIACT: 1,1,1,"10.0.0.1"', "more"]
    assert read_value(whole, 3) == "10.0.0.1" and read_value(whole, 4) == read_value([], 0) == ""
    assert read_value(['+QIACT: "1,1,1,"10.0.0.1"'], 3) == ""  # a quotation mark more or less came over the line


def test_a_count_is_digits_and_nothing_else():
    for wrong in ("-1", "1_0", "0x5", "", "99999999999"):
        assert raises(BearerError, read_number, "send", ["DATA ACCEPT:0,%s" % wrong], -1).step == "send"
    assert read_number("send", ["DATA ACCEPT:0,1460"], -1) == 1460
    assert raises(BearerError, read_number, "send", ["+CIPACK: 1"], 1).step == "send"
    assert raises(BearerError, read_number, "send", [], 0).step == "send"


def test_a_line_has_only_plain_characters():
    async def story(dialogue, modem, heard):
        return await dialogue.ask("signal")

    answer = b"\r\n+CSQ: 31\x1b[2J0\xd9\xa3\xc0\x8d\r\n\r\nOK\r\n"
    assert talk({"AT+CSQ": answer}, story) == ["+CSQ: 31?[2J0????"]
