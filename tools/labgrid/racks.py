"""Racks of simulated boards in processes of their own: one process could not keep the time of many serial lines.

It runs in build/venv. `python -m tools.labgrid.racks FOLDER FIRST PAIRS SPEED MODEMS` is such a process: it prints what
its rack has as one line of JSON, answers each line of its input with how late its lines were, and ends with its input.
"""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import sys

from tools import alone
from tools.labgrid.rack import Rack
from tools.programs import ROOT

_LINE = 1 << 20
_END_S = 20


class Racks:
    """`pairs` pairs of boards in a folder, spread over as many processes as the machine has cores.

    `ports` are {place: port of its console}, `tags` and `resources` are those of rack.Rack for an exporter.
    """

    def __init__(self, folder, pairs, modems=("sim800",), speed=1.0, processes=None):
        self._folder, self._pairs, self._modems, self._speed = pathlib.Path(folder), pairs, modems, speed
        self._count = min(pairs, processes or len(os.sched_getaffinity(0)))
        self._processes = []
        self.ports, self.tags, self.resources = {}, {}, {}

    async def start(self):
        """Start all, one process after the other: boards that start at once hold each other up. Raises OSError."""
        first = 1
        for number in range(self._count):
            pairs = self._pairs // self._count + (number < self._pairs % self._count)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tools.labgrid.racks",
                str(self._folder), str(first), str(pairs), str(self._speed), ",".join(self._modems),
                cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LINE, process_group=0,
            )  # fmt: skip
            self._processes.append(process)
            said = await process.stdout.readline()
            if not said:
                raise OSError("a rack does not start: see what it says above")
            for mine, rows in zip((self.ports, self.tags, self.resources), json.loads(said), strict=True):
                mine.update(rows)
            first += pairs

    async def stop(self):
        """Switch everything off."""
        for process in self._processes:
            process.stdin.close()
        for process in self._processes:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), _END_S)
                continue
            process.kill()
            await process.wait()
        self._processes.clear()

    async def lateness(self):
        """(batches, those that were too late, the latest one's seconds) of all lines since the last call."""
        rows = []
        for process in self._processes:
            process.stdin.write(b"\n")
            rows += json.loads(await process.stdout.readline())
        batches, missed, most = zip(*rows, strict=True)
        return sum(batches), sum(missed), max(most)


def _lateness(rack):
    """[batches, those that were too late, the latest one's seconds] of each line, which begins to count anew."""
    shells = [shell for lab in rack.labs for shell in (*lab.modems.values(), *lab.cameras.values())]
    rows = []
    for lateness in [shell.line.lateness for shell in shells]:
        rows.append([lateness.batches, lateness.missed, lateness.most])
        lateness.forget()
    return rows


async def _live(folder, first, pairs, speed, modems):
    rack = Rack(folder, int(pairs), modems.split(","), speed=float(speed), first=int(first))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        await rack.start()
        ports = {place: board.port for place, board in rack.boards.items()}
        print(json.dumps([ports, rack.tags, rack.resources]), flush=True)
        while await reader.readline():
            print(json.dumps(_lateness(rack)), flush=True)
    finally:
        await rack.stop()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it ends it
    alone.keep_private()
    asyncio.run(_live(*sys.argv[1:]))
