"""The console's lines: their bound, commands in pieces, and typing on a board."""

import asyncio
import json

from mms import clock, limits
from mms.events import Events
from mms.handset.console.console import Console
from tests.kit.handset.console import Line, Phone, typed


def test_a_line_has_a_bound_that_is_said():
    """limits.CONSOLE_LINE, at the bound and beside it; and the smaller one of a line that keeps less."""

    class Narrow(Line):
        line = 256

    for kind, most in ((Line, limits.CONSOLE_LINE), (Narrow, 256)):
        for octets in (most - 1, most, most + 1, most * 3):
            phone, command = Phone(), b"send +447700900002 "
            line = kind(command + b"x" * (octets - len(command)) + b"\ninbox\n")
            asyncio.run(Console(line, phone, Events()).serve())
            refused = b"! a line of more than %d octets: give its text in shorter pieces with more" % most
            assert (octets > most) == line.written.startswith(refused) == (not phone.sent)
            assert line.written.endswith(b"inbox: nothing\n")


def test_no_more_commands_than_the_bound_run_and_all_are_answered():
    """limits.COMMANDS, at the bound and beside it."""

    class Slow(Phone):
        most = 0

        async def send(self, message):
            self.sent.append(message)
            self.most = max(self.most, len(self.sent))
            await clock.sleep(200)  # a slow machine loads the modules of eight commands meanwhile
            self.sent.pop()
            return "00000001"

    class Patient(Line):
        async def readinto(self, buf):
            while not self._typed and self.written.count(b"\n") <= count:
                await clock.sleep(5)
            return await super().readinto(buf)

    for count in (limits.COMMANDS - 1, limits.COMMANDS, limits.COMMANDS + 1, 3 * limits.COMMANDS):
        phone, line = Slow(), Patient(b"send +447700900002 hello\n" * count + b"inbox\n")
        asyncio.run(Console(line, phone, Events()).serve())
        assert phone.most == min(count, limits.COMMANDS) and line.written.count(b"is on its way") == count
        assert b"inbox: nothing\n" in line.written


def test_twenty_recipients_and_any_text_go_in_pieces():
    piece = {"do": "more", "text": "grüße 😀\n" * 50, "cc": ["a@b.example"]}
    numbers = ["+4477009000%02d" % number for number in range(19)]
    asking = [{"do": "more", "to": numbers[:10]}] + [piece] + [{"do": "more", "text": piece["text"]}] * 49
    path, kept = "build/tests/album/more.txt", []

    class Reading(Phone):
        async def send(self, message):
            with open(message.parts[0].path, "rb") as file:
                kept.append(file.read().decode())
            return await super().send(message)

    phone = Reading()
    asked = [{"do": "mode", "mode": "json"}] + asking + [{"do": "send", "to": numbers[10:], "text": "x"}]
    asked += [{"do": "send", "to": numbers[10:]}, {"do": "send", "to": numbers[:1]}]
    line = Line(b"".join([json.dumps(one).encode() + b"\n" for one in asked]))
    asyncio.run(Console(line, phone, Events()).serve())
    answers = [json.loads(row) for row in line.written.decode().split("\n")[:-1]]
    assert answers[len(asking)] == {"reply": "more", "ok": True, "octets": 50 * len(piece["text"].encode())}
    assert "more" in answers[-3]["error"] and answers[-2]["ok"]
    (message,) = phone.sent
    assert message.to == numbers and message.wishes["cc"] == ["a@b.example"] and message.parts[0].media == "text/plain"
    assert kept == [piece["text"] * 50]
    assert not answers[-1]["ok"]  # what went is not sent again
    try:
        open(path).close()
        raise AssertionError("the text is still there")
    except OSError:
        pass


def test_a_person_gives_a_text_in_lines_and_forgets_it():
    answers, phone = typed(b"more one\nmore two\nsms +447700900002 three\nmore\nsend +447700900002\n")
    assert [answer.split(" ")[0] for answer in answers] == ["4", "8", "!", "0", "!"]
    assert answers[4] == "! nothing to send: a text, a picture, a sound or files, please" and phone.sent == []


def test_pieces_of_the_next_message_wait_until_the_last_is_accepted():
    class Slow(Phone):
        async def send(self, message):
            await asyncio.sleep(0)
            return await super().send(message)

    def said(text):
        line, phone = Line(text), Slow()
        asyncio.run(Console(line, phone, Events()).serve())
        return line.written.decode().split("\n")[:-1], phone.sent

    busy, way = "! the message before is still being accepted: wait for its answer", "message 00000001 is on its way"
    kept = "4 octets of a text are kept for the next message"
    answers, sent = said(b"more one\nsend +447700900002\nmore two\nsend +447700900003\n")
    assert answers == [kept, busy, busy, way] and len(sent) == 1
    answers, sent = said(b"send +447700900002 a\nmore two\nsend +447700900003 b\nsend +447700900003\n")
    assert answers[0] == kept and "! this message has a text from more" in answers[1] and answers.count(way) == 2
    assert [bytes(message.parts[0].octets or b"") for message in sent] == [b"a", b""]


def test_what_a_person_types_on_a_board_is_seen_and_can_be_corrected():
    class Raw(Line):
        raw = True

    line = Raw("inbix\x7f\x7føx\x08\x08ox\r".encode() + b'{"do": "help"}\n')
    asyncio.run(Console(line, Phone(), Events()).serve())
    assert line.written.decode().startswith("inbix\b \b\b \bøx\b \b\b \box\r\ninbox: nothing\nsend NUMBER")
