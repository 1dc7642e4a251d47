"""The identity of these modems, their rate, clock and supply (A76XX manual V2.03, chapters 2, 3 and 10)."""

from tools.lab.modem import identity
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply

_POWER_DOWN_MS, _QUICK_MS, _RESET_MS = 3000, 200, 200

# model: (manufacturer, model, revision, the last lines of ATI), as logs have them; that of the A7608E is [M]
_MODELS = {
    "A7670E": ("SIMCOM INCORPORATED", "A7670E-LASE", "A011B07A7670M7", ()),
    "SIM7600E": ("SIMCOM INCORPORATED", "SIMCOM_SIM7600E-H", "LE20B04SIM7600M22", ("+GCAP: +CGSM",)),
    "A7608E": ("SIMCOM INCORPORATED", "A7608E-H", "A50C4B14A7600M7", ()),
}


class Identity(identity.Identity):
    """The answers of the model that the switch says."""

    MODES = (0, 1, 4)

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        named = (
            ("I", self._ati),
            ("+SIMCOMATI", self._ati),
            ("+CGMI", lambda kind, text: [self._model()[0]]),
            ("+GMI", lambda kind, text: [self._model()[0]]),
            ("+CGMM", lambda kind, text: [self._model()[1]]),
            ("+GMM", lambda kind, text: [self._model()[1]]),
            ("+CGMR", lambda kind, text: ["+CGMR: " + self._model()[2]]),
            ("+GMR", lambda kind, text: ["+CGMR: " + self._model()[2]]),
            ("+CPOF", self._cpof),
            ("+CRESET", self._creset),
            ("+CBC", self._cbc),
            ("+CCLK", self._cclk),
            ("+CICCID", self._ciccid),
            ("+IPR", self._ipr),
            ("+IPREX", self._iprex),
        )
        found.update(named)
        return found

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
        return (
            ("+GSN", [self.imei]),
            ("+CGSN", [self.imei]),
            ("+GCAP", ["+GCAP: +CGSM,+FCLASS,+DS"]),
            ("+CPAS", ["+CPAS: 0"]),
            ("+CLCC", []),
            ("H", []),
        )

    def _model(self):
        return _MODELS[self._modem.switches["model"]]

    def _ati(self, kind, text):
        maker, model, revision, more = self._model()
        lines = ["Manufacturer: " + maker, "Model: " + model, "Revision: " + revision, "IMEI: " + self.imei]
        return ["\r\n".join(lines + list(more))]

    def _ciccid(self, kind, text):
        if kind == TEST:
            return None
        self._modem.sim.need()
        if self._modem.switches["iccid"] == "refused":
            raise Refused()
        return ["+ICCID: " + self._modem.sim.card.iccid]

    def _cbc(self, kind, text):
        return None if kind == TEST else ["+CBC: %d.%03dV" % divmod(self.millivolts, 1000)]

    def _cclk(self, kind, text):
        if kind != READ:
            return None
        if not self._modem.registration.registered:
            return ['+CCLK: "70/01/01,00:00:00+00"']
        year, month, day, hour, minute, second = self._modem.environment.time()
        return ['+CCLK: "%02d/%02d/%02d,%02d:%02d:%02d+00"' % (year % 100, month, day, hour, minute, second)]

    # the end (3.2.5, 3.2.6)

    def _cpof(self, kind, text):
        if kind == TEST:
            return ["+CPOF: (0,1)"]
        if kind == READ:
            raise Refused()
        quick = kind == SET and number(arguments(text)[0], (0, 1)) == 1
        self._modem.agenda.after(_QUICK_MS if quick else _POWER_DOWN_MS, lambda: self._down(quick))
        return None

    def _down(self, quick):
        if not quick and self._modem.registration.attached:
            self._modem.event("NW PDN DEACT 1")
            self._modem.event("ME DETACH")
        self._modem.terminal.urc("POWERD DOWN")
        self._modem.power_off()

    def _creset(self, kind, text):
        if kind == RUN:
            self._modem.agenda.after(_RESET_MS, self._modem.power_on)
        return None

    # the rate (10.2.3, 10.2.4)

    def _ipr(self, kind, text):
        options = self._modem.options
        if kind == READ:
            return ["+IPR: %d" % options["+IPR"]]
        if kind == TEST:
            return ["+IPR: (%s)" % ",".join([str(rate) for rate in options.rates])]
        options["+IPR"] = self._rate(text) if kind == SET else options.kept("+IPR")
        return None

    def _iprex(self, kind, text):
        options = self._modem.options
        if kind == READ:
            return ["+IPREX: %d" % options.kept("+IPR")]
        if kind == TEST:
            return ["+IPREX: (%s)" % ",".join([str(rate) for rate in options.rates])]
        options.keep("+IPR", self._rate(text) if kind == SET else 115200)
        return Reply()

    def _rate(self, text):
        try:
            return number(arguments(text)[0], self._modem.options.rates)
        except Refused:
            raise Refused()  # ERROR without a number
