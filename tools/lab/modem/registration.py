"""Registration, operators, signal and GPRS attach (AT manual V1.09, chapters 3 and 7)."""

from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply, Wait

IDLE, HOME, SEARCHING, DENIED, UNKNOWN, ROAMING = 0, 1, 2, 3, 4, 5
LAC, CELL = "00C3", "7ED1"
_AUTOMATIC, _MANUAL, _DEREGISTER, _FORMAT, _MANUAL_FIRST = 0, 1, 2, 3, 4


class Registration:
    """The registration in one of `environment.cells`, and the GPRS attach."""

    def __init__(self, modem, environment):
        self._modem, self.environment = modem, environment
        self._mode, self._asked = _AUTOMATIC, None  # both survive a reset: AUTO_SAVE
        self.reset()

    def reset(self):
        """Power-on: registered nowhere."""
        self.status, self.cell, self.attached = IDLE, None, False
        self._format = 0
        self._search = None
        self._contexts = {}  # cid: APN
        self._active = []  # those of AT+CGACT
        self._refusals = 0  # of AT+CGATT=1, since power-on
        self._said = {"+CREG": IDLE, "+CGREG": IDLE}  # the <stat> of the last line, whether sent or switched off

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {
            "+CREG": self._creg,
            "+CGREG": self._cgreg,
            "+COPS": self._cops,
            "+CSQ": self._csq,
            "+CGATT": self._cgatt,
            "+CGDCONT": self._cgdcont,
            "+CGACT": self._cgact,
            "+CGPADDR": self._cgpaddr,
            "+CPOL": lambda kind, text: None,
            "+CEER": lambda kind, text: ["+CEER: No information available"],
        }

    @property
    def registered(self):
        """Whether calls, messages and GPRS are available."""
        return self.status in (HOME, ROAMING)

    def search(self):
        """Search for a network that accepts the SIM; the result comes after the delay of a registration."""
        if self._search is not None:
            self._modem.agenda.cancel(self._search)
        self._set(SEARCHING, None)
        self._search = self._modem.agenda.after(self.environment.delays.registration, self._found)

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
            self._announce("+CGREG")

    def _found(self):
        self._search = None
        if not self._modem.sim.ready():
            self._set(IDLE, None)
            return
        cells = self.environment.cells
        if self._asked is not None:
            named = [cell for cell in cells if cell.mccmnc == self._asked]
            cells = named if named or self._mode == _MANUAL else cells
        taken = [cell for cell in cells if cell.allowed]
        home = [cell for cell in taken if cell.mccmnc == self._modem.sim.card.home]
        if taken:
            cell = (home or taken)[0]
            self._set(HOME if home else ROAMING, cell)
        elif cells:
            self._set(DENIED, None)
        else:
            self._set(SEARCHING, None)

    def _set(self, status, cell):
        moved = cell is not self.cell
        changed = status != self.status or moved
        self.status, self.cell = status, cell
        if not changed:
            return
        self._announce("+CREG", moved)
        self._announce("+CGREG", moved and self.attached)
        if self.registered:
            self._modem.registered()

    def _stat(self, name):
        """The <stat> of AT+CREG, or that of AT+CGREG: registered for GPRS means attached (7.2.10)."""
        return IDLE if name == "+CGREG" and self.registered and not self.attached else self.status

    def _announce(self, name, moved=False):
        status, level = self._stat(name), self._modem.options[name]
        if not moved and status == self._said[name]:
            return
        self._said[name] = status
        if level:
            self._modem.unsolicited("%s: %d%s" % (name, status, self._location(level)))

    def _location(self, level):
        return ',"%s","%s"' % (LAC, CELL) if level == 2 and self.cell is not None else ""

    def _creg(self, kind, text):
        return self._registration("+CREG", kind, text)

    def _cgreg(self, kind, text):
        return self._registration("+CGREG", kind, text)

    def _registration(self, name, kind, text):
        if kind == READ:
            level = self._modem.options[name]
            return ["%s: %d,%d%s" % (name, level, self._stat(name), self._location(level))]
        if kind == TEST:
            return ["%s: (0-2)" % name]
        if kind != SET:
            raise Refused()
        self._modem.options[name] = number(arguments(text)[0], (0, 1, 2), 0)
        return None

    def _csq(self, kind, text):
        if kind == TEST:
            return ["+CSQ: (0-31,99),(0-7,99)"]
        return ["+CSQ: %d,0" % (self.cell.signal if self.cell is not None else 99)]

    # operators

    def _cops(self, kind, text):
        if kind == READ:
            if self.cell is None:
                return ["+COPS: %d" % self._mode]
            return ['+COPS: %d,%d,"%s"' % (self._mode, self._format, self._operator_name(self.cell))]
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
        return Wait(self.environment.delays.registration + 1, self._selected)

    def _operator_name(self, cell):
        return (cell.name, cell.short, cell.mccmnc)[self._format]

    def _numeric(self, name):
        for cell in self.environment.cells:
            if self._operator_name(cell) == name:
                return cell.mccmnc
        return name

    def _scanned(self):
        home, rest = [], []
        for cell in self.environment.cells:
            state = 2 if cell is self.cell else 1 if cell.allowed else 3
            entry = '(%d,"%s","%s","%s")' % (state, cell.name, cell.short, cell.mccmnc)
            (home if cell.mccmnc == self._modem.sim.card.home else rest).append(entry)
        return ["+COPS: %s,,(0-4),(0-2)" % ",".join(home + rest)]

    def _selected(self):
        if not self.registered:
            raise Refused(30)
        return None

    # GPRS

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
        if not wanted:
            return Wait(self.environment.delays.shut, self.detach)
        if self._modem.switches["attach"] == "third" and self._refusals < 2:
            self._refusals += 1
            raise Refused(100)
        return Wait(self.environment.delays.attach, self._attach)

    def _attach(self):
        if not self.registered:
            raise Refused(103 if self.status == DENIED else 30)
        self.attached = True
        self._announce("+CGREG")

    def _cgdcont(self, kind, text):
        if kind == READ:
            return [
                '+CGDCONT: %d,"IP","%s","0.0.0.0",0,0' % (cid, self._contexts[cid]) for cid in sorted(self._contexts)
            ]
        if kind == TEST:
            return ['+CGDCONT: (1-3),"IP",,,(0),(0)']
        values = arguments(text)
        cid = number(values[0], (1, 2, 3))
        if len(values) == 1:
            self._contexts.pop(cid, None)
        elif values[1] != "IP":
            raise Refused(50)
        else:
            self._contexts[cid] = (values[2] if len(values) > 2 else None) or ""
        return None

    def _cgact(self, kind, text):
        if kind == READ:
            return ["+CGACT: %d,%d" % (cid, cid in self._active) for cid in sorted(self._contexts)]
        if kind == TEST:
            return ["+CGACT: (0,1)"]
        if kind == RUN:
            raise Refused()
        values = arguments(text)
        wanted = number(values[0], (0, 1))
        cid = number(values[1] if len(values) > 1 else None, (1, 2, 3), min(self._contexts or (1,)))
        self._modem.sim.need()
        if cid not in self._contexts:
            raise Refused(21)  # invalid index (manual, 20.8)
        if wanted == (cid in self._active):
            return None
        if not wanted:
            return Wait(self.environment.delays.shut, lambda: self.deactivate(cid))
        wait = self.environment.delays.context + (0 if self.attached else self.environment.delays.attach)
        return Wait(wait, lambda: self._activate(cid))

    def _activate(self, cid):
        """Activate a context, with the attach if that is missing (the manual's example, 20.8)."""
        if not self.attached:
            self._attach()
        self._modem.admit(self._contexts.get(cid, ""), "", "")
        self._active.append(cid)

    def deactivate(self, cid=None):
        """Deactivate AT+CGACT's contexts, or one of them."""
        self._active = [active for active in self._active if cid not in (None, active)]

    def _cgpaddr(self, kind, text):
        there = self._modem.environment.address
        addresses = [(cid, there if cid in self._active else "0.0.0.0") for cid in sorted(self._contexts)]
        return Reply(['+CGPADDR: %d,"%s"' % address for address in addresses])
