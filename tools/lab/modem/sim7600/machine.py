"""The rooms of a SIM7600, A7670 or A7608, its sleep and its start (A76XX manual V2.03)."""

from tools.lab.modem.machine import Machine
from tools.lab.modem.sim7600 import options
from tools.lab.modem.sim7600.identity import Identity
from tools.lab.modem.sim7600.service import Service
from tools.lab.modem.sim7600.sockets import Sockets
from tools.lab.modem.sleep import BY_ITSELF
from tools.lab.network.radio import GSM, LTE, UMTS

_DISCARD_MS = 100  # of octets that wake it from AT+CSCLK=2 [M]


class Sim7600(Machine):
    """A modem of the family with `card` in it, in `environment`, behind the radio row `radio`."""

    LONGEST = 3071  # 1.5.2.5
    UNKNOWN = None  # log: ERROR, whatever AT+CMEE says
    IDENTITY = Identity
    ACCESS = (GSM, UMTS, LTE)
    REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")
    KEEPS_OPERATOR = False  # 4.2.2: NO_SAVE
    CONTEXTS, CONTEXT_TYPES = tuple(range(1, 16)), ("IP", "IPV6", "IPV4V6")  # log
    CONTEXT_FIELDS = ",,,,"
    KEEPS_CONTEXTS = True
    QUOTES_ADDRESSES = False  # log
    ACKNOWLEDGES = True
    NO_CARD = "+CPIN: SIM REMOVED"

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="866040040000006"):
        super().__init__(card, environment, radio, imei, options.made(), options.SWITCHES)
        self.sockets = Sockets(self)
        self.fit(self.sockets, Service(self), stacks=(self.sockets,))
        del self.terminal.commands["+CCID"]  # here it is AT+CICCID

    def power_off(self):
        """Nothing is answered any more; the contexts are kept, or not."""
        self.KEEPS_CONTEXTS = self.switches["contexts"] == "kept"
        super().power_off()

    def sleeps(self):
        """By DTR or by itself (10.2.7)."""
        mode = self.options["+CSCLK"]
        if mode == BY_ITSELF:
            self.sleep.discard_ms = _DISCARD_MS if self.switches["waking"] == "lost" else 0
        return mode

    def greet(self):
        """The line of a modem that takes commands, as logs have it."""
        self.terminal.urc("RDY" if self.switches["model"] == "SIM7600E" else "*ATREADY: 1")

    def sms_ready(self):
        """SMS DONE, and when the phone book is read PB DONE (log)."""
        self.tell("SMS DONE")
        super().sms_ready()
        self.agenda.after(self.environment.delays.sms_ready, lambda: self.tell("PB DONE"))

    def attaches(self):
        """Whether packet service is attached without AT+CGATT=1, as in the example of 5.2.3."""
        return self.switches["attach-itself"] == "yes"

    def attached(self):
        """In E-UTRAN a context comes with the attach (log)."""
        super().attached()
        if self.registration.default_bearer():
            self.contexts.activate(1)
            self.event("EPS PDN ACT 1")

    def quotes_cells(self):
        """Whether area and cell of +CREG stand in quotes: strings in the manual (5.2.2.1), bare in logs."""
        return self.switches["cells"] == "quoted"

    def event(self, text):
        """+CGEV, unless AT+CGEREP says 0 (5.2.15)."""
        if self.options["+CGEREP"][0]:
            self.unsolicited("+CGEV: " + text)

    def context_lost(self):
        """Packet service is gone."""
        if self.contexts.active:
            self.event("NW PDN DEACT %d" % self.contexts.active[0])
        super().context_lost()
        self.sockets.context_lost()
