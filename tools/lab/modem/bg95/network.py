"""Access technology and signal of the network, in the words of these modules (AT commands manuals, 6 and 12)."""

from tools.lab.modem import registration
from tools.lab.modem.bg95.cells import Cells
from tools.lab.modem.registration import EUTRAN
from tools.lab.modem.syntax import TEST, Refused

_CAT_M = 8  # <AcT> of LTE Cat M in the manual of the BG96
_NAMES = {  # <AcT>: the names in AT+QNWINFO and AT+QCSQ, and the band and the channel of the lab's cells
    0: ("GSM", "GSM", "GSM 900", 62),
    2: ("WCDMA", "WCDMA", "WCDMA 2100", 10738),
    3: ("EDGE", "GSM", "GSM 900", 62),
    EUTRAN: ("FDD LTE", "LTE", "LTE BAND 3", 1650),
    _CAT_M: ("eMTC", "CAT-M1", "LTE BAND 3", 1650),
}
_FLOOR_DBM, _STEP_DBM = -113, 2  # of AT+CSQ (27.007, 8.5)


class Registration(registration.Registration):
    """The shared registration; where a SIM is good for messages alone, no command says more than "SMS only"."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        found["+QNWINFO"], found["+QCSQ"] = self._qnwinfo, self._qcsq
        found["+QENG"] = Cells(self._modem).command
        return found

    def attach(self):
        """Attach; raises Refused where that cannot be."""
        if self._modem.switches["service"] == "sms-only":
            raise Refused(103)
        super().attach()

    def _stat(self, name):
        if self.registered and self._modem.switches["service"] == "sms-only":
            return {registration.HOME: registration.SMS_HOME}.get(self.status, registration.SMS_ROAMING)
        return super()._stat(name)

    def _number(self, access):
        """The <AcT> of a module: a BG95's and BG96's LTE is Cat M."""
        return _CAT_M if access == EUTRAN and self._modem.identity.model.startswith("BG") else access

    def _told(self, access):
        return super()._told(self._number(access))

    def _qnwinfo(self, kind, text):
        if kind == TEST:
            return None
        if not self.registered:
            return ["+QNWINFO: No Service"]
        name, _, band, channel = _NAMES[self._number(self.access)]
        return ['+QNWINFO: "%s","%s","%s",%d' % (name, self.cell.mccmnc, band, channel)]

    def _qcsq(self, kind, text):
        if kind == TEST:
            return ['+QCSQ: "NOSERVICE","GSM","WCDMA","LTE","CAT-M1"']
        if not self.registered:
            return ['+QCSQ: "NOSERVICE"']
        name = _NAMES[self._number(self.access)][1]
        strength = _FLOOR_DBM + _STEP_DBM * self.cell.signal
        more = ",%d,%d,%d" % (strength - 28, 120, -10) if self.access == EUTRAN else ""  # RSRP, SINR, RSRQ
        return ['+QCSQ: "%s",%d%s' % (name, strength, more)]
