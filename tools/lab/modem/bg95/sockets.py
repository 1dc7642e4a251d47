"""The socket service in buffer access mode (TCP/IP application note V1.1, 2.3.4 to 2.3.8).

Listeners, UDP services, direct push and transparent mode are not simulated: they are refused.
"""

from tools.lab.modem.bg95 import errors
from tools.lab.modem.bg95.connection import Connection
from tools.lab.modem.connection import Stack, is_address
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Entry, Reply, Wait

_CONNECTIONS = range(12)
_SEND_LIMIT, _READ_LIMIT = 1460, 1500
_HOST = 200  # characters; the manual gives no number [M]
_CLOSE_S = 10  # <timeout> of AT+QICLOSE (2.3.5)
_TAKEN_MS = 2  # until octets that were typed are in the send buffer
_PROMPTS = {"spaced": "> ", "bare": ">", "lined": ">\r\n"}


class Sockets(Stack):
    """The connections {number: Connection}; one that is closed stays until AT+QICLOSE."""

    def reset(self):
        """Power-on: everything is closed."""
        self.forget()
        self._known = ()  # names that the name server has resolved

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+QIOPEN": self._open,
            "+QICLOSE": self._close,
            "+QISTATE": self._state,
            "+QISEND": self._send,
            "+QIRD": self._read,
        }

    def context_lost(self, context):
        """The context ended: its connections are closed, and stay so until AT+QICLOSE or AT+QIDEACT."""
        for index in sorted(self.connections):
            if self.connections[index].context == context:
                self.connections[index].abandon()

    def close_context(self, context):
        """AT+QIDEACT closes all connections of its context (2.3.3)."""
        self.context_lost(context)
        kept = [index for index in self.connections if self.connections[index].context != context]
        self.connections = {index: self.connections[index] for index in kept}

    def opening_failed(self, connection):
        """The number of a connection that failed is free at once, or after AT+QICLOSE [M]."""
        self._modem.errors.last = connection.error
        if self._modem.switches["failed-open"] == "free" and self.connections.get(connection.index) is connection:
            del self.connections[connection.index]

    # opening and closing

    def _open(self, kind, text):
        if kind == TEST:
            return ['+QIOPEN: (1-16),(0-11),"TCP/UDP/TCP LISTENER/UDP SERVICE","<address>",(0-65535),(0-65535),(0-2)']
        values = arguments(text) if kind == SET else []
        if not 5 <= len(values) <= 7:
            raise self._modem.errors.refuse(errors.PARAMETERS)
        context, index = self._number(values[0], range(1, 17)), self._number(values[1], _CONNECTIONS)
        port = self._number(values[4], range(1, 65536))
        self._number(values[5] if len(values) > 5 else "0", range(65536))
        push = self._number(values[6] if len(values) > 6 else "0", (0, 1, 2))
        if not values[3] or len(values[3]) > _HOST or values[2] not in ("TCP", "UDP") or push:
            raise self._modem.errors.refuse(errors.PARAMETERS)
        if index in self.connections:
            code = errors.IDENTITY_USED
        else:
            code = 0 if context in self._modem.contexts.active else errors.CONTEXT_OPEN
        if code:  # said like any other result of an opening
            self._modem.errors.last = code
            self._modem.agenda.after(1, lambda: self._modem.terminal.urc("+QIOPEN: %d,%d" % (index, code)))
            return None
        there = Connection(self._modem, self._modem.new_key(), index, context, values[2], values[3], port)
        self.connections[index] = there
        known = values[3] in self._known or is_address(values[3])
        self._known += (values[3],)
        self._modem.agenda.after(1 if known else self._modem.environment.delays.dns, there.start)
        return None

    def _number(self, value, allowed):
        try:
            return number(value, allowed)
        except Refused:
            raise self._modem.errors.refuse(errors.PARAMETERS) from None

    def _close(self, kind, text):
        if kind == TEST:
            return ["+QICLOSE: (0-11),(0-65535)"]
        values = arguments(text) if kind == SET else [None]
        index = self._number(values[0], _CONNECTIONS)
        seconds = self._number(values[1], range(65536)) if len(values) > 1 else _CLOSE_S
        there = self.connections.get(index)
        if there is None:  # logs of real modems show OK
            return None
        if not there.open:
            there.abandon()
            del self.connections[index]
            return Wait(1, Reply)
        waiting = Wait(None)
        there.finish(lambda: self._closed(there, waiting), seconds * 1000)
        return waiting

    def _closed(self, there, waiting):
        if self.connections.get(there.index) is there:
            del self.connections[there.index]
        self._modem.terminal.resume(waiting, Reply)

    def _state(self, kind, text):
        if kind == TEST:
            return None
        chosen = sorted(self.connections)
        if kind == SET:
            values = arguments(text)
            by_number = self._number(values[0], (0, 1))
            wanted = self._number(values[1] if len(values) > 1 else None, range(17))
            chosen = [index for index in chosen if wanted == (index if by_number else self.connections[index].context)]
        return [self._line(self.connections[index]) for index in chosen]

    def _line(self, there):
        """<connectID>, service, address, ports, state, context, server, access mode, port of the modem (2.3.6)."""
        address = self._modem.environment.names.get(there.host, there.host)
        place = '%d,"%s","%s",%d,%d' % (there.index, there.protocol, address, there.port, there.local)
        return '+QISTATE: %s,%d,%d,%d,0,"uart1"' % (place, there.state(), there.context, there.index)

    # sending and receiving

    def _chosen(self, value):
        there = self.connections.get(self._number(value, _CONNECTIONS))
        if there is None:
            raise self._modem.errors.refuse(errors.NOT_ALLOWED)
        return there

    def _send(self, kind, text):
        if kind == TEST:
            return ["+QISEND: (0-11),(0-1460)"]
        if kind != SET:
            raise self._modem.errors.refuse(errors.PARAMETERS)
        values = arguments(text)
        there = self._chosen(values[0])
        count = self._number(values[1], range(_SEND_LIMIT + 1)) if len(values) > 1 else None
        if count == 0:
            return ["+QISEND: %d,%d,%d" % (there.sent, there.acked, there.sent - there.acked)]
        self._need(there)
        prompt = self._modem.prompted(_PROMPTS[self._modem.switches["prompt"]])
        return Entry(lambda octets: self._take(there, octets), count, _SEND_LIMIT, prompt)

    def _need(self, there):
        """ERROR: the connection is not established, or was closed (2.3.7)."""
        if not there.open:
            raise self._modem.errors.refuse(errors.SOCKET_CLOSED if there.closed else errors.NOT_ALLOWED)

    def _take(self, there, octets):
        self._need(there)
        full = self._modem.faults.pop("send fail", 0)
        if full or (there.protocol == "TCP" and len(octets) > there.room()):
            return Reply((), "SEND FAIL")
        there.transmit(octets)
        return Wait(_TAKEN_MS, lambda: Reply((), "SEND OK"))

    def _read(self, kind, text):
        if kind == TEST:
            return ["+QIRD: (0-11),(0-1500)"]
        if kind in (RUN, READ):
            raise self._modem.errors.refuse(errors.PARAMETERS)
        values = arguments(text)
        there = self._chosen(values[0])
        if there.error:
            raise self._modem.errors.refuse(errors.NOT_ALLOWED)
        count = self._number(values[1], range(_READ_LIMIT + 1)) if len(values) > 1 else _READ_LIMIT
        if count == 0:
            unread = len(there.arrived)
            return ["+QIRD: %d,%d,%d" % (there.read + unread, there.read, unread)]
        octets = there.fetch(count)
        terminal = self._modem.terminal
        terminal.say("+QIRD: %d" % len(octets))
        if octets:
            terminal.raw(octets + b"\r\n")
        return None
