"""Boards for the walk: the real handset in the lab, with its console on a TCP port, and ways to spoil that line."""

import asyncio
import contextlib
import json

from tools.lab.shell import HOST, private
from tools.programs import ROOT, interpreter


class Board:
    """The handset of a subscriber of a Laboratory at `line`; it prints its errors there, too, as a board does.

    `drops` are octets: lines with one of them get lost on the way to the PC. `pulls`: octets of a line with which the
    line is pulled out. `mute`: nothing arrives. `asked` are the commands that came from the PC.
    """

    def __init__(self, lab, name, folder, drops=(), pulls=None, mute=False, **settings):
        self._settings = dict(lab.network.settings(name, folder), **settings)
        self._lines = map(str, lab.network.lines(name))
        self._path = folder / (name + ".json")
        self._drops, self._pulls, self._mute = drops, pulls, mute
        self._process = self._server = self._writer = None
        self._tasks = []
        self.asked = []

    @property
    def line(self):
        """The URL of the console."""
        return "socket://%s:%d" % (HOST, self._server.sockets[0].getsockname()[1])

    async def start(self):
        """Switch it on."""
        with open(self._path, "w", opener=private) as file:
            file.write(json.dumps(self._settings) + "\n")
        modem, camera = self._lines
        self._server = await asyncio.start_server(self._connected, HOST)
        self._process = await asyncio.create_subprocess_exec(
            *interpreter(), "--settings", str(self._path), "--modem", modem, "--camera", camera,
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20, process_group=0,
        )  # fmt: skip
        self._tasks.append(asyncio.create_task(self._say()))

    async def stop(self):
        """Switch it off."""
        self.pull()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        for task in self._tasks:
            task.cancel()
        self._server.close()

    def pull(self):
        """Pull the line out."""
        if self._writer:
            self._writer.transport.abort()
            self._writer = None

    async def _say(self):
        heard = b""  # before the PC is there
        async for line in self._process.stdout:
            if self._mute or any(word in line for word in self._drops):
                continue
            heard += line
            if self._writer:
                self._writer.write(heard)
                heard = b""
            if self._pulls and self._pulls in line:
                self.pull()

    async def _connected(self, reader, writer):
        self._writer = writer
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                with contextlib.suppress(ValueError):
                    self.asked.append(json.loads(line))
                with contextlib.suppress(ConnectionError):  # the program has ended, and the board is still there
                    self._process.stdin.write(line)
                    await self._process.stdin.drain()
        writer.close()


@contextlib.asynccontextmanager
async def boards(lab, folder, *names, **more):
    """The started Boards of subscribers; `more` is Board's."""
    made = [Board(lab, name, folder, **more) for name in names]
    try:
        for board in made:
            await board.start()
        yield made
    finally:
        for board in made:
            await board.stop()
