"""The rooms of an M66 or M95, its start and its sleep."""

from tools.lab.modem.bg95.errors import Errors
from tools.lab.modem.m66 import options
from tools.lab.modem.m66.identity import Identity
from tools.lab.modem.m66.network import Registration
from tools.lab.modem.m66.sockets import Sockets
from tools.lab.modem.m66.task import Task
from tools.lab.modem.machine import Machine

_WAKE_MS = 600  # from DTR low to an active serial port (GSM UART port AN V1.0, 6.2)
_SYNCHRONISE = (b"AT", b"at")  # and neither At nor aT (M95 HD V1.0, 3.8.1.1)


class M66(Machine):
    """A module with `card` in it, in `environment`, behind the radio row `radio`."""

    IDENTITY, REGISTRATION = Identity, Registration
    UNKNOWN = None  # a command that does not exist: ERROR [M]

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="863071010000006"):
        self._synchronised = False
        self._gaps = 0
        super().__init__(card, environment, radio, imei, options.made(), options.SWITCHES)
        self.sleep.wake_ms = _WAKE_MS
        self.task = Task(self)
        self.sockets = Sockets(self)
        self.errors = Errors(self)
        self.fit(self.task, self.sockets, self.errors, stacks=(self.sockets,))
        commands = self.terminal.commands
        commands["+QMGDA"] = commands.pop("+CMGDA")  # its own name of the same command (log)
        del commands["+QIGETERROR"]  # which a switch brings back

    def turn(self, name, value):
        """Turn a switch; raises ValueError for one that the family does not have."""
        super().turn(name, value)
        if name == "autobaud":
            self.options.keep("+IPR", 0 if value == "on" else 115200)
        if name == "network-time" and value != "asked":
            self.options.keep("+QNITZ", 1)
        if name == "role":
            self.options.keep("+QISRVC", 1 if value == "client" else 2)
        if name == "last-error":
            self.terminal.commands.update(self.errors.commands())

    # the handset's side

    def receive(self, octets, now):
        """Handle octets that the handset wrote; with autobauding none is heard before the first AT or at."""
        self.advance(now)
        if self.on and not self.options["+IPR"] and not self._synchronised:
            places = [octets.find(first) for first in _SYNCHRONISE if octets.find(first) >= 0]
            self._synchronised = bool(places)
            octets = octets[min(places) :] if places else b""
        super().receive(octets, now)

    # power

    def power_off(self):
        """Nothing is answered any more; what is on the SIM and what was saved stays."""
        self._synchronised = False
        super().power_off()

    def greet(self):
        """RDY and +CFUN: 1; at a rate that is not known yet they are discarded (M95 HD V1.0, 3.8.1.1)."""
        self.tell("RDY")
        self.tell("+CFUN: %d" % self.identity.functions)

    def card_ready(self):
        """Calls are ready."""
        if self.options["+QIURC"]:
            self.tell("Call Ready")
        super().card_ready()

    def sms_ready(self):
        """Messages may be read, written and delivered; an M95 does not say so (logs)."""
        if self.options["+QIURC"] and self.switches["model"] != "M95":
            self.tell("SMS Ready")
        super().sms_ready()

    def tell(self, line):
        """Say a line of the start, at a rate that the handset is known to have."""
        if self.options["+IPR"] or self._synchronised:
            self.terminal.urc(line)

    # between the rooms

    def sleeps(self):
        """By DTR or by itself (AT+QSCLK)."""
        return self.options["+QSCLK"]

    def network_time(self):
        """The time that the network tells a module with AT+QNITZ=1, or None."""
        if not self.options["+QNITZ"] or not self.registration.registered:
            return None
        year, month, day, hour, minute, second = self.environment.time()
        return "%02d/%02d/%02d,%02d:%02d:%02d+00" % (year % 100, month, day, hour, minute, second)

    def registered(self):
        """After a registration the network time is sent if AT+QNITZ=1."""
        super().registered()
        self.agenda.after(self.environment.delays.network_time, self._send_network_time)

    def _send_network_time(self):
        time = self.network_time()
        if time is not None:
            self.terminal.urc('+QNITZ: "%s,0"' % time)

    def between(self):
        """A line of network time for a gap between two lines of a reply, or None."""
        if self.switches["network-time"] != "gaps":
            return None
        time = self.network_time()
        return None if time is None else '+QNITZ: "%s,0"' % time

    def context_lost(self):
        """GPRS is gone for the TCP/IP task, and for AT+CGACT."""
        super().context_lost()
        self.task.context_lost()

    # faults

    def brown_out(self):
        """The supply gives way: silence, then RDY; builds that measure it say so before (M66 HD, 3.4.2.3)."""
        if self.on and self.switches["under-voltage"] == "told":
            self.terminal.urc("UNDER_VOLTAGE WARNING", "UNDER_VOLTAGE POWER DOWN")
        super().brown_out()
