"""The page that shows a message in a browser, on loopback; texts go out through the SMS centre.

Everything on it works without script. No address is taken from a request, and nothing received runs: pictures are shown
where they are what they say, sounds become WAV, and all else can be saved.
"""

import asyncio
import datetime
import logging
import os
import pathlib
import secrets

import jinja2
from aiohttp import ClientError, web

from mms.errors import PduError
from tools.lab import sounds
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.ports import PAGE
from tools.lab.network.viewer import codes, views
from tools.lab.network.viewer import text as words
from tools.lab.network.viewer.machine import SESSION_S, Busy, Viewer
from tools.lab.shell import Service, private
from tools.lab.world import WorldError

_LOG = logging.getLogger("lab.page")
_HERE = pathlib.Path(__file__).parent
_COOKIE = "session"
_FORM = 4096  # octets of a form
_RETRY_S = 5.0  # until a text is sent again to an SMS centre that did not answer
_ANSWER_S = 0.25  # from a code to its answer, whatever there is to do: the time tells nothing either
_LINK_S = 10  # for which another thread waits for a link: a loop that ends makes none
_DECODERS = 2  # sounds that are decoded at a time
_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
_WRONG = "This code does not open a message. After five wrong codes, ask for a new one."
_ASKED = "If there is such a message, a new code comes by text message; at most three a day."


