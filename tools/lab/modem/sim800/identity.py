"""The modem's identity, power and supply (AT manual V1.09, chapters 2, 3 and 6)."""

from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply, Wait

_RESET_MS = 100  # from AT+CFUN=1,1 to silence
_POWER_DOWN_MS = 500
_MODES = (0, 1, 4)
_TONES = "0123456789*#ABCD,"  # AT+VTS (manual, 3.2.37)


class Identity:
    """Answers that never change, and the commands that switch the modem on and off."""

    def __init__(self, modem, imei):
        self._modem, self.imei = modem, imei
        self.functions = 1
        self.millivolts = 4000

    def reset(self):
        """Power-on: minimum functionality is not kept."""
        self.functions = self.functions or 1

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = {}
        for name, lines in self._constants():
            found[name] = self._constant(lines)
        found["+CFUN"] = self._cfun
        found["+CPOWD"] = self._cpowd
        found["+CBC"] = self._cbc
        found["+CCLK"] = self._cclk
        found["+VTS"] = self._vts
        return found

    def _constants(self):
        return (
            ("I", ["SIM800 R14.18"]),
            ("+GMI", ["SIMCOM_Ltd"]),
            ("+CGMI", ["SIMCOM_Ltd"]),
            ("+GMM", ["SIMCOM_SIM800L"]),
            ("+CGMM", ["SIMCOM_SIM800L"]),
            ("+GMR", ["Revision:1418B05SIM800L24"]),
            ("+CGMR", ["Revision:1418B05SIM800L24"]),
            ("+GSV", ["SIMCOM_Ltd\r\nSIMCOM_SIM800L\r\nRevision:1418B05SIM800L24"]),
            ("+GOI", ["SIM800L"]),
            ("+GSN", [self.imei]),
            ("+CGSN", [self.imei]),
            ("+GCAP", ["+GCAP: +FCLASS,+CGSM"]),
            ("+CPAS", ["+CPAS: 0"]),
            ("+CLCC", []),
            ("H", []),
        )

    def _constant(self, lines):
        def handle(kind, text):
            if kind in (READ, SET) and not (kind == SET and text in ("0", "")):
                raise Refused()
            return None if kind == TEST else lines

        return handle

    def _cbc(self, kind, text):
        if kind == TEST:
            return ["+CBC: (0-2),(1-100),(voltage)"]
        return ["+CBC: 0,%d,%d" % (min(max((self.millivolts - 3400) // 8, 1), 100), self.millivolts)]

    def _cclk(self, kind, text):
        if kind != READ:
            return None
        return ['+CCLK: "%s"' % (self._modem.registration.local_time() or "04/01/01,00:00:00+00")]

    def _vts(self, kind, text):
        if kind == TEST:
            return ["+VTS: (0-9,*,#,A,B,C,D),(1-255)"]
        tones = arguments(text)[0] if kind == SET else None
        if not tones or [tone for tone in tones if tone not in _TONES]:
            raise Refused(50)
        return None

    def _cfun(self, kind, text):
        if kind == READ:
            return ["+CFUN: %d" % self.functions]
        if kind == TEST:
            return ["+CFUN: (0,1,4),(0-1)"]
        values = arguments(text)
        wanted = number(values[0] if kind == SET else None, _MODES)
        if len(values) > 1 and number(values[1], (0, 1)):
            self.functions = wanted
            self._modem.agenda.after(_RESET_MS, self._modem.power_on)
            return None
        if wanted != self.functions and 0 in (wanted, self.functions) and 4 in (wanted, self.functions):
            raise Refused(3)  # minimum and RF off do not follow each other
        return Wait(_RESET_MS, lambda: self._function(wanted))

    def _function(self, wanted):
        changed, self.functions = wanted != self.functions, wanted
        if changed and wanted == 1:
            self._modem.start_card()
        elif changed:
            self._modem.registration.leave()
            self._modem.terminal.urc("+CPIN: NOT READY")

    def _cpowd(self, kind, text):
        if kind != SET:
            raise Refused()
        urgent = number(arguments(text)[0], (0, 1)) == 0
        self._modem.agenda.after(1 if urgent else _POWER_DOWN_MS, self._modem.power_off)
        return Reply((), None if urgent else "NORMAL POWER DOWN")
