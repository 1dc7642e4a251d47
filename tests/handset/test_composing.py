"""A message that a person puts together in pieces: what does not fit together is said in one line."""

import asyncio

from mms import limits
from mms.errors import StoreError, StoreFull, UsageError
from mms.handset.console import composing
from mms.handset.store import files
from tests.kit.checks import raises


def more(command, pieces):
    return asyncio.run(composing.do_more(None, dict(command, do="more"), pieces))


def test_recipients_and_the_subject_are_gathered_and_forgotten():
    pieces = {}
    more({"to": ["+447700900002"], "subject": "News"}, pieces)
    assert more({"to": ["+447700900003"]}, pieces) == {"octets": 0}
    whole = composing._whole({"to": ["a@b.example"]}, pieces)
    assert whole["to"] == ["+447700900002", "+447700900003", "a@b.example"] and whole["subject"] == "News"
    assert composing._whole({"subject": "Mine"}, pieces)["subject"] == "Mine"
    most = ["+447700900002"] * (limits.ADDRESSES + limits.PARTS)
    raises(UsageError, more, {"to": most}, pieces)
    assert more({}, pieces) == {"octets": 0} and pieces == {}


def test_a_text_is_in_the_command_or_in_its_pieces():
    assert composing._text({"text": "hello"}, {}) == "hello"
    assert composing._text({}, {"path": "LICENSE", "octets": 10})[:3]
    raises(UsageError, composing._text, {}, {"path": "LICENSE", "octets": limits.CONSOLE_LINE + 1})
    for command in ({}, {"text": ""}, {"text": 7}):
        raises(UsageError, composing._text, command, {})


def test_parts_that_do_not_belong_together_are_refused():
    to = {"to": ["+447700900002"]}
    for wanted in (to, dict(to, size="QVGA", text="a")):
        raises(UsageError, composing._message, wanted, {})
    gathered = {"path": "album/text.txt", "octets": 10}
    raises(UsageError, composing._message, dict(to, text="a"), gathered)
    assert len(composing._message(to, gathered).parts) == 1


class _Store:
    written = 0

    def room(self, path):
        return 10


class _Phone:
    settings = {"album": "build/tests/pieces"}

    class inbox:
        store = _Store()


def _piece(text, pieces):
    return asyncio.run(composing.do_more(_Phone, {"do": "more", "text": text}, pieces))


def test_a_piece_that_does_not_fit_is_refused_and_those_before_it_stay():
    pieces = {}
    assert _piece("1234567", pieces) == {"octets": 7} and _Phone.inbox.store.written == 7
    raises(StoreFull, _piece, "1234567", pieces)  # what is free is kept for messages that arrive
    raises(UsageError, _piece, "abc", {"octets": limits.MESSAGE - 2})
    assert _piece("890", pieces) == {"octets": 10}
    assert composing._text({}, pieces) == "1234567890"
    assert more({}, pieces) == {"octets": 0} and not files.has("build/tests/pieces/text.txt")


def test_an_album_that_cannot_be_written_is_told_with_the_systems_code():
    class Blocked(_Phone):
        settings = {"album": "LICENSE"}

    error = raises(StoreError, asyncio.run, composing.do_more(Blocked, {"do": "more", "text": "a"}, {}))
    assert error.code
