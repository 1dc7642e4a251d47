"""The TCP/IP task and its context: AT+QIREGAPP, QIACT, QILOCIP, QIDEACT, QICSGP, QIMUX, QISTAT (AN).

The states are those of AN, as others quote it; which command each of them allows is only remembered [M], but for
AT+QIMUX, which a log shows refused outside of IP INITIAL.
"""

from tools.lab.modem.bg95 import errors
from tools.lab.modem.connection import is_address
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply, Wait

INITIAL, START, CONFIG, ACTIVATING, ACTIVE, STATUS, PROCESSING, DEACTIVATED = (
    "IP INITIAL",
    "IP START",
    "IP CONFIG",
    "IP IND",
    "IP GPRSACT",
    "IP STATUS",
    "IP PROCESSING",
    "PDP DEACT",
)
_UP = (ACTIVE, STATUS, PROCESSING)
_CONFIG_MS = 50  # until IP CONFIG becomes IP IND
_FIELD = 50  # characters of APN, name and password [M]


def plain(handlers):
    """The same handlers, whose refusals are ERROR whatever AT+CMEE says (logs)."""
    return {name: _plain(handlers[name]) for name in handlers}


def _plain(handler):
    def handle(kind, text):
        try:
            return handler(kind, text)
        except Refused:
            raise Refused() from None

    return handle


class Task:
    """`state` is that of the task; in single mode AT+QISTAT tells that of its connection, once there is one."""

    def __init__(self, modem):
        self._modem = modem
        self._apn, self._user, self._password = "CMNET", "", ""
        self.reset()

    def reset(self):
        """Power-on: the task does not run."""
        self.state, self.multiple = INITIAL, 0

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        handlers = {
            "+QICSGP": self._qicsgp,
            "+QIREGAPP": self._qiregapp,
            "+QIACT": self._qiact,
            "+QILOCIP": self._qilocip,
            "+QIDEACT": self._qideact,
            "+QIMUX": self._qimux,
            "+QISTAT": self._qistat,
            "+QISTATE": self._qistate,
            "+QIDNSGIP": self._qidnsgip,
            "+QIDNSCFG": lambda kind, text: None,
        }
        return plain(handlers)

    # the context

    def _qicsgp(self, kind, text):
        if kind == TEST:
            return ['+QICSGP: (0-1),"APN","USER","PWD"']
        if kind == READ:
            return ['+QICSGP: 1,"%s","%s",""' % (self._apn, self._user)]
        values = arguments(text) if kind == SET else [None]
        number(values[0], (1,))  # CSD is not simulated
        self._configure(values[1:])
        return None

    def _configure(self, values):
        values = [value or "" for value in values + [None, None, None]]
        if len(values) > 6 or max([len(value) for value in values]) > _FIELD:
            raise Refused()
        self._apn, self._user, self._password = values[:3]

    def _qiregapp(self, kind, text):
        if kind == TEST:
            return ['+QIREGAPP: "APN","USER","PWD"']
        if kind == READ:
            return ['+QIREGAPP: "%s","%s",""' % (self._apn, self._user)]
        free = self.state == DEACTIVATED and self._modem.switches["after-deactivation"] == "free"
        if self.state != INITIAL and not free:
            raise Refused()
        if kind == SET:
            self._configure(arguments(text))
        self.state = START
        return None

    def _qiact(self, kind, text):
        if kind == TEST:
            return None
        if self.state in _UP and self._modem.switches["active-again"] == "works":
            return None
        if self.state != START:
            raise Refused()
        self.state = CONFIG
        return Wait(_CONFIG_MS, self._begin)

    def _begin(self):
        if self.state == CONFIG:
            self.state = ACTIVATING
        return Wait(self.time_to_activate() - _CONFIG_MS, self._activate)

    def time_to_activate(self):
        """Milliseconds until a context is active, with the attach if that is missing."""
        delays = self._modem.environment.delays
        return delays.context + (0 if self._modem.registration.attached else delays.attach)

    def _activate(self):
        if self.state != ACTIVATING:
            raise Refused()
        self.admit()
        self.state = ACTIVE

    def admit(self):
        """Attach where that is missing; raise Refused unless the network gives the context: the state is then DEACT."""
        try:
            if not self._modem.registration.attached:
                self._modem.registration.attach()
            self._modem.admit(self._apn, self._user, self._password)
        except Refused:
            self.state, self._modem.errors.last = DEACTIVATED, errors.CONTEXT_OPEN
            raise Refused() from None

    def _qilocip(self, kind, text):
        """The address alone, without OK (facts of real modems)."""
        if kind == TEST:
            return None
        if self.state not in _UP:
            raise Refused()
        if self.state == ACTIVE:
            self.state = STATUS
        return Reply([self._modem.environment.address], None)

    def _qideact(self, kind, text):
        if kind == TEST:
            return None
        was, self.state = self.state, INITIAL
        self._modem.sockets.forget()
        wait = self._modem.environment.delays.shut if was in _UP else 1
        return Wait(wait, lambda: Reply((), "DEACT OK"))

    def context_lost(self):
        """The network ended the context: +PDP DEACT, and no line for each connection [M]."""
        if self.state in _UP + (CONFIG, ACTIVATING):
            self._modem.sockets.forget()
            self.state = DEACTIVATED
            self._modem.terminal.urc("+PDP DEACT")

    def may_open(self):
        """Whether the state lets a connection begin."""
        if self.state == ACTIVE:
            return self._modem.switches["local-address"] == "optional"
        return self.state in (STATUS, PROCESSING)

    # the states in words

    def _qimux(self, kind, text):
        if kind == READ:
            return ["+QIMUX: %d" % self.multiple]
        if kind == TEST:
            return ["+QIMUX: (0,1)"]
        if kind == RUN or self.state != INITIAL:  # log: ERROR
            raise Refused()
        self.multiple = number(arguments(text)[0], (0, 1))
        return None

    def _state_name(self):
        single = None if self.multiple else self._modem.sockets.connections.get(0)
        return self.state if single is None or self.state == DEACTIVATED else single.state_name()

    def _qistat(self, kind, text):
        """OK first; in multiple mode a line for each connection after the state (log)."""
        if kind == TEST:
            return None
        lines = ["STATE: " + self._state_name()]
        if self.multiple:
            lines += [self._modem.sockets.address_line(index) for index in range(self._modem.sockets.MOST)]
        return Reply((), "OK", lines)

    def _qistate(self, kind, text):
        """OK, the state, the connections of multiple mode, and OK once more (log)."""
        if kind == TEST:
            return None
        lines = ["STATE: " + self._state_name()]
        if self.multiple:
            lines += [self._modem.sockets.state_line(index) for index in range(self._modem.sockets.MOST)]
        return Reply((), "OK", lines + ["OK"])

    def _qidnsgip(self, kind, text):
        """OK, and the address a while later, or ERROR for a name that does not exist (log of an M26)."""
        if kind == TEST:
            return None
        if kind != SET or self.state not in _UP:
            raise Refused()
        name = arguments(text)[0] or ""
        self._modem.agenda.after(self._modem.environment.delays.dns, lambda: self._resolved(name))
        return None

    def _resolved(self, name):
        address = name if is_address(name) else self._modem.environment.names.get(name)
        self._modem.terminal.urc(address or "ERROR")
