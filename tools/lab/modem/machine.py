"""The machine of all families of modems, without I/O: octets and time in, octets and effects out.

`receive(octets, now)` gets the octets that the handset wrote, `advance(now)` lets time pass, `next()` is the time to
call it again, `read()` is what the handset reads. `now` is milliseconds from any start. Requests to the
network are in `effects()`:

    ("open", key, host, port, udp)   answer with established(key) or refused(key, unknown)
    ("send", key, octets)            octets that came through the radio
    ("close", key)
    ("submit", tpdu)                 answer with submitted(reference), None for a refusal

and the network's octets come in by `arrived(key, octets)`, at most `room(key)` octets at a time, and
`ended(key)`; messages by `deliver(tpdu)`.
"""

from tools.lab.modem.agenda import Agenda
from tools.lab.modem.connection import WINDOW
from tools.lab.modem.contexts import Contexts
from tools.lab.modem.environment import Card, Environment
from tools.lab.modem.identity import FULL, Identity
from tools.lab.modem.options import Switches
from tools.lab.modem.registration import SEARCHING, Registration
from tools.lab.modem.sim import Sim
from tools.lab.modem.sleep import NEVER, Sleep
from tools.lab.modem.sms import Messages
from tools.lab.modem.terminal import Terminal
from tools.lab.network.radio import GSM, LTE, Radio, access


