"""The identity of a SIM800, its clock and its supply (AT manual V1.09, chapters 2, 3 and 6)."""

from tools.lab.modem import identity
from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply

_POWER_DOWN_MS = 500
_TONES = "0123456789*#ABCD,"  # AT+VTS (manual, 3.2.37)


class Identity(identity.Identity):
    """The answers of a SIM800."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        found["+CPOWD"] = self._cpowd
        found["+CBC"] = self._cbc
        found["+CCLK"] = self._cclk
        found["+VTS"] = self._vts
        return found

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
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

    def _cbc(self, kind, text):
        if kind == TEST:
            return ["+CBC: (0-2),(1-100),(voltage)"]
        return ["+CBC: 0,%d,%d" % (min(max((self.millivolts - 3400) // 8, 1), 100), self.millivolts)]

    def _cclk(self, kind, text):
        if kind != READ:
            return None
        return ['+CCLK: "%s"' % (self._modem.surroundings.local_time() or "04/01/01,00:00:00+00")]

    def _vts(self, kind, text):
        if kind == TEST:
            return ["+VTS: (0-9,*,#,A,B,C,D),(1-255)"]
        tones = arguments(text)[0] if kind == SET else None
        if not tones or [tone for tone in tones if tone not in _TONES]:
            raise Refused(50)
        return None

    def _cpowd(self, kind, text):
        if kind != SET:
            raise Refused()
        urgent = number(arguments(text)[0], (0, 1)) == 0
        self._modem.agenda.after(1 if urgent else _POWER_DOWN_MS, self._modem.power_off)
        return Reply((), None if urgent else "NORMAL POWER DOWN")
