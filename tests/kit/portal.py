"""A portal with a message centre and an SMS centre of the tests' own, and a browser that minds no rules."""

import asyncio
import contextlib
import http.server
import re
import threading
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from yarl import URL

from tools.lab.calendar import Calendar
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.portal.shell import Portal
from tools.lab.shell import Server

ALICE, BOB, STRANGER = "+447700900001", "+447700900002", "+447700900999"
DATE = 1043658000  # 27 January 2003, 09:00


class Clock:
    """The clock of a relay that stands still."""

    now = 1000

    @staticmethod
    def wake():
        pass


class Site:
    """A running portal of a real Relay without lines, which has handsets, mail and the album.

    `texts` are the SMS that it has sent, as (number, words), `journal` the relay's entries, `mail` the messages that
    went out by its port "mm3", as (key, envelope, recipient). `async with`.
    """

    def __init__(self, folder, port=0, store=None, **options):
        self.texts, self.journal, self.mail, self.bodies = [], [], [], {}
        self.relay = Relay(
            self.journal.append, lambda number, octets: None, self.bodies, (ALICE, BOB), "http://mmsc.example",
            Calendar(DATE, ZoneInfo("Europe/London")),
            store=store,
        )  # fmt: skip
        self.relay.ports["mm3"] = self
        self.relay.route = self._route
        self._smsc = Server([web.post("/text", self._text)])
        self._arguments = folder, port, options

    def _route(self, sender, recipient, now, octets=0):
        if recipient == "25286":
            return "album"
        return "mm3" if "@" in recipient else None if recipient in (ALICE, BOB) else ""

    def forward(self, key, envelope, recipient, now):
        self.mail.append((key, envelope, recipient))

    def due(self):
        """Let the relay do what is due."""
        Clock.now += 1000
        self.relay.advance(Clock.now)

    async def _text(self, request):
        self.texts.append((request.query["to"], await request.text()))
        return web.Response()

    async def __aenter__(self):
        await self._smsc.start()
        folder, port, options = self._arguments
        self.portal = Portal(folder, "O2", "23410", (ALICE, BOB), self.relay, Clock, self._smsc.url, port, **options)
        await self.portal.start()
        return self

    async def __aexit__(self, *error):
        await self.portal.stop()
        await self._smsc.stop()

    async def code(self, count=1):
        """The digits of the last SMS, once there are `count`."""
        async with asyncio.timeout(10):
            while len(self.texts) < count:
                await asyncio.sleep(0.01)
        return self.texts[-1][1][:6]

    async def browser(self, number=None):
        """A Browser, signed in as a number."""
        browser = Browser(self.portal.url)
        if number:
            had = len(self.texts)
            await browser.post("/sign-in", number=number)
            await browser.post("/code", code=await self.code(had + 1))
        return browser


class Browser:
    """Asks the portal as a browser does, without following redirects; `token` is that of the last page."""

    def __init__(self, url):
        self.url, self.token = url, ""
        self.cookies = aiohttp.CookieJar(unsafe=True)

    async def get(self, path, **headers):
        """(status, text or octets) of the answer."""
        return await self.ask("GET", path, None, headers)

    async def post(self, path, headers=None, files=(), **fields):
        """(status, where it leads or text) of the answer to a form; `files` are (field, file name, octets)."""
        form = aiohttp.FormData(default_to_multipart=bool(files))
        for name, value in {"token": self.token, **fields}.items():
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    form.add_field(name, each)
        for name, file, octets in files:
            form.add_field(name, octets, filename=file)
        return await self.ask("POST", path, form, {"Origin": self.url, **(headers or {})})

    async def ask(self, method, path, data, headers):
        """(status, text, octets or where it leads) of the answer to any request."""
        async with aiohttp.ClientSession(self.url, cookie_jar=self.cookies) as session:
            async with session.request(method, URL(path), data=data, headers=headers, allow_redirects=False) as answer:
                self.headers = answer.headers
                octets = await answer.read()
        if answer.content_type != "text/html":
            return answer.status, answer.headers.get("Location") or octets
        text = octets.decode()
        found = re.search('name="token" value="([^"]+)"', text)
        self.token = found[1] if found else self.token
        return answer.status, text

    async def add(self, octets):
        """The id of a new picture in the album."""
        await self.get("/new")
        status, where = await self.post("/new", files=[("file", "a.jpg", octets)], what="file")
        assert status == 303, where
        return where.rpartition("/")[2]


class Running:
    """A Site in a thread of its own, for a browser in another process; `do` runs a coroutine there. `with`."""

    def __init__(self, folder, port=0, **options):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self.site = Site(folder, port, **options)

    def do(self, work, seconds=30):
        """The result of a coroutine."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def __enter__(self):
        self._thread.start()
        self.do(self.site.__aenter__())
        return self

    def __exit__(self, *error):
        self.do(self.site.__aexit__())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@contextlib.contextmanager
def codes(running):
    """The address of another site, whose page /code has the code of the last SMS, as a person reads it."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            code = running.do(running.site.code()) if self.path == "/code" else "<!doctype html><title>other</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(code.encode())

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "http://127.0.0.1:%d" % server.server_port
    finally:
        server.shutdown()
        server.server_close()
