"""The examples do what they say, in the lab."""

import asyncio
import json
import signal
import subprocess
import sys

from tests.run.laboratory import SECONDS, Laboratory
from tools.phone import ROOT


def test_send_picture_sends_a_picture(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            settings = tmp_path / "settings.json"
            settings.write_text(json.dumps(lab.network.settings("alice", tmp_path)))
            lines = [str(line) for line in lab.network.lines("alice")]
            words = ["examples/send_picture.py", str(settings), *lines, lab.number("bob")]
            program = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=-1, stderr=-2)
            said, _ = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 0, said.decode()
            assert b"'confirmed'" in said
            (submission,) = lab.journal("submitted")
            assert [part["media"] for part in submission["parts"]] == ["application/smil", "image/jpeg", "text/plain"]

            words[-1] = "12"
            program = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=-1, stderr=-1)
            _, said = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 1 and said.startswith(b"12: a number") and said.count(b"\n") == 1

            words[-1] = lab.number("bob")
            lab.network.mmsc.machine.refuse_the_next(0xE1)
            program = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=-1, stderr=-1)
            _, said = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 1 and said.startswith(b"confirmation: ") and said.count(b"\n") == 1

            program = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=-1, stderr=-1)
            await asyncio.wait_for(program.stdout.readuntil(b"'captured'"), SECONDS)
            program.send_signal(signal.SIGINT)
            _, said = await asyncio.wait_for(program.communicate(), SECONDS)
            assert program.returncode == 130 and b"Traceback" not in said

    asyncio.run(story())


def test_a_beginner_who_leaves_something_out_is_told_what():
    missing = ["none.json", "x", "y", "z"]
    for words, told in (([], "SETTINGS MODEM CAMERA NUMBER"), (missing, "none.json cannot be read")):
        command = [sys.executable, "examples/send_picture.py", *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
        assert done.returncode == 1 and told in done.stderr and "Traceback" not in done.stderr
