"""One connection of a browser, between asyncio's streams and microdot: bounded octets, few writes, and a time limit.

microdot asks for lines without a bound, keeps every header and writes each of its own by itself. A Connection reads the
whole head first, at most HEAD octets of it, and hands only its first line to microdot; small writes leave together.
"""

from mms import clock
from mms.limits import const

HEAD = const(4096)  # octets of a request up to its content: a browser sends about 800, and cookies
_BLOCK = const(512)  # octets that are read or written at a time
_HEAD_MS = const(5000)  # for a whole head
_PATIENCE_MS = const(10000)  # for room for our next octets, and for a content, which has a millisecond more an octet
_DRAINED = const(4194304)  # octets of a content that are read though they are not wanted


class Denied(Exception):
    """A request that is not fulfilled: `status` is that of HTTP, `text` says why and what to do."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status, self.text = status, text


class Connection:
    """`task` serves it; `left` are the octets of the request's content that were not read yet, `headers` the guard's.

    With `eager` each write leaves at once. The page ends the task when `late` says so.
    """

    def __init__(self, reader, writer, task):
        self.task, self.eager, self.left = task, False, 0
        self.at_end = None  # is called when the connection ends
        self.known = False  # whether its browser is signed in: others make room when there are too many connections
        self._reader, self._writer = reader, writer
        self._in, self._out = b"", bytearray()
        self._began, self._ms = clock.ticks(), _HEAD_MS

    def late(self):
        """Whether the browser has let us wait for too long."""
        return self._ms is not None and clock.since(self._began) > self._ms

    def _expect(self, ms):
        """Expect the browser to do something within so many milliseconds, or at any time."""
        self._began, self._ms = clock.ticks(), ms

    async def head(self):
        """The head of the request without its last line feeds; raises Denied when it is no head."""
        end = -1
        while end < 0:
            octets = await self._reader.read(_BLOCK)
            if not octets:
                raise OSError(104)  # ECONNRESET: the browser went away
            self._in += octets
            end = self._in.find(b"\r\n\r\n")
            if len(self._in) > HEAD + 4 and not 0 <= end <= HEAD:
                raise Denied(431, "a request with more than %d octets of headers" % HEAD)
        self._expect(None)
        head, self._in = self._in[:end], self._in[end + 4 :]
        return head

    def accept(self, method, path, headers, octets):
        """Hand a request with a content of so many octets to microdot, which gets no header: handlers look here."""
        self._line = ("%s %s HTTP/1.0\r\n" % (method, path)).encode()
        self.headers = headers
        self.skip(octets)

    def skip(self, octets):
        """A content of so many octets follows the head."""
        self.left = octets
        if octets:
            self._expect(_PATIENCE_MS + octets)

    async def readline(self):
        """The line of the request, then an empty one."""
        line, self._line = self._line, b"\r\n"
        return line

    async def read(self, octets):
        """At most so many octets of the content; none at its end."""
        octets = min(octets, self.left, _BLOCK)
        if octets <= 0:
            return b""
        got, self._in = self._in[:octets], self._in[octets:]
        if not got:
            got = await self._reader.read(octets)
        if not got:
            raise OSError(104)  # ECONNRESET: the browser went away
        self.left -= len(got)
        if not self.left:
            self._expect(None)
        return got

    async def content(self):
        """The whole content, which the guard has found small; raises OSError when the browser goes away."""
        whole = bytearray()
        while self.left:
            whole.extend(await self.read(_BLOCK))
        return bytes(whole)

    async def awrite(self, octets):
        """Write octets, or keep them until there are more, while other tasks run."""
        view = memoryview(octets)
        for at in range(0, len(view), _BLOCK):
            self._out.extend(view[at : at + _BLOCK])
            if len(self._out) >= _BLOCK:
                await self._flush()
        if self.eager:
            await self._flush()

    async def _flush(self):
        octets, self._out = self._out, bytearray()
        if octets:
            self._expect(_PATIENCE_MS)
            self._writer.write(octets)
            await self._writer.drain()
            self._expect(None)

    async def aclose(self):
        """Write the rest, and read what the browser still sends: else it would lose the answer."""
        await self._flush()
        if 0 < self.left < _DRAINED:
            self._expect(_PATIENCE_MS)
            while await self.read(_BLOCK):
                pass

    async def watch(self):
        """End the task once the browser has gone: a response that waits for events would not notice."""
        try:
            while await self._reader.read(_BLOCK):
                pass
        except OSError:
            pass  # that is an end, too
        self.task.cancel()

    async def close(self):
        """Let go of the connection, whatever state it is in."""
        try:
            self._writer.close()
            await self._writer.wait_closed()
        except OSError:
            pass  # the browser was first

    def get_extra_info(self, name):
        """microdot asks for the address of the browser, which nothing here looks at."""
        return None
