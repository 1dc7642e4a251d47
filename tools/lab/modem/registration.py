"""Registration, operators, signal and attach (3GPP TS 27.007, clauses 7 and 10; AT manuals: see the families)."""

from tools.lab.modem.selection import Selection
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

IDLE, HOME, SEARCHING, DENIED, UNKNOWN, ROAMING = 0, 1, 2, 3, 4, 5
SMS_HOME, SMS_ROAMING = 6, 7  # of +CREG: "SMS only", where E-UTRAN has no voice
LAC, CELL = "00C3", "7ED1"
EUTRAN = 7  # <AcT> (27.007, 7.3)
_ACCESS = {"gprs": 0, "edge": 3, "umts": 2, "lte": EUTRAN}  # by the first word of a radio row
_LOOK_MS = 100  # AT+COPS looks so often whether the search has ended
_LONGEST_MS = 120000  # of AT+COPS (AT manual V1.09, 3.2.22)
# +CME ERROR by the network's cause (AT manual V1.09, 19.1, which has no 114); of others 148, unspecified
_CAUSES = {3: 103, 6: 106, 7: 107, 11: 111, 12: 112, 13: 113, 29: 149, 32: 132, 33: 133}
_AUTOMATIC, _MANUAL, _DEREGISTER, _FORMAT, _MANUAL_FIRST = 0, 1, 2, 3, 4


