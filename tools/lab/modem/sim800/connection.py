"""One TCP or UDP connection of the socket stack, over the modem's radio."""

from tools.lab.modem.syntax import Refused
from tools.lab.modem.terminal import Reply, Wait

WINDOW = 8760  # octets that the far end may have under way: six segments
_BUFFER = 8760  # octets sent and not acknowledged that the modem holds
_SEND_LIMIT = 1460
_SILENCE_MS = 645000  # without an acknowledgement, after which the modem gives up (manual, 8.2.3)
_NAME_LOST_MS = 5000  # until an unknown name is given up


class Connection:
    """Octets `sent`, `acked`, and those that `arrived` and were not fetched; `key` names the connection in effects."""

    def __init__(self, modem, key, index, protocol, host, port):
        self._modem = modem
        self.key, self.index = key, index
        self.protocol, self.host, self.port = protocol, host, port
        self.sent = self.acked = 0
        self.arrived = bytearray()
        self.open = False  # octets may be sent
        self.closed = False  # by either side, or never established
        self._since = modem.agenda.now  # when AT+CIPSTART came
        self._asked = None  # when the first segment left
        self._told = False  # +CIPRXGET: 1 was said and nothing was fetched since
        self._awaiting = None  # octets to be acknowledged before SEND OK
        self._sending = None  # the command that waits for it

    def alive(self):
        """Connecting or connected."""
        return not self.closed

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

    def start(self):
        """Ask the network for the connection, once the name is resolved."""
        self._asked = self._modem.agenda.now
        self._modem.effect("open", self.key, self.host, self.port, self.protocol == "UDP")

    def established(self):
        """The far end accepted the connection: the handset gets CONNECT OK a round trip after its request."""
        if not self.closed:
            passed = self._modem.agenda.now - self._asked
            wait = max(self._modem.radio.round_trip - passed, 1)
            self._modem.agenda.after(wait, self._opened)

    def refused(self, unknown):
        """The name is `unknown`, or no server listens at the address."""
        if not self.closed:
            wait = _NAME_LOST_MS if unknown else self._modem.radio.round_trip
            if not unknown and self._modem.switches["refusal"] == "late":
                passed = self._modem.agenda.now - self._since
                wait = max(self._modem.environment.delays.refusal - passed, wait)
            self._modem.agenda.after(wait, self.failed)

    def _opened(self):
        if not self.closed:
            self.open = True
            self._say("CONNECT OK")

    def failed(self):
        """The connection does not come about."""
        if self.closed:
            return
        self.closed = True
        if not self._modem.sockets.multiple:
            self._modem.terminal.urc("STATE: " + self._modem.sockets.state_name())
        self._say("CONNECT FAIL")

    def abandon(self):
        """Close the connection from this side, without a result."""
        if not self.closed:
            self.closed, self.open = True, False
            self._modem.radio.drop(self.key)
            self._modem.effect("close", self.key)

    def _ended(self):
        if not self.closed:
            self.closed, self.open = True, False
            self._modem.effect("close", self.key)
            self._say("CLOSED")
            if self._awaiting is not None:
                self._awaiting = None
                self._modem.terminal.resume(self._sending, self._fail)

    def _say(self, text):
        self._modem.terminal.urc(self._modem.sockets.numbered(self.index, text))

    # sending

    def room(self):
        """Octets that one AT+CIPSEND takes now."""
        return max(min(_SEND_LIMIT, _BUFFER - (self.sent - self.acked)), 0)

    def send(self, octets):
        """Send the octets that the handset typed after the prompt."""
        modem = self._modem
        if self.closed or modem.faults.pop("send fail", 0):
            self._fail()
        octets = octets[: modem.faults.pop("short accept", len(octets))]
        self.sent += len(octets)
        modem.radio.up.put(self.key, octets, modem.agenda.now, self.protocol == "UDP")
        if modem.options["+CIPQSEND"]:
            named = "%d," % self.index if modem.sockets.multiple else ""
            return Reply((), "DATA ACCEPT:%s%d" % (named, len(octets)))
        self._awaiting = self.sent
        modem.agenda.after(_SILENCE_MS, self._silent)
        self._sending = Wait(None)
        return self._sending

    def left(self, count):
        """So many octets reached the far end, whose acknowledgement is on its way."""
        self._modem.agenda.after(self._modem.radio.round_trip / 2, lambda: self._acknowledged(count))

    def _acknowledged(self, count):
        self.acked += count
        if self._awaiting is not None and self.acked >= self._awaiting:
            self._awaiting = None
            self._modem.terminal.resume(self._sending, self._confirm)

    def _confirm(self):
        return Reply((), self._modem.sockets.numbered(self.index, "SEND OK"))

    def _fail(self):
        raise Refused(self._modem.sockets.numbered(self.index, "SEND FAIL"), "result")

    def _silent(self):
        if self._awaiting is not None and not self.closed:
            self._ended()

    # receiving

    def receive(self, octets):
        """Handle octets from the radio; none: the far end has closed."""
        if self.closed:
            return
        if not octets:
            self._ended()
        elif self._modem.sockets.manual:
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
        """Up to `count` octets that arrived, each returned once."""
        octets = bytes(self.arrived[:count])
        self.arrived = self.arrived[count:]
        self._told = False
        return octets
