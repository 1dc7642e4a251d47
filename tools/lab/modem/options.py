"""Commands that only keep a value (V.250; 3GPP TS 27.005 and 27.007), what AT&F, AT&W and ATZ do to them, and switches.

A family has tables of its own beside the common ones here. A switch is a difference between builds of the firmware, SIM
cards and networks, as logs of real modems show. It is no command: it is turned from outside the simulated modem
(`Machine.turn`, `python -m tools.lab.modem --switch`).
"""

from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number

SAVED, KEPT, VOLATILE = "AT&W", "at once", "never"
PORT = "AT&W, and neither AT&F nor ATZ changes it"  # of the serial port

# name: (values, what it means); the first value is the usual modem. The rooms that all families share ask for these.
SWITCHES = {
    "alpha": (("empty", "absent"), 'the name in front of the length in +CMT, +CMGR and +CMGL is "" or left out'),
    "attach": (("works", "third"), "AT+CGATT=1 works, or answers +CME ERROR: 100 twice and works then"),
    "before-sms-ready": (("error", "302", "100", "works"), "SMS commands before SMS Ready: ERROR, CMS 302, CME 100"),
    "first-seconds": (("answered", "error"), "commands in the first seconds after RDY, or all of them are refused"),
    "iccid": (("shown", "refused"), "AT+CCID shows the number of the card, or is refused"),
    "manual": (("kept", "another"), "where the network of AT+COPS=1 refuses, there is none, or another one is taken"),
    "memories": (("any", "three"), "AT+CPMS takes one to three memories, or three only"),
    "push-labels": (("on", "off"), '+CMTI of a WAP push says "MMS PUSH" (manual, 20.15)'),
    "pushes": (("routed", "stored"), "WAP pushes follow AT+CNMI, or are stored in any case"),
    "refusal": (("soon", "late"), "a refused connection: CONNECT FAIL after a round trip, or 75.5 s after OK"),
    "type-ahead": (("lost", "runs"), "octets that come while a command runs are lost, or run one after the other"),
}

# name: (factory value, allowed values, when it is saved)
NUMBERS = {
    "E": (1, (0, 1), SAVED),
    "V": (1, (0, 1), SAVED),
    "Q": (0, (0, 1), SAVED),
    "X": (4, (0, 1, 2, 3, 4), SAVED),
    "&C": (1, (0, 1), SAVED),
    "&D": (1, (0, 1, 2), SAVED),
    "S0": (0, tuple(range(256)), SAVED),
    "S3": (13, tuple(range(128)), SAVED),
    "S4": (10, tuple(range(128)), SAVED),
    "S5": (8, tuple(range(128)), SAVED),
    "S7": (60, tuple(range(1, 256)), SAVED),
    "S10": (15, tuple(range(1, 255)), SAVED),
    "+CMEE": (0, (0, 1, 2), SAVED),
    "+CRC": (0, (0, 1), SAVED),
    "+CLIP": (0, (0, 1), VOLATILE),
    "+CGSMS": (3, (0, 1, 2, 3), KEPT),
    "+CMGF": (0, (0, 1), SAVED),
    "+CSDH": (0, (0, 1), VOLATILE),
    "+CMMS": (0, (0, 1, 2), VOLATILE),
    "+CREG": (0, (0, 1, 2), SAVED),
    "+CGREG": (0, (0, 1, 2), SAVED),
    "+CVHU": (0, (0, 1), VOLATILE),
}

# name: (factory value, the text of the test form, when it is saved): one quoted string
STRINGS = {
    "+CPBS": ("SM", '("MC","RC","DC","LD","LA","ME","SM","FD","ON","BN","SD","VM","EN")', VOLATILE),
}

# name: (factory value, allowed values for each number, when it is saved)
TUPLES = {
    "+IFC": ((0, 0), ((0, 1, 2), (0, 1, 2)), SAVED),
    "+ICF": ((3, 3), ((1, 2, 3, 4, 5, 6), (0, 1, 3)), SAVED),
    "+CNMI": ((2, 1, 0, 0, 0), ((0, 1, 2, 3), (0, 1, 2, 3), (0, 2), (0, 1), (0, 1)), SAVED),
    "+CSMP": ((17, 167, 0, 0), (range(256), range(256), range(256), range(256)), KEPT),
}


def joined(common, own):
    """A table of all families with the rows of one."""
    both = dict(common)
    both.update(own)
    return both


class Switches:
    """The value of each switch of the table `known`; `met(name)` is called when a turned one changes the behaviour."""

    def __init__(self, known):
        self.met = None
        self.known = known
        self._values = {name: known[name][0][0] for name in known}

    def __getitem__(self, name):
        value = self._values[name]
        if self.met is not None and value != self.known[name][0][0]:
            self.met(name)
        return value

    def turn(self, name, value):
        """Raises ValueError for a switch or a value that does not exist."""
        if name not in self.known:
            raise ValueError("no switch %r; there are %s" % (name, ", ".join(sorted(self.known))))
        if value not in self.known[name][0]:
            raise ValueError("%s is one of %s" % (name, ", ".join(self.known[name][0])))
        self._values[name] = value


