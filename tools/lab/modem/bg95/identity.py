"""Identity, clock, power and configuration (BG96 AT commands manual V2.1, EC25&EC21 V1.3, chapters 2, 3 and 5)."""

from tools.lab.modem import identity
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply

_RESET_SAID_MS = 40  # from OK of AT+CFUN=1,1 to POWERED DOWN (log of a BG96)
_POWER_DOWN_MS = 800  # from OK to POWERED DOWN; the manual says only that the network is left first
_PORTS = ("uart1", "usbat", "usbmodem")
_REVISIONS = {
    "BG95-M3": "BG95M3LAR02A03",
    "BG96": "BG96MAR02A07M1G",
    "EC21": "EC21EFAR06A06M4G",
    "EC25": "EC25EFAR06A06M4G",
    "EG91": "EG91EFBR06A08M4G",
}


class Identity(identity.Identity):
    """The answers of one of the models."""

    @property
    def model(self):
        """One of options.MODELS."""
        return self._modem.switches["model"]

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
        revision = _REVISIONS[self.model]
        return (
            ("I", ["Quectel", self.model, "Revision: " + revision]),
            ("+GMI", ["Quectel"]),
            ("+CGMI", ["Quectel"]),
            ("+GMM", [self.model]),
            ("+CGMM", [self.model]),
            ("+GMR", [revision]),
            ("+CGMR", [revision]),
            ("+QGMR", [revision + "_01.012.01.012"]),
            ("+GSN", [self.imei]),
            ("+CGSN", [self.imei]),
            ("+GCAP", ["+GCAP: +CGSM"]),
            ("+CPAS", ["+CPAS: 0"]),
            ("+CLCC", []),
            ("H", []),
        )

    def commands(self):
        """Handlers {name: handler(kind, text)}; the model is a switch, so its lines are asked for each time."""
        found = super().commands()
        for place, (name, _) in enumerate(self.constants()):
            found[name] = self._row(place)
        found["+CBC"] = self._cbc
        found["+CCLK"] = self._cclk
        found["+QCCID"] = self._qccid
        found["+QINISTAT"] = self._qinistat
        found["+QSIMSTAT"] = self._qsimstat
        found["+QPOWD"] = self._qpowd
        found["+QURCCFG"] = self._qurccfg
        return found

    def _cfun(self, kind, text):
        """AT+CFUN; one that resets the module says POWERED DOWN."""
        result = super()._cfun(kind, text)
        if kind == SET and result is None:
            self._modem.agenda.after(_RESET_SAID_MS, lambda: self._modem.terminal.urc("POWERED DOWN"))
        return result

    def _row(self, place):
        return lambda kind, text: self._constant(self.constants()[place][1])(kind, text)

    def _cbc(self, kind, text):
        if kind == TEST:
            return ["+CBC: (0-2),(0-100),<voltage>"]
        return ["+CBC: 0,%d,%d" % (min(max((self.millivolts - 3400) // 8, 1), 100), self.millivolts)]

    def _cclk(self, kind, text):
        """The network's time, which the modem takes over when it registers [M]."""
        if kind != READ:
            return None
        if not self._modem.registration.registered:
            return ['+CCLK: "80/01/06,00:00:00+00"']
        year, month, day, hour, minute, second = self._modem.environment.time()
        return ['+CCLK: "%02d/%02d/%02d,%02d:%02d:%02d+00"' % (year % 100, month, day, hour, minute, second)]

    def _qccid(self, kind, text):
        if kind == TEST:
            return None
        self._modem.sim.need()
        return ["+QCCID: %s" % self._modem.sim.card.iccid]

    def _qinistat(self, kind, text):
        """The sum of 1: the card answers, 2: messages are ready, 4: the phone book is ready."""
        sim, sms = self._modem.sim, self._modem.sms
        return None if kind == TEST else ["+QINISTAT: %d" % (sim.ready() + 6 * sms.ready)]

    def _qsimstat(self, kind, text):
        if kind == TEST:
            return ["+QSIMSTAT: (0,1)"]
        return ["+QSIMSTAT: 0,%d" % self._modem.sim.card.present]

    def _qpowd(self, kind, text):
        """OK, then POWERED DOWN once the network was left; AT+QPOWD=0 leaves nothing."""
        if kind == TEST:
            return ["+QPOWD: (0,1)"]
        if kind not in (RUN, SET):
            raise Refused()
        orderly = number(arguments(text)[0] if kind == SET else None, (0, 1), 1)
        self._modem.agenda.after(_POWER_DOWN_MS if orderly else 1, self._powered_down)
        return Reply()

    def _powered_down(self):
        self._modem.terminal.urc("POWERED DOWN")
        self._modem.power_off()

    def _qurccfg(self, kind, text):
        if kind == TEST:
            return ['+QURCCFG: "urcport",("usbat","usbmodem","uart1")']
        values = arguments(text) if kind == SET else [None]
        if values[0] != "urcport" or len(values) > 2:
            raise Refused(50)
        if len(values) == 1:
            return ['+QURCCFG: "urcport","%s"' % self._modem.options["+QURCCFG"]]
        if values[1] not in _PORTS:
            raise Refused(50)
        self._modem.options["+QURCCFG"] = values[1]
        return None
