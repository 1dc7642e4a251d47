"""The handset from Python's prompt: `from mms import phone`, in the lab."""

import asyncio
import json
import pathlib
import signal
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tests.kit.programs import until
from tools.programs import ROOT, micropython

PYTHONS = {"CPython": [sys.executable], "MicroPython": micropython()}
SCRIPT = """
import sys
sys.path[0:0] = [%r, %r]
sys.argv[1:] = %r
from mms import phone
"""


class Prompt:
    """A Python that runs what a person types at its prompt, with alice's lines, and settings.json beside it."""

    def __init__(self, lab, folder, python):
        self._folder, self._python = folder, PYTHONS[python]
        (folder / "settings.json").write_text(json.dumps(lab.network.settings("alice", folder)))
        modem, camera = map(str, lab.network.lines("alice"))
        words = ["--settings", "settings.json", "--modem", modem, "--camera", camera]
        self._head = SCRIPT % (str(ROOT), str(ROOT / "lib"), words)

    async def start(self, *typed):
        path = self._folder / "typed.py"
        path.write_text("\n".join((self._head, *typed, "")))
        return await asyncio.create_subprocess_exec(*self._python, str(path), cwd=self._folder, stdout=-1, stderr=-1)

    async def run(self, *typed):
        """(what it printed, its errors) until the last of the lines is done."""
        program = await self.start(*typed)
        said, errors = await asyncio.wait_for(program.communicate(), SECONDS)
        return said.decode(), errors.decode()


@pytest.mark.parametrize("python", sorted(PYTHONS))
def test_a_picture_is_sent_from_the_prompt_twice_and_errors_are_one_line(tmp_path, python):
    async def story():
        async with Laboratory(tmp_path) as lab:
            prompt, bob = Prompt(lab, tmp_path, python), lab.number("bob")
            said, errors = await prompt.run(
                "print(phone.send(%r, 'Look', picture=True))" % bob,
                "print(phone.send('#31#447', 'Look'))",
                "print(phone.send([%r], 'Again', subject='Two'))" % bob,
                "phone.inbox()",
            )
            assert "Traceback" not in errors + said, errors + said
            first, second = lab.journal("submitted")
            assert {"image/jpeg", "text/plain"} <= {part["media"] for part in first["parts"]}
            lines = said.splitlines()
            assert "message %s is in the outbox" % first["tid"] in lines and first["tid"] in lines
            assert "* message %s is sent: the network has it" % second["tid"] in lines
            (refused,) = [line for line in lines if line.startswith("! ")]
            assert "are keys, not part of a number" in refused and "None" in lines[lines.index(refused) :]
            assert lines[-1] == "inbox: nothing"

    asyncio.run(story())


# Ctrl-C as the unix port raises it in the middle of a collection: nothing can be allocated from then on.
IN_A_COLLECTION = """
import asyncio, micropython, os
run = asyncio.run
def interrupted(main):
    async def interrupt():
        while "now" not in os.listdir():
            await asyncio.sleep(0.1)
        micropython.heap_lock()
        raise KeyboardInterrupt
    async def both():
        asyncio.create_task(interrupt())
        return await main
    return run(both())
asyncio.run = interrupted
"""


def _sleeps(pid):
    return pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(") ")[2][0] == "S"


@pytest.mark.parametrize("locked", (False, True))
def test_ctrl_c_at_the_prompt_leaves_an_accepted_message_in_the_outbox(tmp_path, locked):
    async def story():
        async with Laboratory(tmp_path) as lab:
            lab.network.modems["alice"].machine.lose_coverage()
            prompt = Prompt(lab, tmp_path, "MicroPython")
            sends = "print(phone.send(%r, 'Later'))" % lab.number("bob")
            program = await prompt.start(*((IN_A_COLLECTION, sends) if locked else (sends, "phone.inbox()")))
            lines = [b""]
            while b"ready" not in lines[-1]:  # the message is accepted by then, and the modem finds no network
                lines.append(await asyncio.wait_for(program.stdout.readline(), SECONDS))
                assert lines[-1], (await program.stderr.read()).decode()
            if locked:
                (tmp_path / "now").touch()
            else:
                await until(lambda: _sleeps(program.pid), SECONDS)  # and is in no collection
                program.send_signal(signal.SIGINT)
            said, errors = await asyncio.wait_for(program.communicate(), SECONDS)
            assert b"Traceback" not in said + errors
            *rows, id = said.decode().split("inbox: nothing")[0].splitlines()
            assert rows[-1] == "message %s is in the outbox" % id and (locked or b"inbox: nothing" in said)
            alice = await lab.ready("alice")
            assert [one["id"] for one in (await alice.ask("outbox", SECONDS))["messages"]] == [id]

    asyncio.run(story())
