"""A SIM800 without I/O: octets and time in, octets and effects out.

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
from tools.lab.modem.environment import Card, Environment
from tools.lab.modem.registration import SEARCHING, Registration
from tools.lab.modem.sim import Sim
from tools.lab.modem.sim800.bearer import Bearers
from tools.lab.modem.sim800.connection import WINDOW
from tools.lab.modem.sim800.http import Http
from tools.lab.modem.sim800.identity import Identity
from tools.lab.modem.sim800.options import Options, Switches
from tools.lab.modem.sim800.sockets import Sockets
from tools.lab.modem.sms import Messages
from tools.lab.modem.syntax import Refused
from tools.lab.modem.terminal import Terminal
from tools.lab.network.radio import Radio

_POWERED = b"\x00IIII\xff\xff\xff\xff"  # said with the power, for a tool of the maker's (manual, 1.4)
_SLEEP_MS = 5000  # AT+CSCLK=2: asleep after so long without a character


class Sim800:
    """The modem with `card` in it, in `environment`, behind the radio row `radio`."""

    def __init__(self, card=None, environment=None, radio="gprs-10-cs2", imei="866040040000006"):
        self.environment = Environment() if environment is None else environment
        self.radio = Radio(radio)
        self.agenda = Agenda()
        self.options = Options()
        self.switches = Switches()
        self.faults = {}  # name: how; each strikes once
        self.on = False  # RDY was said, or would have been
        self._lost = []  # the cells that were in reach before the coverage was lost
        self._effects = []
        self._heard = 0  # when the last octet came
        self._synchronised = False
        self._gaps = 0
        self._keys = 0
        self.terminal = Terminal({}, self.agenda, self.options, self.switches, self._between)
        self.sim = Sim(self, Card() if card is None else card)
        self.registration = Registration(self, self.environment)
        self.sms = Messages(self)
        self.sockets = Sockets(self)
        self.bearers = Bearers(self)
        self.http = Http(self)
        self.identity = Identity(self, imei)
        self._rooms = (self.sim, self.registration, self.sms, self.sockets, self.bearers, self.http, self.identity)
        for room in (self.options,) + self._rooms:
            self.terminal.commands.update(room.commands())

    # the handset's side

    def receive(self, octets, now):
        """Handle octets that the handset wrote."""
        self.advance(now)
        asleep = self.options["+CSCLK"] == 2 and now - self._heard >= _SLEEP_MS
        self._heard = now
        if not self.on:
            return
        if asleep or (not self.options["+IPR"] and not self._synchronised):
            octets = self._first_line(octets)
        self.terminal.receive(octets)

    def _first_line(self, octets):
        """The octets after the line that wakes the modem or sets its rate, which is not answered."""
        self._synchronised = self._synchronised or octets.upper().find(b"AT") >= 0
        end = octets.find(b"\r")
        return octets[end + 1 :] if end >= 0 else b""

    def turn(self, name, value):
        """Turn a switch (options.SWITCHES); raises ValueError for one that does not exist."""
        self.switches.turn(name, value)
        if name == "network-time" and value != "asked":
            self.options.keep("+CLTS", 1)

    def read(self):
        """The octets that the handset reads now, each once."""
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
        """The connection of either stack with that key, or None when the modem is done with it."""
        return self.sockets.by_key(key) or self.http.by_key(key)

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
        self._start(self.environment.delays.power_on)

    def _start(self, ms):
        self.terminal.raw(_POWERED)
        self.agenda.after(ms, self._boot)

    def power_off(self):
        """Nothing is answered any more; what is on the SIM and what was saved stays."""
        self.on, self._synchronised = False, False
        self.agenda.clear()
        self.options.reset()
        self.terminal.reset()
        for room in self._rooms:
            room.reset()

    def _boot(self):
        self.on, self._heard = True, self.agenda.now
        fixed = self.options["+IPR"] != 0
        if fixed:
            self.terminal.urc("RDY")
            self.terminal.urc("+CFUN: %d" % self.identity.functions)
        if self.switches["first-seconds"] == "error":
            self.terminal.refuses = True
            self.agenda.after(self.environment.delays.first_seconds, self._answer)
        if self.identity.functions == 1:
            self.start_card()

    def _answer(self):
        self.terminal.refuses = False

    def start_card(self):
        """The SIM is read; then calls, and after them messages, are ready."""
        self.sim.reset()
        self.agenda.after(self.environment.delays.sim, self._card_started)

    def _card_started(self):
        self.sim.started()
        code = self.sim.code()
        self._boot_urc("+CPIN: %s" % (code or "NOT INSERTED"))
        if code == "READY":
            self._ready()

    def unlocked(self):
        """The PIN was right: the SIM is read once more before it is ready."""
        self.sim.busy = True
        self.agenda.after(self.environment.delays.sim, self._unlocked)

    def _unlocked(self):
        self.sim.started()
        self._boot_urc("+CPIN: READY")
        self._ready()

    def _ready(self):
        if self.options["+CIURC"]:
            self._boot_urc("Call Ready")
        self.registration.search()
        self.agenda.after(self.environment.delays.sms_ready, self._sms_ready)

    def _sms_ready(self):
        self.sms.ready = True
        if self.options["+CIURC"]:
            self._boot_urc("SMS Ready")
        self.sms.offer()

    def _boot_urc(self, line):
        """Said only at a rate that the handset is known to have."""
        if self.options["+IPR"] or self._synchronised:
            self.terminal.urc(line)

    # between the rooms

    def registered(self):
        """After a registration the kept messages are offered, and the network time is sent if AT+CLTS=1."""
        self.sms.offer()
        self.agenda.after(self.environment.delays.network_time, self._send_network_time)

    def _send_network_time(self):
        if self.options["+CLTS"] and self.registration.registered:
            self.terminal.urc(*self.registration.time_lines())

    def _between(self):
        """A line of network time for a gap between two lines of a reply, or None."""
        if self.switches["network-time"] != "gaps" or not self.options["+CLTS"] or not self.registration.registered:
            return None
        lines = self.registration.time_lines()
        self._gaps += 1
        return lines[self._gaps % len(lines)]

    def context_lost(self):
        """GPRS is gone for both stacks, and for AT+CGACT."""
        self.registration.deactivate()
        self.sockets.context_lost()
        self.bearers.context_lost()

    def admit(self, apn, user, password):
        """Raise Refused unless the network gives this user a context at this APN."""
        if not self.registration.attached:
            raise Refused(148)
        profiles = self.environment.profiles
        known = [profile for profile in profiles if profile.apn == apn]
        if profiles and not known:
            raise Refused(132)
        if known and known[0].user is not None:
            if (known[0].user, known[0].password) != (user, password):
                raise Refused(149)

    # faults

    def brown_out(self):
        """The supply gives way: a warning only if AT+CBATCHK=1 was said; silence; then RDY."""
        if self.on and self.options["+CBATCHK"]:
            self.terminal.urc("UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN")
        self.power_off()
        self._start(self.environment.delays.brown_out)

    def drop_context(self):
        """The network takes the context: +PDP: DEACT."""
        self.context_lost()

    def lose_coverage(self):
        """No cell in reach until `find_coverage`."""
        self._lost, self.environment.cells = self._lost or self.environment.cells, []
        self.registration.leave(SEARCHING)

    def find_coverage(self):
        """The cells are back: the modem searches."""
        self.environment.cells, self._lost = self._lost or self.environment.cells, []
        self.registration.search()

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
        self.unsolicited("+CPIN: NOT INSERTED")

    def insert_sim(self):
        """The card is back: it is read as after power-on."""
        self.sim.card.present = True
        self.start_card()

    def send_fail(self):
        """The next octets that the handset types are answered with SEND FAIL."""
        self.faults["send fail"] = 1

    def short_accept(self, octets):
        """Of the next octets that the handset types only so many are accepted."""
        self.faults["short accept"] = octets
