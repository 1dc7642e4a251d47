"""The journal: whole lines, masked, however it ends."""

import errno
import json

import pytest

from tools.campaign import journal as journals
from tools.campaign.journal import Journal, JournalError


def test_numbers_keep_two_digits_and_secrets_none_and_what_tells_entries_apart_stays():
    entry = {
        "to": ["+447700900123"],
        "text": "call 07700900123 or +4917604069001, network 23410, 1100000 octets",
        "pin": "1234",
        "facts": {"number": "+447700900001", "password": "x"},
        "id": "12345678",
        "message_id": "4477009001234567@mms",
        "octets": 1234567890,
    }
    assert journals.masked(entry) == {
        "to": ["***********23"],
        "text": "call *********23 or ************01, network 23410, 1100000 octets",
        "pin": "**",
        "facts": {"number": "***********01", "password": "**"},
        "id": "12345678",
        "message_id": "4477009001234567@mms",
        "octets": 1234567890,
    }


def test_a_torn_last_line_is_left_out_told_and_cut_off_before_the_next(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.write("note", text="one")
    journal.close()
    with open(path, "ab") as file:
        file.write(b'{"what":"note","te')
    told = []
    assert [entry["text"] for entry in journals.read(path, told.append)] == ["one"]
    assert told == ["%s: line 2 is torn, and left out" % path]
    journal = Journal(path)
    journal.write("note", text="two")
    assert [json.loads(line)["text"] for line in path.read_text().splitlines()] == ["one", "two"]


def test_a_full_disk_is_one_line_that_says_what_to_do_and_leaves_whole_lines(tmp_path, monkeypatch):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.write("note", text="one")
    real = journal._file

    class Full:
        left = 10

        def write(self, octets):
            if not self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            count, self.left = real.write(octets[: self.left]), 0
            return count

    journal._file = Full()
    with pytest.raises(JournalError, match="No space left on device; make room, then go on with --resume"):
        journal.write("note", text="two")
    assert path.read_text() == '{"what":"note","text":"one"}\n'
    journal._file = real
    journal.write("note", text="three")
    assert [entry["text"] for entry in journals.read(path)] == ["one", "three"]


def test_half_of_a_surrogate_pair_in_a_text_of_a_handset_is_a_question_mark(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("event", text=json.loads('"a\\ud800b"'))
    assert [entry["text"] for entry in journals.read(journal.path)] == ["a?b"]
