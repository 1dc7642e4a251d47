"""One HTTP request of the modem's own HTTP service, and its answer, over the modem's radio (RFC 2616)."""

from tools.lab.modem.connection import WINDOW

NOT_HTTP, NETWORK, NO_MEMORY, NAME, BUSY, TLS = 600, 601, 602, 603, 604, 605
MOST = 319488  # octets of a body, either way (AT manual V1.09, 11.2.4 and 11.2.6)

_HEAD = 4096  # octets of an answer's header
_PIECE = 1460
_NAME_LOST_MS = 5000  # until an unknown name is given up


class Answer:
    """Parses an answer piece by piece: `status`, `head` and `body` once `whole`; `failed` is a code of the modem."""

    def __init__(self, to_head):
        self.status, self.head, self.body = None, b"", bytearray()
        self.whole, self.failed = False, None
        self._to_head = to_head  # a HEAD has an answer without a body
        self._raw = bytearray()
        self._left = None  # octets to come: of the body, or of a chunk; None: until the far end closes
        self._chunked = False

    def left(self):
        """Octets of the body that are still to come, as far as the answer has said."""
        return self._left or 0

    def field(self, name):
        """The value of a header field, or None."""
        for line in "".join(map(chr, self.head)).split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.strip().lower() == name:
                return value.strip()
        return None

    def feed(self, octets):
        """Parse octets that arrived."""
        self._raw.extend(octets)
        while not self.whole and self.failed is None:
            if not (self._begin() if self.status is None else self._go_on()):
                break

    def end(self):
        """The far end has closed."""
        if self.whole or self.failed is not None:
            return
        if self.status is not None and self._left is None and not self._chunked:
            self.whole = True
        else:
            self.failed = NETWORK

    def _begin(self):
        end = self._raw.find(b"\r\n\r\n")
        start = bytes(self._raw[:5])
        if start != b"HTTP/"[: len(start)] or end < 0 and len(self._raw) > _HEAD:
            self.failed = NOT_HTTP
        if self.failed is not None or end < 0:
            return False
        self.head = bytes(self._raw[:end])
        self._raw = self._raw[end + 4 :]
        words = self.head.split(b"\r\n")[0].split()
        if len(words) < 2 or not words[1].isdigit():
            self.failed = NOT_HTTP
            return False
        status = int(words[1])
        if 100 <= status < 200:  # a final answer follows
            return True
        self.status = status
        self._chunked = (self.field("transfer-encoding") or "").lower() == "chunked"
        length = self.field("content-length")
        if self._to_head or status in (204, 304):
            self._chunked, self._left = False, 0
        elif length is not None and not self._chunked:
            self._left = int(length) if length.isdigit() and len(length) < 9 else MOST + 1
            if self._left > MOST:
                self.failed = NO_MEMORY
        self.whole = self._left == 0
        return not self.whole

    def _go_on(self):
        if self._chunked and self._left is None:
            return self._chunk()
        taken = len(self._raw) if self._left is None else min(self._left, len(self._raw))
        if not taken:
            return False
        self.body.extend(self._raw[:taken])
        self._raw = self._raw[taken:]
        if len(self.body) > MOST:
            self.failed = NO_MEMORY
        if self._left is not None:
            self._left -= taken
            if not self._left:
                self.whole, self._left = not self._chunked, None
        return True

    def _chunk(self):
        """The line in front of a chunk; the line end after the chunk before it is empty."""
        end = self._raw.find(b"\r\n")
        if end < 0:
            return False
        line, self._raw = bytes(self._raw[:end]), self._raw[end + 2 :]
        size = line.split(b";")[0].strip()
        if not size:
            return True
        if len(size) > 8 or [digit for digit in size if digit not in b"0123456789abcdefABCDEF"]:
            self.failed = NOT_HTTP
            return False
        self._left = int(size.decode(), 16)
        self.whole = not self._left
        return not self.whole


class Exchange:
    """A connection of the HTTP service. `done(exchange)` is called once; `key` names it to the network.

    It looks like a Connection to the machine. `code` is the status of the answer, or one of the modem's own.
    """

    protocol = "TCP"
    arrived = b""  # empty: the service parses octets as they arrive

    def __init__(self, modem, key, request, to_head, seconds, done):
        self._modem, self.key, self._request, self._done = modem, key, request, done
        self.answer = Answer(to_head)
        self.count = len(request)
        self.sent = self.acked = 0
        self.closed, self.code = False, None
        self._asked = None
        self._ms = seconds * 1000
        self._moved = modem.agenda.now  # time of the last progress
        modem.agenda.after(self._ms, self._watch)

    def connect(self, host, port):
        """Ask the network for the connection, after the look-up of the name."""
        wait = 1 if host.replace(".", "").isdigit() else self._modem.environment.delays.dns
        self._modem.agenda.after(wait, lambda: self._ask(host, port))

    def _ask(self, host, port):
        if not self.closed:
            self._asked = self._modem.agenda.now
            self._modem.effect("open", self.key, host, port, False)

    def established(self):
        """The far end accepted the connection, which the modem learns a round trip after its request."""
        passed = self._modem.agenda.now - self._asked
        self._modem.agenda.after(max(self._modem.radio.round_trip - passed, 1), self._send)

    def refused(self, unknown):
        """The name is `unknown`, or no server listens at the address."""
        wait = _NAME_LOST_MS if unknown else self._modem.radio.round_trip
        self._modem.agenda.after(wait, lambda: self.finish(NAME if unknown else NETWORK))

    def _send(self):
        while not self.closed and self.sent < self.count and self.sent - self.acked + _PIECE <= WINDOW:
            piece = self._request[self.sent : self.sent + _PIECE]
            self.sent += len(piece)
            self._modem.radio.up.put(self.key, piece, self._modem.agenda.now)

    def left(self, count):
        """So many octets reached the far end, whose acknowledgement is on its way."""
        self._modem.agenda.after(self._modem.radio.round_trip / 2, lambda: self._acknowledged(count))

    def _acknowledged(self, count):
        self.acked += count
        self._moved = self._modem.agenda.now
        self._send()

    def receive(self, octets):
        """Handle octets from the radio; none: the far end has closed."""
        if self.closed:
            return
        self._moved = self._modem.agenda.now
        if octets:
            self.answer.feed(octets)
        else:
            self.answer.end()
        if self.answer.failed is not None:
            self.finish(self.answer.failed)
        elif self.answer.whole:
            self.finish(self.answer.status)

    def _watch(self):
        left = self._moved + self._ms - self._modem.agenda.now
        if left > 0 and not self.closed:
            self._modem.agenda.after(left, self._watch)
        else:
            self.finish(NETWORK)

    def finish(self, code):
        """Close the connection and report the result."""
        if self.closed:
            return
        self.abandon()
        self.code = code
        self._done(self)

    def abandon(self):
        """Close the connection without a result."""
        if not self.closed:
            self.closed = True
            self._modem.radio.drop(self.key)
            self._modem.effect("close", self.key)
