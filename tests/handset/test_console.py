"""The console: whatever is typed gets one clear answer, in the language that was asked for."""

import asyncio
import json
import re

from mms.events import Events
from mms.handset import editing
from mms.handset.carrying import probing
from mms.handset.console import answering, commands, composing, topics, verbs
from mms.handset.console.console import Console
from mms.handset.panel import presses
from tests.kit.handset.console import Line, Phone, asked, typed


def test_a_person_sends_with_words():
    answers, phone = typed(b"\r\n  send +447700900002 Hello there\r\n")
    assert phone.sent[0].to == ["+447700900002"]
    assert phone.sent[0].parts[0].octets == b"Hello there"
    assert answers == ["message 00000001 is on its way"]


def test_a_program_sends_with_json():
    answers, phone = asked({"do": "send", "to": ["a@b.example"], "subject": "s", "picture": True, "sound": "x.amr"})
    assert [part.media for part in phone.sent[0].parts] == ["image/jpeg", "audio/amr"]
    assert answers == [{"reply": "send", "ok": True, "id": "00000001", "price": None, "cost": ""}]


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
        b"scan all\n",
        b"register\n",
        b"register O2\n",
        b"read 00000000 please\n",
        b"forward 00000000\n",
        b'{"do": "press", "to": ["+447700900002"]}\n',
        b'{"do": "send", "to": ["+447700900002"], "pictur": true}\n',
        b'{"do": "send", "to": ["+447700900002"], "picture": true, "size": "HUGE"}\n',
        b'{"do": "send", "to": ["+447700900002"], "text": "x", "size": "VGA"}\n',
        b'{"do": "send", "to": ["+447700900002"], "text": "x", "sound": "x.jpg"}\n',
        b'{"do": "snap", "size": "HUGE"}\n',
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
        (b"ibnox", "! no command ibnox: type inbox, or help"),
        (b"sned +447700900002 x", "! no command sned: type send, or help"),
        (b"inboxes", "! no command inboxes: type help"),
        (b"stat", "! no command stat: type status, or help"),
        (
            b"help cameras",
            "! no help on cameras; help TOPIC: a command, sending, receiving, pictures, network, setup, programs",
        ),
        (b'{"do": "snap", "sise": "VGA"}', "! snap has no sise: it has size, quality, limit"),
        (b'{"do": "press", "to": []}', "! press has no to: it has kind"),
        (b"press hard", '! a press is "short", "long" or "double"'),
        (
            b'{"do": "snap", "size": "HUGE"}',
            '! size is one of "best", "UXGA", "SXGA", "XGA", "SVGA", "VGA", "CIF", "QVGA", "QCIF", "QQVGA"',
        ),
    ):
        assert " ".join(row.strip() for row in typed(typed_line + b"\n")[0]) == said


def registry():
    """{name: (module, keys, usage, help, answer)} of all commands."""
    rows = [row.split("|") for row in commands._COMMANDS.strip().split("\n")]
    assert all(len(row) == 6 and row[4] for row in rows) and len({row[0] for row in rows}) == len(rows)
    return {row[0]: (row[1], row[2].split(), row[3], row[4], row[5]) for row in rows}


def test_the_registry_has_each_command_that_a_module_performs_and_no_other():
    modules = {"answering": answering, "composing": composing, "editing": editing, "presses": presses}
    modules.update(probing=probing, verbs=verbs)
    performed = {(room, name[3:]) for room in modules for name in dir(modules[room]) if name[:3] == "do_"}
    assert performed == {(row[0], name) for name, row in registry().items()}


def test_help_and_the_parser_have_each_command_with_its_words():
    listed = commands.help().split("\n")
    for name, (_, _, usage, help, _) in registry().items():
        assert "%-20s  %s" % (name + " " + usage, help) in listed
        typed_line = " ".join([name] + ["1" for word in usage.split() if word[0] != "["])
        assert set(commands.parse(typed_line)) <= {"do", *registry()[name][1]}


def test_help_on_a_command_has_its_keys_and_help_on_a_topic_its_commands_in_rows_that_fit():
    for name, (_, keys, usage, about, _) in registry().items():
        text = topics.help(name, commands.rows())
        assert text.startswith((name + " " + usage).strip() + "\n") and about in text
        assert set(keys) <= set(text.replace("\n", " ").split(" "))
    told = set()
    for name in topics.overview().replace(",", "").split(" ")[4:]:
        rows = topics.help(name, commands.rows()).split("\n")
        assert len(rows) > 3 and max(len(row) for row in rows) <= 2 * 78
        told |= {row.split(" ")[0] for row in rows[1:]}
    assert {"send", "read", "snap", "check", "settings", "mode"} <= told
    answers, _ = typed(b"help Sending\n")
    assert answers[0] == "messages out:" and all(len(row) <= 78 for row in answers)


def test_every_command_is_in_the_docs_with_its_words_and_its_keys():
    with open("docs/console.md") as file:
        table = file.read().partition("## Commands")[2].partition("## Long lines")[0]
    wishes = set(re.findall("`([^`]+)`", table.partition("Wishes of `send`:")[2]))
    found = {}
    for row in table.split("\n"):
        if row.startswith("| `"):
            typed_words, keys, _ = row.split("|")[1:4]
            for words in re.findall("`([^`]+)`", typed_words):
                found[words] = set(re.findall("`([^`]+)`", keys)) | (wishes if "wishes" in keys else set())
    for name, (_, keys, usage, _, _) in registry().items():
        documented = found.pop((name + " " + usage).strip())
        assert documented == set(keys), name
    assert found == {}


def test_settings_are_shown_without_their_secrets():
    answers, _ = asked({"do": "settings"})
    assert answers[0]["settings"]["pin"] == "**"
    assert "1234" not in json.dumps(answers)


def test_an_error_carries_step_code_and_advice():
    answers, _ = asked({"do": "snap"})
    assert answers[0]["ok"] is False and answers[0]["step"] == "camera" and answers[0]["advice"]


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

    async def snap(self, create, size=None, quality=None, octets=None):
        self.done.append((size, quality, octets))
        async with create() as writer:
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


def test_size_quality_and_limit_stand_before_the_text_of_a_photo():
    (answers, done) = obeyed(b"snap size=QVGA quality=40 LIMIT=9000\nsnap size=HUGE\nsnap limit=much\nsnap QVGA\n")
    assert done == [("QVGA", 40, 9000)]
    assert sorted([answer[:2] for answer in answers if answer[0] != " "]) == ["! ", "! ", "! ", "a "]
    command = commands.parse("photo +447700900002 size=SVGA limit=90000 size is 5=4+1")
    assert command == {
        "do": "photo", "to": ["+447700900002"], "size": "SVGA", "limit": 90000, "text": "size is 5=4+1"
    }  # fmt: skip
    assert "text" not in commands.parse("photo +447700900002 quality=5")
    assert commands.parse("photo +447700900002 a=b")["text"] == "a=b"


def test_a_subject_that_is_no_text_is_named():
    answers, phone = asked({"do": "send", "to": ["+447700900002"], "subject": 7, "text": "x"})
    assert answers[0]["error"] == "subject is a text" and phone.sent == []


def heard(typed, *events):
    """What a console writes when these events come after `typed`."""
    line, source = Line(typed), Events()

    async def story():
        console = Console(line, Phone(), source)
        if typed:
            console.begin(typed, 100)
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
