"""The rooms of a SARA module, its start and its sleep."""

from tools.lab.modem.machine import Machine
from tools.lab.modem.sara import options
from tools.lab.modem.sara.bearer import Bearer
from tools.lab.modem.sara.contexts import Contexts
from tools.lab.modem.sara.errors import Errors
from tools.lab.modem.sara.identity import Identity
from tools.lab.modem.sara.network import Registration
from tools.lab.modem.sara.port import Port
from tools.lab.modem.sara.profiles import Profiles
from tools.lab.modem.sara.sockets import Sockets
from tools.lab.modem.sara.terminal import UNKNOWN, Terminal
from tools.lab.modem.selection import Selection
from tools.lab.modem.sleep import BY_RTS
from tools.lab.network.radio import GSM, LTE, UMTS, access

_OF_OTHERS = ("+CMGDA", "+CMMS", "+CSPN", "+CVHU", "+SPIC")  # commands that AT+CLAC of a G350 does not list (log)
_WAKE_MS = 20  # until a module that slept hears octets (integration, 1.9.1.4)


class Sara(Machine):
    """A module with `card` in it, in `environment`, behind the radio row `radio`: an R4 where that is LTE."""

    LONGEST = 2200  # octets of a command line, which may have 1024 in hex [M]; fewer on an R4 (terminal)
    UNKNOWN = UNKNOWN
    IDENTITY, REGISTRATION, PACKET, TERMINAL = Identity, Registration, Contexts, Terminal
    ACCESS = (GSM, UMTS, LTE)  # of one model or another
    LTE_ROWS = ("lte-m1",)
    REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")  # the last one of an R4
    CONTEXTS, CONTEXT_TYPES = tuple(range(1, 9)), ("IP", "IPV6", "IPV4V6")
    KEEPS_CONTEXTS = True  # log
    ACKNOWLEDGES = True
    NO_CARD = None

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="357796110000006"):
        self._deaf, self._waiting_messages = False, []
        super().__init__(card, environment, radio, imei, options.made(), options.SWITCHES)
        model = options.U201 if access(radio) in options.ACCESS[options.U201] else options.R410M
        self.sms.memories = ("SM", "ME", "MT")
        for name in _OF_OTHERS:
            del self.terminal.commands[name]
        self.errors, self.profiles, self.sockets, self.port = Errors(self), Profiles(self), Sockets(self), Port(self)
        self.bearer = Bearer(self)
        self.fit(self.errors, self.profiles, self.sockets, self.port, self.bearer, stacks=(self.sockets,))
        self.sleep.wake_ms = self.sleep.discard_ms = _WAKE_MS
        self.turn("model", model)

    def turn(self, name, value):
        """Turn a switch; raises ValueError for one that the family does not have."""
        super().turn(name, value)
        if name == "model":
            self.registration.selection = Selection(self, self.environment, options.ACCESS[value])
            self.QUOTES_ADDRESSES = not self.lte()  # log

    def lte(self):
        """Whether it is a module of the R4 series."""
        return self.switches["model"] in (options.R410M, options.R412M)

    def online(self):
        """Whether sockets have a context: that of the profile, or of an R4 the first one."""
        return 1 in self.contexts.active if self.lte() else self.profiles.active is not None

    # power

    def receive(self, octets, now):
        """Handle octets that the handset wrote."""
        super().receive(b"" if self._deaf else octets, now)

    def deaf(self):
        """Ignore what is written from now on: the module is on its way out."""
        self._deaf = True

    def power_off(self):
        """Nothing is answered any more."""
        super().power_off()
        self._deaf = False

    def greet(self):
        """Say nothing but the text of AT+CSGT (log); the state of messages waiting comes with the first commands."""
        if self.port.greets:
            self.terminal.urc(self.port.greeting)
        told = self.switches["message-waiting"] == "told" and self.options["+UMWI"]
        self._waiting_messages = ["+UMWI: 0,%d" % kind for kind in (1, 2, 3, 4)] if told else []

    def between(self):
        """One line for a gap in a reply, or None."""
        return self._waiting_messages.pop(0) if self._waiting_messages else None

    def tell(self, line):
        """No line tells of the card."""

    def remove_sim(self):
        """The card is gone, of which no line tells."""
        self.sim.card.present = False
        self.registration.leave()

    def sleeps(self):
        """As AT+UPSV says."""
        return self.port.mode()

    def obeys_rts(self):
        """Whether RTS controls the octets for the handset, not the sleep."""
        return super().obeys_rts() and self.port.mode() != BY_RTS

    def read(self):
        """The octets that the handset reads now: none while nothing drives RTS, which flow control asks (1.9.1.3)."""
        if self.obeys_rts() and self.switches["rts"] == "open":
            return b""
        return super().read()

    # between the rooms

    def attaches(self):
        """Whether packet service is attached without AT+CGATT=1 (log)."""
        return self.switches["attach-itself"] == "yes"

    def attached(self):
        """In E-UTRAN a context comes with the attach (19.1)."""
        super().attached()
        if self.registration.default_bearer():
            self.bearer.come_up()

    def quotes_cells(self):
        """Whether area and cell of +CREG stand in quotes."""
        return self.switches["cells"] == "quoted"

    def context_lost(self):
        """Packet service is gone, and with it the context of the sockets."""
        told = self.contexts.active and self.options["+CGEREP"][0]
        super().context_lost()
        self.profiles.lost()
        if told:
            self.unsolicited("+CGEV: NW PDN DEACT 1")
