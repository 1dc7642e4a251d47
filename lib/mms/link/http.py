"""HTTP/1.1 for MM1: one exchange over one Stream, nothing whole in memory (RFC 9112).

Through a proxy the request line carries the absolute form, and the handset does not resolve the host (RFC 9112, 3.2.2).

The content of a request (RFC 9110, 6.4) is an object of the caller's that has

    octets              its length, which is the Content-Length
    readinto(buf)       fills `buf`, a memoryview, with what comes next; returns the number of octets, 0 at the end
    async completing()  is awaited once, when the stream has let go of all but the last octets of the request: the
                        server can act on a request only once it is complete, so from here on it may

`exchange` lets their errors pass, and sends nothing more then.
"""

import asyncio

from mms import clock, limits
from mms.errors import BearerError, LinkError
from mms.limits import const
from mms.link.url import HOST, PLAIN

_MONTHS = const(b"JanFebMarAprMayJunJulAugSepOctNovDec")
_EARLY_MS = const(5000)  # an answer to an incomplete request has arrived by then


def _head(method, url, headers, absolute):
    lines = [
        "%s %s HTTP/1.1" % (method, url.text if absolute else url.path),
        "Host: %s" % url.authority,
    ]
    for name, value in headers:
        if not name or name.strip(HOST) or value.strip(PLAIN + ' \t<>"\\'):
            raise LinkError("header", None, "a header with a character that does not belong there")
        lines.append("%s: %s" % (name, value))
    lines.append("Connection: close\r\n\r\n")
    return "\r\n".join(lines).encode()


