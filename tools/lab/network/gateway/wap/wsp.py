"""The WAP gateway without its sockets: WSP sessions of many peers over WTP (WAP-230-WSP, clauses 7 and 8).

Datagrams go in and out, requests for HTTP come out, and their answers go in. Time is passed in as milliseconds.
"""

from tools.lab.network.gateway.wap import headers, pdu, wtp
from tools.lab.network.gateway.wap.deviations import SMALL_SDU

CONNECT, CONNECT_REPLY, REPLY, DISCONNECT, SUSPEND, RESUME = 0x01, 0x02, 0x04, 0x05, 0x08, 0x09  # table 34
METHODS = {0x40: "GET", 0x42: "HEAD", 0x60: "POST"}
_METHOD = 0x40  # PDUs from here on are methods; from POST on they have a body

# Reasons of an abort (table 35)
PROTOERR, DISCONNECTED, SUSPENDED, MRUEXCEEDED, MOREXCEEDED = 0xE0, 0xE1, 0xE2, 0xE6, 0xE7

# Capabilities (8.3.2 and table 37)
CLIENT_SDU, SERVER_SDU, PROTOCOL_OPTIONS, METHOD_MOR = 0, 1, 2, 3
_DEFAULT_SDU = 1400  # 8.3.3
_SDU = wtp.SEGMENTS * wtp.SEGMENT
_OPTIONS = 0x20  # of all protocol options sessions can be resumed
_MOR = 4  # methods at a time

NOT_ACCEPTABLE, TOO_LARGE, NOT_IMPLEMENTED, BAD_GATEWAY = 406, 413, 501, 502
_ANY_TYPE = headers.content_type("*/*")  # of a Reply without content
_PEERS = 64
_IDLE_MS = 600000


class _Session:
    """A session: its `id`, negotiated sizes, its own headers."""

    def __init__(self, id, fields):
        self.id, self.fields = id, fields
        self.client_sdu = self.server_sdu = _DEFAULT_SDU
        self.methods = 1
        self.is_suspended = False


class Request:
    """For HTTP: `method`, `url`, `headers` as (name, value) pairs, `body`; `peer` and `tid` get the answer."""

    def __init__(self, peer, tid, method, url, fields, body):
        self.peer, self.tid, self.method, self.url, self.headers, self.body = peer, tid, method, url, fields, body


