"""One TCP or UDP connection of the socket stack (AT manual V1.09, chapter 8)."""

from tools.lab.modem import connection
from tools.lab.modem.syntax import Refused
from tools.lab.modem.terminal import Reply, Wait

_SEND_LIMIT = 1460
_SILENCE_MS = 645000  # without an acknowledgement, after which the modem gives up (manual, 8.2.3)


class Connection(connection.Connection):
    """A connection in the words of a SIM800."""

    def __init__(self, modem, key, index, protocol, host, port):
        super().__init__(modem, key, index, protocol, host, port)
        self._told = False  # +CIPRXGET: 1 was said and nothing was fetched since
        self._awaiting = None  # octets to be acknowledged before SEND OK
        self._sending = None  # the command that waits for it

    def state_name(self):
        """The state of the stack in single mode."""
        if self.closed:
            return "%s CLOSED" % self.protocol
        return "CONNECT OK" if self.open else "%s CONNECTING" % self.protocol

    def client(self):
        """The state of one connection in multiple mode."""
        if self.closed:
            return "CLOSED"
        return "CONNECTED" if self.open else "CONNECTING"

    # opening and closing

    def on_open(self):
        """Say so."""
        self._say("CONNECT OK")

    def on_fail(self, unknown):
        """Say so; in single mode the state comes first."""
        if not self._modem.sockets.multiple:
            self._modem.terminal.urc("STATE: " + self._modem.sockets.state_name())
        self._say("CONNECT FAIL")

    def on_end(self):
        """Say so, also to the command that waits for an acknowledgement."""
        self._say("CLOSED")
        if self._awaiting is not None:
            self._awaiting = None
            self._modem.terminal.resume(self._sending, self._fail)

    def _say(self, text):
        self._modem.terminal.urc(self._modem.sockets.numbered(self.index, text))

    # sending

    def room(self):
        """Octets that one AT+CIPSEND takes now."""
        return min(_SEND_LIMIT, super().room())

    def send(self, octets):
        """Send the octets that the handset typed after the prompt."""
        modem = self._modem
        if self.closed or modem.faults.pop("send fail", 0):
            self._fail()
        octets = octets[: modem.faults.pop("short accept", len(octets))]
        self.transmit(octets)
        if modem.options["+CIPQSEND"]:
            named = "%d," % self.index if modem.sockets.multiple else ""
            return Reply((), "DATA ACCEPT:%s%d" % (named, len(octets)))
        self._awaiting = self.sent
        modem.agenda.after(_SILENCE_MS, self._silent)
        self._sending = Wait(None)
        return self._sending

    def on_acknowledged(self):
        """SEND OK, when a command waits for it."""
        if self._awaiting is not None and self.acked >= self._awaiting:
            self._awaiting = None
            self._modem.terminal.resume(self._sending, self._confirm)

    def _confirm(self):
        return Reply((), self._modem.sockets.numbered(self.index, "SEND OK"))

    def _fail(self):
        raise Refused(self._modem.sockets.numbered(self.index, "SEND FAIL"), "result")

    def _silent(self):
        if self._awaiting is not None:
            self.ended()

    # receiving

    def on_octets(self, octets):
        """Keep octets for AT+CIPRXGET, or pass them on."""
        if self._modem.sockets.manual:
            self.arrived.extend(octets)
            if not self._told:
                self._told = True
                index = ",%d" % self.index if self._modem.sockets.multiple else ""
                self._modem.terminal.urc("+CIPRXGET: 1" + index)
        else:
            self._in_band(octets)

    def _in_band(self, octets):
        terminal, head = self._modem.terminal, ""
        if self._modem.sockets.multiple:
            head = "\r\n+RECEIVE,%d,%d:\r\n" % (self.index, len(octets))
        elif self._modem.options["+CIPHEAD"]:
            head = "\r\n+IPD,%d:" % len(octets)
        terminal.raw(head.encode())
        terminal.raw(octets)

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once; the next ones are told again."""
        self._told = False
        return super().fetch(count)
