"""WSP in connection mode for MM1: one exchange in one session with a WAP gateway (WAP-230-WSP over WAP-224-WTP).

`exchange` has the face of its namesake in mms.link.http, with the same content and response; a Session stands in place
of the stream. The gateway makes an HTTP request of it, so the URL is always absolute.
"""

import asyncio

from mms import clock, limits, memory
from mms.errors import LinkError, ModemError
from mms.limits import const
from mms.link import wtp
from mms.link.url import PLAIN

memory.forget(wtp.__name__)  # it leaves memory with this module, which rooms does not keep

_CONNECT, _CONNECT_REPLY, _REDIRECT, _REPLY, _DISCONNECT = const(1), const(2), const(3), const(4), const(5)  # table 34
_GET, _POST = const(0x40), const(0x60)
_VERSION = const(0x10)
_TO_CLIENT, _TO_SERVER = const(0x80), const(0x81)  # capabilities: the largest message to each side (8.3.2, table 37)
_MOST = limits.MESSAGE + limits.PDU_HEADER
_SESSION = const(512)  # octets of an answer to Connect
_ACCEPT, _LENGTH, _USER_AGENT, _PROFILE = const(0x80), const(0x8D), const(0xA9), const(0xB5)  # headers (table 39)
_DATE = const(0x92)
_MMS = "application/vnd.wap.mms-message"
_MEDIA = {0: "*/*", 2: "text/html", 3: "text/plain", 8: "text/vnd.wap.wml", 62: _MMS}  # table 40
_REQUEST = const(0xEA)  # USERREQ: the reason of an abort by the user (table 35)
_LEAVE_MS = const(2000)


def _uintvar(number):
    octets = bytes((number & 0x7F,))
    while number > 0x7F:
        number >>= 7
        octets = bytes((0x80 | number & 0x7F,)) + octets
    return octets


def _text(value):
    return value.encode() + b"\0"


def _media(value):
    """A media type in octets (8.4.2.24): by its number, or as a text."""
    for number in _MEDIA:
        if _MEDIA[number] == value:
            return bytes((0x80 | number,))
    return _text(value)


def _headers(headers):
    """Headers in octets (8.4.2): by number where it has been known from the start, else by name."""
    octets = []
    for name, value in headers:
        if not name or (name + value).strip(PLAIN + ' \t<>"\\'):
            raise LinkError("header", None, "a header with a character that does not belong there")
        known = name.lower()
        if known == "accept":
            for media in value.split(","):
                octets.append(bytes((_ACCEPT,)) + _media(media.strip()))
        elif known == "user-agent":
            octets.append(bytes((_USER_AGENT,)) + _text(value))
        elif known == "x-wap-profile":
            octets.append(bytes((_PROFILE,)) + _text(value))
        else:
            octets.append(_text(name) + _text(value))
    return b"".join(octets)


def _request(method, url, headers):
    """The head of a Get or a Post, whose body follows (8.2.3); the type of a body stands first."""
    media = [value for name, value in headers if name == "Content-Type"]
    octets = _headers([header for header in headers if header[0] != "Content-Type"])
    place = url.text.encode()
    if method == "GET":
        return bytes((_GET,)) + _uintvar(len(place)) + place + octets
    octets = _media(media[0]) + octets
    return bytes((_POST,)) + _uintvar(len(place)) + _uintvar(len(octets)) + place + octets


class _Reader:
    """Values from octets in memory; raises LinkError at their end."""

    def __init__(self, octets):
        self._octets = octets
        self._at = 0

    def more(self):
        return self._at < len(self._octets)

    def encloses(self):
        """Whether the next value is one that a length encloses."""
        return self.more() and self._octets[self._at] < 0x20

    def take(self, count):
        """The next `count` octets."""
        start, self._at = self._at, self._at + count
        if self._at > len(self._octets):
            raise LinkError("answer", None, "an answer of the WAP gateway that is cut off")
        return self._octets[start : self._at]

    def uintvar(self):
        number = 0
        for _ in range(limits.UINTVAR):
            octet = self.take(1)[0]
            number = number << 7 | octet & 0x7F
            if octet < 0x80:
                return number
        raise LinkError("answer", None, "a number of more than 32 bits from the WAP gateway")

    def value(self):
        """The value of a header (8.4.1.2): an integer of seven bits, or the octets of a text or inside a length."""
        first = self.take(1)[0]
        if first >= 0x80:
            return first & 0x7F
        if first < 0x20:
            return self.take(first if first < 0x1F else self.uintvar())
        start = self._at - 1
        while self.take(1)[0]:
            pass
        return self._octets[start : self._at - 1]


