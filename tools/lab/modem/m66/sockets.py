"""AT+QIOPEN, QISEND, QISACK, QIRD and QICLOSE (AN; logs). Servers and transparent mode are not simulated."""

from tools.lab.modem.bg95 import errors
from tools.lab.modem.connection import Stack, is_address
from tools.lab.modem.m66.connection import Connection
from tools.lab.modem.m66.task import INITIAL, PROCESSING, STATUS, plain
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply, Wait

_SEND_LIMIT, _READ_LIMIT = 1460, 1500
_HOST = 100  # characters [M]
_CLIENT = 1  # of AT+QISRVC and AT+QIRD; 2 is a server
_PROMPTS = {"spaced": "> ", "bare": ">"}


class Sockets(Stack):
    """The connections {number: Connection}; one that is closed stays until AT+QICLOSE or another AT+QIOPEN."""

    MOST = 6

    def reset(self):
        """Power-on: everything is closed."""
        self.forget()
        self._known = ()  # names that the name server has resolved

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        handlers = {
            "+QIOPEN": self._qiopen,
            "+QICLOSE": self._qiclose,
            "+QISEND": self._qisend,
            "+QISACK": self._qisack,
            "+QIRD": self._qird,
        }
        return plain(handlers)

    def numbered(self, index, text):
        """The text of a result, with the connection's number in multiple mode."""
        return "%d, %s" % (index, text) if self._modem.task.multiple else text

    def address_line(self, index):
        """A connection in AT+QISTAT (log)."""
        there = self.connections.get(index)
        if there is None or there.closed:
            return '+QISTAT: %d, "", "",' % index
        return '+QISTAT: %d, "%s", "%s", %d' % (index, there.protocol, there.address(), there.port)

    def state_line(self, index):
        """A connection in AT+QISTATE (log)."""
        there = self.connections.get(index)
        if there is None:
            return '+QISTATE: %d, "", "", , "INITIAL"' % index
        row = (index, there.protocol, there.address(), there.port, there.client())
        return '+QISTATE: %d, "%s", "%s", %d, "%s"' % row

    def opening_failed(self, there, unknown):
        """The number of a connection that failed is free at once, or after AT+QICLOSE."""
        self._modem.errors.last = errors.NAME_UNKNOWN if unknown else errors.CONNECT_FAILED
        if self._modem.switches["failed-open"] == "free" and self.connections.get(there.index) is there:
            del self.connections[there.index]

    # opening and closing

    def _qiopen(self, kind, text):
        if kind == TEST:
            return ['+QIOPEN: %s("TCP","UDP"),"(0-255).(0-255).(0-255).(0-255)",(1-65535)' % self._range()]
        values, index = arguments(text) if kind == SET else [], 0
        if self._modem.task.multiple:
            index, values = number(values[0] if values else None, range(self.MOST)), values[1:]
        if len(values) != 3 or values[0] not in ("TCP", "UDP") or not values[1] or len(values[1]) > _HOST:
            raise Refused()
        port = number(values[2], range(1, 65536))
        there = self.connections.get(index)
        if there is not None and there.alive():
            line, bare = self.numbered(index, "ALREADY CONNECT"), self._modem.switches["already"] == "bare"
            return Reply((), line) if bare else Reply([line], "ERROR")
        self._may_open(there, values[1])
        wait = 1 if values[1] in self._known or is_address(values[1]) else self._modem.environment.delays.dns
        task = self._modem.task
        if task.state == INITIAL:  # in single mode the module brings the context up by itself [M]
            wait += task.time_to_activate()
        there = Connection(self._modem, self._modem.new_key(), index, values[0], values[1], port)
        self.connections[index] = there
        if task.multiple:
            task.state = PROCESSING
        self._modem.agenda.after(wait, lambda: self._connect(there))
        return None

    def _range(self):
        return "(0-%d)," % (self.MOST - 1) if self._modem.task.multiple else ""

    def _may_open(self, there, host):
        """Raise Refused where the state, the number or AT+QIDNSIP does not let it begin."""
        task, switches = self._modem.task, self._modem.switches
        if not task.may_open() and (task.multiple or task.state != INITIAL):
            raise Refused()
        if there is not None and there.failed_open:
            raise Refused()
        by_name = self._modem.options["+QIDNSIP"]
        if is_address(host) != (not by_name) and (not by_name or switches["literal"] == "refused"):
            raise Refused()

    def _connect(self, there):
        if self.connections.get(there.index) is not there:
            return
        if self._modem.task.state == INITIAL:
            try:
                self._modem.task.admit()
            except Refused:
                there.failed()
                return
            self._modem.task.state = STATUS
        self._known += (there.host,)
        there.start()

    def _chosen(self, values):
        """The connection that a command names, or the only one; takes its number off `values`."""
        index = 0
        if self._modem.task.multiple:
            index = number(values.pop(0) if values else None, range(self.MOST))
        there = self.connections.get(index)
        if there is None:
            raise Refused()
        return there

    def _qiclose(self, kind, text):
        if kind == TEST:
            return None
        there = self._chosen(arguments(text) if kind == SET else [])
        there.abandon()
        if self.connections.get(there.index) is there:
            del self.connections[there.index]
        return Wait(1, lambda: Reply((), self.numbered(there.index, "CLOSE OK")))

    # sending and receiving

    def _qisend(self, kind, text):
        if kind == TEST:
            return ["+QISEND: %s(1-%d)" % (self._range(), _SEND_LIMIT)]
        if kind == READ:
            raise Refused()
        values = arguments(text) if kind == SET else []
        there = self._chosen(values)
        count = number(values[0], range(1, _SEND_LIMIT + 1)) if values else None
        if not there.open or self._modem.options["+QISRVC"] != _CLIENT:
            raise Refused()
        prompt = self._modem.prompted(_PROMPTS[self._modem.switches["prompt"]])
        echo = False
        if self._modem.options["+QISDE"]:
            echo = self._modem.switches["data-echo"] == "always" or None
        return Entry(there.send, count, _SEND_LIMIT, prompt, echo=echo)

    def _qisack(self, kind, text):
        """Octets sent, acknowledged, and neither, with spaces (logs); a number is needed in multiple mode (log)."""
        if kind in (TEST, READ):
            return None
        there = self._chosen(arguments(text) if kind == SET else [])
        if there.protocol == "UDP":
            raise Refused()
        return ["+QISACK: %d, %d, %d" % (there.sent, there.acked, there.sent - there.acked)]

    def _qird(self, kind, text):
        """AT+QIRD=context,role,number,count: the address, the protocol and the octets, then OK (logs)."""
        if kind == TEST:
            return ["+QIRD: (0,1),(1,2),(0-%d),(1-%d)" % (self.MOST - 1, _READ_LIMIT)]
        values = arguments(text) if kind == SET else []
        if kind == RUN or len(values) != 4 or not self._modem.options["+QINDI"]:
            raise Refused()
        number(values[0], (self._modem.options["+QIFGCNT"],))
        number(values[1], (_CLIENT,))
        there = self.connections.get(number(values[2], range(self.MOST)))
        count = number(values[3], range(1, _READ_LIMIT + 1))
        if there is None or there.failed_open or (there.closed and not there.arrived):
            raise Refused()  # log: ERROR once a closed connection was read empty
        octets = there.fetch(count)
        if octets:
            head = (there.address(), there.port, there.protocol, len(octets))
            self._modem.terminal.say("+QIRD: %s:%d,%s,%d" % head)
            self._modem.terminal.raw(octets)
        return None
