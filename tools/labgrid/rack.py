"""Racks of simulated boards: each has its console on a TCP port of this machine, and a switch for its power.

It runs in build/venv. Each pair of boards has a lab of its own, and is the subscribers alice and bob of it. A board is
the real program on the real MicroPython; its console is not paced, unlike the lines of modem and camera.
"""

import asyncio
import contextlib
import gc
import json
import pathlib

from aiohttp import web

from tools.lab import world as worlds
from tools.lab.camera import scene
from tools.lab.lab import NAMES, Lab
from tools.lab.shell import HOST, Server, private
from tools.programs import ROOT, interpreter

PLACE = "gprs-%02d"
LINE = 1 << 20  # octets that a reader of the console may be behind
_BLOCK = 4096
_YIELDING = "nice", "-n", "15"  # a program gives way to the lines of all boards, which have to keep their time
_APART_S = 0.5  # between two boards that are switched on: all at once would be too late for their modems' dialogue


class Board:
    """One handset whose console is at `port`, for one reader at a time; whatever is said without one is lost.

    `command` starts its program; `log` is the file for its errors.
    """

    def __init__(self, name, command, log):
        self.name, self.port = name, None
        self._command, self._log = command, log
        self._process = self._server = self._reader = self._writer = None

    async def start(self, port=0):
        """Listen, and switch the power on."""
        self._server = await asyncio.start_server(self._connected, HOST, port, limit=LINE)
        self.port = self._server.sockets[0].getsockname()[1]
        await self.power(True)

    async def stop(self):
        """Switch the power off, and listen no more."""
        await self.power(False)
        if self._server:
            self._server.close()
        if self._writer:
            self._writer.close()

    @property
    def is_on(self):
        """Whether the program runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def process(self):
        """The number of the process of the program that runs."""
        return self._process.pid

    async def power(self, on):
        """Start the program, or end it as a power cut does."""
        if on and not self.is_on:
            with open(self._log, "ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *_YIELDING,
                    *self._command,
                    cwd=ROOT,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                    process_group=0,  # Ctrl-C goes to this process alone, which then ends the handset
                )
            self._reader = asyncio.create_task(self._say(self._process))
        elif not on and self.is_on:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            await self._reader

    async def _say(self, process):
        while octets := await process.stdout.read(_BLOCK):
            if self._writer and self._writer.transport.get_write_buffer_size() < LINE:
                self._writer.write(octets)

    async def _connected(self, reader, writer):
        if self._writer:
            writer.close()
            return
        self._writer = writer
        try:
            while octets := await reader.read(_BLOCK):
                if self.is_on:
                    self._process.stdin.write(octets)
                    await self._process.stdin.drain()
        except ConnectionError:
            pass  # the reader, or the power, has gone
        finally:
            self._writer = None
            writer.close()


class Rack:
    """`pairs` pairs of boards in a folder; `boards` {place: Board}, `labs` theirs, `power_url` the switch of each.

    `tags` {place: {tag: value}} and `resources` {place: labgrid's resources} are those for an exporter. `modems` are
    the families of each pair, `first` is the number of the first one. Raises WorldError.
    """

    def __init__(self, folder, pairs, modems=("sim800",), radio="gprs-10-cs2", speed=1.0, first=1):
        self.folder = pathlib.Path(folder)
        self.labs, self.boards, self.tags, self.resources = [], {}, {}, {}
        self._modems, self._radio, self._speed = modems, radio, speed
        self._pairs = range(first, first + pairs)
        self._power = Server(
            [web.get("/power/{number}", self._told), web.put("/power/{number}", self._switched)], guarded=True
        )

    async def start(self):
        """Start the labs, then the boards."""
        await self._power.start()
        for size in scene.SIZES:
            scene.ground(size)  # of all cameras: drawn later, it would hold up the lines
        for pair in self._pairs:
            folder = self.folder / ("pair-%02d" % pair)
            lab = Lab(worlds.load(), folder / "lab", self._radio, self._speed, modems=self._modems)
            self.labs.append(lab)
            await lab.start()
            for at, name in enumerate(NAMES):
                number = 2 * pair + at - 1
                place = PLACE % number
                await self._board(lab, folder, name, number)
                family = self._modems[at % len(self._modems)]
                await asyncio.sleep(_APART_S)
                self.tags[place] = {"family": family, "pair": "%02d" % pair, "role": ("mo", "mt")[at]}
        gc.collect()
        gc.freeze()  # labs live as long as the rack: to search them for garbage would hold all lines up for 60 ms

    async def _board(self, lab, folder, name, number):
        settings = folder / (name + ".json")
        with open(settings, "w", opener=private) as file:  # with the operator's password
            file.write(json.dumps(lab.settings(name, folder), indent=2) + "\n")
        modem, camera = map(str, lab.lines(name))
        command = [*interpreter(), "--settings", str(settings), "--modem", modem, "--camera", camera]
        place = PLACE % number
        board = self.boards[place] = Board(place, command, folder / (name + ".log"))
        await board.start()
        self.resources[place] = {
            "NetworkSerialPort": {"host": HOST, "port": board.port, "speed": 115200, "protocol": "raw"},
            "NetworkPowerPort": {"model": "rest", "host": "%s/power/{index}" % self._power.url, "index": number},
        }

    async def stop(self):
        """Switch everything off."""
        for part in [*self.boards.values(), *self.labs]:
            await part.stop()
        await self._power.stop()

    def _of(self, request):
        number = request.match_info["number"]
        board = self.boards.get(PLACE % int(number)) if number.isdigit() else None
        if not board:
            raise web.HTTPNotFound(text="no board %s\n" % number)
        return board

    async def _told(self, request):
        return web.Response(text="1" if self._of(request).is_on else "0")

    async def _switched(self, request):
        wish = await request.text()
        if wish not in ("0", "1"):
            raise web.HTTPBadRequest(text="0 or 1, please\n")
        await self._of(request).power(wish == "1")
        return web.Response(text=wish)
