"""The serving cell, and the users of contexts (A76XX manual V2.03, chapters 4 and 5)."""

from tools.lab.modem.registration import CELL, EUTRAN, LAC
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait
from tools.lab.network.radio import LTE

_UTRAN = 2
_MODES = {0: 1, 2: 4, 3: 3, EUTRAN: 8}  # AT+CNSMOD by <AcT> [M]
_MANUAL = ("1", "4")  # modes of AT+COPS that name a network
# commands that set the factory's value when they are executed: 4.2.1, 5.2.1, 5.2.2, 5.2.15, 10.2.5 to 10.2.7, 10.2.10
_EXECUTED = ("+CREG", "+CGREG", "+CEREG", "+CGEREP", "+ICF", "+IFC", "+CSCLK", "+CFGRI")
_LONGEST = 64  # characters of a name or a password of a context [M]


class Service:
    """AT+CPSI, AT+CNSMOD, AT+CGAUTH."""

    def __init__(self, modem):
        self._modem = modem

    def reset(self):
        """Power-on: nothing here is kept."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = {"+CPSI": self._cpsi, "+CNSMOD": self._cnsmod, "+CGAUTH": self._cgauth}
        known = self._modem.terminal.commands
        for name in _EXECUTED:
            found[name] = self._executed(name, known[name])
        select = known["+COPS"]
        found["+COPS"] = lambda kind, text: self._cops(select, kind, text)
        return found

    def _executed(self, name, handler):
        def handle(kind, text):
            if kind != RUN:
                return handler(kind, text)
            self._modem.options.default(name)
            return None

        return handle

    def _cops(self, select, kind, text):
        """AT+COPS; a network that is named without its <AcT> may be found in E-UTRAN only (4.2.2.1)."""
        values = arguments(text) if kind == SET else [None]
        if values[0] in _MANUAL and len(values) == 3 and self._modem.switches["access-asked"] == "lte":
            cells = self._modem.registration.selection.heard()
            if not [cell for cell in cells if cell.mccmnc == values[2] and self._lte(cell)]:
                return Wait(self._modem.environment.delays.registration, self._none)
        return select(kind, text)

    def _lte(self, cell):
        return cell.access == EUTRAN or cell.radios is not None and LTE in cell.radios

    def _none(self):
        raise Refused(30)

    def _cpsi(self, kind, text):
        """AT+CPSI? (4.2.9), in the lines of logs."""
        if kind != READ:
            return None
        cell, access = self._modem.registration.cell, self._modem.registration.access
        if cell is None:
            return ["+CPSI: NO SERVICE,Online"]
        place = "Online,%s-%s,0x%s,%d" % (cell.mccmnc[:3], cell.mccmnc[3:], LAC, int(CELL, 16))
        level = -113 + 2 * cell.signal
        if access == EUTRAN:
            return ["+CPSI: LTE,%s,203,EUTRAN-BAND3,1650,5,5,-94,%d,-545,15" % (place, level * 10)]
        if access == _UTRAN:
            return ["+CPSI: WCDMA,%s,WCDMA IMT 2000,279,10663,0,1.5,62,33,52,500" % place]
        return ["+CPSI: GSM,%s,27 EGSM 900,%d,2110,42-42" % (place, level)]

    def _cnsmod(self, kind, text):
        access = self._modem.registration.access
        return ["+CNSMOD: 0,%d" % _MODES.get(access, 0)] if kind == READ else None

    def _cgauth(self, kind, text):
        """AT+CGAUTH=<cid>[,<type>[,<password>[,<user>]]] (5.2.16); the order is a switch."""
        contexts = self._modem.contexts
        if kind == TEST:
            return ["+CGAUTH: (1-15),(0-3),%d,%d" % (_LONGEST, _LONGEST)]
        if kind == READ:
            return ['+CGAUTH: %d,1,"%s"' % (cid, contexts.defined[cid].user) for cid in sorted(contexts.defined)]
        if kind != SET:
            raise Refused()
        values = [value or "" for value in arguments(text)]
        cid = number(values[0], self._modem.CONTEXTS)
        kind_of = number(values[1], (0, 1, 2, 3)) if len(values) > 1 else 0
        names = (values[2:] + ["", ""])[:2] if kind_of else ["", ""]
        if len(values) > 4 or [name for name in names if len(name) > _LONGEST]:
            raise Refused()
        if self._modem.switches["cgauth"] == "password-first":
            names.reverse()
        contexts.authenticate(cid, names[0], names[1])
        return None
