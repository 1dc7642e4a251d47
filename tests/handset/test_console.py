"""The console: whatever is typed gets one clear answer, in the language that was asked for."""

import asyncio
import json

from mms import clock, limits
from mms.events import Events
from mms.handset.console.console import Console
from mms.handset.console.plain import sized
from mms.handset.console.render import dated, rows_of, shown
from tests.kit.handset.console import Box, Line, Phone, asked, typed


def test_a_person_sends_with_words():
    answers, phone = typed(b"\r\n  send +447700900002 Hello there\r\n")
    assert phone.sent[0].to == ["+447700900002"]
    assert phone.sent[0].parts[0].octets == b"Hello there"
    assert answers == ["message 00000001 is on its way"]


def test_a_program_sends_with_json():
    answers, phone = asked({"do": "send", "to": ["a@b.example"], "subject": "s", "picture": True, "sound": "x.amr"})
    assert [part.media for part in phone.sent[0].parts] == ["image/jpeg", "audio/amr"]
    assert answers == [{"reply": "send", "ok": True, "id": "00000001"}]


def test_the_shutter_sends_what_the_settings_say():
    _, phone = asked({"do": "press"})
    assert phone.sent[0].to == ["+447700900002"]
    assert [part.media for part in phone.sent[0].parts] == ["image/jpeg", "text/plain"]


def test_nonsense_gets_one_clear_line_each():
    for text in (
        b"dance\n",
        b"do_send\n",
        b"__init__ x\n",
        b"fetch\n",
        b"fetch ../../x\n",
        b"sms\n",
        b"sms +447700900002\n",
        b"reply 00000000\n",
        b"reply 00000000 yes\n",
        b"replyall 00000000 yes\n",
        b"forward 00000000 +447700900003\n",
        b"read 00000000\n",
        b"apply\n",
        b"apply 00000000 x\n",
        b"perform\n",
        b"inbox now\n",
        b"press +447700900002\n",
        b"check 5\n",
        b"read 00000000 please\n",
        b"forward 00000000\n",
        b'{"do": "press", "to": ["+447700900002"]}\n',
        b'{"do": "send", "to": ["+447700900002"], "pictur": true}\n',
        b'{"do": "send", "to": ["+447700900002"], "picture": true, "size": "XGA"}\n',
        b'{"do": "send", "to": ["+447700900002"], "text": "x", "size": "VGA"}\n',
        b'{"do": "send", "to": ["+447700900002"], "text": "x", "sound": "x.jpg"}\n',
        b'{"do": "snap", "size": "XGA"}\n',
        b'{"do": "snap", "size": 5}\n',
        b"[]\n",
        b'{"do": "more", "to": "x"}\n',
        b"fetch 00000000\n",
        b"send\n",
        b"send +447700900002\n",
        b"\xff\xfe\n",
        b"{\n",
        b'{"do": 5}\n',
        b'{"do": ' + b"[" * 2000 + b"\n",
        b'{"do": "send", "to": 7}\n',
        b'{"do": "send", "to": ["x"], "files": ["a.exe"]}\n',
        b'{"do": "mode", "mode": "loud"}\n',
        b'{"do": "send", "to": ["+447700900002"], "sound": 5}\n',
        b'{"do": "send", "to": ["+447700900002"], "text": "x", "subject": 5}\n',
        b"snap\n",
    ):
        answers, phone = typed(text)
        assert answers and answers[0].startswith("! ") and "attribute" not in answers[0], text
        assert all(row.startswith("    ") for row in answers[1:]) and phone.sent == [], text


def test_what_is_misspelt_is_named_and_what_there_is_said():
    for typed_line, said in (
        (b"inbox now", "! inbox takes nothing more: type inbox"),
        (b"fetch", "! fetch needs more: type fetch ID"),
        (b"read 00000000 x", "! read takes nothing more: type read ID"),
        (b"danse", "! no command danse: type help"),
        (b'{"do": "snap", "sise": "VGA"}', "! snap has no sise: it has size"),
        (b'{"do": "press", "to": []}', "! press has no to: it takes nothing"),
        (b'{"do": "snap", "size": "XGA"}', '! size is one of "VGA", "QVGA", "QQVGA"'),
    ):
        assert typed(typed_line + b"\n")[0] == [said]


