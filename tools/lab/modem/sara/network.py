"""Registration, cells and the last refusal in the words of these modules."""

from tools.lab.modem import registration
from tools.lab.modem.registration import CELL, EUTRAN, LAC
from tools.lab.modem.sara.errors import NOT_ALLOWED, PARAMETERS
from tools.lab.modem.sara.options import G350
from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.network import roaming

_CAT_M, _UTRAN = 8, 2  # <AcT> (log)
_RAC = "01"
_ONE_SHOT, _NEIGHBOURS = 3, 5  # modes of AT+CGED
_NOT_SUPPORTED, _UNSPECIFIED = 4, 148  # +CME ERROR
_CAUSE = 100  # 133 for the cause 33 (log)
_ACTIVATION = (roaming.UNKNOWN_APN, roaming.NO_AUTHENTICATION, roaming.NOT_SUPPORTED, roaming.NOT_SUBSCRIBED)


class Registration(registration.Registration):
    """The shared registration; +CREG, +CGREG and +COPS have the <AcT>, but not on a G350 (log)."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        shared = found["+CEREG"]
        found["+CEREG"] = lambda kind, text: self._cereg(shared, kind, text)
        found["+CGED"], found["+UCGED"], found["+CEER"] = self._cged, self._ucged, self._ceer
        return found

    def _cereg(self, shared, kind, text):
        if not self._modem.lte():
            raise Refused(self._modem.UNKNOWN)
        return shared(kind, text)

    def _number(self, access):
        """The <AcT> of a module: LTE of an R4 is Cat M."""
        return _CAT_M if access == EUTRAN else access

    def _told(self, access):
        return "" if self._modem.switches["model"] == G350 else ",%d" % self._number(access)

    def _location(self, name, status, level, unasked=False):
        place = super()._location(name, status, level)
        if not place or self._modem.switches["model"] == G350:
            return place
        area = ',"%s"' % _RAC if name == "+CGREG" and not self._modem.lte() else ""
        return "%s,%d%s" % (place, self._number(self.access), area)

    def _ceer(self, kind, text):
        """AT+CEER: what failed, its number, and words (logs of such modules)."""
        if kind == TEST:
            return None
        if self._modem.switches["reason"] == "stale":
            return ['+CEER: "SM activation error",%d,"Unspecified GPRS error"' % _UNSPECIFIED]
        causes = [cause for cause in roaming.WORDS if roaming.WORDS[cause] == self.selection.report]
        if not causes:
            return ['+CEER: "No report available"']
        failed = "SM activation error" if causes[0] in _ACTIVATION else "SM attach error"  # [M]
        return ['+CEER: "%s",%d,"%s"' % (failed, _CAUSE + causes[0], roaming.WORDS[causes[0]])]

    # cells

    def _cged(self, kind, text):
        """AT+CGED: 3 the serving cell, 5 the neighbours, that of a G350 alone (log); an R4 has none of it."""
        if self._modem.lte():
            raise Refused()
        if kind == TEST:
            return ["+CGED: (3,5)"]
        mode = number(arguments(text)[0] if kind == SET else None, (_ONE_SHOT, _NEIGHBOURS))
        g350 = self._modem.switches["model"] == G350
        if mode == _NEIGHBOURS and not g350:
            raise Refused(_NOT_SUPPORTED)
        if self.cell is None:
            raise Refused(NOT_ALLOWED)
        if mode == _NEIGHBOURS:
            return [self._gsm(cell) for cell in self.selection.heard()]
        if self.access == _UTRAN:
            line = "%s, LAC:%s, CI:%s, DLF:4384, ULF:4159" % (self._network(self.cell), LAC.lower(), CELL.lower())
            return ['+CGED: RAT:"UMTS",', line]
        return ['+CGED: RAT:"GSM",', self._gsm(self.cell)]

    def _network(self, cell):
        return "MCC:%s, MNC:%3s" % (cell.mccmnc[:3], cell.mccmnc[3:])

    def _gsm(self, cell):
        place = "%s, LAC:%s, CI:%s" % (self._network(cell), LAC.lower(), CELL.lower())
        return "%s, BSIC:24, Arfcn:00594, RXLEV:%03d" % (place, 2 * cell.signal)

    def _ucged(self, kind, text):
        """AT+UCGED of an R4: with 5 the power and the quality of the serving cell (log)."""
        if not self._modem.lte():
            raise Refused(self._modem.UNKNOWN)
        if kind == TEST:
            return ["+UCGED: (0,5)"]
        if kind == SET:
            if arguments(text)[0] not in ("0", "5"):
                raise Refused(PARAMETERS)
            return None
        if kind != READ or self.cell is None:
            raise Refused(NOT_ALLOWED)
        power = 140 - 2 * self.cell.signal
        return ['+RSRP: 162,5110,"-%03d.00",' % power, '+RSRQ: 162,5110,"-14.20",']
