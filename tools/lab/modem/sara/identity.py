"""Identity, clock, supply, restart and end (UBX-17003787 R16, chapters 4 and 5; logs of the three series)."""

from tools.lab.modem import identity
from tools.lab.modem.sara.options import G350, R410M, R412M, U201
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments

_RESET_MS, _POWER_DOWN_MS = 100, 1500
_RESTARTS = (15, 16)  # modes of AT+CFUN

# model: (AT+CGMM, ATI or the revision of its lines, AT+CGMR, ATI9)
_MODELS = {
    G350: ("SARA-G350", "SARA-G350-02S-01", "08.90", "08.90,A01.13"),
    U201: ("SARA-U201", "SARA-U201-03B-00", "23.60", "23.60,A01.01"),
    R410M: (
        "SARA-R410M-02B",
        None,
        "L0.0.00.00.05.06 [Feb 03 2018 13:00:41]",
        "L0.0.00.00.05.06,A.02.01",
    ),
    R412M: (
        "SARA-R412M-02B",
        None,
        "M0.09.00 [Feb 11 2019 16:30:47]",
        "M0.09.00,A.02.11",
    ),
}


class Identity(identity.Identity):
    """The answers of the model that the switch says."""

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
        return (
            ("+GSN", [self.imei]),
            ("+CGSN", [self.imei]),
            ("+GCAP", ["+GCAP: +FCLASS, +CGSM"]),
            ("+CPAS", ["+CPAS: 0"]),
            ("+CLCC", []),
            ("H", []),
        )

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        for names, place in ((("+CGMM", "+GMM"), 0), (("+CGMR", "+GMR"), 2)):
            for name in names:
                found[name] = self._row(place)
        for name in ("+CGMI", "+GMI"):
            found[name] = lambda kind, text: None if kind == TEST else ["u-blox"]
        found["I"], found["+CBC"], found["+CCLK"] = self._ati, self._cbc, self._cclk
        found["+CCID"], found["+CPWROFF"] = self._ccid, self._cpwroff
        return found

    def _model(self):
        return _MODELS[self._modem.switches["model"]]

    def _row(self, place):
        return lambda kind, text: None if kind == TEST else [self._model()[place]]

    def _ati(self, kind, text):
        """ATI: one line, on an R4 five (log); ATI9 the firmware and its application."""
        name, order, revision, firmware = self._model()
        if text == "9":
            return [firmware]
        if text not in ("", "0"):
            raise Refused()
        if order is not None:
            return [order]
        lines = ("Manufacturer: u-blox", "Model: " + name, "Revision: " + revision, "SVN: 02", "IMEI: " + self.imei)
        return ["\r\n".join(lines)]

    def _cbc(self, kind, text):
        return ["+CBC: (0-3),(0-100)"] if kind == TEST else ["+CBC: 0,100"]

    def _cclk(self, kind, text):
        """The clock, which the network sets while AT+CTZU=1 (log)."""
        if kind != READ:
            return None
        if not self._modem.registration.registered or not self._modem.options["+CTZU"]:
            return ['+CCLK: "04/01/01,00:11:33+00"']
        year, month, day, hour, minute, second = self._modem.environment.time()
        return ['+CCLK: "%02d/%02d/%02d,%02d:%02d:%02d+00"' % (year % 100, month, day, hour, minute, second)]

    def _ccid(self, kind, text):
        if kind == TEST:
            return None
        self._modem.sim.need()
        if self._modem.switches["iccid"] == "refused":
            raise Refused()
        return ["+CCID: " + self._modem.sim.card.iccid]

    # power

    def _cfun(self, kind, text):
        """AT+CFUN: 15 and 16 restart the module; a G350 and a U201 tell of the toolkit, too."""
        lte = self._modem.lte()
        if kind == READ:
            return ["+CFUN: %d%s" % (self.functions, "" if lte else ",0")]
        if kind == TEST:
            return ["+CFUN: (0,1,4,15%s),(0-1)" % ("" if lte else ",16")]
        values = arguments(text) if kind == SET else [None]
        if values[0] in [str(mode) for mode in _RESTARTS]:
            if values[0] == "16" and lte:
                raise Refused(50)
            self._modem.agenda.after(_RESET_MS, self._modem.power_on)
            return None
        return super()._cfun(kind, text)

    def _function(self, wanted):
        """A change of the functionality, of which no line tells."""
        changed, self.functions = wanted != self.functions, wanted
        if changed and wanted == identity.FULL:
            self._modem.start_card()
        elif changed:
            self._modem.registration.leave()

    def _cpwroff(self, kind, text):
        """AT+CPWROFF: OK; a command line after it is ignored, and the module leaves the network (5.2)."""
        if kind == TEST:
            return None
        if kind != RUN:
            raise Refused()
        self._modem.agenda.after(1, self._modem.deaf)
        self._modem.agenda.after(_POWER_DOWN_MS, self._modem.power_off)
        return None