def test_every_command_is_there_and_in_the_docs_with_all_its_keys():
    from mms.handset.console import composing, verbs
    from mms.handset.console.commands import _COMMANDS

    with open("docs/console.md") as file:
        docs = file.read()
    for row in _COMMANDS.strip().split("\n"):
        name, keys, usage, what = row.split("|")
        rooms = (Console, composing, verbs)
        assert what and (name in ("send", "photo", "press") or [room for room in rooms if hasattr(room, "do_" + name)])
        for key in keys.split():
            assert "`%s`" % key in docs, key
        assert "`%s" % name in docs, name


def test_settings_are_shown_without_their_secrets():
    answers, _ = asked({"do": "settings"})
    assert answers[0]["settings"]["pin"] == "**"
    assert "1234" not in json.dumps(answers)


def test_an_error_carries_step_code_and_advice():
    answers, _ = asked({"do": "snap"})
    assert answers[0]["ok"] is False and answers[0]["step"] == "camera" and answers[0]["advice"]


def test_a_person_sees_what_became_of_a_message():
    sent = {"id": "00000001", "state": "sent", "to": ["+447700900002"], "octets": 4680, "subject": "Hi", "why": ""}
    sent["reports"], sent["readings"] = {"+447700900002": "retrieved"}, {"+447700900002": "read"}
    assert list(rows_of("outbox", sent)) == [
        "sent     00000001  -             +447700900002   (5 kB) Hi",
        "         +447700900002: retrieved, read",
    ]
    doubt = {"id": "00000001", "state": "in doubt", "to": [], "why": "confirmation: no answer", "maybe_duplicate": True}
    assert list(rows_of("outbox", doubt))[1:] == [
        "         it may have arrived twice",
        "         confirmation: no answer",
        "         type: retry 00000001",
    ]
    text = {"id": "00000003", "state": "text", "sender": "+447700900009", "text": "one\ntwo", "read": False}
    assert list(rows_of("inbox", text)) == ["new      00000003  -             +447700900009   one?two"]
    text["read"] = True
    assert next(rows_of("inbox", text))[:9] == " " * 9
    text["state"] = "failed"
    assert list(rows_of("inbox", text))[-1] == "         type: fetch 00000003"


def test_a_person_reads_an_answer_in_words():
    def told(name, result, command=None):
        return "".join(shown(name, result, command or {}, Phone()))

    assert told("inbox", {"messages": []}) == "inbox: nothing\n"
    assert told("cancel", {}, {"id": "00000001"}) == "message 00000001 is not sent any more\n"
    network = {"mccmnc": "23410", "status": "home", "roaming": False, "rat": None, "signal": -79}
    status = {"home": "23410", "operator": "O2", "interpreter": "x 1", "memory": None, "network": network}
    assert told("status", status) == (
        "operator: O2, by a SIM of 23410\nnetwork:  23410, home, -79 dBm\nruns on:  x 1\n"
    )
    message = {"id": "00000001", "sender": "+447700900002", "subject": "Hi", "to": ["a", "b"], "cc": [], "url": ""}
    message.update(state="acknowledged", date=None, text="one\ntwo", parts=[])
    message["parts"].append({"name": "a.txt", "type": "text/plain", "octets": 7})
    assert told("read", message).split("\n")[:-1] == [
        "From:    +447700900002",
        "To:      a, b",
        "Subject: Hi",
        "Part:    a.txt, text/plain, 7 octets",
        "Text:",
        "    one",
        "    two",
        "The parts can be written into the album. Type: export 00000001",
        "To answer, type: reply 00000001 TEXT",
    ]


def test_sizes_and_dates_are_as_people_read_them():
    assert [sized(octets) for octets in (0, 999, 1000, 27600, 999999, 1100000)] == [
        "0 octets", "999 octets", "1 kB", "28 kB", "1000 kB", "1.1 MB",
    ]  # fmt: skip
    now, date = clock.now, clock.date
    try:
        clock.now, clock.date = lambda: 1764211620, lambda seconds: (2025 - (seconds < 1764000000), 11, 7, 2, 5, 0)
        assert (dated(1764211620), dated(1700000000)) == ("7 Nov 02:05", "7 Nov 2024")
    finally:
        clock.now, clock.date = now, date
    for wrong in (None, 0, -5, 1 << 62, "x"):
        assert dated(wrong) == "-"


def test_what_a_person_reads_fits_into_a_row():
    settings = {"a": True, "b": ["x", "y"], "c": {"d": "", "e": 5}, "f": []}
    rows = list(shown("settings", {"settings": settings}, {}, None))
    assert rows == ["a: true\n", "b: x, y\n", "c:\n", "  e: 5\n"]
    answers, _ = typed(b"help\n")
    assert len(answers) > 20 and max(len(row) for row in answers) <= 78


