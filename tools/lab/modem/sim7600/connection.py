"""The connections of the socket service (A7600 TCPIP application note V1.00, chapters 3 and 4)."""

from tools.lab.modem import connection
from tools.lab.modem.terminal import Reply

SUCCEEDED, NETWORK, NOT_OPEN, WRONG, NOT_SUPPORTED, BUSY, TIMEOUT, NAME = 0, 1, 2, 3, 4, 8, 10, 11  # <err> (note, 4.1)
_REMOTE, _SILENT = 1, 2  # <close_reason> (note, 4.2)
_GONE = -1  # octets taken by a connection that is gone [M]: the same to a handset as any other number but all
_TAKEN_MS = 20  # from the OK until +CIPSEND


class Connection(connection.Connection):
    """A TCP connection in the words of these modems."""

    def __init__(self, modem, key, index, protocol, host, port):
        super().__init__(modem, key, index, protocol, host, port)
        self.held = True  # the number is in use until the handset closes it
        self.received = 0
        self._pending = b""  # octets that no +CIPSEND has told of
        self._asked_for = 0
        self._told = False  # +CIPRXGET: 1 was said for what is in the buffer
        self._moved = modem.agenda.now  # time of the last acknowledgement, or of the first octet after it
        self._awaiting = None  # octets to be acknowledged before +CIPSEND (AT+CIPSENDMODE=1)
        self._spoilt = self._watched = False

    def say(self, line):
        """Send an unsolicited line."""
        self._modem.terminal.urc(line)

    # opening and closing

    def on_open(self):
        """+CIPOPEN: n,0."""
        self.say("+CIPOPEN: %d,0" % self.index)

    def on_fail(self, unknown):
        """+CIPOPEN with the reason: the name, the time, or the network."""
        self.held = False
        late = self._modem.switches["refusal"] == "late"
        self.say("+CIPOPEN: %d,%d" % (self.index, NAME if unknown else TIMEOUT if late else NETWORK))

    def on_end(self):
        """The far end has closed; octets that arrived stay until the number is used again."""
        self._close(_REMOTE)

    def _close(self, reason):
        self.held = False
        pending, self._pending = self._pending, b""
        if pending or self._awaiting is not None:
            self._awaiting = None
            self.say("+CIPSEND: %d,%d,%d" % (self.index, self._asked_for, _GONE))
        self.say("+IPCLOSE: %d,%d" % (self.index, reason))

    # sending

    def refusal(self):
        """The <err> of AT+CIPSEND now, or None."""
        if not self.open or self._spoilt:
            return NOT_SUPPORTED
        return BUSY if self._pending or self._awaiting is not None else None

    def send(self, octets):
        """Take the octets that the handset typed: OK says only that they were read."""
        faults = self._modem.faults
        if self.closed or faults.pop("send fail", 0):
            return Reply(["+CIPERROR: %d" % (NOT_SUPPORTED if self.closed else NETWORK)], "ERROR")
        self._pending, self._asked_for = octets, len(octets)
        self._modem.agenda.after(_TAKEN_MS, lambda: self._take(faults.pop("short accept", len(octets))))
        return Reply()

    def _take(self, most):
        """Hand over what fits into the buffer, and say how much that was."""
        if self.closed or not self._pending:
            return
        room = min(self.room(), most)
        if not room and self._modem.switches["buffer-full"] == "waits":
            return  # goes on with the next acknowledgement
        taken, self._pending = self._pending[:room], b""
        if taken:
            if self.sent == self.acked:
                self._moved = self._modem.agenda.now
            self.transmit(taken)
            self._watch()
        if len(taken) < self._asked_for and self._modem.switches["partial"] == "ends":
            self._spoilt = True
        if self._modem.options["+CIPSENDMODE"] and taken:
            self._awaiting = (self.sent, len(taken))
        else:
            self._tell(len(taken))

    def _tell(self, taken):
        self.say("+CIPSEND: %d,%d,%d" % (self.index, self._asked_for, taken))

    def on_acknowledged(self):
        """Room in the buffer for octets that wait; with AT+CIPSENDMODE=1 the result of those that waited for this."""
        self._moved = self._modem.agenda.now
        if self.closed:
            return
        if self._awaiting is not None and self.acked >= self._awaiting[0]:
            taken, self._awaiting = self._awaiting[1], None
            self._tell(taken)
        self._take(len(self._pending))

    def _watch(self):
        """+IPCLOSE: n,2 when nothing was acknowledged for the third time of AT+CIPTIMEOUT."""
        left = self._moved + self._modem.options["+CIPTIMEOUT"][2] - self._modem.agenda.now
        if self.closed or self.sent == self.acked or self._watched:
            return
        if left > 0:
            self._watched = True
            self._modem.agenda.after(left, self._look)
        else:
            self.abandon()
            self._close(_SILENT)

    def _look(self):
        self._watched = False
        self._watch()

    # receiving

    def on_octets(self, octets):
        """Keep octets for AT+CIPRXGET, or pass them on."""
        self.received += len(octets)
        if not self._modem.sockets.manual:
            self._in_band(octets)
            return
        self.arrived.extend(octets)
        if not self._told or self._modem.switches["announced"] == "each":
            self._told = True
            self.say("+CIPRXGET: 1,%d" % self.index)

    def _in_band(self, octets):
        """Note, 3.2.1: the sender, the count, the octets."""
        terminal = self._modem.terminal
        if self._modem.options["+CIPSRIP"]:
            names = self._modem.environment.names
            terminal.urc("RECV FROM:%s:%d" % (names.get(self.host, self.host), self.port))
        if self._modem.options["+CIPHEAD"]:
            terminal.raw(b"+IPD%d\r\n" % len(octets))
        terminal.raw(octets)

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once; once all are read the next ones are told."""
        octets = super().fetch(count)
        self._told = bool(self.arrived)
        return octets


class Datagrams(connection.Connection):
    """A UDP socket: bound to a port of the modem, without a far end; each destination has a key in the network."""

    def __init__(self, modem, key, index, port):
        super().__init__(modem, key, index, "UDP", "0.0.0.0", 0)
        self.local = port
        self.open = self.held = True
        self.received = 0
        self._keys = {}  # (host, port): key
        self._told = False

    def owns(self, key):
        """Whether that key is of one of the destinations."""
        return key in self._keys.values()

    def refusal(self):
        """The <err> of AT+CIPSEND now, or None."""
        return None if self.open else NOT_SUPPORTED

    def send_to(self, host, port, octets):
        """Send one datagram."""
        modem = self._modem
        if self.closed or modem.faults.pop("send fail", 0):
            return Reply(["+CIPERROR: %d" % NETWORK], "ERROR")
        if (host, port) not in self._keys:
            self._keys[host, port] = modem.new_key()
            modem.effect("open", self._keys[host, port], host, port, True)
        modem.radio.up.put(self._keys[host, port], octets, modem.agenda.now, True)
        line = "+CIPSEND: %d,%d,%d" % (self.index, len(octets), len(octets))
        modem.agenda.after(_TAKEN_MS, lambda: modem.terminal.urc(line))
        return Reply()

    def established(self):
        """There is nothing to establish."""

    def refused(self, unknown):
        """A datagram to nowhere is lost."""

    def left(self, count):
        """A datagram is not acknowledged."""

    def receive(self, octets):
        """Keep a datagram for AT+CIPRXGET."""
        if self.closed or not octets:
            return
        self.received += len(octets)
        self.arrived.extend(octets)
        if not self._told:
            self._told = True
            self._modem.terminal.urc("+CIPRXGET: 1,%d" % self.index)

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once."""
        octets = super().fetch(count)
        self._told = bool(self.arrived)
        return octets

    def abandon(self):
        """Close the socket."""
        if not self.closed:
            self.closed, self.open = True, False
            for place in sorted(self._keys):
                connection.end_datagrams(self._modem, self._keys[place])
