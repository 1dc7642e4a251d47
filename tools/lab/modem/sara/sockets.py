"""The socket commands (19.3 to 19.13, 19.16, 19.23). Listeners, direct link and secure sockets are refused."""

from tools.lab.modem.connection import Stack
from tools.lab.modem.sara.connection import Connection
from tools.lab.modem.sara.datagrams import Datagrams
from tools.lab.modem.sara.errors import NOT_ALLOWED, PARAMETERS
from tools.lab.modem.sara.terminal import Block
from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_SOCKETS = range(7)
_TCP, _UDP = 6, 17
_LONGEST, _LONGEST_HEX = 1024, 512  # octets of one write or read (19.10.3)
_LATE_PROMPT_MS = 2300  # log
_SLOW_CLOSE_MS = 12000
_CLOSE_MS = 120000  # the longest AT+USOCL (19.7)
_SENT_MS = 10  # until a datagram is in the queue
_PORTS = range(1, 65536)


class Sockets(Stack):
    """The sockets {number: Connection or Datagrams}."""

    def reset(self):
        """Power-on: no socket, and binary octets."""
        self.forget()
        self._hex = 0  # AT+UDCONF=1

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+USOCR": self._create,
            "+USOCO": self._connect,
            "+USOCL": self._close,
            "+USOCTL": self._control,
            "+USOSO": self._option,
            "+USOWR": self._write,
            "+USORD": self._read,
            "+USOST": self._send_to,
            "+USORF": self._read_from,
            "+UDCONF": self._configure,
        }

    def by_key(self, key):
        """The connection or the path of datagrams with that key, or None when the handset is done with it."""
        for index in self.connections:
            there = self.connections[index]
            if isinstance(there, Datagrams):
                path = there.by_key(key)
                if path is not None:
                    return path
            elif there.key == key:
                return there
        return None

    def forget_one(self, there):
        """The number of a socket is free."""
        if self.connections.get(there.index) is there:
            del self.connections[there.index]

    def context_lost(self):
        """The context ended: every socket is closed."""
        for index in sorted(self.connections):
            there = self.connections.pop(index)
            there.lose()
            if self._modem.switches["lost-sockets"] == "told":
                self._modem.terminal.urc("+UUSOCL: %d" % index)

    def _chosen(self, value):
        """The socket of a number; CME 3 for a number that is free (log)."""
        there = self.connections.get(number(value, _SOCKETS))
        if there is None:
            raise Refused(NOT_ALLOWED)
        return there

    # opening and closing

    def _create(self, kind, text):
        """AT+USOCR: the lowest number that is free, while there is a context (19.1, 19.3)."""
        if kind == TEST:
            return ["+USOCR: (6,17),(1-65535)"]
        if kind != SET:
            raise Refused(NOT_ALLOWED)
        values = arguments(text)
        protocol = number(values[0], (_TCP, _UDP))
        number(values[1] if len(values) > 1 else None, _PORTS, 0)  # the local port, which changes nothing here
        free = [index for index in _SOCKETS if index not in self.connections]
        if not free or not self._modem.online():
            raise Refused(NOT_ALLOWED)
        index, modem = free[0], self._modem
        made = Datagrams(modem, index) if protocol == _UDP else Connection(modem, modem.new_key(), index)
        self.connections[index] = made
        return ["+USOCR: %d" % index]

    def _connect(self, kind, text):
        """AT+USOCO=<socket>,<host>,<port>[,<async_connect>], the last one of an R4 (19.9)."""
        if kind == TEST:
            return ['+USOCO: (0-6),"remote_host",(1-65535)%s' % (",(0-1)" if self._modem.lte() else "")]
        values = arguments(text) if kind == SET else []
        if not 3 <= len(values) <= 3 + self._modem.lte() or not values[1]:
            raise Refused(PARAMETERS)
        there, port = self._chosen(values[0]), number(values[2], _PORTS)
        asynchronous = len(values) > 3 and number(values[3], (0, 1)) == 1
        if isinstance(there, Datagrams):
            there.connect(values[1], port)
            return None
        if there.open or there.closed or there.host:
            raise Refused(NOT_ALLOWED)
        return there.connect(values[1], port, asynchronous)

    def _close(self, kind, text):
        """AT+USOCL=<socket>[,<async_close>], the last one of an R4 (19.7): OK once the connection is closed."""
        if kind == TEST:
            return ["+USOCL: (0-6)" + (",(0-1)" if self._modem.lte() else "")]
        values = arguments(text) if kind == SET else []
        if not 1 <= len(values) <= 1 + self._modem.lte():
            raise Refused(PARAMETERS)
        there = self._chosen(values[0])
        if isinstance(there, Datagrams) or not there.open:
            there.abandon()
            self.forget_one(there)
            return Wait(1)
        later = len(values) > 1 and number(values[1], (0, 1)) == 1
        waiting = None if later else Wait(None)
        slow = self._modem.lte() and self._modem.switches["close"] == "slow"
        there.finish(lambda: self._modem.agenda.after(_SLOW_CLOSE_MS if slow else 1, done), _CLOSE_MS)

        def done():
            self.forget_one(there)
            if later:
                there.say("+UUSOCL: %d" % there.index)
            else:
                self._modem.terminal.resume(waiting, lambda: None)

        return waiting

    def _option(self, kind, text):
        """AT+USOSO: options of a socket, which change nothing here (19.6)."""
        if kind != TEST:
            self._chosen(arguments(text)[0] if kind == SET else None)

    def _control(self, kind, text):
        """AT+USOCTL=<socket>,<param_id> (19.23)."""
        if kind == TEST:
            return ["+USOCTL: (0-6),(0-4,10-11)"]
        values = arguments(text) if kind == SET else []
        if len(values) != 2:
            raise Refused(PARAMETERS)
        index, which = number(values[0], _SOCKETS), number(values[1], (0, 1, 2, 3, 4, 10, 11))
        if index not in self.connections and self._modem.lte():
            return ["+USOCTL: %d,%d,0" % (index, which)]  # log
        return ["+USOCTL: %d,%d,%s" % (index, which, self._told(self._chosen(values[0]), which))]

    def _told(self, there, which):
        datagrams = isinstance(there, Datagrams)
        if which == 4:
            return '"%s",%d' % (self._modem.environment.names.get(there.host, there.host), there.port)
        if which > 4 and datagrams:
            raise Refused(NOT_ALLOWED)
        if which == 10:
            return "%d" % there.state()
        if which == 11:
            return "%d" % (there.sent - there.acked)
        return "%d" % (_UDP if datagrams else _TCP, there.error, there.sent, there.read)[which]

    def _configure(self, kind, text):
        """AT+UDCONF=1,<hex mode> (19.16)."""
        if kind == TEST:
            return ["+UDCONF: (0-1),(0-1)"]
        values = arguments(text) if kind == SET else []
        if not values or len(values) > 2 or values[0] != "1":
            raise Refused(PARAMETERS)
        if len(values) == 1:
            return ["+UDCONF: 1,%d" % self._hex]
        self._hex = number(values[1], (0, 1))
        return None

    # writing

    def _write(self, kind, text):
        """AT+USOWR=<socket>,<length>[,<data>] (19.10)."""
        if kind == TEST:
            return ['+USOWR: (0-6),(0-512),"HEX data"', '+USOWR: (0-6),(0-1024),"data"', "+USOWR: (0-6),(0-1024)"]
        values = arguments(text) if kind == SET else []
        if not 2 <= len(values) <= 3:
            raise Refused(PARAMETERS)
        there = self._chosen(values[0])
        if isinstance(there, Datagrams):
            if not there.host:
                raise Refused(NOT_ALLOWED)
            host, port = there.host, there.port
            return self._given(there, values[1:], lambda octets: self._sent(there, host, port, octets, "WR"))
        if not there.open:
            raise Refused(NOT_ALLOWED)  # log
        return self._given(there, values[1:], there.take)

    def _send_to(self, kind, text):
        """AT+USOST=<socket>,<host>,<port>,<length>[,<data>] (19.11)."""
        if kind == TEST:
            return ['+USOST: (0-6),"remote_host",(1-65535),(0-1024)']
        values = arguments(text) if kind == SET else []
        if not 4 <= len(values) <= 5 or not values[1]:
            raise Refused(PARAMETERS)
        there, host, port = self._chosen(values[0]), values[1], number(values[2], _PORTS)
        if not isinstance(there, Datagrams):
            raise Refused(NOT_ALLOWED)
        return self._given(there, values[3:], lambda octets: self._sent(there, host, port, octets, "ST"))

    def _sent(self, there, host, port, octets, name):
        if there.closed or self._modem.faults.pop("send fail", 0):
            raise Refused(NOT_ALLOWED)
        there.send(host, port, octets)
        return Wait(_SENT_MS, lambda: ["+USO%s: %d,%d" % (name, there.index, len(octets))])

    def _given(self, there, values, then):
        """Octets of a command line, or those of the block after an @."""
        if len(values) == 1:
            count = number(values[0], range(1, _LONGEST + 1))  # a block does not know the hex mode (19.10.4)
            prompt = self._modem.prompted("@")
            late = self._modem.switches["prompt"] == "late"
            return Wait(_LATE_PROMPT_MS if late else 1, lambda: Block(then, count, there, prompt))
        count = number(values[0], range(1, (_LONGEST_HEX if self._hex else _LONGEST) + 1))
        return then(self._data(values[1] or "", count))

    def _data(self, text, count):
        """The octets of `text`, which have to be `count` (19.10.4), on an R4 without a comma (R09, 1.1.5)."""
        if self._modem.lte() and "," in text:
            raise Refused(PARAMETERS)
        if not self._hex:
            octets = bytes([ord(character) for character in text])
        elif [digit for digit in text if digit not in "0123456789ABCDEFabcdef"] or len(text) % 2:
            raise Refused(PARAMETERS)
        else:
            octets = bytes.fromhex(text)
        if len(octets) != count:
            raise Refused(PARAMETERS)
        return octets

    # reading

    def _read(self, kind, text):
        """AT+USORD=<socket>,<length>; with 0 the octets that wait (19.12)."""
        there, count, shown = self._wanted("+USORD", kind, text)
        if shown is not None:
            return shown
        if isinstance(there, Datagrams):
            found = there.fetch_from(count)
            octets = b"" if found is None else found[2]
        else:
            octets = there.fetch(count)
        if not octets:  # 19.12.4, and a log of another series
            return ['+USORD: %d,""' % there.index if self._modem.lte() else '+USORD: %d,0,""' % there.index]
        self._quote("+USORD: %d,%d," % (there.index, len(octets)), octets)
        return None

    def _read_from(self, kind, text):
        """AT+USORF=<socket>,<length> (19.13)."""
        there, count, shown = self._wanted("+USORF", kind, text)
        if shown is not None:
            return shown
        if not isinstance(there, Datagrams):
            raise Refused(NOT_ALLOWED)
        found = there.fetch_from(count)
        if found is None:
            return ['+USORF: %d,""' % there.index if self._modem.lte() else '+USORF: %d,0,""' % there.index]
        host, port, octets = found
        self._quote('+USORF: %d,"%s",%d,%d,' % (there.index, host, port, len(octets)), octets)
        return None

    def _wanted(self, name, kind, text):
        """(socket, octets to read, the reply or None) of a reading command."""
        if kind == TEST:
            return None, 0, ["%s: (0-6),(0-1024)" % name]
        values = arguments(text) if kind == SET else []
        if kind == READ or len(values) != 2:
            raise Refused(PARAMETERS)
        there = self._chosen(values[0])
        count = number(values[1], range((_LONGEST_HEX if self._hex else _LONGEST) + 1))
        return there, count, None if count else ["%s: %d,%d" % (name, there.index, len(there.arrived))]

    def _quote(self, head, octets):
        if self._hex:
            octets = "".join(["%02X" % octet for octet in octets]).encode()
        self._modem.terminal.quote(head, octets)