def test_a_list_is_in_the_order_of_dates():
    class Item:
        hidden = False

        def __init__(self, id, received):
            self.id, self._received = id, received

        def summary(self):
            return {"id": self.id, "state": "text", "sender": "x", "received": self._received, "read": True}

    class Full(Phone):
        def __init__(self):
            super().__init__()
            self.inbox = Box(Item("00000001", 1764211620), Item("00000002", None), Item("00000003", 1764000000))

    line = Line(b"inbox\n")
    asyncio.run(Console(line, Full(), Events()).serve())
    assert [row[9:17] for row in line.written.decode().split("\n")[:-1]] == ["00000002", "00000003", "00000001"]


def test_a_list_of_messages_is_one_line_however_many_there_are():
    class Item:
        hidden = False

        def __init__(self, number):
            self._number = number

        def summary(self):
            return {"id": "%08x" % self._number, "state": "text"}

    class Full(Phone):
        count = 0

        def __init__(self):
            super().__init__()
            self.inbox = Box(*[Item(number) for number in range(self.count)])

    for count in (0, 1, 150):
        Full.count = count
        line = Line(b'{"do": "mode", "mode": "json"}\n{"do": "inbox"}\n')
        asyncio.run(Console(line, Full(), Events()).serve())
        answer = json.loads(line.written.decode().split("\n")[1])
        assert answer["ok"] and [message["id"] for message in answer["messages"]] == ["%08x" % n for n in range(count)]


class Obeying(Phone):
    """A handset that can do everything, and remembers it."""

    def __init__(self):
        super().__init__()
        self.done = []

    def fetch(self, id):
        self.done.append(("fetch", id))

    def retry(self, id):
        self.done.append(("retry", id))

    def cancel(self, id):
        self.done.append(("cancel", id))

    async def snap(self, writer, size=None, quality=None):
        writer.write(b"picture")


def obeyed(text):
    """What the console answers to `text`, line by line, and what the handset did."""
    phone, line = Obeying(), Line(text)
    asyncio.run(Console(line, phone, Events()).serve())
    return line.written.decode().split("\n")[:-1], phone.done


def test_what_a_user_decides_of_a_message_reaches_the_handset():
    answers, done = obeyed(b"FETCH 00000001\nretry 00000002\n   \ncancel 00000003\n")
    assert done == [("fetch", "00000001"), ("retry", "00000002"), ("cancel", "00000003")]
    assert answers == [
        "message 00000001 is asked for",
        "message 00000002 is tried again",
        "message 00000003 is not sent any more",
    ]


def test_a_picture_is_taken_into_the_album():
    ((answer,), _) = obeyed(b"snap\n")
    assert answer.startswith("a picture is in build/tests/album/") and answer.endswith(".jpg")
    with open(answer[16:], "rb") as file:
        assert file.read() == b"picture"


def test_a_shutter_that_nobody_told_whom_to_send_to_says_how_to_tell_it():
    class Untold(Phone):
        def __init__(self):
            super().__init__()
            self.settings["press"] = {}

    line = Line(b"press\n")
    asyncio.run(Console(line, Untold(), Events()).serve())
    assert line.written.startswith(b'! nobody to send to: add "press"')


def test_a_subject_that_is_no_text_is_named():
    answers, phone = asked({"do": "send", "to": ["+447700900002"], "subject": 7, "text": "x"})
    assert answers[0]["error"] == "subject is a text" and phone.sent == []


def heard(typed, *events):
    """What a console writes when these events come after `typed`."""
    line, source = Line(typed), Events()

    async def story():
        console = Console(line, Phone(), source)
        if typed:
            console._hear(typed, 100)
        await asyncio.sleep(0)
        for name, fields in events:
            source.say(name, **fields)
        await console.flush()

    asyncio.run(story())
    return line.written.decode().split("\n")[:-1]


def test_a_person_hears_what_happens_and_is_spared_the_progress():
    lines = heard(b"", ("sent", {"octets": 1}), ("delivered", {"id": "00000001", "status": "retrieved"}))
    assert lines == ["* delivered: id 00000001, status retrieved"]
    reply, sent = heard(b'{"do": "mode", "mode": "json"}', ("sent", {"octets": 1}))
    assert json.loads(sent)["event"] == "sent" and json.loads(sent)["octets"] == 1


