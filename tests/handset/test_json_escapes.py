"""Programs that write ASCII only: what they escape is what they meant, on both interpreters."""

import asyncio
import json

from mms.codec import mm1
from mms.events import Events
from mms.handset import rooms, settings
from mms.handset.console.console import Console
from tests.kit.checks import raises
from tests.kit.handset.console import Line, Phone

ESCAPED = b'"\\ud83d\\ude00 gr\\u00fc\\u00df\\ud83d\\uDE00\\ud83d\\ude01"'
MEANT = "😀 grüß😀😁"


def loads(octets):
    return rooms.json_escapes.loads(octets)


def test_a_pair_of_escapes_is_one_character():
    assert loads(ESCAPED) == MEANT and loads(b'{"a": [' + ESCAPED + b"]}") == {"a": [MEANT]}
    assert loads(json.dumps('plain\n"\\ud83d').encode()) == 'plain\n"\\ud83d'
    assert loads(b'"\\\\ud83d\\\\\\ud83d\\ude00"') == "\\ud83d\\😀"


def test_half_a_pair_is_no_character():
    for octets in (b'"\\ud83d"', b'"\\ude00"', b'"\\ud83d\\n"', b'"\\ude00\\u0020"'):
        assert loads(octets)[0] == "\ufffd" and loads(octets).encode()
    assert loads(b'"\\ud83d\\ud83d\\ude00"') == "\ufffd😀"
    for octets in (b'"\\ud83"', b'"\\ud8', b'"\\', b"\xff"):
        raises(ValueError, loads, octets)


def test_a_program_sends_such_a_text():
    for key in (b"text", b"subject"):
        phone, line = (
            Phone(),
            Line(b'{"do": "send", "to": ["+447700900002"], "text": "a", "%s": %s}\n' % (key, ESCAPED)),
        )
        asyncio.run(Console(line, phone, Events()).serve())
        assert line.written == b"message 00000001 is on its way\n"
        message = phone.sent[0]
        assert MEANT in (message.subject, message.parts[0].octets.decode())
        assert mm1.build(mm1.SEND_REQ, [(mm1.TRANSACTION_ID, "1"), (mm1.VERSION, 0x12), (mm1.SUBJECT, message.subject)])


def test_settings_may_be_written_so():
    path = "build/test-escapes.json"
    with open(path, "wb") as file:
        file.write(b'{"press": {"text": ' + ESCAPED + b"}}")
    assert settings.load(path)["press"]["text"] == MEANT
