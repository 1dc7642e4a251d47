"""One UDP socket of AT+USOCR: without a far end of its own, or with that of AT+USOCO (19.9, 19.11, 19.13)."""

from tools.lab.modem.connection import end_datagrams

_LONGEST_QUEUE = 8760  # octets that wait to be read; further datagrams are lost


class Path:
    """The way of the datagrams of one socket to one host and port: what the network sees of it."""

    protocol, closed = "UDP", False
    arrived = b""

    def __init__(self, socket, key, host, port):
        self._socket, self.key, self.host, self.port = socket, key, host, port

    def established(self):
        """There is nothing to establish."""

    def refused(self, unknown):
        """A datagram to nowhere is lost."""

    def left(self, count):
        """A datagram is not acknowledged."""

    def receive(self, octets):
        """Hand a datagram to the socket."""
        if octets:
            self._socket.receive(self.host, self.port, octets)


class Datagrams:
    """A UDP socket: `paths` {(host, port): Path}, and the datagrams that wait to be read."""

    protocol = "UDP"

    def __init__(self, modem, index):
        self._modem, self.index = modem, index
        self.host, self.port = "", 0
        self.sent = self.read = self.error = 0
        self.closed = False
        self.paths = {}
        self._queue = []  # [host, port, octets]

    @property
    def arrived(self):
        """The octets of all datagrams that wait."""
        return b"".join([datagram[2] for datagram in self._queue])

    def by_key(self, key):
        """The path with that key, or None."""
        found = [self.paths[place] for place in self.paths if self.paths[place].key == key]
        return found[0] if found else None

    def connect(self, host, port):
        """AT+USOCO: the far end of later reads and writes."""
        self.host, self.port = host, port

    def send(self, host, port, octets):
        """Send one datagram."""
        modem = self._modem
        path = self.paths.get((host, port))
        if path is None:
            path = self.paths[host, port] = Path(self, modem.new_key(), host, port)
            modem.effect("open", path.key, host, port, True)
        self.sent += len(octets)
        modem.radio.up.put(path.key, octets, modem.agenda.now, True)

    def receive(self, host, port, octets):
        """Keep a datagram, and tell of it when none waited (19.12.1)."""
        waiting = len(self.arrived)
        if self.closed or waiting + len(octets) > _LONGEST_QUEUE:
            return
        self._queue.append([host, port, bytes(octets)])
        if not waiting:
            self._tell("+UUSORD")

    def _tell(self, name):
        for _ in range(2 if self._modem.switches["announced"] == "doubled" else 1):
            self._modem.terminal.urc("%s: %d,%d" % (name, self.index, len(self.arrived)))

    def fetch_from(self, count):
        """(address, port, octets) of up to `count` octets of the first datagram; None without one (19.13.4)."""
        if not self._queue:
            return None
        host, port, octets = self._queue[0]
        self._queue[0][2] = octets[count:]
        if not self._queue[0][2]:
            self._queue.pop(0)
        self.read += min(count, len(octets))
        if self._queue and self._modem.switches["partial-read"] == "told":
            self._modem.agenda.after(1, self._more)
        return self._modem.environment.names.get(host, host), port, octets[:count]

    def _more(self):
        if self._queue:
            self._tell("+UUSORF")  # log: of all datagrams that wait

    def abandon(self):
        """Close the socket."""
        if not self.closed:
            self.closed = True
            for place in sorted(self.paths):
                end_datagrams(self._modem, self.paths[place].key)

    lose = abandon