class _Peer:
    """One address that datagrams come from: its transactions, and a session at most."""

    def __init__(self, gateway, address):
        self.address = address
        self.session = None
        self.seen = 0
        meets = gateway.deviations.meets
        self.wtp = wtp.Responder(self, not meets("no-sar"), meets("verify-tid"))
        self.open = {}  # TID: Request
        self._gateway = gateway

    def invoked(self, tid, kind, octets):
        """WTP has a whole message."""
        try:
            self._take(tid, kind, octets)
        except (headers.HeaderError, IndexError):
            if kind:
                self.wtp.abort(tid, pdu.USER, PROTOERR)

    def aborted(self, tid, reason):
        """A transaction is over without its result."""
        self.open.pop(tid, None)

    def _take(self, tid, kind, octets):
        type = octets[0]
        if kind == 0 and type in (DISCONNECT, SUSPEND):
            self._end_methods(type, headers.uintvar(octets, 1)[0])
        elif kind == 2 and type == CONNECT:
            self._connect(tid, octets)
        elif kind == 2 and type == RESUME:
            self._resume(tid, octets)
        elif kind == 2 and type >= _METHOD:
            self._method(tid, type, octets)
        elif kind:
            self.wtp.abort(tid, pdu.USER, PROTOERR)

    # sessions

    def _end_methods(self, type, id):
        """Disconnect or suspend the session: its methods are aborted (7.1.5)."""
        if self.session is None or self.session.id != id:
            return
        for tid in list(self.open):
            self.wtp.abort(tid, pdu.USER, DISCONNECTED if type == DISCONNECT else SUSPENDED)
        if type == DISCONNECT:
            self._gateway.sessions.pop(id, None)
            self.session = None
        else:
            self.session.is_suspended = True

    def _connect(self, tid, octets):
        """Begin a session; an older one of the same address is over (7.1.6)."""
        if self.session is not None:
            self._end_methods(DISCONNECT, self.session.id)
        if octets[1] >> 4 != 1:
            self.wtp.abort(tid, pdu.USER, PROTOERR)
            return
        count, at = headers.uintvar(octets, 2)
        length, at = headers.uintvar(octets, at)
        if at + count + length != len(octets):
            raise headers.HeaderError("lengths of Connect")
        self.session = self._gateway.begin(self, headers.decode(octets[at + count :]))
        agreed = self._negotiate(octets[at : at + count])
        said = bytes([CONNECT_REPLY]) + headers.encode_uintvar(self.session.id)
        self.wtp.answer(tid, said + headers.encode_uintvar(len(agreed)) + b"\0" + agreed)

    def _negotiate(self, octets):
        """The capabilities of the reply: those that were asked for, as far as this gateway goes (8.3.2)."""
        most = SMALL_SDU if self._gateway.deviations.meets("small-sdu") else _SDU
        agreed, at = b"", 0
        while at < len(octets):
            length, at = headers.uintvar(octets, at)
            name, value = octets[at] & 0x7F, octets[at + 1 : at + length]
            at += length
            if name in (CLIENT_SDU, SERVER_SDU):
                size = headers.uintvar(value, 0)[0]
                size = most if size == 0 else min(size, most)  # 0 is no limit
                if name == CLIENT_SDU:
                    self.session.client_sdu = size
                else:
                    self.session.server_sdu = size
                value = headers.encode_uintvar(size)
            elif name == PROTOCOL_OPTIONS:
                value = bytes([value[0] & _OPTIONS])
            elif name == METHOD_MOR:
                self.session.methods = max(1, min(value[0], _MOR))
                value = bytes([self.session.methods])
            else:
                continue
            agreed += headers.encode_uintvar(len(value) + 1) + bytes([0x80 | name]) + value
        return agreed

    def _resume(self, tid, octets):
        """Go on with a session, from any address (7.1.4, 8.2.3.7)."""
        session = self._gateway.move(headers.uintvar(octets, 1)[0], self)
        if session is None:
            self.wtp.abort(tid, pdu.USER, DISCONNECTED)
            return
        session.is_suspended = False
        self._reply(tid, 200)

    # methods

    def _method(self, tid, type, octets):
        session = self.session
        if session is None or session.is_suspended:
            self.wtp.abort(tid, pdu.USER, DISCONNECTED if session is None else SUSPENDED)
        elif len(octets) > session.server_sdu:
            self.wtp.abort(tid, pdu.USER, MRUEXCEEDED)
        elif len(self.open) >= session.methods:
            self.wtp.abort(tid, pdu.USER, MOREXCEEDED)
        elif type not in METHODS:
            self._reply(tid, NOT_IMPLEMENTED)
        elif self._gateway.deviations.meets("abort"):
            self.wtp.abort(tid, pdu.PROVIDER, 0)
        else:
            request = Request(self, tid, METHODS[type], *_parse_method(type, octets))
            own = [name.lower() for name, _ in request.headers]  # the session's are defaults (8.2.4.1)
            request.headers += [field for field in session.fields if field[0].lower() not in own]
            self.open[tid] = request
            self._gateway.requests.append(request)

    def answer(self, tid, status, fields, body):
        """Send HTTP's answer to an open method."""
        request = self.open.pop(tid, None)
        if request is None or self.session is None:
            return  # aborted, or disconnected meanwhile
        types = [value for name, value in fields if name.lower() == "content-type"]
        media = types[0] if types else "*/*"
        if self._gateway.deviations.meets("wsp-502"):
            self._reply(tid, BAD_GATEWAY)
        elif body and not _accepts(request.headers, media):
            self._reply(tid, NOT_ACCEPTABLE)
        else:
            self._reply(tid, status, headers.content_type(media) + headers.encode(fields), body)

    def _reply(self, tid, status, octets=_ANY_TYPE, body=b""):
        """Send a Reply of a status, a content type with headers, and data (8.2.3.3)."""
        reply = bytes([REPLY, _status(status)]) + headers.encode_uintvar(len(octets)) + octets + body
        if len(reply) > self.session.client_sdu and (body or octets != _ANY_TYPE):
            self._reply(tid, BAD_GATEWAY)  # as Kannel 1.4.5 does
        else:
            self.wtp.answer(tid, reply)


def _status(status):
    """The octet of an HTTP status (table 36): the hundreds and the rest have a half each."""
    hundreds, rest = divmod(status, 100)
    base = {1: 0x10, 2: 0x20, 3: 0x30, 4: 0x40, 5: 0x60}.get(hundreds)
    known = {2: 7, 3: 8, 4: 18, 5: 6}.get(hundreds, 0)
    return 0x60 if base is None or rest >= known else base + rest