class Page(Service):
    """The page of one MMSC; `machine` is the port, which is put into `relay.ports`.

    `folder` keeps content and secret; `centre(number)` gives the URL of the SMS centre of a recipient, `name` is the
    sender of texts; `url` stands in front of /ID in them, that of this server by default. Days are those of the
    time `zone`, else of UTC. `wake()` is called when the relay may have something to do earlier than before.
    """

    def __init__(self, relay, folder, centre, name, url=None, zone=None, port=0, speed=1.0, wake=lambda: None):
        folder = pathlib.Path(folder)
        self._centre, self._name, self._wake, self._given = centre, name, wake, url
        self._zone, self._speed = zone or datetime.timezone.utc, speed
        kept = _Contents(folder / "pages")
        machine = Viewer(relay, self._send, kept, url, self._zone, _secret(folder / "page.key"))
        relay.ports[PAGE] = machine
        kept.sweep(machine.pages)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters["size"] = _size
        self._decoders = asyncio.Semaphore(_DECODERS)
        self._loop = None
        routes = [
            web.get("/style.css", self._style),
            web.get("/{page:[0-9A-Za-z]+}", self._show, allow_head=False),
            web.get("/{page:[0-9A-Za-z]+}/{number:[0-9]+}", self._part, allow_head=False),
            web.get("/{page:[0-9A-Za-z]+}/{number:[0-9]+}.wav", self._sound, allow_head=False),
            web.post("/{page:[0-9A-Za-z]+}", self._enter),
            web.post("/{page:[0-9A-Za-z]+}/code", self._ask),
        ]
        super().__init__(machine, routes, port, speed, _FORM)

    async def start(self):
        """Listen. Raises WorldError for a URL that leaves no room in a text."""
        self._loop = asyncio.get_running_loop()
        await super().start()
        self.machine.url = self._given or self.url
        try:
            words.write(words.HIDDEN, 0, self._zone, "%s/%s" % (self.machine.url, codes.make_id()), codes.make_code())
        except ValueError as error:
            raise WorldError("the page of messages: %s leaves no room in a short message" % error) from None
        self._wall.wake()

    def link(self, recipient, envelope):
        """As Viewer.link, for other threads than that of the loop."""

        async def make():
            made = self.machine.link(recipient, envelope, self._wall.now)
            self._wall.wake()
            return made

        return asyncio.run_coroutine_threadsafe(make(), self._loop).result(_LINK_S)

    # texts

    def _send(self, page):
        self._spawn(self._offer(page))
        self._wall.wake()

    async def _offer(self, page):
        """Give the text of a page to the SMS centre, repeated until the SMS centre answers."""
        message = self.machine.message(page)
        if message is None:
            return
        recipient, text = message
        url, parameters = self._centre(recipient), {"to": recipient, "from": self._name, "id": secrets.token_hex(8)}
        while True:
            status = 404 if url is None else await self._post(url + "/text", parameters, text)
            if status and status < 500:
                (self.machine.texted if status < 400 else self.machine.unreachable)(page, self._wall.now)
                self._wake()
                return
            await self._wall.sleep(_RETRY_S)

    async def _post(self, url, parameters, text):
        """The status of the answer, 0 for none."""
        try:
            async with self._session.post(url, params=parameters, data=text.encode()) as answer:
                return answer.status
        except (ClientError, OSError, asyncio.TimeoutError):
            return 0

    # browsers

    async def _style(self, request):
        return _answer((_HERE / "style.css").read_bytes(), "text/css")

    async def _show(self, request):
        """The message for the session of a cookie, else the form, for every id that there may be."""
        page = codes.read_id(request.match_info["page"])
        found = self._seen(request, page)
        if found is None:
            return self._form(request.match_info["page"])
        row, content = found
        answer = self._render(
            "message.html", row=row, page=page, slides=views.items(content), date=self._day(row["date"]),
            until=self._day(row["expires"]), players=sounds.available(),
        )  # fmt: skip
        self.machine.shown(page, self._wall.now)
        self._wake()
        return answer

    async def _part(self, request):
        part, number = self._asked(request)
        if views.shown(part):
            return _answer(part.octets, part.media)
        answer = _answer(part.octets, "application/octet-stream")
        answer.headers["Content-Disposition"] = 'attachment; filename="%s"' % views.file_name(part, number)
        return answer

    async def _sound(self, request):
        part, _ = self._asked(request)
        try:
            async with self._decoders:
                octets = await asyncio.to_thread(sounds.wav, part.octets)
        except ValueError as error:
            raise web.HTTPUnsupportedMediaType(text="%s\n" % error, headers=_HEADERS) from None
        return _answer(octets, "audio/wav")

    async def _enter(self, request):
        """Compare a code; the answer to a wrong one is the same, and as late, as that to an unknown id."""
        answer_at = self._loop.time() + _ANSWER_S / self._speed
        self._check_origin(request)
        named, code = request.match_info["page"], await _code(request)
        page = codes.read_id(named)
        try:
            session = self.machine.enter(page, code, request.remote, self._wall.now)
        except Busy:
            return self._form(named, "Too many codes from your address. Try again in an hour.", 429)
        answer = _answer(b"", "text/plain", 303) if session else self._form(named, _WRONG, 403)
        if session:
            answer.headers["Location"] = "/" + page
            answer.set_cookie(
                _COOKIE, session, max_age=SESSION_S, path="/" + page, httponly=True, samesite="Strict"
            )  # fmt: skip
        await asyncio.sleep(answer_at - self._loop.time())
        return answer

    async def _ask(self, request):
        answer_at = self._loop.time() + _ANSWER_S / self._speed
        self._check_origin(request)
        named = request.match_info["page"]
        try:
            self.machine.ask(codes.read_id(named), request.remote, self._wall.now)
        except Busy:
            return self._form(named, "Too many tries from your address. Try again in an hour.", 429)
        await asyncio.sleep(answer_at - self._loop.time())
        return self._form(named, _ASKED)

    def _seen(self, request, page):
        """(row, Content) that the session of a request may see, or None."""
        found = self.machine.see(page, request.cookies.get(_COOKIE, ""), self._wall.now)
        if found is None:
            return None
        row, octets = found
        try:
            return row, contents.unpack(octets)
        except PduError:
            return row, contents.Content(
                "application/octet-stream", (contents.Part("application/octet-stream", octets),)
            )

    def _asked(self, request):
        """(Part, number) of a request for one; raises an answer that is the same for every reason."""
        number = int(request.match_info["number"][:4])
        found = self._seen(request, codes.read_id(request.match_info["page"]))
        part = views.part(found[1], number) if found else None
        if part is None:
            raise web.HTTPNotFound(text="nothing here\n", headers=_HEADERS)
        return part, number

    def _check_origin(self, request):
        """Refuse a form of another site. With no-referrer, browsers send "null" for our own; Sec-Fetch-Site tells."""
        origin, site = request.headers.get("Origin", "null"), request.headers.get("Sec-Fetch-Site", "same-origin")
        if origin not in ("null", self.url, "/".join(self.machine.url.split("/")[:3])) or site != "same-origin":
            _LOG.warning("refused with 403: a form of %s", origin)
            raise web.HTTPForbidden(text="forms of other sites are not taken\n", headers=_HEADERS)

    def _form(self, named, told="", status=200):
        page = codes.read_id(named) or named[: len(codes.make_id())]
        return self._render("code.html", status, page=page, words=told)

    def _render(self, template, status=200, **values):
        html = self._templates.get_template(template).render(**values)
        return _answer(html.encode(), "text/html; charset=utf-8", status)

    def _day(self, seconds):
        day = datetime.datetime.fromtimestamp(seconds, self._zone)
        return "%d %s, %02d:%02d" % (day.day, day.strftime("%B %Y"), day.hour, day.minute)


class _Contents:
    """The content of each page, a file by its id."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __setitem__(self, page, octets):
        with open(self._folder / page, "wb", opener=private) as file:
            file.write(octets)

    def __getitem__(self, page):
        return (self._folder / page).read_bytes()

    def sweep(self, pages):
        """Drop the content of all other pages: a process that was killed may have kept some without its row."""
        for file in self._folder.iterdir():
            if file.name not in pages:
                file.unlink()

    def __delitem__(self, page):
        (self._folder / page).unlink(missing_ok=True)


def _secret(path):
    """The octets in a file that only its owner reads, made at the first start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with open(path, "wb", opener=private) as file:
            file.write(os.urandom(32))
    return path.read_bytes()


async def _code(request):
    """The code in a form, "" in a form that cannot be read."""
    try:
        field = (await request.post()).get("code", "")
    except (ValueError, LookupError):  # no boundary, a charset that does not exist
        return ""
    return codes.read_code(field) if isinstance(field, str) else ""


def _answer(octets, media, status=200):
    return web.Response(body=octets, status=status, headers={**_HEADERS, "Content-Type": media})


def _size(octets):
    return "%d kB" % -(-octets // 1000)
