"""The lab's MMSC: MM1 over HTTP, notifications through the SMS centre, its journal on disk.

journal.jsonl has one event a line; bodies/ keeps what was submitted, by message id.
"""

import argparse
import asyncio
import json
import os
import pathlib
from urllib.parse import urlsplit

from aiohttp import ClientError, web

from mms import clock
from mms.codec import mm1
from tools.lab import world as worlds
from tools.lab.gateway import MSISDN
from tools.lab.relay import Relay
from tools.lab.shell import Service, run

_AGAIN_S = 5.0  # until a push is offered again to an SMS centre that did not take it
_REQUEST = 1 << 23  # octets that HTTP takes; what is too much for a message is the relay's to say


class Journal:
    """What happened at an MMSC, as JSON lines in a file and as dicts in `entries`."""

    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8")
        self.entries = []

    def __call__(self, entry):
        self.entries.append(entry)
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def all(self, event):
        """The entries of that event, oldest first."""
        return [entry for entry in self.entries if entry["event"] == event]

    def close(self):
        """Write no more."""
        self._file.close()


class _Bodies:
    """Files in a folder, by message id."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __setitem__(self, key, octets):
        (self._folder / key).write_bytes(octets)

    def __getitem__(self, key):
        return (self._folder / key).read_bytes()


class Mmsc(Service):
    """An operator's MMSC on loopback, its journal and bodies in `folder`.

    `smsc` is the URL of the SMS centre, `subscribers` says by `in` which MSISDNs are the operator's;
    `octets` bounds a message, instead of the world. `machine` is the MMSC without its lines,
    `journal` what it did.
    """

    def __init__(self, folder, smsc, subscribers, world=None, operator=None, port=0, speed=1.0,
                 octets=None):  # fmt: skip
        world = world or worlds.load()
        folder = pathlib.Path(folder)
        bodies = _Bodies(folder / "bodies")
        self.journal = Journal(folder / "journal.jsonl")
        self._smsc, self._delay, self._name = smsc, world.delays.mmsc, world.mmsc.name
        major, minor = world.mmsc.version.split(".")
        url = urlsplit(world.operator(operator or world.home).mmsc)
        self.host = url.hostname
        machine = Relay(
            self.journal,
            self._push,
            bodies,
            subscribers,
            "http://" + url.netloc,
            clock.now(),
            seed=os.urandom(8),
            octets=octets or world.mmsc.octets,
            delay_ms=int(world.delays.mmsc * 1000),
            renotify_ms=int(world.mmsc.renotify * 1000),
            validity_ms=int(world.mmsc.validity * 1000),
            version=int(major) << 4 | int(minor),
        )
        routes = [
            web.post("/{path:.*}", self._post),
            web.get("/{path:.*}", self._get, allow_head=False),
        ]
        super().__init__(machine, routes, port, speed, _REQUEST)

    async def stop(self):
        """Listen no more; the journal and the bodies stay."""
        await super().stop()
        self.journal.close()

    async def _post(self, request):
        octets = await request.read()
        if request.content_type != mm1.MEDIA:
            raise web.HTTPUnsupportedMediaType(text="not %s\n" % mm1.MEDIA)
        answer = self.machine.post(request.headers.get(MSISDN), octets, self._wall.now)
        return await self._say(request, answer)

    async def _get(self, request):
        answer = self.machine.get(request.headers.get(MSISDN), request.path, self._wall.now)
        return await self._say(request, answer)

    async def _say(self, request, answer):
        self._wall.wake()
        await self._wall.sleep(self._delay)
        if answer is None:
            request.transport.abort()
            return web.Response()
        return web.Response(
            body=answer.octets, status=answer.status, headers={"Content-Type": answer.media}
        )

    def _push(self, number, octets):
        self._spawn(self._offer(number, octets))

    async def _offer(self, number, octets):
        """Hand a push to the SMS centre, again and again while it is not there."""
        parameters = {"to": number, "from": self._name}
        while True:
            try:
                async with self._session.post(
                    self._smsc + "/push", params=parameters, data=octets
                ) as answer:
                    if answer.status < 500:
                        return
            except (ClientError, OSError, asyncio.TimeoutError):
                pass
            await self._wall.sleep(_AGAIN_S)


def main():
    """Run one MMSC until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab.mmsc", description=__doc__)
    parser.add_argument("--folder", metavar="DIR", required=True, help="of journal and bodies")
    parser.add_argument("--smsc", metavar="URL", required=True, help="the SMS centre")
    parser.add_argument(
        "--subscriber", metavar="MSISDN", action="append",
        help="any number of times; those of the world by default",
    )  # fmt: skip
    parser.add_argument("--operator", metavar="MCCMNC", help="of the world; its home by default")
    parser.add_argument("--octets", type=int, help="of the largest message")
    parser.add_argument("--port", type=int, default=0, help="on loopback; a free one by default")
    parser.add_argument("--speed", type=float, default=1.0, help="times as fast as the world")
    parser.add_argument("--world", metavar="FILE", help="instead of the lab's world.toml")
    options = parser.parse_args()

    def make():
        world = worlds.load(options.world)
        operator = options.operator or world.home
        ours = [row.number for row in world.subscribers if row.home == operator]
        return Mmsc(
            options.folder, options.smsc.rstrip("/"), options.subscriber or ours, world, operator,
            options.port, options.speed, options.octets,
        )  # fmt: skip

    run(make, "MMSC")


if __name__ == "__main__":
    main()
