"""The portal's shell: its pages by aiohttp on loopback, its SQLite file, codes and messages out."""

import asyncio
import logging
import pathlib

import aiohttp_jinja2
import jinja2
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tools.lab.network.portal import guard, ports
from tools.lab.network.portal.albums import Albums
from tools.lab.network.portal.database import Database
from tools.lab.network.portal.entering import Entering
from tools.lab.network.portal.ports import Port
from tools.lab.network.portal.site import Site
from tools.lab.network.portal.writing import Writing
from tools.lab.shell import Server

_LOG = logging.getLogger("lab.portal")
_HERE = pathlib.Path(__file__).parent
_FORM = 8 << 20  # octets of a form with its files
_SMS_S = 10  # until the SMS centre is given up
_HEADERS = {"Cache-Control": "max-age=3600"}


class Portal:
    """An operator's portal on loopback, which keeps its file in `folder`.

    `name` is the operator's, `key` the code of its network. `relay` is its message centre, which gets the ports
    "portal" and "album", `wall` the relay's clock, `smsc` the URL of the SMS centre. `options` are those of Site: the
    names that the URL may have, the country, the short code.
    """

    def __init__(self, folder, name, key, subscribers, relay, wall, smsc, port=0, **options):
        folder.mkdir(parents=True, exist_ok=True)
        self._smsc, self._sender = smsc, name
        self._database = Database(str(folder / "portal.sqlite"))
        site = self.site = Site(self._database, name, key, subscribers, relay.calendar, wall, **options)
        self._port = Port(site, relay, wall, self._spawn, self._text)
        relay.ports |= {ports.PORTAL: self._port, ports.ALBUM: self._port}
        pages = (Entering(site, self._text), Albums(site), Writing(site, self._port))
        routes = [route for page in pages for route in page.routes]
        routes += [web.get("/static/{name}", _static)]
        self._server = Server(routes, port, _FORM, middlewares=guard.middlewares(site))
        aiohttp_jinja2.setup(
            self._server.application,
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._tasks = set()
        self._over = False
        self._session = None

    @property
    def url(self):
        """http://HOST:PORT where it listens."""
        return self._server.url

    async def start(self):
        """Listen, once the file knows what the relay knows."""
        await self._port.resume()
        self._session = ClientSession(timeout=ClientTimeout(_SMS_S))
        await self._server.start()

    async def stop(self):
        """Listen no more, and finish what is under way."""
        await self._server.stop()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._over = True
        if self._session:
            await self._session.close()
        self._database.close()

    def _spawn(self, story):
        if self._over:  # the relay keeps deliveries and reports until the next start
            story.close()
            return
        task = asyncio.create_task(story)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task):
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            _LOG.error("a task of the portal failed", exc_info=task.exception())

    def _text(self, number, words):
        self._spawn(self._submit(number, words))

    async def _submit(self, number, words):
        parameters = {"to": number, "from": self._sender}
        try:
            async with self._session.post(self._smsc + "/text", params=parameters, data=words.encode()) as answer:
                if answer.status >= 400:
                    _LOG.warning("the SMS centre answers %d to a text for %s", answer.status, number)
        except (ClientError, OSError, asyncio.TimeoutError):
            _LOG.warning("the SMS centre does not answer: a text for %s is lost", number)


_FILES = {path.name: path for path in (_HERE / "static").iterdir()}


async def _static(request):
    """A file of ours by its name; there are no other names."""
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound()
    return web.FileResponse(_FILES[name], headers=_HEADERS)
