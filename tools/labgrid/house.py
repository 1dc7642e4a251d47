"""labgrid's coordinator and exporters as processes of this machine, on loopback alone, for racks of simulated boards.

It runs in build/venv; the programs are those of build/labgrid.
"""

import asyncio
import contextlib
import json
import os
import pathlib
import socket

from tools.lab.shell import HOST
from tools.labgrid import programs

_START_S = 60
_END_S = 5


def _free_port():
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


class House:
    """A coordinator at `address` with the places of racks, and exporters, each of which has some of their boards.

    `folder` holds their files and what they say. The places are gprs-01, gprs-02 and so on.
    """

    def __init__(self, folder, racks, exporters=("rack-a", "rack-b"), port=None):
        self.folder, self.racks = pathlib.Path(folder), racks
        self.address = "%s:%d" % (HOST, port or _free_port())
        self._names = exporters
        self._processes = {}

    @property
    def places(self):
        """The names of the places, in the order in which they are taken."""
        return sorted(self.racks.resources)

    def exporter_of(self, place):
        """The name of the exporter that has a place's board: one half has the first ones, and so on."""
        return self._names[self.places.index(place) * len(self._names) // len(self.places)]

    async def start(self):
        """Start the coordinator, then the exporters; raises TimeoutError, OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        places = {
            place: {
                "matches": [{"exporter": self.exporter_of(place), "group": place, "cls": "*"}],
                "tags": self.racks.tags[place],
            }
            for place in self.places
        }
        (self.folder / "places.yaml").write_text(json.dumps(places, indent=2) + "\n")  # JSON is YAML, too
        await self.start_coordinator()
        await asyncio.gather(*map(self.start_exporter, self._names))

    async def start_coordinator(self):
        """Start the coordinator, and wait until it listens."""
        await self._run("coordinator", programs.coordinator(self.address), "Coordinator ready")

    async def start_exporter(self, name):
        """Start an exporter, and wait until the coordinator knows it."""
        file = self.folder / (name + ".yaml")
        mine = {place: self.racks.resources[place] for place in self.places if self.exporter_of(place) == name}
        file.write_text(json.dumps(mine, indent=2) + "\n")
        await self._run(name, programs.exporter(self.address, name, file), "connected to coordinator")

    async def end(self, name, kill=False):
        """End the exporter of that name, or "coordinator"."""
        process = self._processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            process.kill() if kill else process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()

    async def stop(self):
        """End all processes, the coordinator last."""
        for name in reversed(list(self._processes)):
            await self.end(name)

    async def _run(self, name, command, sign):
        path = self.folder / (name + ".log")
        with open(path, "wb") as log:
            self._processes[name] = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env=dict(os.environ, LG_COORDINATOR=self.address, PYTHONUNBUFFERED="1"),
                process_group=0,
            )
        for _ in range(_START_S * 20):
            text = path.read_text("utf-8", "replace")
            if sign in text:
                return
            if self._processes[name].returncode is not None:
                break
            await asyncio.sleep(0.05)
        raise OSError("%s does not start: %s" % (name, (text.splitlines() or ["it says nothing"])[-1]))