def test_who_does_not_read_hears_the_newest():
    lines = heard(b"", *[("tick", {"n": number}) for number in range(100)])
    assert len(lines) == 64 and lines[-1] == "* tick: n 99"


def test_progress_that_nobody_reads_takes_no_place_of_an_answer():
    sent = ("sent", {"octets": 1})
    lines = [json.loads(line) for line in heard(b'{"do": "mode", "mode": "json"}', *[sent] * 100)]
    assert lines[0] == {"reply": "mode", "ok": True} and len(lines) == 32
    lines = heard(b'{"do": "mode", "mode": "json"}', *[sent] * 100, *[("confirmed", {"id": n}) for n in range(32)])
    assert [json.loads(line).get("id") for line in lines[-32:]] == list(range(32)) and "reply" in json.loads(lines[0])


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


def test_no_more_commands_than_the_bound_are_under_way_and_all_are_answered():
    """limits.COMMANDS, at the bound and beside it."""

    class Slow(Phone):
        most = 0

        async def send(self, message):
            self.sent.append(message)
            self.most = max(self.most, len(self.sent))
            await clock.sleep(40)
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


def test_progress_is_drawn_where_it_can_be_and_told_every_five_seconds_elsewhere():
    class Terminal(Line):
        def __init__(self, text):
            super().__init__(text)
            self.shown = []

        def bottom(self, text):
            self.shown.append(text)

    def told(kind):
        line, source, ticks = kind(b""), Events(), clock.ticks

        async def story():
            console = Console(line, Phone(), source)
            console._hear(b"inbox", 100)
            await asyncio.sleep(0)
            for ms in range(0, 12000, 250):
                clock.ticks = lambda: ms  # noqa: B023
                source.say("sent", octets=ms, of=12000)
            source.say("sent", octets=12000, of=12000)
            await console.flush()

        since = clock.since
        clock.since = lambda start: clock.ticks() - start
        try:
            asyncio.run(story())
        finally:
            clock.ticks, clock.since = ticks, since
        return line

    rows = told(Line).written.decode().split("\n")
    assert [row for row in rows if row.startswith("*")] == [
        "* sending 0 % of 12 kB", "* sending 41 % of 12 kB", "* sending 83 % of 12 kB",
    ]  # fmt: skip
    terminal = told(Terminal)
    assert len(terminal.shown) == 49 and terminal.shown[24] == "sending 50 % of 12 kB > " and terminal.shown[-1] == "> "
    assert b"sending" not in terminal.written

    async def stopped():
        serving = asyncio.create_task(Console(silent, Phone(), Events()).serve())
        await asyncio.sleep(0.01)
        serving.cancel()
        try:
            await serving
        except asyncio.CancelledError:
            pass

    silent = Terminal(b"")
    silent.readinto = lambda buf: asyncio.sleep(60)  # a person who types nothing
    asyncio.run(stopped())
    assert silent.shown == ["> ", None]  # what has ended the handset is not told behind a prompt


def test_a_field_is_one_row_whatever_ends_a_line_in_it():
    subject = "Hi\nFrom: +44666\r\nTo: me"
    message = {"id": "00000001", "state": "retrieved", "sender": "+447700900002", "subject": subject, "parts": []}
    rows = "".join(shown("read", message, {}, None)).split("\n")
    assert rows[1] == "Subject: Hi?From: +44666??To: me" and rows[2].startswith("To answer")


def test_a_failure_names_the_next_command():
    from mms.handset.console.sentences import told

    class Holder:
        class outbox:  # noqa: N801
            class store:  # noqa: N801
                @staticmethod
                def has(name):
                    return name == "00000001.o"

    def row(**fields):
        return "".join(told(dict(fields, event="failed", ms=1, step="x", code=None), Holder)).replace("\n    ", " ")

    error = {"text": "answer: no (403)", "advice": "ask the operator"}
    assert row(id="00000001", final=True, **error).endswith("ask the operator. Type: retry 00000001\n")
    assert row(id="00000002", final=True, **error).endswith("ask the operator. Type: fetch 00000002\n")
    assert row(id="00000002", final=False, retry_ms=30000, **error).endswith(". Tried again in 30 s\n")
    assert row(id="00000002", final=False, retry_ms=600000, **error).endswith(". Tried again in 10 min\n")
    assert row(id=None, final=False, text="x", advice="") == "* x\n"
