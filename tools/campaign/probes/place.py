"""Probes at places of labgrid: boards on this and on other hosts, by the process that tools.labgrid.client is.

labgrid is in a virtual environment of its own (build/labgrid), so nothing of it is imported here. LG_COORDINATOR names
the coordinator. A row says `place`, or `tags` that the place has; stamps are taken when a line arrives in this process.
"""

import asyncio
import contextlib
import json

from tools.campaign.plan import PlanError
from tools.campaign.probes.probe import Gone, Probe
from tools.labgrid import programs
from tools.programs import ROOT

LINE = 1 << 20  # octets of one line of the console
_END_S = 20  # for a process to give its place back
_ADVICE = "look at the place with labgrid-client"


class _Places:
    """The places of a campaign's probes, {probe: place}, taken one after the other in the order of their names.

    A place that another campaign has holds up those behind it: a campaign that holds a place only waits for one with a
    later name, so campaigns that want the same places never wait for each other for ever.
    """

    def __init__(self, wishes):
        self._wishes = wishes
        self._found, self._refused = {}, {}
        self._lock = asyncio.Lock()
        self._settled = {name: asyncio.Event() for name in wishes}
        self._held = {}  # {probe: the holder of its place, as a sentence}

    async def find(self, name):
        """The place of a probe, for which those behind it wait from here on; raises Gone when there is none."""
        self._settled[name].clear()
        self._held.pop(name, None)
        async with self._lock:
            if name not in self._found:
                await self._arrange()
        if name not in self._found:
            self.settle(name)
            raise Gone("probe", text=self._refused[name], advice=_ADVICE)
        return self._found[name]

    async def _arrange(self):
        fixed = {name: {"name": place} for name, place in self._found.items()}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *programs.arrange(), cwd=ROOT, stdin=pipe, stdout=pipe, process_group=0
        )
        said, _ = await process.communicate(json.dumps({**self._wishes, **fixed}).encode())
        if process.returncode:
            raise Gone("probe", text="tools.labgrid.arrange ends with %d" % process.returncode, advice=_ADVICE)
        answer = json.loads(said)
        self._found, self._refused = answer["places"], answer["refused"]

    async def turn(self, name):
        """Wait until all places before that of a probe are taken, or cannot be; raises Gone when others have one."""
        order = list(self._found)
        for earlier in order[: order.index(name)]:
            await self._settled[earlier].wait()
            if earlier in self._held:
                text = "place %s is taken after %s, and %s"
                words = self._found[name], self._found[earlier], self._held[earlier]
                raise Gone("probe", text=text % words, advice=_ADVICE)

    def settle(self, name, held=None):
        """Let the next one take its place; `held` names the holder of this probe's, where it has one."""
        if held:
            self._held[name] = held
        self._settled[name].set()


class Place(Probe):
    """The handset at a place; `wait_s` is the longest wait for a place that others have."""

    kind = "place"
    wait_s = 60

    def __init__(self, row, places, clock):
        super().__init__(row["name"], clock, row["role"], row["number"])
        self._places = places
        self._process = self._reader = self._ready = None
        self._held = None  # the holder of the place, once the process gave up waiting for it

    async def _open(self):
        place = await self._places.find(self.name)
        await self._places.turn(self.name)
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *programs.place({"name": place}, "--wait", str(self.wait_s)), cwd=ROOT, stdin=pipe, stdout=pipe, limit=LINE,
            process_group=0,  # Ctrl-C goes to this process alone, which then ends the other one
        )  # fmt: skip
        self._ready = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read(self._process))
        await self._ready

    async def _close(self):
        process, self._process = self._process, None
        if not process:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()
        await self._reader

    async def _write(self, octets):
        try:
            self._process.stdin.write(octets)
            await self._process.stdin.drain()
        except (AttributeError, ConnectionError, RuntimeError):
            raise Gone("probe", text="the process of its place has ended", advice=_ADVICE) from None

    async def _read(self, process):
        self._held, text = None, "the process of its place has ended"
        with contextlib.suppress(ValueError):  # a line that is longer than any of a console
            async for line in process.stdout:
                said = _own(line)
                if not said:
                    self.hear(line)
                elif said["place"] == "refused":
                    text = said["text"]
                    self._held = text if said["held"] else None
                else:
                    self._told(said)
        self._places.settle(self.name, self._held)
        self._fail(text)

    def _told(self, said):
        """Do what a line of the process itself means."""
        if said["place"] == "taken":
            self._places.settle(self.name)
            self.facts["model"] = said["tags"].get("family")
        elif said["place"] == "gone":
            self._fail(said["text"])
        elif said["place"] == "ready" and not self._ready.done():
            self._ready.set_result(None)
        elif said["place"] == "ready" and self.state == "gone":
            self._conversation.begin()
            self._was_away = False
            self.tell_state("back")
            self.state = "ready"

    def _fail(self, text):
        """Note that the board, or its place, is lost; nothing where that is the campaign's own wish."""
        if not self._ready.done():
            self._ready.set_exception(Gone("probe", text=text, advice=_ADVICE))
        elif self._process and self.state != "gone":
            self.lose(text)


def _own(line):
    """The message of the process itself in a line, or None for a line of the board."""
    if b'"place"' not in line:
        return None
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and "place" in said else None


def open_probes(rows, around):
    """The probes of the rows; raises PlanError for one that wishes for no place, and where labgrid is not installed."""
    if not programs.is_installed():
        raise PlanError('probes of kind "place" need labgrid: %s installs it' % programs.INSTALL)
    for row in rows:
        if bool(row["place"]) == bool(row["tags"]):
            raise PlanError("probe %s: it takes either place, or tags" % row["name"])
    places = _Places({row["name"]: {"name": row["place"]} if row["place"] else row["tags"] for row in rows})
    return [Place(row, places, around.clock) for row in rows]
