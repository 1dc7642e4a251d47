"""The public API: `from mms import Handset, Message, phone`, its stubs, and the handset that a program has opened."""

import asyncio
import os
import shutil
import subprocess
import sys

import mms
from mms import clock, phone
from mms.errors import Coverage, UsageError
from mms.handset import handset, states
from mms.handset.sending import message
from tests.kit.checks import raises
from tests.kit.handset.phone import Phone, confirmation
from tools.programs import ROOT

ALICE = "+447700900001"


def test_the_package_has_handset_and_message_and_loads_neither_before_it_is_used():
    assert mms.Handset is handset.Handset and mms.Message is message.Message
    raises(AttributeError, getattr, mms, "nothing_of_that_name")
    code = "import sys, mms.limits; sys.exit(any(name.startswith('mms.handset') for name in sys.modules))"
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "lib"))
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_the_stubs_say_what_the_code_has(tmp_path):
    (tmp_path / "mms").mkdir()
    for name in ("__init__", "phone"):
        shutil.copy(ROOT / ("lib/mms/%s.pyi" % name), tmp_path / "mms")
    environment = dict(os.environ, MYPYPATH=str(tmp_path), PYTHONPATH="%s:%s" % (ROOT, ROOT / "lib"))
    command = [sys.executable, "-m", "mypy.stubtest", "mms", "--ignore-missing-stub", "--concise"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    stub = tmp_path / "mms/__init__.pyi"
    stub.write_text(stub.read_text().replace("async def ready(self)", "async def ready(self, seconds)"))
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "mms.Handset.ready" in done.stdout


def test_the_open_handset_is_held_and_without_one_the_error_says_what_opens_one():
    phone.hold(None)
    assert "main.py opens one" in str(raises(UsageError, phone.handset))

    async def work(handset):
        return handset

    program = phone.Program(work)
    phone.hold("a handset")
    try:
        asyncio.run(program.serve())
        assert program.result == phone.handset() == "a handset"
    finally:
        phone.hold(None)


def no_network():
    return [Coverage("register", 2, "no network") for _ in range(99)]


def outcome(station, seconds=None, then=None):
    """The outcome of one message, as the library has it."""

    async def story():
        await station.handset.ready()
        new = message.Message(ALICE, "a subject")
        new.text("hello")
        id = await station.handset.send(new)
        if then:
            asyncio.create_task(then(station.handset, id))
        return await station.handset.outcome(id, seconds)

    return station.live(story)


def test_an_outcome_is_awaited_until_the_message_is_sent_or_refused_or_in_doubt():
    station = Phone()
    found = outcome(station)
    assert (found["state"], found["message_id"]) == (states.SENT, "M1")
    station = Phone()
    station.mmsc.then = [confirmation(None, (0x12, 0xE1))]
    assert outcome(station)["state"] == states.FAILED
    station = Phone(in_doubt="hold")
    station.mmsc.then = [b"no PDU"]
    assert outcome(station)["state"] == states.IN_DOUBT


def test_an_outcome_that_does_not_come_is_not_awaited_for_longer_than_wanted():
    station = Phone()
    station.modem.faults["register"] = no_network()
    found = outcome(station, 5)
    assert found["state"] == states.QUEUED


def test_the_outcome_of_a_message_that_the_user_gives_up_is_a_failure():
    async def cancel(handset, id):
        await clock.sleep(1000)
        handset.cancel(id)

    station = Phone()
    station.modem.faults["register"] = no_network()
    found = outcome(station, None, cancel)
    assert (found["state"], found["why"]) == (states.FAILED, "cancelled")
