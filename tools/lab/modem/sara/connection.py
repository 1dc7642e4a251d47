"""One TCP socket of AT+USOCR (19.3 to 19.12)."""

from tools.lab.modem import connection
from tools.lab.modem.sara.errors import BROKEN_PIPE, REFUSED, UNREACHABLE, WOULD_BLOCK
from tools.lab.modem.terminal import Wait

INACTIVE, SYN_SENT, ESTABLISHED, CLOSE_WAIT = 0, 2, 4, 7  # <param_val> of AT+USOCTL=n,10 (19.23.3)
_TAKEN_MS = {"soon": 10, "late": 90}


class Connection(connection.Connection):
    """A connection in the words of these modules, unconnected at first: `connecting` is the AT+USOCO under way."""

    def __init__(self, modem, key, index):
        super().__init__(modem, key, index, "TCP", "", 0)
        self.read = self.error = 0
        self.connecting = None
        self.asynchronous = False  # the result of the connection is a +UUSOCO
        self._ended = False  # the far end closed, and +UUSOCL was not said yet

    def say(self, line):
        """Send an unsolicited line, or two of them."""
        for _ in range(2 if self._modem.switches["announced"] == "doubled" else 1):
            self._modem.terminal.urc(line)

    def state(self):
        """The status of the socket (19.23.3)."""
        if self.open:
            return ESTABLISHED
        if self.closed:
            return CLOSE_WAIT if self._ended else INACTIVE
        return SYN_SENT if self.connecting is not None or self.asynchronous else INACTIVE

    # opening and closing

    def connect(self, host, port, asynchronous):
        """Connect to a host; the result of AT+USOCO comes when the connection is there (19.9)."""
        self.host, self.port, self.asynchronous = host, port, asynchronous
        self.connecting = None if asynchronous else Wait(None)
        known = connection.is_address(host)
        begin = self.start if self._modem.bearer.reaches else self._nowhere
        self._modem.agenda.after(1 if known else self._modem.environment.delays.dns, begin)
        return self.connecting

    def _nowhere(self):
        """The context leads to no such host."""
        self._modem.agenda.after(self._modem.environment.delays.refusal, lambda: self.failed(True))

    def start(self):
        """Ask the network for the connection, unless AT+USOCL came before its name was resolved."""
        if not self.closed:
            super().start()

    def on_open(self):
        """OK, or +UUSOCO: n,0."""
        self._result(0)

    def on_fail(self, unknown):
        """ERROR, or +UUSOCO with the error; the socket may be closed with it."""
        slow = self._modem.switches["model"].startswith("SARA-R4")  # log: 11 for any failure
        self._result(WOULD_BLOCK if slow else UNREACHABLE if unknown else REFUSED)
        if self._modem.switches["failed-connect"] == "closed":
            self._modem.sockets.forget_one(self)
            self.say("+UUSOCL: %d" % self.index)

    def _result(self, error):
        self.error, waiting, self.connecting = error, self.connecting, None
        if self.asynchronous:
            self._modem.errors.last = error
            self._modem.terminal.urc("+UUSOCO: %d,%d" % (self.index, error))
        else:
            self._modem.terminal.resume(waiting, self._connected)

    def _connected(self):
        if self.error:
            raise self._modem.errors.refuse(self.error, self)

    def on_end(self):
        """The far end closed: +UUSOCL comes when all octets are read, an open block ends at once (19.10.1)."""
        self._ended = True
        if self._modem.switches["unread"] == "lost":
            self.arrived = bytearray()
        self._modem.terminal.interrupt(self, self._interrupted)
        self._tell_end()

    def _interrupted(self):
        raise self._modem.errors.refuse(BROKEN_PIPE, self)

    def _tell_end(self):
        if self._ended and not self.arrived:
            self._ended = False
            self._modem.sockets.forget_one(self)
            self.say("+UUSOCL: %d" % self.index)

    def lose(self):
        """The context ended."""
        waiting, self.connecting = self.connecting, None
        self.abandon()
        if waiting is not None:
            self.error = UNREACHABLE
            self._modem.terminal.resume(waiting, self._connected)
        self._modem.terminal.interrupt(self, self._interrupted)

    # octets

    def take(self, octets):
        """Take octets of a block into the queue: as many as there is room for (19.10.4), none is an error."""
        modem = self._modem
        most = modem.faults.pop("short accept", len(octets))
        room = 0 if modem.faults.pop("send fail", 0) else min(self.room(), most)
        if self.closed or not room:
            raise modem.errors.refuse(BROKEN_PIPE if self.closed else WOULD_BLOCK, self)
        self.transmit(octets[:room])
        line = "+USOWR: %d,%d" % (self.index, min(room, len(octets)))
        return Wait(_TAKEN_MS[modem.switches["write-result"]], lambda: [line])

    def on_octets(self, octets):
        """+UUSORD, when the buffer was empty (19.12.1)."""
        told = bool(self.arrived)
        self.arrived.extend(octets)
        if not told:
            self.say("+UUSORD: %d,%d" % (self.index, len(octets)))

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once; then the line that follows the OK."""
        octets = super().fetch(count)
        self.read += len(octets)
        self._modem.agenda.after(1, lambda: self._after(bool(octets)))
        return octets

    def _after(self, fetched):
        """+UUSORD for the octets that a read left, or the +UUSOCL that waited for it."""
        if fetched and self.arrived and self._modem.switches["partial-read"] == "told":
            self.say("+UUSORD: %d,%d" % (self.index, len(self.arrived)))
        self._tell_end()
