"""The console: whatever is typed gets one clear answer, in the language that was asked for."""

import asyncio
import json

from mms import limits
from mms.errors import CameraError, UsageError
from mms.events import Events
from mms.handset import settings as handset_settings
from mms.handset.console import Console
from mms.handset.shown import shown


class Line:
    """A stream with `typed` in it; keeps what was written."""

    def __init__(self, typed):
        self._typed = typed
        self.written = b""

    async def readinto(self, buf):
        await asyncio.sleep(0)
        piece, self._typed = self._typed[: len(buf)], self._typed[len(buf) :]
        if not piece:
            for _ in range(20):
                await asyncio.sleep(0)  # let the commands end before the line does
        buf[: len(piece)] = piece
        return len(piece)

    async def write(self, buf):
        self.written += bytes(buf)


class Box:
    store = None  # all is free

    def __init__(self, *items):
        self._items = items

    def each(self):
        return self._items

    def item(self, id):
        raise UsageError("no message %s here" % id)


class Phone:
    """A handset that remembers what was asked of it."""

    def __init__(self):
        self.settings = handset_settings.check(
            {"album": "build/tests/album", "pin": "1234", "press": {"to": ["+447700900002"], "text": "hi"}}
        )
        self.inbox = self.outbox = Box()
        self.sent = []

    async def send(self, message):
        self.sent.append(message)
        return "00000001"

    def fetch(self, id):
        raise UsageError("no message %s in the inbox" % id)

    async def snap(self, writer, size=None, quality=None):
        raise CameraError("camera")


def typed(text):
    """What the console answers to `text`, line by line, and the handset."""
    phone, line, events = Phone(), Line(text), Events()
    events.listen(lambda event: None)
    asyncio.run(Console(line, phone, events).serve())
    return line.written.decode().split("\n")[:-1], phone


def asked(*commands):
    """The JSON answers to commands, and the handset."""
    lines = [json.dumps(command) for command in ({"do": "mode", "mode": "json"},) + commands]
    answers, phone = typed("\n".join(lines).encode() + b"\n")
    return [json.loads(answer) for answer in answers[1:]], phone


def test_a_person_sends_with_words():
    answers, phone = typed(b"\r\n  send +447700900002 Hello there\r\n")
    assert phone.sent[0].to == ["+447700900002"]
    assert phone.sent[0].parts[0].octets == b"Hello there"
    assert answers == ["id: 00000001"]


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
        b"x" * (limits.CONSOLE_LINE + 1) + b"\n",
    ):
        answers, phone = typed(text)
        assert len(answers) == 1 and answers[0].startswith("! ") and "attribute" not in answers[0], text
        assert phone.sent == []


def test_settings_are_shown_without_their_secrets():
    answers, _ = asked({"do": "settings"})
    assert answers[0]["settings"]["pin"] == "**"
    assert "1234" not in json.dumps(answers)


def test_an_error_carries_step_code_and_advice():
    answers, _ = asked({"do": "snap"})
    assert answers[0]["ok"] is False and answers[0]["step"] == "camera" and answers[0]["advice"]


def test_a_person_sees_one_line_a_message():
    sent = {"id": "00000001", "state": "sent", "to": ["+447700900002"], "octets": 468, "subject": "Hi", "why": ""}
    sent["reports"] = {"+447700900002": "retrieved"}
    assert shown("outbox", {"messages": [sent]}) == (
        "00000001  sent  +447700900002  468 octets  Hi  (+447700900002: retrieved)"
    )
    assert shown("inbox", {"messages": []}) == "inbox: nothing"
    assert shown("cancel", {}) == "cancel: ok"
    assert shown("status", {"home": "23410", "network": {"signal": -79, "rat": None}}) == (
        "home: 23410\nnetwork:\n  signal: -79"
    )


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
    assert answers == ["fetch: ok", "retry: ok", "cancel: ok"]


def test_a_picture_is_taken_into_the_album():
    ((answer,), _) = obeyed(b"snap\n")
    assert answer.startswith("path: build/tests/album/") and answer.endswith(".jpg")
    with open(answer[6:], "rb") as file:
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
            console._take(typed)
        await asyncio.sleep(0)
        for name, fields in events:
            source.say(name, **fields)
        await console.flush()

    asyncio.run(story())
    return line.written.decode().split("\n")[:-1]


def test_a_person_hears_what_happens_and_is_spared_the_progress():
    lines = heard(b"", ("sent", {"octets": 1}), ("delivered", {"id": "00000001", "status": "retrieved"}))
    assert lines == ["* delivered id=00000001 status=retrieved"]
    reply, sent = heard(b'{"do": "mode", "mode": "json"}', ("sent", {"octets": 1}))
    assert json.loads(sent)["event"] == "sent" and json.loads(sent)["octets"] == 1


def test_who_does_not_read_hears_the_newest():
    lines = heard(b"", *[("tick", {"n": number}) for number in range(100)])
    assert len(lines) == 64 and lines[-1] == "* tick n=99"


def test_progress_that_nobody_reads_takes_no_place_of_an_answer():
    sent = ("sent", {"octets": 1})
    lines = [json.loads(line) for line in heard(b'{"do": "mode", "mode": "json"}', *[sent] * 100)]
    assert lines[0] == {"reply": "mode", "ok": True} and len(lines) == 32
    lines = heard(b'{"do": "mode", "mode": "json"}', *[sent] * 100, *[("confirmed", {"id": n}) for n in range(32)])
    assert [json.loads(line).get("id") for line in lines[-32:]] == list(range(32)) and "reply" in json.loads(lines[0])
