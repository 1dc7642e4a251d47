"""The socket service: AT+NETOPEN and its connections (A7600 TCPIP application note V1.00, chapters 2 to 4)."""

from tools.lab.modem.connection import Stack, is_address
from tools.lab.modem.sim7600.connection import (
    NETWORK,
    NOT_OPEN,
    NOT_SUPPORTED,
    SUCCEEDED,
    WRONG,
    Connection,
    Datagrams,
)
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply, Wait

_CLOSED, _OPENING, _OPEN, _LOST, _CLOSING = "closed", "opening", "open", "lost", "closing"
_LINKS = 10
_LONGEST, _LONGEST_HEX = 1500, 750  # octets of one AT+CIPSEND or AT+CIPRXGET (log)
_CLOSE_MS = 150  # from OK to +CIPCLOSE
_NO_NAME = 10  # of +CDNSGIP (log)

_WORDS = {  # <err_info> (note, 4.1)
    4: "Network is already opened",
    5: "Network is already closed",
    8: "Network not opened",
    11: "Connection is not created",
    12: "Invalid parameter",
    21: "Operation failed",
    22: "No data",
}


class Sockets(Stack):
    """The service, and up to ten connections by their number."""

    def reset(self):
        """Power-on: closed."""
        self.forget()
        self.state = _CLOSED
        self.manual = 0  # AT+CIPRXGET

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+NETOPEN": self._netopen,
            "+NETCLOSE": self._netclose,
            "+IPADDR": self._ipaddr,
            "+CIPOPEN": self._cipopen,
            "+CIPSEND": self._cipsend,
            "+CIPRXGET": self._ciprxget,
            "+CIPCLOSE": self._cipclose,
            "+CIPACK": self._cipack,
            "+CDNSGIP": self._cdnsgip,
        }

    def by_key(self, key):
        """The connection with that key, or None when the handset is done with it."""
        for index in self.connections:
            link = self.connections[index]
            if isinstance(link, Datagrams) and link.owns(key):
                return link
        return super().by_key(key)

    def _error(self, code):
        """+IP ERROR, in words unless AT+CIPCCFG wants numbers."""
        words = self._modem.options["+CIPCCFG"][3]
        return Reply(["+IP ERROR: %s" % (_WORDS[code] if words else code)], "ERROR")

    # the service

    def context_lost(self):
        """The network ended the context: the handset has to close what it had opened (note, 4.2)."""
        if self.state == _OPEN:
            for index in self.connections:
                self.connections[index].abandon()
            self.state = _LOST
            self._modem.terminal.urc("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY")

    def _netopen(self, kind, text):
        if kind == TEST:
            return None
        if kind == READ:
            return ["+NETOPEN: %d" % (self.state in (_OPEN, _LOST, _CLOSING))]
        if self.state in (_OPEN, _LOST):
            return self._error(4)
        if self.state != _CLOSED or not self._modem.registration.registered or not self._modem.sim.ready():
            raise Refused()
        self.state = _OPENING
        delays = self._modem.environment.delays
        wait = delays.context + (0 if self._modem.registration.attached else delays.attach)
        self._modem.agenda.after(wait, self._opened)
        return None

    def _opened(self):
        """AT+NETOPEN attaches by itself, as AT+CGACT does, or is refused without an attach."""
        try:
            if not self._modem.registration.attached:
                if self._modem.switches["netopen"] == "refused":
                    raise Refused()
                self._modem.registration.attach()
            self._modem.contexts.admit(self._modem.options["+CSOCKSETPN"])
        except Refused:
            self.state = _CLOSED
            self._modem.terminal.urc("+NETOPEN: %d" % NETWORK)
            return
        self.state = _OPEN
        self._modem.contexts.activate(self._modem.options["+CSOCKSETPN"])
        self._modem.terminal.urc("+NETOPEN: %d" % SUCCEEDED)

    def _netclose(self, kind, text):
        if kind == TEST:
            return None
        if self.state not in (_OPEN, _LOST):
            return Reply(["+NETCLOSE: %d" % NOT_OPEN], "ERROR")  # log
        self.forget()
        self.state = _CLOSING
        self._modem.agenda.after(self._modem.environment.delays.shut, self._closed)
        return None

    def _closed(self):
        self.state = _CLOSED
        if not self._modem.registration.default_bearer():
            self._modem.contexts.deactivate(self._modem.options["+CSOCKSETPN"])
        self._modem.terminal.urc("+NETCLOSE: %d" % SUCCEEDED)

    def _ipaddr(self, kind, text):
        if kind == TEST:
            return None
        if self.state != _OPEN:
            old = self._modem.switches["model"] == "SIM7600E"  # note, 3.1.4, and programs for the SIM7600
            return self._error(8) if old else Reply(["+IPADDR: " + _WORDS[8]], "ERROR")
        return ["+IPADDR: " + self._modem.environment.address]

    def _cdnsgip(self, kind, text):
        if kind != SET:
            return None
        name = arguments(text)[0] or ""
        if self.state != _OPEN:
            return Reply(["+CDNSGIP: 0,%d" % _NO_NAME], "ERROR")
        return Wait(self._modem.environment.delays.dns, lambda: self._resolved(name))

    def _resolved(self, name):
        address = name if is_address(name) else self._modem.environment.names.get(name)
        if address is None:
            return Reply(["+CDNSGIP: 0,%d" % _NO_NAME], "ERROR")
        return ['+CDNSGIP: 1,"%s","%s"' % (name, address)]

    # opening and closing

    def _cipopen(self, kind, text):
        if kind == TEST:
            return ['+CIPOPEN: (0-9),("TCP","UDP")']
        if kind == READ:
            return [self._shown(index) for index in range(_LINKS)]
        values = arguments(text) if kind == SET else []
        if len(values) < 2:
            raise Refused()
        index = number(values[0], range(_LINKS))
        error = self._wrong(values)
        if error is None and self.state != _OPEN:
            error = NOT_OPEN
        if error is None and index in self.connections and self.connections[index].held:
            error = NOT_SUPPORTED
        if error is not None:
            return Reply(["+CIPOPEN: %d,%d" % (index, error)], "ERROR")  # log
        key = self._modem.new_key()
        if values[1] == "UDP":
            self.connections[index] = Datagrams(self._modem, key, index, int(values[4]))
            return ["+CIPOPEN: %d,0" % index]  # before the OK (note, 3.3.1)
        link = Connection(self._modem, key, index, "TCP", values[2], int(values[3]))
        self.connections[index] = link
        known = is_address(values[2])
        self._modem.agenda.after(1 if known else self._modem.environment.delays.dns, lambda: self._connect(link))
        return None

    def _wrong(self, values):
        """WRONG for arguments that AT+CIPOPEN does not take: UDP has a port of its own, and no far end."""
        ports = (
            values[4:5] if values[1] == "UDP" else values[3:4] if values[1] == "TCP" and values[2:3] != [None] else ()
        )
        good = [port for port in ports if port and port.isdigit() and 0 < int(port) < 65536]
        return None if good and len(values) <= 5 else WRONG

    def _connect(self, link):
        if self.connections.get(link.index) is link:
            link.start()

    def _shown(self, index):
        link = self.connections.get(index)
        if link is None or not link.held:
            return "+CIPOPEN: %d" % index
        return '+CIPOPEN: %d,"%s","%s",%d,-1' % (index, link.protocol, link.host, link.port)

    def _cipclose(self, kind, text):
        if kind == TEST:
            return ["+CIPCLOSE: (0-9)"]
        if kind == READ:
            return ["+CIPCLOSE: " + ",".join(["%d" % self._connected(index) for index in range(_LINKS)])]
        index = number(arguments(text)[0] if kind == SET else None, range(_LINKS))
        link = self.connections.get(index)
        if link is None or not link.held:
            return Reply(["+CIPCLOSE: %d,%d" % (index, NOT_SUPPORTED)], "ERROR")  # log
        link.abandon()
        del self.connections[index]
        line = "+CIPCLOSE: %d,%d" % (index, SUCCEEDED)
        if isinstance(link, Datagrams):
            return [line]  # before the OK (note, 3.3.1)
        self._modem.agenda.after(_CLOSE_MS, lambda: self._modem.terminal.urc(line))
        return None

    def _connected(self, index):
        """Whether AT+CIPCLOSE? says 1 of a connection: not before +CIPOPEN, and until the handset closes it."""
        link = self.connections.get(index)
        return link is not None and link.held and (link.open or link.closed)

    # octets

    def _cipsend(self, kind, text):
        if kind == TEST:
            return ["+CIPSEND: (0-9),(1-%d)" % _LONGEST]
        if kind in (READ, RUN):
            raise Refused()
        values = arguments(text)
        index = number(values[0], range(_LINKS))
        link = self.connections.get(index)
        length = values[1] if len(values) > 1 else None
        datagram = isinstance(link, Datagrams)
        wrong = length is not None and not (length.isdigit() and 1 <= int(length) <= _LONGEST)
        if datagram and not (len(values) == 4 and is_address(values[2] or "") and (values[3] or "").isdigit()):
            wrong = True
        error = (
            WRONG if wrong else NOT_OPEN if self.state != _OPEN else NOT_SUPPORTED if link is None else link.refusal()
        )
        if error is not None:
            return Reply(["+CIPERROR: %d" % error], "ERROR")
        then = (lambda octets: link.send_to(values[2], int(values[3]), octets)) if datagram else link.send
        prompt = self._modem.prompted(">" if self._modem.switches["prompt"] == "bare" else "> ")
        return Entry(then, None if length is None else int(length), _LONGEST, prompt)

    def _cipack(self, kind, text):
        if kind == TEST:
            return ["+CIPACK: (0-9)"]
        link = self.connections.get(number(arguments(text)[0] if kind == SET else None, range(_LINKS)))
        if link is None:
            return self._error(11)
        return ["+CIPACK: %d,%d,%d" % (link.sent, link.acked, link.received)]  # the last one is what arrived [M]

    def _ciprxget(self, kind, text):
        if kind == READ:
            return ["+CIPRXGET: %d" % self.manual]
        if kind == TEST:
            return ["+CIPRXGET: (0-4),(0-9),(1-%d)" % _LONGEST]
        values = arguments(text) if kind == SET else []
        mode = number(values[0] if values else None, (0, 1, 2, 3, 4))
        if mode < 2:
            self.manual = mode
            return None
        if not self.manual:
            return self._error(21)
        index = number(values[1] if len(values) > 1 else None, range(_LINKS))
        link = self.connections.get(index)
        if mode == 4:
            return self._error(11) if link is None else ["+CIPRXGET: 4,%d,%d" % (index, len(link.arrived))]
        limit = _LONGEST if mode == 2 else _LONGEST_HEX
        wanted = number(values[2] if len(values) > 2 else None, None, limit)
        if not 1 <= wanted <= limit:
            return self._error(12)
        if link is None or not link.arrived:
            return self._error(22)
        octets = link.fetch(wanted)
        terminal = self._modem.terminal
        terminal.say("+CIPRXGET: %d,%d,%d,%d" % (mode, index, len(octets), len(link.arrived)))
        terminal.raw("".join(["%02X" % octet for octet in octets]).encode() if mode == 3 else octets)
        return None