class _Incoming:
    """Lines and octets from a stream, through one fixed buffer."""

    def __init__(self, stream, buffer):
        self._stream = stream
        self._view = memoryview(buffer)
        self._start = self._end = 0
        self._since = None  # ticks when the first of the next octets came
        self._came = 0

    async def _fill(self):
        self._start = 0
        self._end = await self._stream.readinto(self._view)
        if self._end:
            self._check_pace()
        return self._end

    def _check_pace(self):
        """Raise LinkError when fewer octets than limits.HTTP_PACE came in the last limits.HTTP_PACE_MS."""
        passed = 0 if self._since is None else clock.since(self._since)
        self._came += self._end
        if passed >= limits.HTTP_PACE_MS and self._came * limits.HTTP_PACE_MS < limits.HTTP_PACE * passed:
            raise LinkError("answer", None, "%d octets in %d seconds" % (self._came, passed // 1000))
        if self._since is None or passed >= limits.HTTP_PACE_MS:
            self._since, self._came = clock.ticks(), 0

    async def line(self, limit):
        """One line without its end; raises LinkError when it is longer than `limit` or the stream ends in it."""
        line = bytearray()
        while True:
            while self._start < self._end:
                octet = self._view[self._start]
                self._start += 1
                if octet == 10 and len(line) - line.endswith(b"\r") <= limit:
                    return bytes(line).rstrip(b"\r")
                if len(line) > limit:
                    raise LinkError("answer", None, "a line of more than %d octets" % limit)
                line.append(octet)
            if not await self._fill():
                raise LinkError("answer", None, "the connection closed in the middle of a line")

    async def readinto(self, view):
        """Copy the octets at hand into `view`, after waiting for some; the count, 0 at the end of the stream."""
        if self._start == self._end and not await self._fill():
            return 0
        count = min(len(view), self._end - self._start)
        view[:count] = self._view[self._start : self._start + count]
        self._start += count
        return count


class Response:
    """A response: `status`, `media` (lower case, without parameters), `octets` (None without a Content-Length)."""

    def __init__(self, incoming):
        self._incoming = incoming
        self.status = 0
        self.media = ""
        self.octets = None
        self._chunked = False
        self._left = None  # octets of the body, or of the chunk, still to come

    async def begin(self):
        """Read status line and headers; raises LinkError."""
        line = await self._incoming.line(limits.HTTP_LINE)
        words = line.split(None, 2)
        if len(words) < 2 or not line.startswith(b"HTTP/1.") or not words[1].isdigit() or len(words[1]) != 3:
            raise LinkError("answer", None, "not an HTTP answer")
        self.status = int(words[1])
        total = 0
        for _ in range(limits.HTTP_LINES):
            line = await self._incoming.line(limits.HTTP_LINE)
            if not line:
                break
            total += len(line)
            if total > limits.HTTP_HEADER:
                raise LinkError("answer", None, "headers of more than %d octets" % limits.HTTP_HEADER)
            self._header(line)
        else:
            raise LinkError("answer", None, "more than %d header lines" % limits.HTTP_LINES)
        if self._chunked and self.octets is not None:
            raise LinkError("answer", None, "both a length and chunks")
        self._left = 0 if self._chunked else self.octets

    def _header(self, line):
        name, _, value = line.partition(b":")
        name, value = name.strip().lower(), value.strip()
        if name == b"content-length":
            if not value.isdigit() or len(value) > 10 or self.octets not in (None, int(value)):
                raise LinkError("answer", None, "a Content-Length that says nothing")
            self.octets = int(value)
        elif name == b"transfer-encoding":
            if value.lower() != b"chunked":
                raise LinkError("answer", None, "a transfer coding that nobody asked for")
            self._chunked = True
        elif name == b"date":
            _tell(value)
        elif name == b"content-type":
            media = value.split(b";")[0].strip().lower()
            self.media = "".join(chr(octet) for octet in media if 32 < octet < 127)

    async def readinto(self, buf):
        """The next octets of the body; 0 at its end. Raises LinkError when the connection ends before it."""
        if self._chunked and self._left == 0:
            await self._next_chunk()
        if self._left == 0:
            return 0
        view = memoryview(buf)
        if self._left is not None and self._left < len(view):
            view = view[: self._left]
        count = await self._incoming.readinto(view)
        if self._left is not None:
            if not count:
                raise LinkError("answer", None, "the connection closed before the end of the body")
            self._left -= count
            if self._chunked and self._left == 0:
                await self._incoming.line(0)
        return count

    async def _next_chunk(self):
        line = await self._incoming.line(limits.HTTP_CHUNK)
        if not line or any(octet not in b"0123456789abcdefABCDEF" for octet in line):
            raise LinkError("answer", None, "a chunk without a length")
        self._left = int(line, 16)
        if self._left == 0:
            for _ in range(limits.HTTP_TRAILERS):
                if not await self._incoming.line(limits.HTTP_LINE):
                    self._chunked = False
                    return
            raise LinkError("answer", None, "too many trailers")


def _tell(value):
    """Tell the clock the Date of a response, as `Mon, 27 Jan 2003 09:00:00 GMT` (RFC 9110, 5.6.7), or nothing."""
    words = value.replace(b":", b" ").split()
    numbers = [int(word) for word in words if word.isdigit() and len(word) < 5]
    month = _MONTHS.find(words[2]) if len(words) == 8 else -1
    if len(numbers) != 5 or month % 3 or len(words[2]) != 3:
        return
    day, year, hour, minute, second = numbers
    month = month // 3 + 1
    if month < 3:
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469
    if days > 0:
        clock.tell(((days * 24 + hour) * 60 + minute) * 60 + second, True)


async def _send(stream, view, head, content):
    """Send the head and, behind it, the content or None, in views as full as can be."""
    filled = 0
    octets = content.octets if content else 0
    for start in range(0, len(head), len(view)):
        filled = min(len(head) - start, len(view))
        view[:filled] = head[start : start + filled]
        if filled == len(view):
            await stream.write(view)
            filled = 0
    while octets:
        count = content.readinto(view[filled:])
        if not count:
            raise LinkError("body", None, "%d octets are missing" % octets)
        filled += count
        octets -= count
        if not octets:
            await stream.drain()
            await content.completing()
        if filled == len(view) or not octets:
            await stream.write(view[:filled])
            filled = 0
    if filled:
        await stream.write(view[:filled])


async def exchange(stream, buffer, method, url, headers=(), absolute=True, content=None):
    """Send one request and return the Response, its body still to be read.

    `buffer` is the caller's and is used both ways. An answer that comes before the whole request was sent counts as
    well. Raises LinkError, and what the stream and the content raise.
    """
    if content is not None:
        headers = list(headers) + [("Content-Length", "%d" % content.octets)]
    head = _head(method, url, headers, absolute)
    if len(head) > limits.HTTP_HEADER:
        raise LinkError("header", None, "a request head of %d octets" % len(head))
    incoming = _Incoming(stream, buffer)
    try:
        await _send(stream, memoryview(buffer), head, content)
    except BearerError as error:
        try:
            return await clock.within(_final_response(incoming), _EARLY_MS)
        except (BearerError, LinkError, asyncio.TimeoutError):
            raise error
    return await _final_response(incoming)


async def _final_response(incoming):
    """The final response, after the interim ones (RFC 9110, 15.2)."""
    for _ in range(1 + limits.HTTP_INTERIM):
        response = Response(incoming)
        await response.begin()
        if (
            response.status // 100 != 1 or response.status == 101
        ):  # 101 is final here: the request offered no other protocol
            return response
    raise LinkError("answer", None, "more than %d answers that are none" % limits.HTTP_INTERIM)
