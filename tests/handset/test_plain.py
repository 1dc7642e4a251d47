"""What is shown of texts by others, held against what Unicode says of every character (CPython knows its tables)."""

import json
import sys
import unicodedata

from mms.handset.console.plain import WIDTH, clean, escape, rows

WITHOUT_WIDTH = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}
WITHOUT_WIDTH.update(range(0x180B, 0x1810), range(0xE0000, 0xE1000))


def test_no_character_that_moves_hides_or_separates_is_shown():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        unseen = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or code in WITHOUT_WIDTH
        if unseen:
            assert clean("a%sb" % character) == "a?b", hex(code)
        elif unicodedata.category(character) not in ("Cn", "Co"):
            assert clean("a%sb" % character) == "a%sb" % character, hex(code)


def test_a_line_of_json_stays_what_it_says():
    for text in ("\x7f\x85\u200b\u2028\ufeff", "\U000e0041x", "😀 grüß 日本" * 50, '"\\\n'):
        line = "".join(escape(json.dumps(text, ensure_ascii=False)))
        assert json.loads(line) == text and len(line.splitlines()) == 1
        assert clean(line) == line


def test_a_row_ends_before_the_terminal_ends_it():
    for text in ("word " * 60, "x" * 300, "日本語" * 60, "a " + "b" * 200 + " c", "\n\n", " " * 200, "x\r\ny\rz\tq"):
        told = list(rows("* ", text))
        for row in told[1:]:
            assert row.startswith("    ")
        assert told[0].startswith("* ")
        assert all(sum(2 if ord(c) > 0x7FF else 1 for c in row) <= WIDTH for row in told)
        kept = "".join("".join(told).split())
        assert kept == "".join(("* " + text).split())
    assert list(rows("", "x\r\ny\rz\tq")) == ["x", "    y", "    z q"]
    assert list(rows("Subject: ", "one two " * 10, "  ")) == [
        "Subject: one two one two one two one two one two one two one two one two one",
        "  two one two ",
    ]
