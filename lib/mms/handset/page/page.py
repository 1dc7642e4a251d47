"""The page: a browser sees, commands and hears the handset. docs/page.md; loaded only where the settings have `page`.

Each connection is one request, as microdot has it. Before microdot sees a request, the guard does (guard.py). Commands
are the console's (exchange.py).
"""

import asyncio
import json

from mms import clock
from mms.errors import LinkError
from mms.handset import rooms
from mms.handset.page import assets
from mms.handset.page.connection import Connection, Denied
from mms.handset.page.feed import Feed
from mms.handset.page.guard import Guard, content_length, parse
from mms.limits import const

try:
    import microdot
except ImportError:
    microdot = None

_CONNECTIONS = const(10)  # at a time: a browser opens six to one host
_UPLOADS = const(8)  # files in no message that are kept
_BACKLOG = const(16)  # connections that wait: a browser that finds no place tries again a second later
_FEEDS = const(3)  # windows that hear events
_LOOK_MS = const(1000)  # between two looks for connections that are late
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'%s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_FREE = ["/", "/session"] + ["/" + name for name in assets.FILES]  # without a sign-in
_JSON = {"Content-Type": "application/json"}
_VIEW = b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\nX-Content-Type-Options: nosniff\r\n\r\n"
_BUSY = const("the page serves as many as it can: try again in a moment")


async def serve(phone):
    """Serve the page as long as the handset runs. An event tells of an error that ends it; the handset goes on."""
    try:
        if microdot is None:
            raise LinkError("page", None, "microdot is not installed")
        await Page(phone).run()
    except LinkError as error:
        phone.events.fail(error, id=None, final=False)


async def _refuse(connection, status, text):
    """Answer a request with an error in JSON."""
    head = "HTTP/1.0 %d N/A\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n\r\n" % status
    await connection.awrite(head.encode())
    await connection.awrite(json.dumps({"error": text}).encode())
    await connection.aclose()


def _answering(handler):
    """A handler whose errors are answered in JSON: microdot would print them on the console."""

    async def handle(request, **words):
        try:
            return await handler(request, request.sock[0], **words)
        except Denied as error:
            status, text = error.status, error.text
        except MemoryError:
            status, text = 503, "memory: not enough of it: try again in a moment"
        except ValueError:
            status, text = 400, "this is no JSON"
        except OSError:
            return microdot.Response.already_handled  # the browser has gone, or a picture broke off
        except Exception as error:
            status, text = 400, str(error) or type(error).__name__
        return {"error": text}, status

    return handle


def _body(connection, pieces, media, more=()):
    """A response with the octets of an iterator, which is closed when the connection ends."""
    body = assets.Pieces(pieces)
    connection.at_end = body.close
    headers = {"Content-Type": media}
    headers.update(more)
    return body, 200, headers


def _file(connection, pieces, octets, media, more=()):
    headers = {"Content-Length": str(octets)}
    headers.update(more)
    return _body(connection, pieces, media, headers)