def _parse_method(type, octets):
    """(URL, headers, body) of a Get or a Post (8.2.3.1 and 8.2.3.2)."""
    count, at = headers.uintvar(octets, 1)
    length = None
    if type >= 0x60:
        length, at = headers.uintvar(octets, at)
    if at + count + (length or 0) > len(octets):
        raise headers.HeaderError("lengths of a method")
    url = "".join([chr(octet) for octet in octets[at : at + count]])
    at += count
    if length is None:
        return url, headers.decode(octets[at:]), b""
    kind = headers.Value(octets, at)
    fields = headers.decode(octets[kind.end : at + length])
    fields = [field for field in fields if field[0].lower() not in ("content-type", "content-length")]
    body = octets[at + length :]
    return url, fields + [("Content-Type", headers.media(kind) or "*/*"), ("Content-Length", str(len(body)))], body


def _accepts(fields, media):
    """Whether an Accept header allows the media type; without any of them nothing is allowed, as with Kannel."""
    kind = media.split(";")[0].strip().lower()
    allowed = ("*/*", kind.split("/")[0] + "/*", kind)
    accepted = [value.split(";")[0].strip().lower() for name, value in fields if name.lower() == "accept"]
    return any([value in allowed for value in accepted])


class Gateway:
    """All peers of the gateway. `requests` are for HTTP; each gets one `answer`."""

    def __init__(self, deviations):
        self.deviations = deviations
        self.requests, self.sessions = [], {}  # sessions: {id: peer}
        self._peers = {}
        self._air = []  # (time, whether it is for a peer, address, octets) of datagrams under way
        self._out = []
        self._id = 0
        self._now = 0

    @property
    def due(self):
        """When something happens next, or None."""
        times = [item[0] for item in self._air]
        times += [peer.wtp.due for peer in self._peers.values() if peer.wtp.due is not None]
        return min(times) if times else None

    def receive(self, address, octets, now):
        """Take a datagram from the network; `address` is any key."""
        self._travel(False, address, octets, now)
        self.advance(now)

    def advance(self, now):
        """Let the time pass."""
        self._now = now
        arrived = [item for item in self._air if item[0] <= now]
        self._air = [item for item in self._air if item[0] > now]
        for _, outward, address, octets in arrived:
            if outward:
                self._out.append((address, octets))
            else:
                self._peer(address).wtp.receive(octets, now)
        for peer in list(self._peers.values()):
            peer.wtp.advance(now)
        self._send()

    def answer(self, request, status, fields, body, now):
        """HTTP's answer to a request: its status, headers as (name, value) pairs, and its whole body."""
        self.advance(now)
        request.peer.answer(request.tid, status, fields, body)
        self._send()

    def datagrams(self):
        """(address, octets) of all datagrams that leave now, taken out."""
        out, self._out = self._out, []
        return out

    def begin(self, peer, fields):
        """A new session of a peer."""
        self._id += 1
        self.sessions[self._id] = peer
        return _Session(self._id, fields)

    def move(self, id, peer):
        """The session of that number, which belongs to the peer from now on; or None."""
        old = self.sessions.get(id)
        if old is None:
            return None
        session, old.session = old.session, None
        self.sessions[id], peer.session = peer, session
        return session

    def _peer(self, address):
        if address not in self._peers:
            self._make_room()
            self._peers[address] = _Peer(self, address)
        peer = self._peers[address]
        peer.seen = self._now
        return peer

    def _make_room(self):
        """Forget peers that have said nothing for long, and beyond that the one that is silent for longest."""
        order = sorted(self._peers.values(), key=lambda peer: peer.seen)
        gone = [peer for peer in order if peer.seen + _IDLE_MS <= self._now]
        for peer in gone or order[: max(0, len(order) - _PEERS + 1)]:
            del self._peers[peer.address]
            if peer.session is not None:
                self.sessions.pop(peer.session.id, None)

    def _travel(self, outward, address, octets, now):
        for delay in self.deviations.delays():
            self._air.append((now + delay, outward, address, octets))

    def _send(self):
        for peer in self._peers.values():
            said, peer.wtp.datagrams = peer.wtp.datagrams, []
            for octets in said:
                self._travel(True, peer.address, octets, self._now)
        self._out += [item[2:] for item in self._air if item[1] and item[0] <= self._now]
        self._air = [item for item in self._air if not (item[1] and item[0] <= self._now)]
