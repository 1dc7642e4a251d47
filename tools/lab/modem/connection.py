"""TCP and UDP connections over a modem's radio: what the socket stacks of all families share."""

WINDOW = 8760  # octets that the far end may have under way: six segments
BUFFER = 8760  # octets sent and not acknowledged that a modem holds
_LOOK_MS = 20  # how often a closing connection looks whether its last octets have left
_NAME_LOST_MS = 5000  # until an unknown name is given up


def is_address(host):
    """Whether a host is an IPv4 address, not a name."""
    digits = host.replace(".", "")
    return bool(digits) and not [digit for digit in digits if digit not in "0123456789"]


def end_datagrams(modem, key):
    """Close a UDP socket: datagrams that it sent still leave, while the modem has power (RFC 768 knows no reset)."""
    if modem.on:
        modem.radio.down.drop(key)
        modem.radio.up.put(key, b"", modem.agenda.now)
    else:
        modem.radio.drop(key)
        modem.effect("close", key)


class Connection:
    """Octets `sent`, `acked`, and those that `arrived` and were not fetched; `key` names the connection in effects.

    A family tells the handset of it in the methods whose names begin with on_.
    """

    def __init__(self, modem, key, index, protocol, host, port):
        self._modem = modem
        self.key, self.index = key, index
        self.protocol, self.host, self.port = protocol, host, port
        self.sent = self.acked = 0
        self.arrived = bytearray()
        self.open = False  # octets may be sent
        self.closed = False  # by either side, or never established
        self._since = modem.agenda.now  # when the handset asked for it
        self._asked = None  # when the first segment left

    def alive(self):
        """Connecting or connected."""
        return not self.closed

    def on_open(self):
        """The connection is open."""
        raise NotImplementedError

    def on_fail(self, unknown):
        """It does not come about: the name is `unknown`, or no server listens."""
        raise NotImplementedError

    def on_end(self):
        """It is closed, and not by the handset."""
        raise NotImplementedError

    def on_octets(self, octets):
        """Octets arrived."""
        raise NotImplementedError

    def on_acknowledged(self):
        """More octets are known to have reached the far end."""

    # opening and closing

    def start(self):
        """Ask the network for the connection, once the name is resolved."""
        self._asked = self._modem.agenda.now
        self._modem.effect("open", self.key, self.host, self.port, self.protocol == "UDP")

    def established(self):
        """The far end accepted the connection: a round trip after its request; datagrams need none."""
        if not self.closed:
            passed = self._modem.agenda.now - self._asked
            wait = 1 if self.protocol == "UDP" else max(self._modem.radio.round_trip - passed, 1)
            self._modem.agenda.after(wait, self._opened)

    def refused(self, unknown):
        """The name is `unknown`, or no server listens at the address."""
        if not self.closed:
            wait = _NAME_LOST_MS if unknown else self._modem.radio.round_trip
            if not unknown and self._modem.switches["refusal"] == "late":
                passed = self._modem.agenda.now - self._since
                wait = max(self._modem.environment.delays.refusal - passed, wait)
            self._modem.agenda.after(wait, lambda: self.failed(unknown))

    def _opened(self):
        if not self.closed:
            self.open = True
            self.on_open()

    def failed(self, unknown=False):
        """The connection does not come about."""
        if not self.closed:
            self.closed = True
            self.on_fail(unknown)

    def abandon(self):
        """Close the connection from this side, without a result."""
        if not self.closed:
            self.closed, self.open = True, False
            if self.protocol == "UDP":
                end_datagrams(self._modem, self.key)
                return
            self._modem.radio.drop(self.key)
            self._modem.effect("close", self.key)

    def ended(self):
        """The far end closed the connection, or it was given up."""
        if not self.closed:
            self.closed, self.open = True, False
            self._modem.effect("close", self.key)
            self.on_end()

    def finish(self, then, ms):
        """Close the connection once its octets have left, or after `ms`; `then()` follows the far end's FIN."""
        self.closed, self.open = True, False
        self._leave(then, self._modem.agenda.now + ms)

    def _leave(self, then, until):
        left = until - self._modem.agenda.now
        if left > 0 and self._modem.radio.up.waiting(self.key):
            self._modem.agenda.after(min(_LOOK_MS, left), lambda: self._leave(then, until))
            return
        self._modem.radio.drop(self.key)
        self._modem.effect("close", self.key)
        self._modem.agenda.after(max(min(self._modem.radio.round_trip, left), 1), then)

    # octets

    def room(self):
        """Octets that the modem's buffer takes now."""
        return max(BUFFER - (self.sent - self.acked), 0)

    def transmit(self, octets):
        """Hand octets to the radio."""
        self.sent += len(octets)
        self._modem.radio.up.put(self.key, octets, self._modem.agenda.now, self.protocol == "UDP")

    def left(self, count):
        """So many octets reached the far end, whose acknowledgement is on its way."""
        self._modem.agenda.after(self._modem.radio.round_trip / 2, lambda: self._acknowledged(count))

    def _acknowledged(self, count):
        self.acked += count
        self.on_acknowledged()

    def receive(self, octets):
        """Handle octets from the radio; none: the far end has closed."""
        if self.closed:
            return
        if octets:
            self.on_octets(octets)
        else:
            self.ended()

    def fetch(self, count):
        """Up to `count` octets that arrived, each returned once."""
        octets = bytes(self.arrived[:count])
        self.arrived = self.arrived[count:]
        return octets


class Stack:
    """The connections of one socket stack, by the number that the handset gives them."""

    def __init__(self, modem):
        self._modem = modem
        self.connections = {}
        self.reset()

    def reset(self):
        """Power-on: no connection."""
        self.forget()

    def by_key(self, key):
        """The connection with that key, or None when the handset is done with it."""
        for index in self.connections:
            if self.connections[index].key == key:
                return self.connections[index]
        return None

    def forget(self):
        """Every connection is abandoned."""
        for index in sorted(self.connections):
            self.connections[index].abandon()
        self.connections = {}
