"""One connection of AT+QIOPEN in buffer access mode (TCP/IP application note V1.1, 2.3.4 to 2.3.8 and 2.4)."""

from tools.lab.modem import connection
from tools.lab.modem.bg95.errors import CONNECT_FAILED, NAME_UNKNOWN

INITIAL, OPENING, CONNECTED, LISTENING, CLOSING = 0, 1, 2, 3, 4  # <socket_state> (2.3.6)
_LOCAL = 50000  # the first local port that the modem gives


class Connection(connection.Connection):
    """A connection in the words of this family; `error` is the result code of an opening that failed."""

    def __init__(self, modem, key, index, context, protocol, host, port):
        super().__init__(modem, key, index, protocol, host, port)
        self.context, self.local = context, _LOCAL + key % 10000
        self.read = self.error = 0
        self._datagrams = []  # lengths of those in `arrived`

    def state(self):
        """The state as AT+QISTATE numbers it; builds have been seen that call a connected one 3."""
        if self.closed:
            return CLOSING
        if not self.open:
            return OPENING
        return LISTENING if self._modem.switches["connected-state"] == "3" else CONNECTED

    def start(self):
        """Ask the network for the connection, unless AT+QICLOSE came before its name was resolved."""
        if not self.closed:
            super().start()

    def on_open(self):
        """+QIOPEN with the result 0 (2.3.4)."""
        self._modem.terminal.urc("+QIOPEN: %d,0" % self.index)

    def on_fail(self, unknown):
        """+QIOPEN with a result code (2.3.4 and chapter 4)."""
        self.error = NAME_UNKNOWN if unknown else CONNECT_FAILED
        self._modem.sockets.opening_failed(self)
        self._modem.terminal.urc("+QIOPEN: %d,%d" % (self.index, self.error))

    def on_end(self):
        """+QIURC: "closed" (2.4.1); octets that were not read stay, or do not [M]."""
        if self._modem.switches["unread"] == "lost":
            self.arrived, self._datagrams = bytearray(), []
        self._modem.terminal.urc('+QIURC: "closed",%d' % self.index)

    def on_acknowledged(self):
        """Nothing is said: the handset asks with AT+QISEND=n,0 (2.3.7)."""

    def on_octets(self, octets):
        """+QIURC: "recv", unless octets that were told are still unread (2.4.2)."""
        told = bool(self.arrived)
        self.arrived.extend(octets)
        if self.protocol == "UDP":
            self._datagrams.append(len(octets))
        if not told:
            length = ",%d" % len(octets) if self._modem.switches["recv-length"] == "shown" else ""
            self._modem.terminal.urc('+QIURC: "recv",%d%s' % (self.index, length))

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once; datagrams one by one, unless they are joined [M]."""
        if self._datagrams and self._modem.switches["datagrams"] == "one":
            count = min(count, self._datagrams[0])
            self._datagrams[0] -= count
            if not self._datagrams[0]:
                self._datagrams.pop(0)
        octets = super().fetch(count)
        self.read += len(octets)
        return octets
