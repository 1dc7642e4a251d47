"""Docstrings, comments and documents are in plain words: what this file counts, CONTRIBUTING.md explains."""

import collections
import pathlib
import re

from tests.kit import sentences

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("lib", "drivers", "tools", "docs")

# Percent of all sentences: as many as in projects that are read easily.
WHO_PERCENT = 0.1
RIDDLES_PERCENT = 0.2

# The subject of a sentence is a thing of the code: "who" is for people only.
WHO = re.compile(r"\b(who|whom|whoever|nobody|somebody)\b", re.IGNORECASE)
# "What came is kept" is a riddle; "the TPDU is kept" is none.
RIDDLE = re.compile(r"^\W*(what|where|who)\b", re.IGNORECASE)
SHOWN = 100  # lines of a report


def sources():
    """The files whose sentences count."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    return [path for path in found if path.suffix in (".py", ".md")]


def count(pattern, paths):
    """(percent, report): how many sentences of the files have `pattern`, and their lines, worst files first."""
    every, hits = 0, collections.defaultdict(list)
    for path in paths:
        for line, sentence in sentences.of_file(path):
            every += 1
            if pattern.search(sentence):
                hits[path].append("%s:%d: %s" % (path.relative_to(ROOT), line, sentence))
    found = sum(map(len, hits.values()))
    lines = [line for path in sorted(hits, key=lambda path: -len(hits[path])) for line in hits[path]]
    percent = 100 * found / every
    return percent, "%.2f %%: %d of %d sentences\n%s" % (percent, found, every, "\n".join(lines[:SHOWN]))


def test_sentences_are_about_things_and_not_about_somebody():
    percent, report = count(WHO, sources())
    assert percent <= WHO_PERCENT, report


def test_sentences_do_not_begin_as_riddles():
    percent, report = count(RIDDLE, sources())
    assert percent <= RIDDLES_PERCENT, report


def test_what_is_counted_are_sentences_of_docstrings_and_comments_and_documents(tmp_path):
    python, markdown = tmp_path / "room.py", tmp_path / "page.md"
    python.write_text(
        '"""A room. It has\na door.\n\n- an item\n"""\n'
        "import os  # noqa: F401\n"
        "text = 'who is no comment'  # where is one\n"
        "# The first of\n# two lines. `Who` is code.\n"
        'def open():\n    """Opens it."""\n'
    )
    assert sentences.of_file(python) == [
        (1, "A room."),
        (1, "It has a door."),
        (4, "an item"),
        (7, "where is one"),
        (8, "The first of two lines."),
        (8, "CODE is code."),
        (11, "Opens it."),
    ]
    markdown.write_text(
        "# A title\n\n| cell | Another one. With two. |\n|---|---|\n\n```\nwho\n```\n1. [What](where.md) is it? Yes.\n"
    )
    assert [sentence for _, sentence in sentences.of_file(markdown)] == [
        "A title",
        "cell",
        "Another one.",
        "With two.",
        "What is it?",
        "Yes.",
    ]


def test_words_of_people_and_riddles_are_found_and_their_lines_named(tmp_path, monkeypatch):
    monkeypatch.setattr("%s.ROOT" % __name__, tmp_path)
    page = tmp_path / "page.md"
    page.write_text("Nobody is here.\n\nWhat came is kept. It says what came, and whose it is.\n\nWho is it?\n")
    assert count(WHO, [page]) == (50.0, "50.00 %: 2 of 4 sentences\npage.md:1: Nobody is here.\npage.md:5: Who is it?")
    assert count(RIDDLE, [page])[1].split("\n")[1:] == ["page.md:3: What came is kept.", "page.md:5: Who is it?"]
