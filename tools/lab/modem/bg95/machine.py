"""The rooms of a BG95, BG96, EC21, EC25 or EG91, and its start."""

from tools.lab.modem.bg95 import options
from tools.lab.modem.bg95.contexts import Contexts
from tools.lab.modem.bg95.errors import Errors
from tools.lab.modem.bg95.identity import Identity
from tools.lab.modem.bg95.network import Registration
from tools.lab.modem.bg95.sockets import Sockets
from tools.lab.modem.bg95.terminal import Terminal
from tools.lab.modem.machine import Machine
from tools.lab.modem.selection import Selection
from tools.lab.network.radio import GSM, LTE, UMTS

_APP_READY_MS = 700  # from RDY to APP RDY
_PHONE_BOOK_MS = 500  # from SMS DONE to PB DONE: that order is a log's, the time is not


class Bg95(Machine):
    """A module with `card` in it, in `environment`, behind the radio row `radio`."""

    IDENTITY, REGISTRATION, PACKET, TERMINAL = Identity, Registration, Contexts, Terminal
    ACCESS = (GSM, LTE)  # of the BG models; the others have UMTS, too
    LTE_ROWS = ("lte-1", "lte-m1")  # EC21 is of category 1, BG95 of M1
    UNKNOWN = None  # a command that does not exist: ERROR
    REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")
    CONTEXTS, CONTEXT_TYPES = tuple(range(1, 17)), ("IP", "IPV6", "IPV4V6")
    CONTEXT_FIELDS = ",0,0"
    KEEPS_CONTEXTS = True  # a log of a BG96 has them at its start
    ACKNOWLEDGES = True

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="864475040000006"):
        super().__init__(card, environment, radio, imei, options.made(), options.SWITCHES)
        self.sms.first = 0
        self.errors = Errors(self)
        self.sockets = Sockets(self)
        self.fit(self.errors, self.sockets, stacks=(self.sockets,))

    def turn(self, name, value):
        """Turn a switch; raises ValueError for one that the family does not have."""
        super().turn(name, value)
        if name == "model" and not value.startswith("BG"):
            self.registration.selection = Selection(self, self.environment, (GSM, UMTS, LTE))
        if name == "first-index":
            self.sms.first = int(value)
        if name == "urc-port":
            self.options.keep("+QURCCFG", value)

    # power

    def greet(self):
        """RDY and +CFUN, then APP RDY. Commands are answered from RDY on (log of an EC21).

        Builds of the BG95 refuse them all until APP RDY (zephyr, pull request 57110): the switch first-seconds.
        """
        self.terminal.urc("RDY", "+CFUN: %d" % self.identity.functions)
        if self.switches["app-ready"] == "said":
            self.agenda.after(_APP_READY_MS, lambda: self.terminal.urc("APP RDY"))

    def sms_ready(self):
        """Messages may be read, written and delivered; then the phone book may."""
        if self.switches["sms-done"] == "said":
            self.terminal.urc("+QIND: SMS DONE")
            self.agenda.after(_PHONE_BOOK_MS, lambda: self.terminal.urc("+QIND: PB DONE"))
        super().sms_ready()

    # between the rooms

    def sleeps(self):
        """By DTR only (AT+QSCLK)."""
        return self.options["+QSCLK"]

    def attaches(self):
        """Whether packet service is attached without AT+CGATT=1."""
        return self.switches["packet-attach"] == "itself" and self.switches["service"] != "sms-only"
