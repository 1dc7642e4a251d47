"""A relay and an SMS centre as the viewer sees them: what it told them is kept in lists."""

import asyncio

import aiohttp
from aiohttp import web

from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import MIXED, RELATED, SMIL, Content, Part
from tools.lab.network.mmsc.envelope import Envelope
from tools.lab.network.mmsc.store import Memory
from tools.lab.network.viewer.shell import Page
from tools.lab.shell import Server

ALICE, ERIN = "+447700900001", "+447700900015"
DAY = 86400
DATE = 1043658000  # 27 January 2003, 09:00 UTC


class Relay:
    """`told` are the calls of the port, `journal` its entries."""

    def __init__(self):
        self.ports = {}
        self.store, self.told, self.journal = Memory(), [], []

    def date(self, ms):
        return DATE + ms // 1000

    def handed(self, key, now):
        self.told.append(("handed", key))

    def answered(self, key, status, now):
        self.told.append((status, key))

    def log(self, event, now, **entry):
        self.journal.append({"event": event, **entry})


class Centre(Server):
    """Takes texts: `texts` has (to, from, text); `statuses` are those of its next answers, 200 by default."""

    def __init__(self):
        super().__init__([web.post("/text", self._text)])
        self.texts, self.statuses = [], []
        self._news = asyncio.Event()

    async def _text(self, request):
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.texts.append((request.query["to"], request.query["from"], await request.text()))
            self._news.set()
        return web.Response(status=status)

    async def next(self):
        """(URL, code) of the next text that comes."""
        await asyncio.wait_for(self._news.wait(), 10)
        self._news.clear()
        words = self.texts[-1][2].split()
        return words[-3], words[-1]


def envelope(*parts, media=MIXED, start="", **fields):
    """A message of alice's."""
    octets = contents.pack(Content(media, parts or (Part("text/plain", b"hello"),), start))
    values = {"key": "m1", "sender": ALICE, "to": [ERIN], "date": DATE, "expires": DATE + 7 * DAY, "content": octets}
    return Envelope(**{**values, **fields})


def slides(*pictures, sound=b"", subject="The fox", texts=()):
    """A message of slides, each with a picture and one of the texts, and a sound on the last."""
    parts, pars = [], []
    for number, octets in enumerate(pictures):
        media = "image/png" if octets.startswith(b"\x89PNG") else "image/jpeg"
        parts.append(Part(media, octets, "p%d" % number, "p%d.jpg" % number))
        text = texts[number] if texts else "Slide %d: Grüße" % number
        parts.append(Part("text/plain", text.encode(), "", "t%d.txt" % number, charset="utf-8"))
        pars.append('<img src="cid:p%d"/><text src="t%d.txt"/>' % (number, number))
    if sound:
        parts.append(Part("audio/amr", sound, "", "hello.amr"))
        pars[-1] += '<audio src="hello.amr"/>'
    layout = "<smil><head/><body>%s</body></smil>" % "".join('<par dur="5s">%s</par>' % par for par in pars)
    return envelope(Part(SMIL, layout.encode(), "s"), *parts, media=RELATED, start="s", subject=subject)


class Running:
    """A page with its relay and SMS centre, for `async with`; `visitor` is a browser's session, which keeps cookies."""

    def __init__(self, folder, speed=20.0, **given):
        self.relay, self.centre = Relay(), Centre()
        self._arguments = (folder, lambda number: self.centre.url if number == ERIN else None, "O2")
        self._given = {"speed": speed, **given}

    async def __aenter__(self):
        await self.centre.start()
        self.page = Page(self.relay, *self._arguments, **self._given)
        await self.page.start()
        self.visitor = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return self

    async def __aexit__(self, *error):
        await self.visitor.close()
        await self.page.stop()
        await self.centre.stop()

    async def text(self, message, key="d1"):
        """(URL, code) of the text that a message causes."""
        self.page.machine.forward(key, message, ERIN, 0)
        return await self.centre.next()

    async def get(self, url):
        """(status, headers, octets)."""
        async with self.visitor.get(url, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()

    async def enter(self, url, code, **headers):
        """(status, headers, octets) of the answer to a code, whose redirection is not followed."""
        given = {"Origin": self.page.url, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.visitor.post(url, data={"code": code}, headers=given, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()

    async def open(self, message, key="d1"):
        """The URL of a message that this visitor may see."""
        url, code = await self.text(message, key)
        status, headers, _ = await self.enter(url, code)
        assert status == 303 and self.page.url + headers["Location"] == url
        return url
