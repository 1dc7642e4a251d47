"""Every command line of the documents: what is quick is run as it is written, the others are held to what there is."""

import functools
import re
import shlex
import subprocess
import sys

import pytest

from drivers.listing import FROZEN
from tests.vectors import make
from tools import __main__ as tools
from tools.campaign.cases import catalogue
from tools.check import boards, cameras, cases, filenames, modems
from tools.programs import ROOT

DOCUMENTS = ["README.md", "SECURITY.md", *("docs/" + path.name for path in sorted((ROOT / "docs").glob("*.md")))]
START = r"(?:make|\./mms|python|mpremote|sudo) "


def commands():
    """(document, command line) of all, without the words that explain them, which two blanks or # separate."""
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
        lines = re.findall(r"^(?: {4})?(%s.*)$" % START, text, re.MULTILINE)
        for line in lines + re.findall("`(%s[^`]*)`" % START, text):
            yield name, re.split(r" {3,}|  (?=[a-z])| +#", re.sub(r" +(?=--)", " ", line).strip())[0].strip()


COMMANDS = sorted({line: name for name, line in commands()}.items())


def run(*words, **more):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, **more)


@functools.lru_cache(maxsize=None)
def help_of(*words):
    done = run("./mms", *words, "--help")
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_make(words):
    """The target is there, and so are the variables; nothing of it is run."""
    makefile = (ROOT / "Makefile").read_text()
    assert run("make", "-n", *words).returncode == 0
    for word in words:
        name, given, _ = word.partition("=")
        assert ("$(%s)" % name if given else "\n%s: " % name) in makefile or "$(or $(%s)," % name in makefile, word


def check_tool(words):
    """The tool is there and knows the options; help, and what ends by itself at once, is run."""
    assert words[0] in tools.tools()
    if "--help" in words or len(words) == 1 and words[0] == "bound":
        assert run("./mms", *words).returncode == 0
    else:
        told = help_of(*words[:1]) + (help_of(*words[:2]) if words[0] == "pdu" and len(words) > 1 else "")
        assert [word for word in words if word.startswith("--") and word not in told] == []


def check_python(words):
    if words[0] == "-m":
        assert (ROOT / (words[1].replace(".", "/") + ".py")).exists() or (ROOT / words[1].replace(".", "/")).is_dir()
        return
    assert (ROOT / words[0]).exists()
    if words[0] == "main.py":
        done = run(sys.executable, *words)
        assert done.returncode == 1 and "FILE cannot be read" in done.stderr and done.stderr.count("\n") == 1


def check_copy(words):
    """What is copied from here is here, and what is copied on the board is installed there."""
    installed = (ROOT / "package.json").read_text()
    for word in words:
        if word.startswith(":/lib/"):
            assert '"%s"' % word.removeprefix(":/lib/") in installed
        elif "." in word and not word.startswith(":"):
            assert (ROOT / word).exists(), word


CHECKS = {"make": check_make, "./mms": check_tool, "python": check_python, "mpremote": check_copy}


@pytest.mark.parametrize("line, document", COMMANDS, ids=lambda text: text.replace("/", "-"))
def test_a_command_of_a_document_is_as_it_is_written(line, document):
    program, *words = shlex.split(line)
    if program == "sudo":
        assert (ROOT / words[0]).exists()  # it installs packages
    else:
        CHECKS[program](words)


def test_the_documents_have_commands():
    lines = dict(COMMANDS)
    some = {"make run", "make test", "make lab", "./mms bound", "./mms pdu decode FILE"}
    assert some <= set(lines) and len(lines) > 25


def test_a_message_is_decoded_as_the_readme_says(tmp_path):
    message = tmp_path / "message.mms"
    message.write_bytes(make.read(ROOT / "tests/vectors/pdu-84-retrieve-conf.hex"))
    done = run("./mms", "pdu", "decode", str(message))
    assert done.returncode == 0 and "M-Retrieve.conf" in done.stdout, done.stderr


def test_make_alone_lists_every_target_and_starts_nothing():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    for command in (["make"], ["make", "help"]):
        done = run(*command)
        listed = re.findall(r"^  ([a-z]+): \S.*$", done.stdout, re.MULTILINE)
        assert done.returncode == 0 and set(listed) == targets
    listed = run("./mms").stdout
    assert all(re.search(r"^ {2,4}%s +\S" % re.escape(name), listed, re.MULTILINE) for name in tools.tools())


@pytest.mark.parametrize("words, speed", [((), ["10"]), (("PLAN=a.toml",), []), (("PLAN=a.toml", "SPEED=3"), ["3"])])
def test_only_the_plan_of_the_lab_is_faster_than_the_world_unasked(words, speed):
    done = run("make", "-n", "campaign", *words)
    assert re.findall(r'--speed "?(\d+)', done.stdout) == speed


def test_the_files_of_the_store_are_listed_as_the_code_names_them():
    assert filenames.FILE.read_text("utf-8") == filenames.text(), "run: python -m tools.check.filenames"


def test_the_test_cases_of_campaigns_are_listed_as_the_code_has_them():
    assert cases.FILE.read_text("utf-8") == cases.text(), "run: python -m tools.check.cases"
    tables = cases.text().partition("## Travelling")[0]
    assert set(re.findall("^\\| `([a-z0-9-]+)` \\|", tables, re.MULTILINE)) == set(catalogue.cases())


def test_the_boards_and_their_drawings_are_made_from_their_files():
    assert boards.FILE.read_text("utf-8") == boards.text(), "run: python -m tools.check.boards"
    drawings = {path.stem: path.read_text("utf-8") for path in boards.FOLDER.iterdir()}
    assert drawings == {name: boards.svg(name) for name in drawings}, "run: python -m tools.check.boards"
    assert sorted([*drawings, "lab", "pc"]) == FROZEN["drivers.board"].split()


def test_the_list_of_cameras_is_made_from_their_modules():
    assert cameras.FILE.read_text("utf-8") == cameras.text(), "run: python -m tools.check.cameras"
    assert sorted(cameras.families()) == FROZEN["drivers.camera"].split()


def test_the_list_of_modems_is_made_from_the_tables_of_their_families():
    assert modems.FILE.read_text("utf-8") == modems.text(), "run: python -m tools.check.modems"
    assert sorted(modems.families()) == FROZEN["drivers.modem"].split()[1:]  # and `auto` before them