class Registration:
    """The registration in one of `environment.cells` by one of the technologies in `access`, and the attach.

    The modem's REGISTRATIONS names its commands of +CREG's kind; with +CEREG, operators have an <AcT>, too.
    """

    def __init__(self, modem, environment, access):
        self._modem, self.environment = modem, environment
        self.selection = Selection(modem, environment, access)
        self._mode, self._asked = _AUTOMATIC, None
        self.reset()

    def reset(self):
        """Power-on: registered nowhere."""
        self.status, self.cell, self.attached = IDLE, None, False
        self._format = 0
        self._search = None
        self.refused = False  # the network refused the last attach
        self.selection.reset()
        self._refusals = 0  # of AT+CGATT=1, since power-on
        self._detached = False  # by the handset: it does not attach by itself before the handset says so
        self._said = {name: IDLE for name in self._modem.REGISTRATIONS}  # the last <stat>, whether sent or switched off
        if not self._modem.KEEPS_OPERATOR:
            self._mode, self._asked = _AUTOMATIC, None

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = {
            "+COPS": self._cops,
            "+CSQ": self._csq,
            "+CGATT": self._cgatt,
            "+CPOL": lambda kind, text: None,
            "+CEER": lambda kind, text: ["+CEER: %s" % (self.selection.report or "No information available")],
        }
        for name in self._modem.REGISTRATIONS:
            found[name] = self._command(name)
        return found

    @property
    def registered(self):
        """Whether calls, messages and GPRS are available."""
        return self.status in (HOME, ROAMING)

    @property
    def chooses(self):
        """Whether the modem chooses the network by itself (AT+COPS=0)."""
        return self._mode == _AUTOMATIC

    @property
    def access(self):
        """The <AcT> of the cell, None without one."""
        return None if self.cell is None else self.access_of(self.cell)

    def access_of(self, cell):
        """The <AcT> of a cell: its own, or that of the radio's row."""
        if cell.access is not None:
            return cell.access
        row = self.selection.radio(cell)[1] or self._modem.radio.usual
        return _ACCESS[row.partition("-")[0]]

    @property
    def searching(self):
        """Whether a search for a network is on its way."""
        return self._search is not None

    @property
    def texting(self):
        """Whether short messages go and come."""
        return self.registered and self.cell.terms.sms

    def search(self):
        """Search for a network that accepts the SIM; the result comes after the delay of a registration."""
        if self._search is not None:
            self._modem.agenda.cancel(self._search)
        self._set(SEARCHING, None)
        self.selection.forget()
        self.refused = False
        self._later(self.environment.delays.registration)

    def _later(self, ms):
        self._search = self._modem.agenda.after(ms, self._update)

    def leave(self, status=IDLE):
        """Leave the network: coverage is lost, or AT+COPS=2."""
        if self._search is not None:
            self._modem.agenda.cancel(self._search)
            self._search = None
        self.detach()
        self._set(status, None)

    def detach(self):
        """GPRS is lost, and with it every context."""
        if self.attached:
            self.attached = False
            self._modem.context_lost()
            self._announce_packet()

    def _update(self):
        """Ask the next candidate for a location update."""
        self._search = None
        if not self._modem.sim.ready():
            self._set(IDLE, None)
            return
        only = self._mode == _MANUAL and self._modem.switches["manual"] == "kept"
        cell = self.selection.next(self._asked, only)
        if cell is None:
            self._set(self._unserved(), None)
        elif cell.chances is None:
            self._answer(cell)
        else:  # the time until the network answers is not part of the search
            self._search = self._modem.agenda.after(cell.chances.delay("registration", 1), lambda: self._answer(cell))

    def _answer(self, cell):
        """The network accepts a location update, or refuses it."""
        self._search = None
        if not self.selection.update(cell):
            self._later(self.selection.wait or self.environment.delays.registration)
            return
        if self._mode == _MANUAL_FIRST and cell.mccmnc != self._asked:
            self._mode, self._asked = _AUTOMATIC, None
        self._enter(HOME if cell.mccmnc == self._modem.sim.card.home else ROAMING, cell)

    def _unserved(self):
        """The <stat> at the end of a search that found nothing."""
        if self.selection.cause is not None:
            return DENIED
        weak = self._asked is None and self.selection.heard()
        return UNKNOWN if weak else SEARCHING

    def fade(self):
        """The signal of the cells has changed: the modem stays, loses the network, or looks for one again."""
        if not self.registered:
            self.search()
        elif self.selection.readable(self.cell):
            self.tune()
        else:
            self.leave(UNKNOWN)

    def tune(self):
        """Let radio and delays be those of the cell."""
        cell = self.cell
        technology, row = self.selection.radio(cell)
        self.environment.enter(cell, technology)
        self._modem.radio.tune(self._modem.row(row or self._modem.radio.usual), cell.added, cell.loss)

    def _enter(self, status, cell):
        """Register; a modem that attaches by itself does so in E-UTRAN with the registration, elsewhere after it."""
        itself = self._modem.attaches() and not self._detached
        if itself and self.access_of(cell) == EUTRAN:
            self._ask(cell)
        self._set(status, cell)
        if itself and self.attached:
            self._modem.attached()
        elif itself and not self.refused:
            self._modem.agenda.after(self.environment.delays.attach, self._attach_itself)

    def _attach_itself(self):
        if self.registered and not self.attached and not self._detached:
            self._ask(self.cell)
            self._announce_packet()
            if self.attached:
                self._modem.attached()

    def _set(self, status, cell):
        moved = cell is not self.cell
        changed = status != self.status or moved
        self.status, self.cell = status, cell
        if not changed:
            return
        if cell is not None:
            self.tune()
        else:
            self.environment.leave()
        for name in self._modem.REGISTRATIONS:
            self._announce(name, moved and (name == "+CREG" or self.attached))
        if self.registered:
            self._modem.registered()

    def _stat(self, name):
        """The <stat> of a command: registered for packet service means attached (AT manual V1.09, 7.2.10)."""
        eutran = self.access == EUTRAN
        if not self.registered:
            return self.status
        if name == "+CREG" and not self.cell.terms.circuit:
            return DENIED
        if name == "+CREG":
            only = eutran and self.cell.sms_only
            return {HOME: SMS_HOME, ROAMING: SMS_ROAMING}[self.status] if only else self.status
        if name == "+CEREG" and not eutran:
            return UNKNOWN  # "e.g. out of E-UTRAN coverage" (27.007, 10.1.22)
        return self.status if self.attached else DENIED if self.refused else IDLE

    def _announce_packet(self):
        for name in self._modem.REGISTRATIONS[1:]:
            self._announce(name)

    def _announce(self, name, moved=False):
        status, level = self._stat(name), self._modem.options[name]
        if not moved and status == self._said[name]:
            return
        self._said[name] = status
        if level:
            self._modem.unsolicited("%s: %d%s" % (name, status, self._location(name, status, level, True)))

    def _location(self, name, status, level, unasked=False):
        """Area and cell, where the modem is registered (27.007, 7.2), and in +CEREG unasked for <AcT> (10.1.22)."""
        if level != 2 or status in (IDLE, SEARCHING, DENIED, UNKNOWN):
            return ""
        place = (LAC, "0000" + CELL if self.access == EUTRAN else CELL)
        access = ",%d" % self.access if name == "+CEREG" and unasked else ""
        return (',"%s","%s"' if self._modem.quotes_cells() else ",%s,%s") % place + access

    def _command(self, name):
        def handle(kind, text):
            if kind == READ:
                level, status = self._modem.options[name], self._stat(name)
                return ["%s: %d,%d%s" % (name, level, status, self._location(name, status, level))]
            if kind == TEST:
                return ["%s: (0-2)" % name]
            if kind != SET:
                raise Refused()
            self._modem.options[name] = number(arguments(text)[0], (0, 1, 2), 0)
            return None

        return handle

    def _csq(self, kind, text):
        if kind == TEST:
            return ["+CSQ: (0-31,99),(0-7,99)"]
        return ["+CSQ: %d,0" % (self.cell.signal if self.cell is not None else 99)]

    # operators

    def _cops(self, kind, text):
        if kind == READ:
            if self.cell is None:
                return ["+COPS: %d" % self._mode]
            name = self._operator_name(self.cell)
            return ['+COPS: %d,%d,"%s"%s' % (self._mode, self._format, name, self._told(self.access))]
        if kind == TEST:
            self._modem.sim.need()
            return Wait(self.environment.delays.scan, self._scanned)
        if kind != SET:
            raise Refused()
        values = arguments(text)
        mode = number(values[0], (0, 1, 2, 3, 4))
        if len(values) > 1 and values[1] is not None:
            self._format = number(values[1], (0, 1, 2))
        if mode == _FORMAT:
            return None
        self._modem.sim.need()
        if mode in (_MANUAL, _MANUAL_FIRST):
            if len(values) < 3 or not values[2]:
                raise Refused(50)
            self._mode, self._asked = mode, self._numeric(values[2])
        else:
            self._mode, self._asked = mode, None
        if mode == _DEREGISTER:
            self.leave()
            return None
        self.leave(SEARCHING)
        self.search()
        end = self._modem.agenda.now + _LONGEST_MS
        return Wait(self.environment.delays.registration + 1, lambda: self._selected(end))

    def _told(self, access):
        """The field <AcT>, of modems that have it."""
        return ",%d" % access if "+CEREG" in self._modem.REGISTRATIONS else ""

    def _operator_name(self, cell):
        return (cell.name, cell.short, cell.mccmnc)[self._format]

    def _numeric(self, name):
        for cell in self.selection.heard():
            if self._operator_name(cell) == name:
                return cell.mccmnc
        return name

    def _scanned(self):
        home, rest = [], []
        for cell in self.selection.heard():
            state = 2 if cell is self.cell else 3 if self.selection.forbidden(cell) else 1
            entry = '(%d,"%s","%s","%s"%s)' % (
                state,
                cell.name,
                cell.short,
                cell.mccmnc,
                self._told(self.access_of(cell)),
            )
            (home if cell.mccmnc == self._modem.sim.card.home else rest).append(entry)
        return ["+COPS: %s,,(0-4),(0-2)" % ",".join(home + rest)]

    def _selected(self, end):
        if self.searching and self._modem.agenda.now < end:
            return Wait(_LOOK_MS, lambda: self._selected(end))
        if not self.registered:
            raise Refused(32 if self.status == DENIED else 30)
        return None

    # packet service

    def _cgatt(self, kind, text):
        if kind == READ:
            return ["+CGATT: %d" % self.attached]
        if kind == TEST:
            return ["+CGATT: (0,1)"]
        if kind == RUN:
            raise Refused()
        wanted = number(arguments(text)[0], (0, 1))
        self._modem.sim.need()
        if wanted == self.attached:
            return None
        self._detached = not wanted
        if not wanted:
            return Wait(self.environment.delays.shut, self.detach)
        if self._modem.switches["attach"] == "third" and self._refusals < 2:
            self._refusals += 1
            raise Refused(100)
        return Wait(self.environment.delays.attach, self.attach)

    def attach(self):
        """Attach; raises Refused where that cannot be."""
        if not self.registered:
            raise Refused(_CAUSES.get(self.selection.cause, 148) if self.status == DENIED else 30)
        cause = self._ask(self.cell)
        self._announce_packet()
        if cause is not None:
            raise Refused(_CAUSES.get(cause, 148))
        self._modem.attached()

    def bar(self):
        """The network ends packet service, and refuses it until the next power-on (TS 24.008, 4.7.3.1.4, cause 7)."""
        self.selection.bar()
        self.detach()

    def default_bearer(self):
        """Whether a context came with the attach (3GPP TS 23.401, 5.3.2)."""
        return self.attached and self.access == EUTRAN

    def _ask(self, cell):
        """Ask the network for packet service; the cause of its refusal, or None."""
        cause = self.selection.attach(cell)
        self.attached, self.refused = cause is None, cause is not None
        return cause

    def admit(self, apn, user, password):
        """Raise Refused unless the network gives this user a context at this APN."""
        if not self.attached:
            raise Refused(148)
        cause = self.selection.context(self.cell, apn, user, password)
        if cause is not None:
            raise Refused(_CAUSES.get(cause, 148))