class Machine:
    """A modem with `card` in it, in `environment`, behind the radio row `radio`.

    A family has `options` and a table of `switches` (tools/lab/modem/options.py), and rooms of its own, which it hands
    to `fit`. Names in capitals are for a family to change.
    """

    LONGEST = 556  # octets of a command line
    UNKNOWN = 100  # +CME ERROR of a command that does not exist; None: ERROR
    IDENTITY, REGISTRATION, PACKET, TERMINAL = Identity, Registration, Contexts, Terminal  # rooms
    ACCESS = (GSM,)  # the access technologies that it has, or one of its models
    LTE_ROWS = ("lte-1",)  # the rows of the radio in LTE networks, by the category of the terminal
    REGISTRATIONS = ("+CREG", "+CGREG")  # and +CEREG, where there is E-UTRAN
    KEEPS_OPERATOR = True  # the mode of AT+COPS survives a restart
    CONTEXTS, CONTEXT_TYPES = (1, 2, 3), ("IP",)  # numbers and types of AT+CGDCONT
    CONTEXT_FIELDS = ""  # the last fields of its lines
    KEEPS_CONTEXTS = False  # AT+CGDCONT survives a restart
    QUOTES_ADDRESSES = True  # in +CGPADDR
    ACKNOWLEDGES = False  # AT+CNMA exists
    NO_CARD = "+CPIN: NOT INSERTED"  # said at power-on without a card, and when it is taken out

    def __init__(self, card, environment, radio, imei, options, switches):
        self.environment = Environment() if environment is None else environment
        self.radio = Radio(radio)
        self.agenda = Agenda()
        self.options = options
        self.switches = Switches(switches)
        self.faults = {}  # name: how; each strikes once
        self.weak_supply = False  # it gives way whenever octets leave
        self.on = False  # commands are answered
        self._lost = []  # the cells that were in reach before the coverage was lost
        self._effects, self._keys, self._rooms, self._stacks = [], 0, (), ()
        settings = (self.options, self.switches, self.between, self.LONGEST, self.UNKNOWN)
        self.terminal = self.TERMINAL({}, self.agenda, *settings)
        self.sim = Sim(self, Card() if card is None else card)
        self.registration = self.REGISTRATION(self, self.environment, self.ACCESS)
        self.contexts = self.PACKET(self)
        self.sms = Messages(self)
        self.terminal.commands.update(self.options.commands())
        self.identity = self.IDENTITY(self, imei)
        self.sleep = Sleep(self)
        self.fit(self.sim, self.registration, self.contexts, self.sms, self.identity, self.sleep)

    def fit(self, *rooms, stacks=()):
        """Add rooms, each with `commands()` and `reset()`; `stacks` are those that have connections, `by_key(key)`."""
        self._rooms += rooms
        self._stacks += stacks
        for room in rooms:
            self.terminal.commands.update(room.commands())

    # the handset's side

    def receive(self, octets, now):
        """Handle octets that the handset wrote."""
        self.advance(now)
        if self.on:
            self.terminal.receive(self.sleep.hear(octets))

    def dtr_on(self):
        """The handset turns its DTR on, which is low on the pin (tools/lab/modem/sleep.py)."""
        self.sleep.set_dtr(True)

    def dtr_off(self):
        """The handset turns its DTR off."""
        self.sleep.set_dtr(False)

    def rts_on(self):
        """The handset's RTS is on: it takes octets."""
        self.sleep.set_rts(True)

    def rts_off(self):
        """The handset's RTS is off: a modem with hardware flow control sends none."""
        self.sleep.set_rts(False)

    def obeys_rts(self):
        """Whether RTS controls the octets for the handset (AT+IFC, the first number)."""
        return self.options["+IFC"][0] == 2

    def row(self, name):
        """The row of the radio in a network that has row `name`."""
        return name if name in self.LTE_ROWS or access(name) != LTE else self.LTE_ROWS[0]

    def turn(self, name, value):
        """Turn a switch; raises ValueError for one that the family does not have."""
        self.switches.turn(name, value)

    def read(self):
        """The octets that the handset reads now, each once."""
        if not self.terminal.out or self.obeys_rts() and not self.sleep.rts:
            return b""
        self.sleep.stir()
        octets = bytes(self.terminal.out)
        self.terminal.out = bytearray()
        return octets

    def unsolicited(self, line):
        """Send an unsolicited line."""
        if self.on:
            self.terminal.urc(line)

    # time and the network's side

    def advance(self, now):
        """Do what is due until `now`."""
        due = self.next()
        while due is not None and due <= now:
            self._step(max(due, self.agenda.now))
            due = self.next()
        self.agenda.advance(now)

    def _step(self, now):
        self.agenda.advance(now)
        for key, octets in self.radio.up.arrivals(now):
            if not octets:
                self.effect("close", key)
                continue
            if self.weak_supply:
                self.brown_out()
                return
            self.effect("send", key, octets)
            connection = self._by_key(key)
            if connection is not None:
                connection.left(len(octets))
        for key, octets in self.radio.down.arrivals(now):
            connection = self._by_key(key)
            if connection is not None:
                connection.receive(octets)

    def next(self):
        """When `advance` has something to do, or None."""
        due, radio = self.agenda.next(), self.radio.next()
        return due if radio is None or due is not None and due < radio else radio

    def effect(self, *what):
        """Add a request to the network."""
        self._effects.append(what)

    def effects(self):
        """The requests to the network since the last call, in order."""
        effects, self._effects = self._effects, []
        return effects

    def new_key(self):
        """A key for a connection that no other one has had."""
        self._keys += 1
        return self._keys

    def _by_key(self, key):
        """The connection of any stack with that key, or None when the modem is done with it."""
        for stack in self._stacks:
            connection = stack.by_key(key)
            if connection is not None:
                return connection
        return None

    def established(self, key):
        """The far end accepted the connection."""
        connection = self._by_key(key)
        if connection is not None:
            connection.established()

    def refused(self, key, unknown=False):
        """The far end refused the connection, or its name is `unknown`."""
        connection = self._by_key(key)
        if connection is not None:
            connection.refused(unknown)

    def room(self, key):
        """Octets that the far end may send now: the window less what is under way or not fetched."""
        connection = self._by_key(key)
        if connection is None or connection.closed:
            return 0
        return max(WINDOW - self.radio.down.waiting(key) - len(connection.arrived), 0)

    def arrived(self, key, octets):
        """The far end sent octets, or one datagram."""
        connection = self._by_key(key)
        if connection is not None and octets:
            udp = connection.protocol == "UDP"
            self.radio.down.put(key, octets, self.agenda.now, udp)

    def ended(self, key):
        """The far end closed the connection."""
        if self._by_key(key) is not None:
            self.radio.down.put(key, b"", self.agenda.now)

    def deliver(self, tpdu):
        """An SMS for the subscriber; False when the network has to keep it for now."""
        return self.sms.deliver(tpdu)

    def submitted(self, reference):
        """The SMS centre's answer to the last ("submit", tpdu)."""
        self.sms.submitted(reference)

    # power

    def power_on(self):
        """The supply comes, or the modem restarts: silence, then what it says after its boot."""
        self.power_off()
        self.start(self.environment.delays.power_on)

    def start(self, ms):
        """The supply is there; commands are answered in `ms`."""
        self.agenda.after(ms, self._boot)

    def power_off(self):
        """Nothing is answered any more; what is on the SIM and what was saved stays."""
        self.on = False
        self.agenda.clear()
        self.options.reset()
        self.terminal.reset()
        for room in self._rooms:
            room.reset()

    def _boot(self):
        self.on = True
        self.greet()
        if self.switches["first-seconds"] == "error":
            self.terminal.refuses = True
            self.agenda.after(self.environment.delays.first_seconds, self._answer)
        if self.identity.functions == FULL:
            self.start_card()

    def greet(self):
        """Say the lines of a modem that has booted."""
        self.terminal.urc("RDY")

    def _answer(self):
        self.terminal.refuses = False

    def start_card(self):
        """The SIM is read; then calls, and after them messages, are ready."""
        self.sim.reset()
        self.agenda.after(self.environment.delays.sim, self._card_started)

    def _card_started(self):
        self.sim.started()
        code = self.sim.code()
        self.tell("+CPIN: " + code if code else self.NO_CARD)
        if code == "READY":
            self.card_ready()

    def unlocked(self):
        """The PIN was right: the SIM is read once more before it is ready."""
        self.sim.busy = True
        self.agenda.after(self.environment.delays.sim, self._unlocked)

    def _unlocked(self):
        self.sim.started()
        self.tell("+CPIN: READY")
        self.card_ready()

    def card_ready(self):
        """Search for a network, and let messages be ready after a while."""
        self.registration.search()
        self.agenda.after(self.environment.delays.sms_ready, self.sms_ready)

    def sms_ready(self):
        """Messages may be read, written and delivered."""
        self.sms.ready = True
        self.sms.offer()

    def tell(self, line):
        """Say a line of the start."""
        self.terminal.urc(line)

    # between the rooms

    def sleeps(self):
        """The way in which the modem sleeps, of those in tools/lab/modem/sleep.py."""
        return NEVER

    def registered(self):
        """After a registration the kept messages are offered."""
        self.sms.offer()

    def attached(self):
        """After an attach."""

    def attaches(self):
        """Whether packet service is attached without AT+CGATT=1."""
        return False

    def quotes_cells(self):
        """Whether area and cell of +CREG stand in quotes."""
        return True

    def between(self):
        """An unsolicited line for a gap between two lines of a reply, or None."""
        return None

    def context_lost(self):
        """Packet service is gone, and with it every context."""
        self.contexts.deactivate()

    def admit(self, apn, user, password):
        """Raise Refused unless the network gives this user a context at this APN."""
        self.registration.admit(apn, user, password)

    # faults

    def brown_out(self):
        """The supply gives way: silence, and then a start."""
        self.power_off()
        self.start(self.environment.delays.brown_out)

    def drop_context(self):
        """The network takes the context."""
        self.context_lost()

    def lose_coverage(self):
        """No cell in reach until `find_coverage`."""
        self._lost, self.environment.cells = self._lost or self.environment.cells, []
        self.registration.leave(SEARCHING)

    def find_coverage(self):
        """The cells are back, if they were gone: the modem searches."""
        if self._lost:
            self.environment.cells, self._lost = self._lost, []
            self.registration.search()

    def carry(self, cells):
        """The subscriber is in another place, in reach of these cells, unless coverage is lost there, too."""
        if self._lost:
            self._lost = cells
            return
        self.environment.cells = cells
        self.registration.leave(SEARCHING)
        self.registration.search()

    def fade(self, signal=None, loss=None):
        """Every cell in reach has this signal (AT+CSQ), and loses so many segments of a hundred; None: as before."""
        for cell in self.environment.cells or self._lost:
            cell.signal = cell.signal if signal is None else signal
            cell.loss = cell.loss if loss is None else loss
        self.registration.fade()

    def deny(self, denied=True):
        """Every network refuses this SIM from now on, or takes it again."""
        for cell in self.environment.cells or self._lost:  # those out of reach, too
            cell.allowed = not denied
        self.registration.leave(SEARCHING)
        self.registration.search()

    def remove_sim(self):
        """The card is gone."""
        self.sim.card.present = False
        self.registration.leave()
        self.unsolicited(self.NO_CARD)

    def insert_sim(self):
        """The card is back: it is read as after power-on."""
        self.sim.card.present = True
        self.start_card()

    def send_fail(self):
        """The next octets that the handset types are not sent."""
        self.faults["send fail"] = 1

    def short_accept(self, octets):
        """Of the next octets that the handset types only so many are accepted."""
        self.faults["short accept"] = octets

    def lose_prompt(self):
        """The next prompt for octets does not reach the handset, and the modem waits for them nevertheless."""
        self.faults["lost prompt"] = 1

    def prompted(self, prompt):
        """The prompt for octets, or None for one that gets lost."""
        return None if self.faults.pop("lost prompt", 0) else prompt
