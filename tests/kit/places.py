"""Places of labgrid for tests: boards that answer at once, and the process of a place."""

import asyncio
import json
import os

from tools.lab.shell import HOST
from tools.labgrid import programs
from tools.programs import ROOT

SECONDS = 60  # real ones, for anything that is waited for: no promise, but where a hang ends


class Board:
    """A board on a TCP port that answers every command, unless it is `silent`; `heard` is what it was told.

    `status` are more fields of its replies.
    """

    def __init__(self):
        self.heard, self.silent, self.status, self.port = [], False, {}, None
        self._server, self._writers = None, []

    async def start(self, port=0):
        self._server = await asyncio.start_server(self._connected, HOST, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        self.hang_up()
        await asyncio.sleep(0)

    def hang_up(self):
        """End the connections, as a cable that is pulled out does."""
        for writer in self._writers:
            writer.close()

    def say(self, octets):
        for writer in self._writers:
            writer.write(octets)

    async def _connected(self, reader, writer):
        self._writers.append(writer)
        try:
            while line := await reader.readline():
                do = json.loads(line)
                self.heard.append(do)
                if not self.silent:
                    reply = {"reply": do["do"], "ok": True, **self.status}
                    self.say(json.dumps(reply).encode() + b"\r\n")
        except ConnectionError:
            pass
        finally:
            self._writers.remove(writer)
            writer.close()


class Rack:
    """Boards of that number for tools.labgrid.house.House; the place gprs-NN has the tags `number` and `kind`."""

    def __init__(self, count):
        self.boards = {"gprs-%02d" % (at + 1): Board() for at in range(count)}
        self.tags = {name: {"number": name[-2:], "kind": "test"} for name in self.boards}
        self.resources = {}

    async def start(self):
        for name, board in self.boards.items():
            await board.start()
            port = {"host": HOST, "port": board.port, "speed": 115200, "protocol": "raw"}
            self.resources[name] = {"NetworkSerialPort": port}

    async def stop(self):
        for board in self.boards.values():
            await board.stop()


class Place:
    """The process of a place at a coordinator: `async with Place(address, name="gprs-01") as place`."""

    def __init__(self, address, *options, **tags):
        self._command = programs.place(tags, *options)
        self._around = dict(os.environ, LG_COORDINATOR=address)
        self.process = None

    async def __aenter__(self):
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, env=self._around, stdin=pipe, stdout=pipe, limit=1 << 20
        )
        return self

    async def __aexit__(self, *error):
        if self.process.returncode is None:
            self.process.stdin.close()
            await asyncio.wait_for(self.process.wait(), SECONDS)

    def tell(self, do, **arguments):
        self.process.stdin.write(json.dumps(dict(arguments, do=do)).encode() + b"\n")

    async def line(self):
        """The next line that comes out, read as JSON."""
        line = await asyncio.wait_for(self.process.stdout.readline(), SECONDS)
        assert line, "the process has ended"
        return json.loads(line)

    async def said(self, **fields):
        """The next line with these fields."""
        while True:
            said = await self.line()
            if fields.items() <= said.items():
                return said
