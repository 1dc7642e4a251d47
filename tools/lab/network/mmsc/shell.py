"""The lab's MMSC: MM1 over HTTP, notifications through the SMS centre, its queue and journal on disk.

journal.jsonl has one event a line; bodies/ keeps what was submitted, by message id; queue.sqlite has all that waits.
"""

import asyncio
import http
import logging
import os
import pathlib
import secrets
from urllib.parse import urlsplit

from aiohttp import ClientError, web

from mms import clock
from mms.codec import mm1
from tools.lab import world as worlds
from tools.lab.calendar import Calendar
from tools.lab.network.gateway.machine import MSISDN
from tools.lab.network.mmsc.deviations import other_host
from tools.lab.network.mmsc.disk import Disk
from tools.lab.network.mmsc.journal import Journal
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.mmsc.queue import LATEST
from tools.lab.shell import DATE, Service, private

_LOG = logging.getLogger("lab.mmsc")
_PUSH = "push"  # the room of the store with pushes that the SMS centre does not have yet
_RETRY_S = 5.0  # until a push is sent again to an SMS centre that did not answer
_REQUEST = 1 << 23  # octets that HTTP accepts; the machine has the bound of a message


class _Bodies:
    """Files in a folder, by message id."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __setitem__(self, key, octets):
        with open(self._folder / key, "wb", opener=private) as file:
            file.write(octets)

    def __getitem__(self, key):
        return (self._folder / key).read_bytes()

    def __delitem__(self, key):
        (self._folder / key).unlink(missing_ok=True)


class Mmsc(Service):
    """An operator's MMSC on loopback, its journal and bodies in `folder`.

    `smsc` is the URL of the SMS centre, `subscribers` says by `in` which MSISDNs are the operator's;
    `octets` bounds a message, instead of the world; `deviations` are (name, times or None) of
    deviations.py. `callers`: addresses -> MSISDN of handsets that connect without a gateway. The date is the
    `calendar`'s, today's by default. `machine` is the MMSC without its lines, `journal` what it did, `hosts` are the
    names that its URLs may have. `heard(number, headers)` is called for each request of a subscriber.
    """

    def __init__(self, folder, smsc, subscribers, world=None, operator=None, port=0, speed=1.0,
                 octets=None, deviations=(), callers=None, calendar=None):  # fmt: skip
        world = world or worlds.load()
        folder = pathlib.Path(folder)
        bodies = _Bodies(folder / "bodies")
        self._store = Disk(folder / "queue.sqlite")
        if calendar is None:  # a fast world was ahead of today: its date does not go back
            latest = self._store.get(LATEST, LATEST) or {"date": 0}
            calendar = Calendar(max(clock.now(), latest["date"]))
        self.journal = Journal(folder / "journal.jsonl", self._store)
        self._smsc, self._delay, self._name = smsc, world.delays.mmsc, world.mmsc.name
        major, minor = world.mmsc.version.split(".")
        url = urlsplit(world.operator(operator or world.home).mmsc)
        self.host = url.hostname
        self.hosts = [self.host, urlsplit(other_host(url.geturl())).hostname]
        self._callers = callers or {}
        self._shells = []
        self.heard = lambda number, headers: None
        machine = Relay(
            self.journal,
            self._push,
            bodies,
            subscribers,
            "http://" + url.netloc,
            calendar,
            seed=os.urandom(8),
            octets=octets or world.mmsc.octets,
            delay_ms=int(world.delays.mmsc * 1000),
            renotify_ms=int(world.mmsc.renotify * 1000),
            validity_ms=int(world.mmsc.validity * 1000),
            version=int(major) << 4 | int(minor),
            store=self._store,
        )
        machine.work = self._work
        for name, times in deviations:
            machine.deviations.switch(name, times)
        routes = [
            web.post("/{path:.*}", self._post),
            web.get("/{path:.*}", self._get, allow_head=False),
        ]
        super().__init__(machine, routes, port, speed, _REQUEST, calendar=calendar)

    def add(self, shell):
        """Let the shell of one of the relay's ports start and stop with the MMSC."""
        self._shells.append(shell)

    async def start(self):
        """Listen, and go on with the queue."""
        await super().start()
        for shell in self._shells:
            await shell.start()
        self.machine.resume(self._wall.now)
        for key, row in self._store.all(_PUSH).items():
            self._spawn(self._offer(key, row))
        self._wall.wake()

    async def stop(self):
        """Listen no more; queue, journal and bodies stay."""
        for shell in reversed(self._shells):
            await shell.stop()
        await super().stop()
        self.journal.close()
        self._store.close()

    async def _post(self, request):
        octets = await request.read()
        if request.content_type != mm1.MEDIA:
            _LOG.warning("refused with 415: a POST of %s", request.content_type)
            raise web.HTTPUnsupportedMediaType(text="not %s\n" % mm1.MEDIA)
        caller = self._caller(request)
        if caller:
            self.heard(caller, request.headers)
        answer = self.machine.post(caller, octets, self._wall.now)
        return await self._respond(request, caller, answer)

    async def _get(self, request):
        caller = self._caller(request)
        if caller:
            self.heard(caller, request.headers)
        answer = self.machine.get(caller, request.path, self._wall.now)
        return await self._respond(request, caller, answer)

    def _caller(self, request):
        """The MSISDN of the client: by its address, else by the header that the gateway adds."""
        address = request.transport.get_extra_info("peername")[0]
        return self._callers.get(address) or request.headers.get(MSISDN)

    async def _respond(self, request, caller, answer):
        request[DATE] = self.machine.date(self.now)  # at which it was charged
        self._wall.wake()
        await self._wall.sleep(self.machine.pause(caller, self._delay * 1000) / 1000)
        if answer is None:
            request.transport.abort()
            return web.Response()
        if not answer.plain:
            request.transport.write(_raw(answer))
            request.transport.close()
            return web.Response()
        return web.Response(body=answer.octets, status=answer.status, headers={"Content-Type": answer.media})

    def _work(self, function, done, now):
        self._spawn(self._beside(function, done))

    async def _beside(self, function, done):
        """Call a function in a thread, and `done` with what it gives: None where it failed."""
        try:
            result = await asyncio.to_thread(function)
        except Exception:  # noqa: BLE001 octets from outside are in it: the message goes on without
            _LOG.exception("a message could not be made to fit")
            result = None
        done(result, self._wall.now)
        self._wall.wake()

    def _push(self, number, octets):
        """Keep a push until the SMS centre has it; its id keeps the SMS centre from taking it twice."""
        key, row = secrets.token_hex(8), {"to": number, "octets": octets.hex()}
        self._store.put(_PUSH, key, row)
        self._store.after(lambda: self._spawn(self._offer(key, row)))

    async def _offer(self, key, row):
        """Send a push to the SMS centre, repeated until the SMS centre answers."""
        parameters = {"to": row["to"], "from": self._name, "id": key}
        octets = bytes.fromhex(row["octets"])
        while True:
            try:
                async with self._session.post(self._smsc + "/push", params=parameters, data=octets) as answer:
                    if answer.status < 500:
                        self._store.drop(_PUSH, key)
                        return
            except (ClientError, OSError, asyncio.TimeoutError):
                pass
            await self._wall.sleep(_RETRY_S)


def _raw(answer):
    """An answer whose Content-Length is not that of its octets, for a connection that ends with it."""
    head = "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nConnection: close\r\n"
    if answer.length is not None:
        head += "Content-Length: %d\r\n" % answer.length
    head %= answer.status, http.HTTPStatus(answer.status).phrase, answer.media
    return head.encode() + b"\r\n" + answer.octets
