"""Tab at CPython's terminal completes commands, and the ids of messages that were shown."""

import os
import pty
import subprocess
import sys

from drivers.serial import completion
from mms.handset.console import commands, topics
from tools.programs import ROOT

SCRIPT = """
import asyncio
from drivers.serial.terminal import Terminal

async def main():
    terminal = Terminal()
    terminal.bottom("> ")
    await terminal.write(b"new  1c0ffee5  27 Nov  Hi\\n")
    for _ in range(2):
        line = bytearray(64)
        count = await terminal.readinto(line)
        await terminal.write(b"got " + bytes(line[:count]))
    print("end")

asyncio.run(main())
"""


def test_the_words_are_those_of_the_console():
    assert completion.COMMANDS.split() == [row[0] for row in commands.rows()]
    words = completion.Words()
    names = {row.split("|")[0] for row in topics._TOPICS.strip().split("\n")}
    assert names <= set(words.matching("help ", ""))


def test_a_command_a_topic_and_an_id_are_completed_the_newest_first():
    words = completion.Words()
    words.note("new 1c0ffee5  27 Nov\n* message ab2c414f is here. Type: read ab2c414f\nalbum/1234abcd.jpg 12345678x")
    assert words.matching("St", "St") == ["status "] and words.matching("re", "re")[:2] == ["record ", "read "]
    assert words.matching("read ", "") == ["ab2c414f", "1c0ffee5"] and words.matching("read 1c", "1c") == ["1c0ffee5"]
    assert words.matching("press l", "l") == ["long"] and words.matching("help sen", "sen") == ["send", "sending"]
    assert words.matching("reply 1c0ffee5 h", "h") == []  # a text is a person's own


def test_tab_completes_in_a_terminal():
    ours, theirs = pty.openpty()
    path = os.pathsep.join((str(ROOT), str(ROOT / "lib")))
    environment = dict(os.environ, PYTHONPATH=path, TERM="dumb")
    program = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    )
    os.close(theirs)
    try:
        os.write(ours, b"sta\t\nread 1c\t\n")
        shown = b""
        while b"\nend" not in shown:
            shown += os.read(ours, 1024)
        assert b"got status \r\n" in shown and b"got read 1c0ffee5" in shown
    finally:
        program.kill()
        program.wait()
        os.close(ours)
