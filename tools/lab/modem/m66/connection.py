"""One connection of AT+QIOPEN, in the words of an M66 or M95 (AN; logs)."""

from tools.lab.modem import connection
from tools.lab.modem.syntax import Refused
from tools.lab.modem.terminal import Reply, Wait

_SEGMENT = 1460
_TAKEN_MS = 2  # until octets that were typed are in the send buffer


class Connection(connection.Connection):
    """A connection, and what is told of it; `failed_open` until AT+QICLOSE when it never came about."""

    def __init__(self, modem, key, index, protocol, host, port):
        super().__init__(modem, key, index, protocol, host, port)
        self.failed_open = False
        self._segments = self._segment = 0  # those that are not read yet; octets of the one under way
        self._datagrams = []  # lengths of those in `arrived`
        self._awaiting = self._sending = None  # octets to be acknowledged, and the command that waits for it

    def start(self):
        """Ask the network for the connection, unless it was closed before its name was resolved."""
        if not self.closed:
            super().start()

    def state_name(self):
        """The state of the task in single mode (AN)."""
        if self.closed and not self.failed_open:
            return "IP CLOSE"
        return "CONNECT OK" if self.open else "%s CONNECTING" % self.protocol

    def client(self):
        """The state of one connection in multiple mode; one that failed is CONNECTING still (log)."""
        if self.closed and not self.failed_open:
            return "CLOSED"
        return "CONNECTED" if self.open else "CONNECTING"

    def address(self):
        """The address of the far end, as its name was resolved."""
        return self._modem.environment.names.get(self.host, self.host)

    def _say(self, text):
        self._modem.terminal.urc(self._modem.sockets.numbered(self.index, text))

    def on_open(self):
        """CONNECT OK."""
        self._say("CONNECT OK")

    def on_fail(self, unknown):
        """CONNECT FAIL."""
        self.failed_open = True
        self._modem.sockets.opening_failed(self, unknown)
        self._say("CONNECT FAIL")

    def on_end(self):
        """CLOSED, also for a command that waits for SEND OK; octets that were not read stay, or do not [M]."""
        if self._modem.switches["unread"] == "lost":
            self.arrived, self._datagrams, self._segments = bytearray(), [], 0
        if self._modem.switches["closed-line"] == "numbered":
            self._modem.terminal.urc("%d, CLOSED" % self.index)
        else:
            self._say("CLOSED")
        if self._awaiting is not None:
            self._awaiting = None
            self._modem.terminal.resume(self._sending, self._refuse)

    # sending

    def send(self, octets):
        """Take the octets that the handset typed after the prompt, or tell SEND FAIL."""
        modem = self._modem
        if not self.open:
            raise Refused()
        full = modem.faults.pop("send fail", 0)
        if full or (self.protocol == "TCP" and len(octets) > self.room()):
            if modem.switches["send-fail"] == "half":
                self.transmit(octets[: min(len(octets) // 2, self.room())])
            self._refuse()
        self.transmit(octets)
        if modem.switches["send-ok"] == "taken" or self.protocol == "UDP":
            return Wait(_TAKEN_MS, self._confirm)
        self._awaiting, self._sending = self.sent, Wait(None)
        return self._sending

    def on_acknowledged(self):
        """SEND OK, when a command waits for it."""
        if self._awaiting is not None and self.acked >= self._awaiting:
            self._awaiting = None
            self._modem.terminal.resume(self._sending, self._confirm)

    def _confirm(self):
        return Reply((), "SEND OK")  # without a number in multiple mode, too (log)

    def _refuse(self):
        raise Refused("SEND FAIL", "result")

    # receiving

    def on_octets(self, octets):
        """+QIRDI, or the octets themselves with AT+QINDI=0."""
        mode = self._modem.options["+QINDI"]
        if not mode:
            self._in_band(octets)
            return
        told, notice = bool(self.arrived), self._modem.switches["notice"]
        self.arrived.extend(octets)
        if self.protocol == "UDP":
            self._datagrams.append(len(octets))
        line = "+QIRDI: %d,1,%d" % (self._modem.options["+QIFGCNT"], self.index)
        if mode == 1 and notice != "each":
            self._modem.terminal.urc(*[line] * (0 if told else 2 if notice == "twice" else 1))
        elif self._segment_ends(len(octets)):
            self._segments += 1
            counts = ",%d,%d,%d" % (self._segments, self._segment, len(self.arrived))  # log: this one is the second
            self._modem.terminal.urc(line + (counts if mode == 2 else ""))
            self._segment = 0

    def _segment_ends(self, count):
        """Whether a segment is complete with `count` octets more."""
        self._segment += count
        whole = self._segment >= _SEGMENT or not self._modem.radio.down.waiting(self.key)
        return whole or self.protocol == "UDP"

    def _in_band(self, octets):
        options, terminal, head = self._modem.options, self._modem.terminal, ""
        if self._modem.task.multiple:
            head = "\r\n+RECEIVE: %d, %d\r\n" % (self.index, len(octets))  # log of an M26
        elif options["+QIHEAD"]:
            head = "\r\nIPD%d%s:" % (len(octets), self.protocol if options["+QISHOWPT"] else "")
        if options["+QISHOWRA"]:
            head = "\r\nRECV FROM: %s:%d%s" % (self.address(), self.port, head or "\r\n")
        terminal.raw(head.encode())
        terminal.raw(octets)

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once; datagrams one by one, unless they are joined [M]."""
        if self._datagrams and self._modem.switches["datagrams"] == "one":
            count = min(count, self._datagrams[0])
            self._datagrams[0] -= count
            if not self._datagrams[0]:
                self._datagrams.pop(0)
        octets = super().fetch(count)
        if not self.arrived:
            self._segments = 0
        return octets
