"""The examples do what they say, in the lab."""

import asyncio
import json
import signal
import subprocess
import sys

from tests.kit.laboratory import SECONDS, Laboratory
from tools.programs import ROOT

EXAMPLE = str(ROOT / "examples/send_picture.py")


class Example:
    """examples/send_picture.py on alice's lines, in a folder that is not the project's."""

    def __init__(self, lab, folder, **settings):
        self._folder = folder
        path = folder / "settings.json"
        path.write_text(json.dumps(dict(lab.network.settings("alice", folder), **settings)))
        modem, camera = map(str, lab.network.lines("alice"))
        self._words = [EXAMPLE, "--settings", str(path), "--modem", modem, "--camera", camera]

    async def start(self, number):
        return await asyncio.create_subprocess_exec(
            sys.executable, *self._words, number, cwd=self._folder, stdout=-1, stderr=-1
        )

    async def run(self, number):
        """(exit status, what it said, its errors)."""
        program = await self.start(number)
        said, errors = await asyncio.wait_for(program.communicate(), SECONDS)
        return program.returncode, said.decode(), errors.decode()


def test_send_picture_sends_a_picture(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            example, bob = Example(lab, tmp_path), lab.number("bob")
            status, said, errors = await example.run(bob)
            assert status == 0 and "'confirmed'" in said, errors
            (submission,) = lab.journal("submitted")
            assert [part["media"] for part in submission["parts"]] == ["application/smil", "image/jpeg"]

            status, _, errors = await example.run("#31#447")
            assert status == 1 and ": a number in international form" in errors and errors.count("\n") == 1

            lab.network.mmsc.machine.refuse_the_next(0xE1)
            status, _, errors = await example.run(bob)
            assert status == 1 and errors.startswith("failed: confirmation: ") and errors.count("\n") == 1

            program = await example.start(bob)
            await asyncio.wait_for(program.stdout.readuntil(b"'captured'"), SECONDS)
            program.send_signal(signal.SIGINT)
            _, errors = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 130 and b"Traceback" not in errors

    asyncio.run(story())


def test_another_messages_confirmation_is_not_taken_for_its_own(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            machine = lab.network.modems["alice"].machine
            machine.lose_coverage()
            alice = await lab.ready("alice")
            older = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="older"))["id"]
            await alice.stop()
            machine.find_coverage()
            program = await Example(lab, tmp_path).start(lab.number("bob"))
            lines = []
            while not any("'confirmed'" in line and older in line for line in lines):
                lines.append((await asyncio.wait_for(program.stdout.readline(), SECONDS)).decode())
            lab.network.mmsc.machine.refuse_the_next(0xE1)
            _, errors = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 1 and errors.startswith(b"failed: confirmation: ") and errors.count(b"\n") == 1
            assert [entry["tid"] for entry in lab.journal("submitted")] == [older]

    asyncio.run(story())


def test_doubt_is_no_success(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            lab.network.mmsc.machine.drop_the_next_answer()
            status, _, errors = await Example(lab, tmp_path, in_doubt="hold").run(lab.number("bob"))
            assert status == 1 and errors.startswith("in doubt: ") and errors.count("\n") == 1
            assert len(lab.journal("submitted")) == 1

    asyncio.run(story())


def test_a_beginner_who_leaves_something_out_is_told_what(tmp_path):
    usage = "--settings FILE --modem LINE --camera LINE NUMBER"
    missing = ["--settings", "none.json", "+447700900002"]
    for words, told in (([], usage), (missing, "none.json cannot be read")):
        command = [sys.executable, EXAMPLE, *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20)
        assert done.returncode == 1 and told in done.stderr and "Traceback" not in done.stderr


def test_send_picture_is_short():
    with open(EXAMPLE) as file:
        assert len([line for line in file if line.strip()]) <= 15
