"""The command `mms` as a person starts it: another process, in a folder of its own."""

import asyncio
import json
import os
import pty
import sys
import tty

from tests.kit.laboratory import SECONDS
from tools.programs import ROOT, interpreter

CHECKOUT = [sys.executable, "-m", "tools"]


class Done:
    """What a command left: `status`, `said` and `errors`, and `rows`, its lines of JSON."""

    def __init__(self, status, said, errors):
        self.status, self.said, self.errors = status, said.decode(), errors.decode()
        assert "Traceback" not in self.said + self.errors, self.said + self.errors

    @property
    def rows(self):
        """The objects of its JSON lines."""
        return [json.loads(line) for line in self.said.splitlines()]

    @property
    def fault(self):
        """The one line that an error is."""
        (line,) = self.errors.splitlines()
        return line


def around(folder):
    """The environment of a command: settings and store of its own, and no port of the machine's."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MMS_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "XDG_DATA_HOME": str(folder), "COLUMNS": "80"}


async def start(folder, *words, command=CHECKOUT, **more):
    """The process of a command."""
    pipes = {"stdin": asyncio.subprocess.DEVNULL, "stdout": -1, "stderr": -1, **more}
    words = [str(word) for word in (*command, *words)]
    return await asyncio.create_subprocess_exec(*words, cwd=folder, env=around(folder), **pipes)


async def run(folder, *words, **more):
    """A command until its end: Done."""
    process = await start(folder, *words, **more)
    said, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    return Done(process.returncode, said, errors)


class Board:
    """A handset whose console is a serial line at `path`, as that of a board is; `words` are those of main.py."""

    def __init__(self, *words):
        self._words = [*interpreter(), *map(str, words)]

    async def __aenter__(self):
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        self._handset = await asyncio.create_subprocess_exec(*self._words, cwd=ROOT, **pipes)
        asyncio.get_running_loop().add_reader(self._master, self._hear)
        self._says = asyncio.create_task(self._say())
        return self

    def _hear(self):
        self._handset.stdin.write(os.read(self._master, 4096))

    async def _say(self):
        while octets := await self._handset.stdout.read(4096):
            os.write(self._master, octets)

    async def __aexit__(self, *error):
        asyncio.get_running_loop().remove_reader(self._master)
        self._handset.stdin.close()
        await asyncio.wait_for(self._handset.wait(), SECONDS)
        self._says.cancel()
        os.close(self._master)
        os.close(self._slave)
