"""The socket stack: one context (CSTT, CIICR) and its connections (AT manual V1.09, chapter 8)."""

from tools.lab.modem.connection import Stack, is_address
from tools.lab.modem.sim800.connection import Connection
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply, Wait

INITIAL, START, CONFIG, ACTIVE, STATUS = (
    "IP INITIAL",
    "IP START",
    "IP CONFIG",
    "IP GPRSACT",
    "IP STATUS",
)
PROCESSING, DEACTIVATED = "IP PROCESSING", "PDP DEACT"
_UP = (ACTIVE, STATUS, PROCESSING)

_READ_LIMIT, _HEX_LIMIT = 1460, 730
_CONNECTIONS = 6
_APN = 50  # characters


class Sockets(Stack):
    """State of the stack. In single mode the state is the connection's once there is one."""

    def reset(self):
        """Power-on: nothing is configured and everything is closed."""
        self.forget()
        self.state = INITIAL
        self._multiple, self._manual = 0, 0
        self._apn, self._user, self._password = "CMNET", "", ""
        self._known = ()  # names that the name server has resolved

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+CIPMUX": self._cipmux,
            "+CIPRXGET": self._ciprxget,
            "+CSTT": self._cstt,
            "+CIPCSGP": self._cipcsgp,
            "+CIICR": self._ciicr,
            "+CIFSR": self._cifsr,
            "+CIPSTATUS": self._cipstatus,
            "+CIPSTART": self._cipstart,
            "+CIPSEND": self._cipsend,
            "+CIPACK": self._cipack,
            "+CIPCLOSE": self._cipclose,
            "+CIPSHUT": self._cipshut,
            "+CDNSGIP": self._cdnsgip,
            "+CDNSCFG": lambda kind, text: None,
            "+CIPTKA": lambda kind, text: None,
            "+CLPORT": lambda kind, text: None,
            "+CIPSGTXT": lambda kind, text: None,
            "+CIPRDTIMER": lambda kind, text: None,
        }

    @property
    def multiple(self):
        """AT+CIPMUX: whether connections are numbered 0 to 5."""
        return self._multiple

    @property
    def manual(self):
        """AT+CIPRXGET: whether the handset fetches what arrived."""
        return self._manual

    def state_name(self):
        """The state as AT+CIPSTATUS names it."""
        if self.state == DEACTIVATED or self._multiple:
            return self.state
        single = self.connections.get(0)
        return single.state_name() if single is not None else self.state

    def context_lost(self):
        """The network ended the context: nothing works until AT+CIPSHUT."""
        if self.state in _UP:
            self.forget()
            self.state = DEACTIVATED
            self._modem.terminal.urc("+PDP: DEACT")
            if self._modem.options["+CGEREP"]:
                self._modem.terminal.urc('+CGEV: NW DEACT "IP","%s",1' % self._modem.environment.address)

    # the context

    def _cipmux(self, kind, text):
        if kind == READ:
            return ["+CIPMUX: %d" % self._multiple]
        if kind == TEST:
            return ["+CIPMUX: (0,1)"]
        value = number(arguments(text)[0] if kind == SET else None, (0, 1))
        if self.state != INITIAL:
            raise Refused(3)
        self._multiple = value
        return None

    def _cstt(self, kind, text):
        if kind == READ:
            return ['+CSTT: "%s","%s","%s"' % (self._apn, self._user, self._password)]
        if kind == TEST:
            return ['+CSTT: "APN","USER","PWD"']
        if self.state != INITIAL or self.connections:
            raise Refused(3)
        if kind == SET:
            self._configure(arguments(text))
        self.state = START
        return None

    def _cipcsgp(self, kind, text):
        if kind == READ:
            return ['+CIPCSGP: 1,"%s","%s","%s"' % (self._apn, self._user, self._password)]
        if kind == SET:
            values = arguments(text)
            number(values[0], (1,))
            self._configure(values[1:])
        return None

    def _configure(self, values):
        values = [value or "" for value in values + [None, None, None]]
        if len(values) > 6 or max([len(value) for value in values]) > _APN:
            raise Refused(50)
        self._apn, self._user, self._password = values[:3]

    def _ciicr(self, kind, text):
        if kind == TEST:
            return None
        if self.state != START:
            raise Refused(3)
        self.state = CONFIG
        return Wait(self._modem.environment.delays.context, self._activate)

    def _activate(self):
        self._admit()
        self.state = ACTIVE

    def _admit(self):
        """Raise Refused unless GPRS is attached and the APN accepts the user; the state is then DEACT."""
        if self.state == DEACTIVATED:
            raise Refused()
        try:
            self._modem.admit(self._apn, self._user, self._password)
        except Refused:
            self.state = DEACTIVATED
            self._modem.terminal.urc("+PDP: DEACT")
            raise

    def _cifsr(self, kind, text):
        if kind == TEST:
            return None
        if self.state not in _UP:
            raise Refused()
        if self.state == ACTIVE:
            self.state = STATUS
        return Reply([self._modem.environment.address], None)

    def _cipshut(self, kind, text):
        if kind == TEST:
            return None
        idle = self.state == INITIAL and not self.connections
        delays = self._modem.environment.delays
        return Wait(delays.idle_shut if idle else delays.shut, self._shut)

    def _shut(self):
        self.forget()
        self.state = INITIAL
        self._known = ()
        return Reply((), "SHUT OK")

    def _cipstatus(self, kind, text):
        if kind == TEST:
            return None
        if kind == SET:
            index = number(arguments(text)[0], range(_CONNECTIONS))
            return ["+CIPSTATUS: %d,%s" % (index, self._client(index))]
        after = ["STATE: " + self.state_name()]
        if self._multiple:
            after.extend(["C: %d,%s" % (index, self._client(index)) for index in range(_CONNECTIONS)])
        return Reply((), "OK", after)

    def _client(self, index):
        connection = self.connections.get(index)
        if connection is None:
            return ',"","","","INITIAL"'
        return '0,"%s","%s","%d","%s"' % (
            connection.protocol,
            self._modem.environment.names.get(connection.host, connection.host),
            connection.port,
            connection.client(),
        )

    def _cdnsgip(self, kind, text):
        if kind != SET:
            return None
        if self.state not in _UP:
            raise Refused(3)
        name = arguments(text)[0] or ""
        self._modem.agenda.after(self._modem.environment.delays.dns, lambda: self._resolved(name))
        return None

    def _resolved(self, name):
        address = name if is_address(name) else self._modem.environment.names.get(name)
        if address is None:
            self._modem.terminal.urc("+CDNSGIP: 0,8")
        else:
            self._modem.terminal.urc('+CDNSGIP: 1,"%s","%s"' % (name, address))

    # connections

    def _cipstart(self, kind, text):
        if kind == TEST:
            return ['+CIPSTART: ("TCP","UDP"),("(0-255).(0-255).(0-255).(0-255)"),(1-65535)']
        if kind != SET:
            raise Refused(50)
        values, index = arguments(text), 0
        if self._multiple:
            index, values = number(values[0], range(_CONNECTIONS)), values[1:]
        if len(values) != 3 or values[0] not in ("TCP", "UDP") or not values[1]:
            raise Refused(50)
        port = number(values[2], range(1, 65536))
        there = self.connections.get(index)
        if there is not None and there.alive():
            return Reply((), self.numbered(index, "ALREADY CONNECT"))
        self._may_start()
        known = values[1] in self._known or is_address(values[1])
        wait = 0 if known else self._modem.environment.delays.dns
        if self.state == INITIAL:  # single mode: the modem brings the context up by itself
            wait += self._modem.environment.delays.context
        connection = Connection(self._modem, self._modem.new_key(), index, values[0], values[1], port)
        self.connections[index] = connection
        if self._multiple:
            self.state = PROCESSING
        self._modem.agenda.after(max(wait, 1), lambda: self._connect(connection))
        return None

    def _may_start(self):
        if self._multiple:
            allowed = self.state in (STATUS, PROCESSING)
        else:
            allowed = not self.connections and self.state in (INITIAL, STATUS)
        if not allowed:
            raise Refused(3)

    def _connect(self, connection):
        if self.connections.get(connection.index) is not connection:
            return
        if self.state == INITIAL:
            try:
                self._admit()
            except Refused:
                connection.failed()
                return
            self.state = STATUS
        self._known += (connection.host,)
        connection.start()

    def _cipsend(self, kind, text):
        if kind == TEST:
            return ["+CIPSEND: %s<length>" % ("(0-5)," if self._multiple else "")]
        if kind == READ:
            return self._room()
        values = arguments(text) if kind == SET else []
        index = number(values.pop(0), range(_CONNECTIONS)) if self._multiple and values else 0
        connection = self.connections.get(index)
        if connection is None or not connection.open or (self._multiple and kind == RUN):
            raise Refused(3)
        count = number(values[0]) if values else None
        room = connection.room()
        if count is not None and not 1 <= count <= room:
            raise Refused(3)
        prompt = self._modem.prompted("> ") if self._modem.options["+CIPSPRT"] == 1 else None
        timed, seconds = self._modem.options["+CIPATS"]
        return Entry(connection.send, count, room, prompt, seconds * 1000 if timed else None)

    def _room(self):
        if not self._multiple:
            single = self.connections.get(0)
            return ["+CIPSEND: %d" % (single.room() if single is not None and single.open else 0)]
        return [
            "+CIPSEND: %d,%d" % (index, self.connections[index].room())
            for index in sorted(self.connections)
            if self.connections[index].open
        ]

    def _chosen(self, kind, values):
        """The connection that a command names, or the only one; takes its number off `values`."""
        index = 0
        if self._multiple:
            if kind != SET:
                raise Refused(3)
            index = number(values.pop(0) if values else None, range(_CONNECTIONS))
        connection = self.connections.get(index)
        if connection is None:
            raise Refused(3)
        return connection

    def _cipack(self, kind, text):
        if kind == TEST:
            return None
        connection = self._chosen(kind, arguments(text) if kind == SET else [])
        unacknowledged = connection.sent - connection.acked
        return ["+CIPACK: %d,%d,%d" % (connection.sent, connection.acked, unacknowledged)]

    def _cipclose(self, kind, text):
        if kind == TEST:
            return None
        connection = self._chosen(kind, arguments(text) if kind == SET else [])
        if not connection.alive():
            raise Refused(3)
        connection.abandon()
        return Reply((), self.numbered(connection.index, "CLOSE OK"))

    def numbered(self, index, text):
        """The text of a result, with the connection's number in multiple mode."""
        return "%d, %s" % (index, text) if self._multiple else text

    # receiving

    def _ciprxget(self, kind, text):
        if kind == READ:
            return ["+CIPRXGET: %d" % self._manual]
        if kind == TEST:
            return ["+CIPRXGET: (0-4),%s(1-1460)" % ("(0-5)," if self._multiple else "")]
        values = arguments(text)
        mode = number(values.pop(0), (0, 1, 2, 3, 4))
        if mode < 2:
            if [index for index in self.connections if self.connections[index].alive()]:
                raise Refused(3)  # it has to be set before connecting (manual, 8.2.26)
            self._manual = mode
            return None
        if not self._manual:
            raise Refused(3)
        connection = self._chosen(SET, values)
        head = "+CIPRXGET: %d,%s" % (mode, "%d," % connection.index if self._multiple else "")
        if mode == 4:
            return ["%s%d" % (head, len(connection.arrived))]
        limit = _READ_LIMIT if mode == 2 else _HEX_LIMIT
        wanted = number(values[0] if values else None, None, limit)
        if not 1 <= wanted <= limit:
            raise Refused(50)
        octets = connection.fetch(wanted)
        return self._block(head, octets, len(connection.arrived), mode == 3)

    def _block(self, head, octets, left, as_hex):
        terminal = self._modem.terminal
        terminal.say("%s%d,%d" % (head, len(octets), left))
        if as_hex:
            octets = "".join(["%02X" % octet for octet in octets]).encode()
        terminal.raw(octets)
        return None