class Page:
    """`guard` lets requests pass, or not."""

    def __init__(self, phone):
        self._phone, self._settings = phone, phone.settings["page"]
        self.guard = Guard(self._settings)
        decoder = self._settings.get("decoder", "")
        self._policy = _POLICY % (decoder and " " + "/".join(decoder.split("/")[:3]))
        self._open, self._feeds = [], []
        self._uploads, self._number = [], 0  # names of files that a browser has sent and no message has
        rooms.bodies.forget(phone)
        self._app = app = microdot.Microdot()
        microdot.Request.max_content_length = 1 << 30  # the guard has looked already
        microdot.Request.max_body_length = 0  # handlers read contents from the connection
        app.after_request(self._finish)
        app.after_error_request(self._finish)
        for method, path, handler in self._routes():
            app.route(path, methods=[method])(_answering(handler))

    def _routes(self):
        yield "GET", "/", self._index
        yield "GET", "/session", self._session
        yield "POST", "/session", self._sign_in
        yield "POST", "/leave", self._leave
        yield "GET", "/events", self._events
        yield "POST", "/do", self._do
        yield "POST", "/view", self._view
        yield "POST", "/upload/<ending>", self._upload
        yield "GET", "/album/<name>", self._picture
        yield "GET", "/part/<id>/<index>", self._part
        yield "GET", "/save/<id>/<index>", self._save
        yield "GET", "/<name>", self._own

    async def run(self):
        """Listen, and end connections that are late; raises LinkError when the port cannot be had."""
        host, port = self._settings.get("host", "127.0.0.1"), self.guard.port
        try:
            server = await asyncio.start_server(self._connected, host, port, backlog=_BACKLOG)
        except OSError as error:
            raise LinkError("page", error.args[0], "port %d cannot be had" % port)
        self._phone.events.listen(self._hear)
        self._phone.events.say("page", host=host, port=port)
        try:
            while True:
                await clock.sleep(_LOOK_MS)
                for connection in self._open:
                    if connection.late():
                        connection.task.cancel()
        finally:
            server.close()
            for connection in self._open:
                connection.task.cancel()

    def _hear(self, event):
        for feed in self._feeds:
            feed.hear(event)

    async def _connected(self, reader, writer):
        connection = Connection(reader, writer, asyncio.current_task())
        try:
            if self._make_room():
                self._open.append(connection)
                await self._handle(connection)
            else:
                await _refuse(connection, 503, _BUSY)
        except Denied as error:
            await self._refuse(connection, error)
        except (Exception, asyncio.CancelledError):
            pass  # the browser went away, was late or made room for another, or it sees that a content ends early
        finally:
            if connection in self._open:
                self._open.remove(connection)
            if connection.at_end:
                connection.at_end()
            await connection.close()

    async def _refuse(self, connection, error):
        try:
            await _refuse(connection, error.status, error.text)
        except (OSError, MemoryError, asyncio.CancelledError):
            pass  # the browser has gone

    def _make_room(self):
        """Whether there is room for one more connection: the oldest of those that are not known has to go."""
        if len(self._open) < _CONNECTIONS:
            return True
        for connection in self._open:
            if not connection.known:
                self._open.remove(connection)
                connection.task.cancel()
                return True
        return False

    async def _handle(self, connection):
        method, path, headers = parse(await connection.head())
        self.guard.check(method, headers)
        try:
            octets = content_length(path, headers)
        except Denied as error:
            if error.status == 413:
                connection.skip(int(headers["content-length"]))
            raise error
        connection.accept(method, path, headers, octets)
        if path not in _FREE:
            self.guard.check_user(method, headers)
            connection.known = True
        await self._app.handle_request(connection, connection)

    async def _finish(self, request, response):
        response.headers["Content-Security-Policy"] = self._policy
        for name in _HEADERS:
            if name not in response.headers:
                response.headers[name] = _HEADERS[name]

    async def _index(self, request, connection):
        return _file(connection, *assets.own_file("index.html"))

    async def _own(self, request, connection, name):
        return _file(connection, *assets.own_file(name))

    async def _session(self, request, connection):
        if not self.guard.is_open and not self.guard.signed_in(connection.headers):
            return {"open": False, "wait": self.guard.wait()}
        return self._signed_in()

    def _signed_in(self):
        phone, profile = self._phone, self._phone.bearer.profile
        told = {"open": True, "locks": not self.guard.is_open, "token": self.guard.token, "number": phone.number}
        told["limit"] = profile.octets if profile else None
        told["decoder"] = self._settings.get("decoder")
        told["sizes"] = list(phone.camera.sizes) if phone.camera else []
        told["size"] = phone.settings["camera"]["size"]
        return json.dumps(told), 200, {"Content-Type": "application/json", "Set-Cookie": self.guard.cookie}

    async def _sign_in(self, request, connection):
        given = json.loads(await connection.content())
        self.guard.sign_in(given.get("password") if isinstance(given, dict) else None)
        return self._signed_in()

    async def _leave(self, request, connection):
        self.guard.renew()
        return {"open": False}

    async def _events(self, request, connection):
        if len(self._feeds) >= _FEEDS:
            raise Denied(503, "%d windows show this handset already: close one" % _FEEDS)
        feed = Feed()
        self._feeds.append(feed)
        watch = asyncio.create_task(connection.watch())

        def end():
            self._feeds.remove(feed)
            watch.cancel()

        connection.eager, connection.at_end = True, end
        return feed, 200, {"Content-Type": "text/event-stream"}

    async def _do(self, request, connection):
        octets = await connection.content()
        reply, sent = await rooms.exchange.perform(self._phone, octets)
        self._forget([name for name in sent if name in self._uploads])
        if reply is None:
            raise MemoryError
        return (reply if isinstance(reply, str) else assets.Pieces(reply)), 200, _JSON

    async def _view(self, request, connection):
        await rooms.bodies.view(self._phone, connection, _VIEW)
        return microdot.Response.already_handled

    async def _upload(self, request, connection, ending):
        self._number += 1
        name = "up-%d.%s" % (self._number, ending.lower())
        told = await rooms.bodies.take(self._phone, connection, name, connection.left)
        self._uploads.append(name)
        self._forget(self._uploads[:-_UPLOADS])
        return told

    def _forget(self, names):
        for name in names:
            self._uploads.remove(name)
        rooms.bodies.forget(self._phone, names)

    async def _picture(self, request, connection, name):
        return _file(connection, *rooms.bodies.picture(self._phone, name))

    async def _part(self, request, connection, id, index):
        return _body(connection, *await rooms.bodies.part(self._phone, id, index))

    async def _save(self, request, connection, id, index):
        return _body(connection, *await rooms.bodies.part(self._phone, id, index, True))
