"""What comes from the air moves no cursor, forges no line and no answer."""

from mms.errors import LinkError, UsageError
from mms.events import Events
from tests.kit.hostile.strings import texts

ENDS = ("\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")  # of lines, for somebody
UNSEEN = ENDS + ("\x1b", "\x08", "\0", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\xad", "\u061c")
FORGED = ["hello%sFrom:    +447700900666" % end for end in ENDS] + ["x" * 70 + " " * 8 + "From:    +447700900666"]
OURS = (
    "* ", "! ", "    ", "new ", "waits ", "From: ", "To: ", "Copy to: ", "Subject: ", "Link: ", "Part: ", "Date: ",
    "Text:", "The parts ", "To answer", "a  ", "operator: ", "network: ", "runs on: ", "memory: ", "failed ", "text ",
    "link ", "notified ", "retrieved ",
)  # fmt: skip
FIELDS = (
    "id sender recipient text url subject status why host port address operator home mccmnc step file parts of dropped"
    " settings message_id"
)


def columns(row):
    """How wide a terminal shows a row at most."""
    octets = len(row.encode())
    return octets if octets == len(row) else sum(2 if len(c.encode()) > 2 else 1 for c in row)


def doors(text):
    """Everything that a person is shown of a `text` by others, the rows of each door."""
    from mms.handset.console import answering, render
    from mms.handset.console.commands import parse
    from mms.handset.console.console import Console

    lines, events = [], Events()
    console = Console(None, None, events)
    console.put = lambda line: lines.append(line if isinstance(line, str) else "".join(line))
    with open("lib/mms/handset/console/sentences.py") as file:
        sentences = [row.split("|") for row in file.read().split('"""')[3].split("\n") if "|" in row]
    assert len(sentences) > 30
    everything = " ".join(["%%(%s)s" % key for key in FIELDS.split()])
    for name, sentence in sentences + [("something_else", everything)]:  # a sentence shows none but its own
        fields = [key for key in FIELDS.split() if "%%(%s)s" % key in sentence]
        events.say(name, **{key: text for key in fields if key != "id" or name != "failed"})
    for state in ("text", "link", "notified", "failed", "retrieved"):
        for name in ("inbox", "outbox"):
            row = {"id": "00000001", "state": state, "sender": text, "subject": text, "text": text, "url": text}
            row.update(why=text, to=[text, text], reports={text: text}, readings={text: text})
            lines.append("\n".join(render.rows(name, row)))
    lines.append("".join(render.reply("export", {"files": [{"path": "a", "type": text, "octets": 1}]}, {}, None)))
    answering.refuse(console, "x", UsageError(text))
    answering.refuse(console, "x", LinkError("answer", 403, text))
    network = {"mccmnc": text, "status": text, "rat": text, "signal": -79}
    status = {"operator": text, "home": text, "network": network, "interpreter": text, "memory": 5}
    lines.append("".join(render.reply("status", status, {}, None)))
    told = {"id": "00000001", "state": "retrieved", "sender": text, "subject": text, "text": text, "url": text}
    told.update(to=[text, text], cc=[text], date=1, parts=[{"name": text, "type": text, "octets": 7}])
    lines.append("".join(render.reply("read", told, {}, None)))
    try:
        parse(text)
    except UsageError as error:
        answering.refuse(console, "x", error)
    return lines


def test_what_a_person_reads_moves_no_cursor_and_forges_no_line():
    for text in FORGED + list(texts(60, b"hello", b"+447700900002", b"a subject"))[::10]:
        for rows in doors(text):
            line, each = rows.replace("\n", ""), rows.split("\n")
            for character in UNSEEN:
                assert character not in line, ascii(rows)
            for row in each:
                assert not row or row.startswith(OURS), ascii(row)
                assert columns(row) <= 79, ascii(row)  # no terminal ends it
            for label in ("From:", "Subject:", "Link:"):
                assert sum(row.startswith(label) for row in each) <= 1, ascii(rows)


def test_a_program_gets_one_line_for_one_answer():
    import json

    from mms.handset.console import answering
    from mms.handset.console.console import Console

    lines, events = [], Events()
    console = Console(None, None, events)
    console.json, console.put = True, lambda line: lines.append(line if isinstance(line, str) else "".join(line))
    for text in FORGED + list(texts(61, b"hello", b"a subject"))[::10]:
        del lines[:]
        events.say("text", id="00000001", sender="+447700900002", text=text)
        answering.answer(console, {"do": "read"}, {"text": text, "subject": text})
        answering.answer(console, {"do": "inbox"}, {"messages": [{"id": "00000001", "text": text}]})
        answering.refuse(console, "x", UsageError(text))
        assert len(lines) == 4
        for line in lines:
            line = line[:-1] if line[-1] == "\n" else line
            assert not [character for character in UNSEEN if character in line], ascii(line)
            json.loads(line)
        if text in FORGED:
            assert json.loads(lines[0])["text"] == text
