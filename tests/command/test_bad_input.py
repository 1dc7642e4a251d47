"""Bad input to the command `mms`: one clear line, the right exit status, no traceback."""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import termios
import threading
import time
import tty

import pytest

from mms.errors import ModemError
from tests.kit import command
from tests.kit.laboratory import Laboratory
from tools.command import __main__ as program
from tools.command import opening


@contextlib.contextmanager
def line():
    """(the other end of a serial line, its path)."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        yield master, os.ttyname(slave)
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(
    "words, status, told",
    (
        (("dance",), 2, "no verb dance"),
        (("send",), 2, "required: NUMBER"),
        (("send", "1", "--wait", "never"), 2, "'never' is no number of seconds"),
        (("inbox", "--port", "a", "--board", "b"), 2, "not allowed with"),
        (("inbox", "--port", "/dev/none"), 3, "/dev/none: no such port"),
        (("inbox", "--board", "/dev/none"), 3, "/dev/none: no such port"),
        (("console", "--port", "/dev/none"), 3, "/dev/none: no such port"),
        (("inbox", "--port", "/etc/passwd"), 3, "/etc/passwd is no serial line"),
        (("inbox", "--port", "/dev/null"), 3, "is no serial line"),
        (("completion", "fish"), 2, "invalid choice"),
        (("pdu", "decode", "none.mms"), 2, "none.mms: No such file"),
    ),
)
def test_words_that_make_no_sense_are_one_line(tmp_path, words, status, told):
    done = asyncio.run(command.run(tmp_path, *words))
    assert (done.status, done.said) == (status, "") and told in done.fault


def test_a_line_that_is_silent_or_taken_or_at_a_prompt_is_named(tmp_path):
    with line() as (master, path):
        silent = asyncio.run(command.run(tmp_path, "inbox", "--board", path, "--json"))
        assert silent.status == 3 and "no handset's console answers" in silent.fault
        assert silent.rows[0]["status"] == 3 and silent.rows[0]["step"] == "port"
        os.read(master, 4096)

        def answer():
            os.read(master, 64)
            os.write(master, b">>> AT\r\nNameError: name 'AT' isn't defined\r\n>>> ")

        asked = threading.Thread(target=answer)
        asked.start()
        prompt = asyncio.run(command.run(tmp_path, "inbox", "--port", path))
        asked.join()
        assert prompt.status == 3 and "MicroPython's prompt answers" in prompt.fault
        other = os.open(path, os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.flock(other, fcntl.LOCK_EX)  # as pyserial does with exclusive
            for option in ("--port", "--board"):
                taken = asyncio.run(command.run(tmp_path, "inbox", option, path))
                assert taken.status == 3 and "another program has it" in taken.fault
        finally:
            os.close(other)


def test_a_modem_that_never_answers_is_one_line(tmp_path):
    (tmp_path / "own.json").write_text('{"modem": {"family": "sim800"}}')
    with line() as (_, path):
        done = asyncio.run(command.run(tmp_path, "check", "--port", path, "--settings", "own.json"))
    assert done.status == 3 and done.fault.startswith("mms: %s: modem: " % path), done.errors


@pytest.mark.parametrize(
    "said, found",
    (
        (b"AT\r\r\nOK\r\n", opening.MODEM),
        (b"\0\0OK\r\n", opening.MODEM),
        (b"! no command at: type help\r\n", opening.BOARD),
        (b'{"reply": "console", "ok": false}\n', opening.BOARD),
        (b">>> AT\r\nTraceback...\r\nNameError: name 'AT' isn't defined\r\n", opening.PROMPT),
        (b"\xff\xfeGPS $GPRMC", opening.UNKNOWN),
        (b"AT\r", opening.SILENT),
        (b"", opening.SILENT),
    ),
)
def test_the_answer_to_at_tells_what_is_at_a_line(said, found):
    assert opening.kind(said) == found


def settings(lab, folder, **more):
    path = folder / "alice.json"
    path.write_text(json.dumps(dict(lab.network.settings("alice", folder), **more)))
    return "--port", lab.network.lines("alice")[0], "--settings", path


def test_a_handset_refuses_what_makes_no_sense_and_keeps_what_ctrl_c_interrupts(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = settings(lab, tmp_path)
            for words, told in (
                (("send", "#31#447", "Hi"), "keys, not part of a number"),
                (("send", "+447700900002", "--file", "missing.jpg"), "missing.jpg"),
                (("read", "nonsense"), "an id, please"),
                (("register", "nowhere"), "five or six digits"),
                (("ask", "dance"), "no command dance"),
                (("inbox", "--settings", "none.json"), "none.json cannot be read"),
            ):
                done = await command.run(tmp_path, *words[:1], *alice, *words[1:], "--json")
                assert done.status == 2 and told in done.errors.splitlines()[-1], (words, done.status, done.errors)
                assert done.rows[-1]["status"] == 2

            lab.network.modems["alice"].machine.lose_coverage()
            sending = await command.start(tmp_path, "send", "+447700900002", "Later", *alice)
            started = time.monotonic()
            while not list(tmp_path.rglob("*.o")) and time.monotonic() - started < 60:  # accepted
                await asyncio.sleep(0.1)
            sending.send_signal(2)
            said, errors = await asyncio.wait_for(sending.communicate(), 60)
            assert sending.returncode == 130 and said == b"", errors
            assert errors.decode().count("stays in the outbox") == 1 and b"Traceback" not in errors
            listed = await command.run(tmp_path, "outbox", *alice, "--json")
            assert [row["state"] for row in listed.rows] == ["queued"]
            late = await command.run(tmp_path, "send", "+447700900002", "Later", "--wait", "1", *alice)
            assert late.status == 4 and "nothing came within 1 s" in late.fault

    asyncio.run(story())


def test_a_line_that_was_found_is_named_where_it_is_lost(monkeypatch, capsys):
    def lost(port, **where):
        raise ModemError("line", None, "it was pulled out")

    monkeypatch.delenv("MMS_PORT", raising=False)
    monkeypatch.delenv("MMS_BOARD", raising=False)
    monkeypatch.setattr(program, "find", lambda: "/dev/ttyUSB7")
    monkeypatch.setattr(program, "open", lost)
    assert program.main(["check"]) == program.PORT
    assert "/dev/ttyUSB7: " in capsys.readouterr().err


def test_a_reader_that_goes_away_and_a_missing_terminal_end_it_quietly(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = settings(lab, tmp_path)
            read, write = os.pipe()
            os.close(read)
            for verb, said in (("check", b""), ("console", b"help\n")):
                process = await command.start(tmp_path, verb, *alice, stdin=-1, stdout=write)
                _, errors = await asyncio.wait_for(process.communicate(said), 60)
                assert (process.returncode, errors) == (141, b""), verb
            os.close(write)
            console = await command.start(tmp_path, "console", *alice, stdin=-1)
            said, errors = await asyncio.wait_for(console.communicate(b"help\nquit\n"), 60)
            assert (console.returncode, errors) == (0, b"") and b"send NUMBER" in said

    asyncio.run(story())
    with line() as (_, path):
        done = asyncio.run(command.run(tmp_path, "console", "--board", path))
        assert done.status == 1 and "needs a terminal" in done.fault


def test_progress_is_for_a_terminal_only(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = settings(lab, tmp_path, camera={"family": "file", "path": str(command.ROOT / "assets/sample.jpg")})
            words = ("send", lab.number("bob"), "--picture", *alice)
            plain = await command.run(tmp_path, *words)
            assert plain.status == 0 and plain.errors == ""
            with line() as (master, path):
                terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
                termios.tcsetwinsize(terminal, (24, 80))
                shown = bytearray()
                loop = asyncio.get_running_loop()
                loop.add_reader(master, lambda: shown.extend(os.read(master, 4096)))
                process = await command.start(tmp_path, *words, stderr=terminal)
                said, _ = await asyncio.wait_for(process.communicate(), 60)
                os.close(terminal)
                await asyncio.sleep(0.1)
                loop.remove_reader(master)
            assert process.returncode == 0 and b"is sent" in said and b"picture" in shown

    asyncio.run(story())