class Options:
    """Values by name: the active ones, and the ones that survive a reset.

    The tables are a family's, in the forms of those above; `rates` are those of AT+IPR, saved as `rate_saved` says.
    """

    def __init__(self, numbers, strings, tuples, rates, rate_saved=KEPT):
        self._numbers, self._strings, self._tuples, self.rates = numbers, strings, tuples, rates
        self._factory, self._saving = {"+IPR": 115200}, {"+IPR": rate_saved}
        for table in (numbers, strings, tuples):
            for name in table:
                self._factory[name], _, self._saving[name] = table[name]
        self._stored = self._copy(self._factory)
        self.reset()

    def __getitem__(self, name):
        return self.active[name if name in self.active else "+" + name]

    def __setitem__(self, name, value):
        """Set a value; one that the modem keeps at once survives the next reset."""
        self.active[name] = value
        if self._saving[name] == KEPT:
            self._stored[name] = value

    def default(self, name):
        """Set a value as it left the factory."""
        self[name] = self._factory[name]

    def keep(self, name, value):
        """Set a value that survives the next reset, as AT&W would save it."""
        self.active[name] = self._stored[name] = value

    def kept(self, name):
        """The value that is active after the next reset."""
        return self._stored[name]

    def reset(self):
        """Power-on: the saved values are active."""
        self.active = self._copy(self._stored)

    def factory(self):
        """AT&F: everything that AT&W would save, as it left the factory."""
        for name in self._factory:
            if self._saving[name] == SAVED:
                self.active[name] = self._factory[name]

    def recall(self):
        """ATZ: everything that AT&W has saved."""
        for name in self._stored:
            if self._saving[name] == SAVED:
                self.active[name] = self._stored[name]

    def save(self):
        """AT&W."""
        for name in self.active:
            if self._saving[name] in (SAVED, PORT):
                self._stored[name] = self.active[name]

    def _copy(self, values):
        return {name: values[name] for name in values}

    def commands(self):
        """Handlers {name: handler(kind, text)} for the tables above and the profile commands."""
        found = {}
        for name in self._numbers:
            found[name] = self._number_of(name)
        for name in self._strings:
            found[name] = self._string_of(name)
        for name in self._tuples:
            found[name] = self._tuple_of(name)
        found["&F"] = lambda kind, text: self.factory()
        found["&W"] = lambda kind, text: self.save()
        found["Z"] = lambda kind, text: self.recall()
        found["&V"] = lambda kind, text: ["%s: %s" % (name, self.active[name]) for name in sorted(self.active)]
        found["+IPR"] = self._rate
        return found

    def _number_of(self, name):
        factory, allowed, _ = self._numbers[name]

        def handle(kind, text):
            if kind == READ:
                return [_read_line(name, self.active[name])]
            if kind == TEST:
                return ["%s: (%s)" % (name, ",".join([str(value) for value in allowed]))]
            if kind == RUN:
                if name[0] == "+":
                    raise Refused()
                self[name] = 0
                return None
            values = arguments(text)
            self[name] = number(values[0], allowed, factory)
            return None

        return handle

    def _string_of(self, name):
        _, choices, _ = self._strings[name]

        def handle(kind, text):
            if kind == READ:
                return ['%s: "%s"' % (name, self.active[name])]
            if kind == TEST:
                return ["%s: %s" % (name, choices)]
            if kind == RUN:
                raise Refused()
            value = arguments(text)[0] or ""
            if '"%s"' % value not in choices:
                raise Refused(50)
            self[name] = value
            return None

        return handle

    def _tuple_of(self, name):
        _, allowed, _ = self._tuples[name]

        def handle(kind, text):
            current = self.active[name]
            if kind == READ:
                return ["%s: %s" % (name, ",".join([str(value) for value in current]))]
            if kind == TEST:
                ranges = ["(%s)" % _range(values) for values in allowed]
                return ["%s: %s" % (name, ",".join(ranges))]
            if kind != SET:
                raise Refused()
            values = arguments(text)
            if len(values) > len(allowed):
                raise Refused(50)
            changed = [
                number(values[index], allowed[index], current[index]) if index < len(values) else current[index]
                for index in range(len(allowed))
            ]
            self[name] = tuple(changed)
            return None

        return handle

    def _rate(self, kind, text):
        if kind == READ:
            return ["+IPR: %d" % self.active["+IPR"]]
        if kind == TEST:
            return ["+IPR: (),(%s)" % ",".join([str(rate) for rate in self.rates])]
        if kind != SET:
            raise Refused()
        self["+IPR"] = number(arguments(text)[0], self.rates)
        return None


def _read_line(name, value):
    return "%03d" % value if name[0] == "S" else "%s: %d" % (name, value)


def _range(values):
    if len(values) > 3:
        return "%d-%d" % (values[0], values[-1])
    return ",".join([str(value) for value in values])
