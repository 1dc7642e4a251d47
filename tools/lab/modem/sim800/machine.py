"""The rooms of a SIM800, its sleep and its start (AT manual V1.09)."""

from tools.lab.modem.machine import Machine
from tools.lab.modem.sim800 import options
from tools.lab.modem.sim800.bearer import Bearers
from tools.lab.modem.sim800.http import Http
from tools.lab.modem.sim800.identity import Identity
from tools.lab.modem.sim800.recorder import BUSY, Recorder
from tools.lab.modem.sim800.sockets import Sockets
from tools.lab.modem.sim800.surroundings import Surroundings

_POWERED = b"\x00IIII\xff\xff\xff\xff"  # said with the power, for a tool of the maker's (manual, 1.4)


class Sim800(Machine):
    """A SIM800 with `card` in it, in `environment`, behind the radio row `radio`."""

    IDENTITY = Identity

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="866040040000006"):
        self._synchronised = False
        self._gaps = 0
        super().__init__(card, environment, radio, imei, options.made(), options.SWITCHES)
        self.sockets = Sockets(self)
        self.bearers = Bearers(self)
        self.http = Http(self)
        self.surroundings = Surroundings(self)
        self.recorder = Recorder(self)
        rooms = self.sockets, self.bearers, self.http, self.surroundings, self.recorder
        self.fit(*rooms, stacks=(self.sockets, self.http))

    # the handset's side

    def receive(self, octets, now):
        """Handle octets that the handset wrote."""
        self.advance(now)
        if self.on and not self.options["+IPR"] and not self._synchronised:
            octets = self._first_line(octets)
        super().receive(octets, now)

    def _first_line(self, octets):
        """The octets after the line that sets the rate, which is not answered."""
        self._synchronised = self._synchronised or octets.upper().find(b"AT") >= 0
        end = octets.find(b"\r")
        return octets[end + 1 :] if end >= 0 else b""

    def turn(self, name, value):
        """Turn a switch (options.SWITCHES); raises ValueError for one that does not exist."""
        super().turn(name, value)
        if name == "network-time" and value != "asked":
            self.options.keep("+CLTS", 1)

    # power

    def start(self, ms):
        """The supply is there; commands are answered in `ms`."""
        self.terminal.raw(_POWERED)
        super().start(ms)

    def power_off(self):
        """Nothing is answered any more; what is on the SIM and what was saved stays."""
        self._synchronised = False
        super().power_off()

    def greet(self):
        """RDY, only at a fixed rate (manual, 19.3)."""
        if self.options["+IPR"]:
            self.terminal.urc("RDY", "+CFUN: %d" % self.identity.functions)

    def card_ready(self):
        """Calls are ready."""
        if self.options["+CIURC"]:
            self.tell("Call Ready")
        super().card_ready()

    def sms_ready(self):
        """Messages may be read, written and delivered."""
        if self.options["+CIURC"]:
            self.tell("SMS Ready")
        super().sms_ready()

    def tell(self, line):
        """Say a line of the start, at a rate that the handset is known to have."""
        if self.options["+IPR"] or self._synchronised:
            self.terminal.urc(line)

    # between the rooms

    def sleeps(self):
        """By DTR or by itself (manual, 6.2.20)."""
        return self.options["+CSCLK"]

    def registered(self):
        """After a registration the network time is sent if AT+CLTS=1."""
        super().registered()
        self.agenda.after(self.environment.delays.network_time, self._send_network_time)

    def _send_network_time(self):
        if self.options["+CLTS"] and self.registration.registered:
            self.terminal.urc(*self.surroundings.time_lines())

    def between(self):
        """A line of network time for a gap between two lines of a reply, or None."""
        if self.switches["network-time"] != "gaps" or not self.options["+CLTS"] or not self.registration.registered:
            return None
        lines = self.surroundings.time_lines()
        self._gaps += 1
        return lines[self._gaps % len(lines)]

    def context_lost(self):
        """GPRS is gone for both stacks, and for AT+CGACT."""
        super().context_lost()
        self.sockets.context_lost()
        self.bearers.context_lost()

    # faults

    def refuse_record(self, code=BUSY):
        """The next recording is refused with the number of a +CME ERROR (manual, 17.2.1)."""
        self.faults["record"] = code

    def brown_out(self):
        """The supply gives way: a warning only if AT+CBATCHK=1 was said; silence; then RDY."""
        if self.on and self.options["+CBATCHK"]:
            self.terminal.urc("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN")
        super().brown_out()
