"""The WAP gateway: an HTTP proxy of a mobile network (absolute form, RFC 9112 3.2.2).

It knows who calls by the address that the connection comes from, and tells the servers behind it.
Names are looked up in its own table and nowhere else; bodies pass through and are never held.
"""

import asyncio
import contextlib
import logging
import re
from urllib.parse import urlsplit

from tools.lab import world as worlds
from tools.lab.shell import HOST

MSISDN = "X-WAP-Network-Client-MSISDN"
VIA = "1.1 wap.lab.example"

_LOG = logging.getLogger("lab.gateway")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2
_HEAD = 16384  # octets of a request line and its headers
_PIECE = 16384
_CONNECT_S = 5
_LINGER_S = 2
_IDLE_S = 300  # real seconds without an octet until a connection is given up
_OURS = ("x-wap-network-client-msisdn", "x-msisdn", "x-up-calling-line-id", "msisdn")
_HOP = ("connection", "proxy-connection", "keep-alive", "te", "upgrade", "proxy-authorization")
_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    411: "Length Required",
    501: "Not Implemented",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class _Refusal(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Gateway:
    """A proxy on loopback.

    `hosts`: "NAME", or "NAME:PORT" for one port of it -> "HOST:PORT" of servers, names in lower case; `callers`:
    addresses that connections come from -> MSISDN. Both may change while it runs. An MMSC that ends a connection
    without an answer is passed on as just that. What it passes goes to the log, and as warnings what it refuses.
    """

    def __init__(self, hosts, callers, world=None, port=0, speed=1.0):
        self.hosts, self.callers = hosts, callers
        self._delay = (world or worlds.load()).delays.gateway / speed
        self._port = port
        self._server = None
        self._tasks = set()
        self.address = None

    async def start(self):
        """Listen; `address` tells where."""
        self._server = await asyncio.start_server(self._serve, HOST, self._port, limit=_HEAD)
        self.address = "%s:%d" % self._server.sockets[0].getsockname()

    async def stop(self):
        """Listen no more, and end every connection."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        address = writer.get_extra_info("peername")[0]
        try:
            caller = self.callers.get(address)
            try:
                while await self._exchange(reader, writer, caller):
                    pass
            except _Refusal as refusal:
                _LOG.warning("refused %s with %d: %s", caller or address, refusal.status, refusal)
                writer.write(_refusal(refusal))
            await _linger(reader, writer)
        except (OSError, EOFError, asyncio.TimeoutError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()  # only `stop` cancels
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader, writer, caller):
        """Pass one request and its answer; True when the connection may carry another one."""
        head = await _head(reader)
        if head is None:
            return False
        line, headers = head
        method, name, port, path, octets = _request(line, headers)
        if caller is None:
            raise _Refusal(403, "nobody known calls from this address")
        await asyncio.sleep(self._delay)
        server, sink = await self._connect(name, port)
        _LOG.info("%s: %s http://%s:%d%s", caller, method, name, port, path)
        try:
            sink.write(_encode("%s %s HTTP/1.0" % (method, path), _passed(headers, caller)))
            body = asyncio.create_task(_pump(reader, sink, octets))
            try:
                whole = await _answer(server, writer, method)
                return body.done() and whole and _persistent(line, headers)
            finally:
                body.cancel()
                await asyncio.gather(body, return_exceptions=True)
        finally:
            sink.close()

    async def _connect(self, name, port):
        target = self.hosts.get("%s:%d" % (name, port)) or self.hosts.get(name)
        if target is None:
            raise _Refusal(502, "no host %s:%d in this network" % (name, port))
        host, port = target.rsplit(":", 1)
        try:
            return await asyncio.wait_for(asyncio.open_connection(host, int(port)), _CONNECT_S)
        except asyncio.TimeoutError:
            raise _Refusal(504, "%s does not answer" % name) from None
        except OSError:
            raise _Refusal(502, "%s is not there" % name) from None


async def _head(reader):
    """First line and headers as (name, value) pairs; None at the end of the connection."""
    try:
        octets = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_S)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    except asyncio.LimitOverrunError:
        raise _Refusal(400, "headers of more than %d octets" % _HEAD) from None
    line, *lines = octets[:-4].decode("latin-1").split("\r\n")
    if not all(row.replace("\t", " ").isprintable() for row in (line, *lines)):
        raise _Refusal(400, "control characters")  # to other servers LF alone ends a header
    headers = []
    for row in lines:
        name, colon, value = row.partition(":")
        if not colon or not _TOKEN.fullmatch(name):
            raise _Refusal(400, "not a header: %r" % row[:40])
        headers.append((name, value.strip()))
    return line, headers


def _request(line, headers):
    """(method, host name, port, path with query, octets of the body) of a request in absolute form."""
    words = line.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise _Refusal(400, "not a request")
    try:
        url = urlsplit(words[1])
        port = url.port or 80
    except ValueError:
        raise _Refusal(400, "not a URL") from None
    if url.scheme != "http" or not url.hostname:
        raise _Refusal(400, "not in absolute form")
    if words[0] not in ("GET", "HEAD", "POST"):
        raise _Refusal(501, "no %s here" % words[0][:20])
    if _value(headers, "transfer-encoding") is not None:
        raise _Refusal(411, "a body needs its Content-Length")
    length = _length(headers)
    if length is None and words[0] == "POST":
        raise _Refusal(411, "a body needs its Content-Length")
    path = (url.path or "/") + ("?" + url.query if url.query else "")
    return words[0], url.hostname, port, path, length or 0


def _length(headers):
    """The Content-Length, or None; two of them would mean another message to each server (RFC 9112 6.3)."""
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    if len(lengths) > 1:
        raise _Refusal(400, "%d Content-Length headers" % len(lengths))
    if lengths and not (lengths[0].isdecimal() and lengths[0].isascii() and len(lengths[0]) < 16):
        raise _Refusal(400, "Content-Length is not a number")
    return int(lengths[0]) if lengths else None


def _passed(headers, caller):
    """The headers that go on to the server: the client's word on who it is does not count."""
    kept = [row for row in headers if row[0].lower().replace("_", "-") not in _OURS + _HOP]
    return kept + [("Via", VIA), (MSISDN, caller), ("Connection", "close")]


async def _answer(server, writer, method):
    """Pass the server's answer; True when the client can tell where it ends."""
    try:
        head = await _head(server)
        if head is None:
            raise EOFError
        line, headers = head
        octets = _length(headers)
    except _Refusal as refusal:
        raise _Refusal(502, str(refusal)) from None
    if not line.startswith("HTTP/1.") or " " not in line:
        raise _Refusal(502, "not an answer")
    status = line.split(" ", 1)[1]
    if method == "HEAD" or status[:3] in ("204", "304"):
        octets = 0
    kept = [row for row in headers if row[0].lower() not in _HOP] + [("Via", VIA)]
    if octets is None:
        kept.append(("Connection", "close"))
    writer.write(_encode("HTTP/1.1 " + status, kept))
    await _pump(server, writer, octets)
    return octets is not None


async def _pump(reader, writer, octets):
    """Pass `octets`, or everything up to the end when that is None; raises EOFError when short."""
    left = octets
    while left is None or left:
        piece = await asyncio.wait_for(
            reader.read(_PIECE if left is None else min(left, _PIECE)), _IDLE_S
        )
        if not piece:
            if left is None:
                return
            writer.transport.abort()
            raise EOFError
        writer.write(piece)
        await writer.drain()
        if left is not None:
            left -= len(piece)
    await writer.drain()


async def _linger(reader, writer):
    """End our side and take what still comes: closing at once would reset what we said."""
    await writer.drain()
    writer.write_eof()
    with contextlib.suppress(asyncio.TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            while await reader.read(_PIECE):
                pass


def _persistent(line, headers):
    asked = (_value(headers, "proxy-connection") or _value(headers, "connection") or "").lower()
    return asked == "keep-alive" if line.endswith("1.0") else asked != "close"


def _value(headers, name):
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


def _encode(line, headers):
    rows = [line] + ["%s: %s" % row for row in headers]
    return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")


def _refusal(refusal):
    body = "<html><body>%s</body></html>\n" % refusal
    headers = [("Content-Type", "text/html"), ("Content-Length", len(body)), ("Via", VIA)]
    line = "HTTP/1.1 %d %s" % (refusal.status, _REASONS[refusal.status])
    return _encode(line, headers + [("Connection", "close")]) + body.encode("latin-1", "replace")
