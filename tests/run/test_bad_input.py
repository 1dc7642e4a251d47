"""Whatever goes wrong ends with one clear line, an exit status, and the message still in the outbox."""

import asyncio
import json
import os
import select
import subprocess
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools import programs
from tools.journey.phone import Failed
from tools.programs import ROOT


def run(coroutine):
    return asyncio.run(coroutine)


def ended(tmp_path, *words, settings=None):
    """(exit status, lines on the error stream) of main.py."""
    arguments = list(words)
    if settings is not None:
        (tmp_path / "settings.json").write_text(settings)
        arguments = ["--settings", str(tmp_path / "settings.json"), *words]
    done = subprocess.run(
        [*programs.interpreter(), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.PIPE,
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize(
    "settings, words",
    [
        ("{", ("settings", "not JSON")),
        ("[]", ("settings", "object")),
        ('{"colour": "red"}', ("colour", "no such setting")),
        ('{"number": "07700900001"}', ("number", "international")),
        ('{"operators": {"23410": {"apn": "a b", "mmsc": "http://m/"}}}', ("operators.23410.apn",)),
        ('{"board": "toaster"}', ("board: no toaster: there are esp32cam_sim800, ",)),
    ],
)
def test_wrong_settings_are_one_line_that_names_the_key(tmp_path, settings, words):
    status, lines = ended(tmp_path, "--modem", "/dev/null", settings=settings)
    assert status == 1 and len(lines) == 1, lines
    assert all(word in lines[0] for word in words)


def test_a_line_that_is_not_there_is_one_line(tmp_path):
    status, lines = ended(tmp_path, "--modem", str(tmp_path / "nowhere"), settings='{"store": "%s"}' % tmp_path)
    assert status == 1 and len(lines) == 1 and "nowhere" in lines[0] and "plug it in" in lines[0], lines


@pytest.mark.parametrize("module, package", [(None, "pyserial"), ("serial", "pyserial"), ("construct", "construct")])
def test_a_python_that_lacks_a_package_is_told_what_to_install(tmp_path, module, package):
    if module:  # there is one of that name, but not with what is needed
        (tmp_path / (module + ".py")).write_text("")
    (tmp_path / "settings.json").write_text('{"store": "%s/store"}' % tmp_path)
    command = [sys.executable, "-S", str(ROOT / "main.py"), "--settings", str(tmp_path / "settings.json")]
    around = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command + ["--modem", "/dev/null"], env=around, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr.endswith("python -m pip install --upgrade %s\n" % package), done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_no_file_is_not_read_as_settings_and_what_is_no_line_is_no_modem(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in ("/dev/zero", tmp_path / "fifo", tmp_path):
        status, lines = ended(tmp_path, "--settings", str(path), "--modem", "/dev/null")
        assert status == 1 and len(lines) == 1 and "settings: %s cannot be read" % path in lines[0], lines
        status, lines = ended(tmp_path, "--modem", str(path), settings='{"store": "%s/store"}' % tmp_path)
        assert status == 1 and len(lines) == 1 and "cannot open %s for the modem" % path in lines[0], lines


def test_a_second_handset_on_one_line_says_so_and_ends(tmp_path):
    ours, theirs = os.openpty()
    line, settings = os.ttyname(theirs), '{"store": "%s"}'
    (tmp_path / "first.json").write_text(settings % (tmp_path / "first"))
    first = subprocess.Popen(
        [*programs.interpreter(), "--settings", str(tmp_path / "first.json"), "--modem", line],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert select.select([ours], [], [], 30)[0]  # it asks its modem
        status, lines = ended(tmp_path, "--modem", line, settings=settings % (tmp_path / "second"))
        assert status == 1 and len(lines) == 1 and "another program has the line" in lines[0], lines
    finally:
        first.kill()
        first.communicate()
        os.close(ours)
        os.close(theirs)


async def _dies(lab, phone, words):
    """The phone ends by itself, with exit status 1 and `words` in its last line."""
    await phone.start()
    with pytest.raises(Failed) as failed:
        await phone.seen("ready", SECONDS)
    assert "exit status 1" in str(failed.value)
    assert all(word in str(failed.value) for word in words), failed.value
    _one_line(phone)


def _one_line(phone):
    text = phone.log.read_text()
    assert "Traceback" not in text and len(text.splitlines()) == 1, text
    phone.log.write_text("")


def test_no_sim_ends_the_program(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            lab.network.modems["alice"].machine.remove_sim()
            await _dies(lab, lab.phone("alice"), ("no SIM",))

    run(story())


def test_a_wrong_pin_is_tried_once_and_never_again(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            card = lab.network.modems["alice"].machine.sim.card
            card.pin = "1234"
            await _dies(lab, lab.phone("alice", pin="9999"), ("sim", "PIN"))
            await _dies(lab, lab.phone("alice", pin="9999"), ("not tried again",))
            assert card.retries[0] == 2
            await lab.ready("alice", pin="1234")
            assert card.retries[0] == 3

    run(story())


def test_no_coverage_is_told_and_the_message_waits_for_it(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            modem = lab.network.modems["alice"]
            alice = await lab.ready("alice", register_seconds=5)
            modem.machine.lose_coverage()
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="hello"))["id"]
            told = await alice.seen("failed", SECONDS)
            assert told["advice"] and told["step"] in ("register", "attach", "context", "connect")
            assert _state(await alice.ask("outbox", SECONDS), id) in ("queued", "failed")
            modem.machine.find_coverage()
            await alice.ask("retry", SECONDS, id=id)
            await alice.seen("confirmed", SECONDS, id=id)

    run(story())


def _state(reply, id):
    return {message["id"]: message["state"] for message in reply["messages"]}[id]


def test_an_mmsc_that_refuses_is_told_with_its_status_and_the_message_stays(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice")
            lab.network.mmsc.machine.refuse_the_next(0xE1)  # MMS 1.0 calls it 82: service denied
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="hello"))["id"]
            told = await alice.seen("failed", SECONDS, id=id)
            assert (told["step"], told["code"], told["final"]) == ("confirmation", 0xE1, True)
            assert _state(await alice.ask("outbox", SECONDS), id) == "failed"
            alice.events.clear()
            await alice.ask("retry", SECONDS, id=id)
            await alice.seen("confirmed", SECONDS, id=id)

    run(story())


def test_truncated_pictures_are_no_message_and_a_single_one_is_taken_again(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            press = {"to": [lab.number("bob")]}
            alice = await lab.ready("alice", press=press)
            lab.network.cameras["alice"].machine.truncate(5000, frames=3)
            with pytest.raises(Failed) as failed:
                await alice.ask("press", SECONDS)
            assert failed.value.step == "picture"
            assert (await alice.ask("outbox", SECONDS))["messages"] == []
            assert [path.name for path in (tmp_path / "alice" / "store").iterdir()] == ["camera.r"]
            lab.network.cameras["alice"].machine.truncate(5000)
            id = (await alice.ask("press", SECONDS))["id"]
            assert "no end" in (await alice.seen("retaken", SECONDS))["text"]
            await alice.seen("confirmed", SECONDS, id=id)

    run(story())


def test_a_lost_confirmation_is_in_doubt_and_sent_once_more_with_a_flag(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice")
            lab.network.mmsc.machine.drop_the_next_answer()
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="hello"))["id"]
            await alice.seen("in_doubt", SECONDS, id=id)
            await alice.seen("confirmed", SECONDS, id=id)
            (message,) = (await alice.ask("outbox", SECONDS))["messages"]
            assert message["maybe_duplicate"]
            assert [entry["tid"] for entry in lab.journal("submitted")] == [id, id]

    run(story())


def test_nonsense_on_the_console_is_answered_and_forgotten(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice")
            for nonsense in ({"do": "dance"}, {"do": "send"}, {"do": "fetch", "id": "../../etc"}):
                with pytest.raises(Failed):
                    await alice.ask(**nonsense, seconds=SECONDS)
            assert json.dumps((await alice.ask("status", SECONDS))["network"])

    run(story())