class Response:
    """A response: `status` as in HTTP, `media` (lower case, without parameters), `octets` by Content-Length or None."""

    def __init__(self, transactions):
        self._transactions = transactions
        self._came = 0  # octets of the body
        self.status = 0
        self.media = ""
        self.octets = None

    async def begin(self):
        """Read status and headers (8.2.3.3); raises LinkError."""
        head = bytearray(2)
        await self._fill(head)
        if head[0] != _REPLY:
            raise LinkError("answer", None, "the WAP gateway answers something else")
        self.status = _status(head[1])
        octet = bytearray(1)
        length = bytearray()
        while not length or octet[0] >= 0x80:
            await self._fill(octet)
            length.extend(octet)
            if len(length) > limits.UINTVAR:
                break
        length = _Reader(length).uintvar()
        if length > limits.HTTP_HEADER:
            raise LinkError("answer", None, "headers of more than %d octets" % limits.HTTP_HEADER)
        octets = bytearray(length)
        await self._fill(octets)
        if length:
            self._parse(_Reader(octets))

    async def readinto(self, buf):
        """The next octets of the body; 0 at its end. Raises LinkError and what the stream raises.

        More than Content-Length tells are no part of it: the modem has joined another datagram to the last segment.
        """
        count = await self._transactions.readinto(buf)
        if self.octets is not None:
            count = max(0, min(count, self.octets - self._came))
        self._came += count
        return count

    async def _fill(self, octets):
        view = memoryview(octets)
        while view:
            count = await self._transactions.readinto(view)
            if not count:
                raise LinkError("answer", None, "an answer of the WAP gateway that is cut off")
            view = view[count:]

    def _parse(self, reader):
        """The type of the body, which stands first, and the headers."""
        media = (_Reader(reader.value()) if reader.encloses() else reader).value()
        if isinstance(media, int):
            self.media = _MEDIA.get(media, "type %d" % media)
        else:
            self.media = "".join(chr(octet) for octet in media.lower() if 32 < octet < 127)
        while reader.more():
            name = reader.value()
            value = reader.value()
            if name == _DATE & 0x7F and not isinstance(value, int) and len(value) == 4:
                clock.tell(int.from_bytes(value[:4], "big"), True)
            elif name == _LENGTH & 0x7F:
                self.octets = value if isinstance(value, int) else int.from_bytes(value[:4], "big")


def _status(octet):
    """The status of HTTP that a status of WSP stands for (table 36)."""
    kind, rest = octet >> 4, octet & 0x0F
    if kind == 5:  # those of 4 go on
        return 416 + rest
    return (kind - 1 if kind == 6 else kind) * 100 + rest


class Session:
    """A session on `stream`, where every write is a datagram and every readinto gives one: for one exchange.

    acked: octets of the request that the gateway has acknowledged.
    """

    def __init__(self, stream):
        self._stream = stream
        self._transactions = None
        self._id = None
        self._most = _MOST

    @property
    def acked(self):
        return self._transactions.acked if self._id is not None else 0

    async def connect(self, buffer):
        """Begin the session (8.2.2.1); `buffer` takes datagrams. Raises LinkError and what the stream raises."""
        self._transactions = wtp.Transactions(self._stream, buffer)
        most = _uintvar(_MOST)
        wishes = b"".join(bytes((1 + len(most), which)) + most for which in (_TO_CLIENT, _TO_SERVER))
        await self._transactions.invoke(bytes((_CONNECT, _VERSION)) + _uintvar(len(wishes)) + b"\0" + wishes)
        octets = bytearray(_SESSION)
        size = 0
        while True:
            count = await self._transactions.readinto(memoryview(octets)[size:])
            size += count
            if not count:
                break
        if octets[0] == _REDIRECT:
            raise LinkError(
                "connect", None, "the WAP gateway sends us to another one: ask the operator for its address"
            )
        if octets[0] != _CONNECT_REPLY:
            raise LinkError("connect", None, "the WAP gateway answers something else")
        reader = _Reader(octets[1:size])
        self._id = reader.uintvar()
        length = reader.uintvar()
        reader.uintvar()
        reader = _Reader(reader.take(length))
        while reader.more():
            capability = _Reader(reader.take(reader.uintvar()))
            if capability.take(1)[0] == _TO_SERVER:
                self._most = capability.uintvar() or _MOST

    async def request(self, head, content):
        """Make the one exchange of the session: a Response."""
        if content and len(head) + content.octets > self._most:
            raise wtp.too_large("a message of %d octets, and the WAP gateway takes %d" % (content.octets, self._most))
        await self._transactions.invoke(head, content)
        response = Response(self._transactions)
        await response.begin()
        return response

    async def leave(self):
        """End the session, and a response that is not read whole; no error tells that the gateway missed it."""
        try:
            await clock.within(self._leave(), _LEAVE_MS)
        except (ModemError, asyncio.TimeoutError):
            pass

    async def _leave(self):
        if self._transactions is None:
            return
        if not self._transactions.whole:
            await self._transactions.abort(_REQUEST)
        if self._id is not None:
            await self._transactions.tell(bytes((_DISCONNECT,)) + _uintvar(self._id))
        await self._stream.drain()

    def close(self):
        """Close the stream."""
        self._stream.close()


async def exchange(session, buffer, method, url, headers=(), absolute=True, content=None):
    """Connect, send one request and return the Response, its body still to be read.

    Raises TooLarge for a message of more than a gateway takes, LinkError, and what the stream and the content raise.
    """
    head = _request(method, url, headers)
    await session.connect(buffer)
    return await session.request(head, content)
